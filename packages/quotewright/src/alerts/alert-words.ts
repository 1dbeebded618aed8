/** Puts an alert of the engine, eight numbers, into words. */
import { nsToIso } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { AlertField, AlertType, SEVERITY_NAMES, alertHeld, alertReason } from '@quotewright/core/risk/alert';
import { TRIGGER_NAMES } from '@quotewright/core/risk/breaker/trigger';
import { VOLATILITY_REGIME_NAMES } from '@quotewright/core/risk/breaker/warnings';
import { REFUSAL_TEXT } from '@quotewright/core/trading/refusal';
import { RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { ALERT_TYPES, type Alert, type AlertTypeName, type SeverityName } from './alert.ts';

const { TYPE, SEVERITY, NS, MARKET, VALUE, LIMIT, NUMBER, DETAIL } = AlertField;

const NAMES: Readonly<Record<number, AlertTypeName>> = Object.fromEntries(
  ALERT_TYPES.map((name) => [AlertType[name], name]),
);

/** What VALUE and LIMIT measure, and their unit, where the trigger does not say it. */
const MEASURES: Readonly<Partial<Record<AlertTypeName, readonly [measure: string, unit: string]>>> = {
  POSITION_WARNING: ['position', ''],
  POSITION_BREACH: ['position', ''],
  DRAWDOWN_WARNING: ['drawdown', ' %'],
  DRAWDOWN_BREACH: ['drawdown', ' %'],
  DAILY_LOSS_WARNING: ['loss of the day', ''],
  DAILY_LOSS_BREACH: ['loss of the day', ''],
  VAR_BREACH: ['value at risk', ''],
  CIRCUIT_BREAKER_HALF_OPEN: ['canary for', ' s'],
  CONNECTIVITY_ISSUE: ['away for', ' ms'],
  BOOK_STALE: ['no sound book for', ' ms'],
  CLOCK_SKEW: ['clocks apart by', ' ms'],
  RECONCILIATION_DRIFT: ['we hold', ''],
  STRATEGY_ALARM: ['a strategy says', ''],
  QUOTE_UPTIME: ['quoted on both sides', ' of the time'],
  JOURNAL_LAG: ['records not safe for', ' ms'],
};

/** Values of these are states. */
const STATES: Readonly<Partial<Record<AlertTypeName, readonly string[]>>> = {
  RISK_STATE: RISK_STATE_NAMES,
  REGIME_CHANGE: VOLATILITY_REGIME_NAMES,
};

/** DETAIL of these is a `Refusal`, if it is not 0: VALUE is the size of the order then, in lots. */
const REFUSED: ReadonlySet<AlertTypeName> = new Set<AlertTypeName>([
  'LIMIT_BREACH',
  'POSITION_BREACH',
  'DAILY_LOSS_BREACH',
  'DRAWDOWN_BREACH',
]);

/** What the host itself has to tell. */
export interface HostAlert {
  readonly type: AlertTypeName;
  readonly severity: SeverityName;
  /** Index of the instrument. */
  readonly market?: number;
  readonly value?: number;
  readonly limit?: number;
  readonly detail?: string;
}

export class AlertWords {
  readonly #epochDay: number;
  readonly #instruments: readonly Instrument[];

  constructor(instruments: readonly Instrument[], epochDay: number) {
    this.#epochDay = epochDay;
    this.#instruments = instruments;
  }

  /** The alert at `data[offset]`. */
  of(data: Float64Array, offset: number): Alert {
    const type = NAMES[data[offset + TYPE]!] ?? 'SYSTEM_ERROR';
    const code = alertReason(data[offset + DETAIL]!);
    const instrument = this.#instruments[data[offset + MARKET]!];
    const isRefusal = code !== 0 && REFUSED.has(type);
    const value = finite(data[offset + VALUE]!);
    const fields = {
      number: data[offset + NUMBER]!,
      time: nsToIso(data[offset + NS]!, this.#epochDay),
      type,
      severity: SEVERITY_NAMES[data[offset + SEVERITY]!] ?? 'CRITICAL',
      instrument: instrument === undefined ? null : nameOf(instrument),
      value: isRefusal && value !== null && instrument !== undefined ? instrument.size.toNumber(value) : value,
      limit: finite(data[offset + LIMIT]!),
      detail: (isRefusal ? REFUSAL_TEXT[code] : code === 0 ? undefined : TRIGGER_NAMES[code]) ?? null,
      heldBack: alertHeld(data[offset + DETAIL]!),
    };
    return { ...fields, text: textOf(fields, isRefusal) };
  }

  /** An alert of the host, which no replay makes. */
  ofHost({ type, severity, market = -1, value, limit, detail }: HostAlert, nowNs: number): Alert {
    const instrument = this.#instruments[market];
    const fields = {
      number: null,
      time: nsToIso(nowNs, this.#epochDay),
      type,
      severity,
      instrument: instrument === undefined ? null : nameOf(instrument),
      value: value ?? null,
      limit: limit ?? null,
      detail: detail ?? null,
      heldBack: 0,
    };
    return { ...fields, text: textOf(fields, false) };
  }
}

function nameOf({ venue, symbol }: Instrument): string {
  return `${venue}:${symbol}`;
}

function textOf(alert: Omit<Alert, 'text'>, isRefusal: boolean): string {
  const { number, type, severity, instrument, detail, heldBack } = alert;
  const words: string[] = [severity, type];
  if (instrument !== null) words.push(instrument);
  else if (type.startsWith('CIRCUIT_BREAKER')) words.push('all instruments');
  const measured = isRefusal ? `refused an order of ${shown(alert.value ?? 0)}` : measureText(alert);
  if (measured !== '') words.push(measured);
  if (detail !== null) words.push(`(${detail})`);
  if (heldBack > 0) words.push(`[${heldBack} more held back]`);
  if (number !== null) words.push(`#${number}`);
  return words.join(' ');
}

function measureText({ type, value, limit }: Omit<Alert, 'text'>): string {
  const names = STATES[type];
  if (names !== undefined) return `${names[limit ?? -1] ?? 'unknown'} → ${names[value ?? -1] ?? 'unknown'}`;
  if (value === null) return '';
  const [measure, unit] = MEASURES[type] ?? ['', ''];
  const against = limit === null ? '' : ` against ${shown(limit)}${unit}`;
  return `${measure} ${shown(value)}${unit}${against}`.trim();
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** JSON has no NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
