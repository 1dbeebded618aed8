/** Which figures of two backtests stand side by side, and how each is written. Pure. */
import { formatNumber } from '../../lib/format.ts';

/** What the page reads of a `result.json` (docs/backtest.md). */
export interface RunFigures {
  readonly strategy: { readonly name: string; readonly params: Readonly<Record<string, number | boolean | string>> };
  readonly warnings: readonly string[];
  readonly hashes: { readonly outputs: string };
  readonly runs: {
    readonly modelled: {
      readonly durationSeconds: number;
      readonly accounts: readonly { readonly currency: string; readonly metrics: Metrics }[];
      readonly markets: readonly { readonly metrics: Metrics }[];
    };
  };
}
type Metrics = Readonly<Record<string, number | null>>;

type Unit = 'currency' | 'share' | 'ratio' | 'count' | 'ticks' | 'seconds';

interface Line {
  readonly label: string;
  readonly of: 'account' | 'market';
  readonly key: string;
  readonly unit: Unit;
}

/** Of the first account and the first market. */
const LINES: readonly Line[] = [
  { label: 'Net P&L', of: 'account', key: 'netPnl', unit: 'currency' },
  { label: 'Spread capture', of: 'account', key: 'spreadCapture', unit: 'currency' },
  { label: 'Adverse selection', of: 'account', key: 'adverseSelection', unit: 'currency' },
  { label: 'Inventory', of: 'account', key: 'inventoryPnl', unit: 'currency' },
  { label: 'Fees and rebates', of: 'account', key: 'fees', unit: 'currency' },
  { label: 'Maximum drawdown', of: 'account', key: 'maxDrawdown', unit: 'share' },
  { label: 'Sharpe ratio', of: 'account', key: 'sharpe', unit: 'ratio' },
  { label: 'Win rate', of: 'account', key: 'winRate', unit: 'share' },
  { label: 'Turnover', of: 'account', key: 'turnover', unit: 'ratio' },
  { label: 'Fills', of: 'market', key: 'fills', unit: 'count' },
  { label: 'Fill rate', of: 'market', key: 'fillRate', unit: 'share' },
  { label: 'Messages per fill', of: 'market', key: 'messagesPerFill', unit: 'ratio' },
  { label: 'Uptime at the touch, both sides', of: 'market', key: 'uptimeBoth', unit: 'share' },
  { label: 'Effective spread', of: 'market', key: 'effectiveSpreadTicks', unit: 'ticks' },
  { label: 'Realised spread', of: 'market', key: 'realisedSpreadTicks', unit: 'ticks' },
  { label: 'Time to fill, median', of: 'market', key: 'timeToFillMedian', unit: 'seconds' },
];

export interface ComparedFigure {
  readonly label: string;
  readonly unit: string;
  readonly first: string;
  readonly second: string;
  readonly difference: string;
}

export function compared(first: RunFigures, second: RunFigures): ComparedFigure[] {
  const currency = first.runs.modelled.accounts[0]?.currency ?? '';
  return LINES.map((line) => {
    const a = valueOf(first, line);
    const b = valueOf(second, line);
    const isMoneyOfTwoKinds = line.unit === 'currency' && currency !== second.runs.modelled.accounts[0]?.currency;
    const difference = a === null || b === null || isMoneyOfTwoKinds ? null : b - a;
    return {
      label: line.label,
      unit: unitText(line.unit, currency),
      first: text(a, line.unit),
      second: text(b, line.unit),
      difference: text(difference, line.unit, true),
    };
  });
}

/** Parameters that are not the same in both, as text. */
export function changedParams(
  first: RunFigures,
  second: RunFigures,
): { name: string; first: string; second: string }[] {
  const names = new Set([...Object.keys(first.strategy.params), ...Object.keys(second.strategy.params)]);
  return [...names].flatMap((name) => {
    const a = first.strategy.params[name];
    const b = second.strategy.params[name];
    return a === b ? [] : [{ name, first: String(a ?? '–'), second: String(b ?? '–') }];
  });
}

function valueOf({ runs: { modelled } }: RunFigures, { of, key }: Line): number | null {
  const [place] = of === 'account' ? modelled.accounts : modelled.markets;
  return place?.metrics[key] ?? null;
}

const DIGITS: Readonly<Record<Unit, number>> = { currency: 2, share: 4, ratio: 3, count: 0, ticks: 3, seconds: 3 };

function text(value: number | null, unit: Unit, sign = false): string {
  return formatNumber(value === null || unit !== 'share' ? value : value * 100, { digits: DIGITS[unit], sign });
}

function unitText(unit: Unit, currency: string): string {
  const words: Readonly<Record<Unit, string>> = {
    currency,
    share: '%',
    ratio: '',
    count: '',
    ticks: 'ticks',
    seconds: 's',
  };
  return words[unit];
}
