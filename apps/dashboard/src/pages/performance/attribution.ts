/** Where the P&L came from: sums over markets, figures that add up as they are shown, and the steps of the waterfall. */
import type { PerformanceReport } from 'quotewright/server/protocol/trading';

export const PARTS = ['spreadCapture', 'adverseSelection', 'inventory', 'fees', 'funding'] as const;
type Part = (typeof PARTS)[number];

const PART_LABELS: Readonly<Record<Part | 'total', string>> = {
  spreadCapture: 'Spread capture',
  adverseSelection: 'Adverse selection',
  inventory: 'Inventory',
  fees: 'Fees',
  funding: 'Funding',
  total: 'Total',
};

export const PART_TEXTS: Readonly<Record<Part | 'total', string>> = {
  spreadCapture: 'What fills earned against the mid at the moment of the fill.',
  adverseSelection: 'What the mid did to fills in the second after them; negative when it moved against them.',
  inventory: 'What the mid did to positions after that second.',
  fees: 'Fees less rebates; negative = paid.',
  funding: 'Funding received less paid; negative = paid.',
  total: 'Net P&L: the five parts added up, open positions marked at the mid.',
};

/** In one settlement currency. */
export interface Attribution {
  readonly currency: string;
  readonly parts: Readonly<Record<Part, number>>;
  readonly total: number;
}

type Market = PerformanceReport['strategies'][number]['markets'][number];

/** One of each settlement currency, in the order in which they come. @param settlement by index of the instrument */
export function attributionByCurrency(markets: readonly Market[], settlement: readonly string[]): Attribution[] {
  const sums = new Map<string, { parts: Record<Part, number>; total: number }>();
  for (const { instrument, attribution } of markets) {
    const currency = settlement[instrument] ?? '';
    const sum = sums.get(currency) ?? {
      parts: { spreadCapture: 0, adverseSelection: 0, inventory: 0, fees: 0, funding: 0 },
      total: 0,
    };
    for (const part of PARTS) sum.parts[part] += attribution[part];
    sum.total += attribution.total;
    sums.set(currency, sum);
  }
  return [...sums].map(([currency, { parts, total }]) => ({ currency, parts, total }));
}

/**
 * The parts in whole units of the last shown digit, such that they add up to the total in the same units: those whose rest is largest
 * are rounded up (Hamilton's method). Each is within one unit of its true value.
 */
export function wholeUnits(
  parts: readonly number[],
  total: number,
  digits: number,
): { parts: number[]; total: number } {
  const unit = 10 ** digits;
  const whole = parts.map((part) => Math.floor(part * unit));
  // Adding zero takes a sign away that zero may have.
  const target = Math.round(total * unit) + 0;
  let missing = target - whole.reduce((sum, part) => sum + part, 0);
  // Parts that do not add up to the total (they do) must not be bent until they seem to.
  if (!(missing >= 0 && missing <= parts.length))
    return { parts: parts.map((part) => Math.round(part * unit)), total: target };
  const byRest = parts
    .map((part, index) => ({ index, rest: part * unit - (whole[index] ?? 0) }))
    .toSorted((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of byRest) {
    if (missing === 0) break;
    whole[index] = (whole[index] ?? 0) + 1;
    missing -= 1;
  }
  return { parts: whole, total: target };
}

export interface WaterfallStep {
  readonly key: Part | 'total';
  readonly label: string;
  /** The bar stands between the two; of the total between 0 and it. */
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Parts one after the other, each from where the last one ended, and the total. Values are as shown: they add up. */
export function waterfall({ parts, total }: Attribution, digits: number): WaterfallStep[] {
  const unit = 10 ** digits;
  const shown = wholeUnits(
    PARTS.map((part) => parts[part]),
    total,
    digits,
  );
  let at = 0;
  const steps: WaterfallStep[] = PARTS.map((key, index) => {
    const value = shown.parts[index] ?? 0;
    const step = { key, label: PART_LABELS[key], from: at / unit, to: (at + value) / unit, value: value / unit };
    at += value;
    return step;
  });
  steps.push({
    key: 'total',
    label: PART_LABELS.total,
    from: 0,
    to: shown.total / unit,
    value: shown.total / unit,
  });
  return steps;
}
