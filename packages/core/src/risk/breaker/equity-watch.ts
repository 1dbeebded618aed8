/** Drawdown of equity and the loss within a minute, for the global breaker. Equity counts as it was seen last until it is seen again. */
import { checkState } from '../../base/state.ts';
import { Bound, type ExtremesState, WindowExtremes } from './extremes.ts';
import type { BreakerConfig } from './settings.ts';
import { TRIGGERS, Trigger } from './trigger.ts';

const { DRAWDOWN, LOSS_VELOCITY } = Trigger;
const BUCKET_NS = 1e9;
const MINUTE_BUCKETS = 60;

/** Entries of `#row`; those of the bucket in the order that `WindowExtremes` reads. */
const LOW = 0;
const HIGH = 1;
const BUCKET = 2;
const LAST = 3;
const PEAK = 4;

export interface EquityWatchState {
  readonly values: Float64Array;
  readonly row: Float64Array;
  readonly minute: ExtremesState;
}

export class EquityWatch {
  /** By trigger, as of a `MarketWatch`. */
  readonly values = new Float64Array(TRIGGERS);
  readonly limits = new Float64Array(TRIGGERS).fill(Number.POSITIVE_INFINITY);
  readonly #row = new Float64Array(5).fill(Number.NaN);
  readonly #minute = new WindowExtremes(MINUTE_BUCKETS);

  constructor({ drawdown, lossPerMinute }: BreakerConfig) {
    this.limits[DRAWDOWN] = drawdown;
    this.limits[LOSS_VELOCITY] = lossPerMinute;
  }

  /** Equity and its peak are these, in the risk currency; NaN = it cannot be said. */
  measure(equity: number, peak: number, nowNs: number): void {
    if (!(Math.abs(equity) < Number.POSITIVE_INFINITY)) return;
    const row = this.#row;
    this.advance(nowNs);
    if (row[LAST] !== row[LAST]) {
      row[LOW] = equity;
      row[HIGH] = equity;
      row[PEAK] = peak > equity ? peak : equity;
    }
    row[LAST] = equity;
    row[LOW] = Math.min(row[LOW], equity);
    row[HIGH] = Math.max(row[HIGH], equity);
    row[PEAK] = Math.max(row[PEAK], equity);
    this.#look();
  }

  /** Ends the bucket if a time is beyond it. */
  advance(nowNs: number): void {
    const row = this.#row;
    const bucket = Math.floor(nowNs / BUCKET_NS);
    if (bucket === row[BUCKET]) return;
    if (bucket < row[BUCKET]) this.#minute.clear();
    else if (row[BUCKET] === row[BUCKET] && row[LOW] <= row[HIGH]) this.#minute.push(row, LOW);
    row[BUCKET] = bucket;
    row[LOW] = row[LAST];
    row[HIGH] = row[LAST];
    this.#minute.expire(row, BUCKET);
    if (row[LAST] === row[LAST]) this.#look();
  }

  /** The breaker opened: losses are measured from here on. */
  restart(): void {
    const row = this.#row;
    this.#minute.clear();
    row[LOW] = row[LAST];
    row[HIGH] = row[LAST];
    row[PEAK] = row[LAST];
    this.values.fill(0);
  }

  save(): EquityWatchState {
    return { values: this.values.slice(), row: this.#row.slice(), minute: this.#minute.save() };
  }

  restore(state: EquityWatchState): void {
    checkState('an equity watch', state, this.save());
    this.values.set(state.values);
    this.#row.set(state.row);
    this.#minute.restore(state.minute);
  }

  #look(): void {
    const row = this.#row;
    const { values } = this;
    values[LOSS_VELOCITY] = Math.max(this.#minute.bounds[Bound.MAX], row[HIGH]) - row[LAST];
    values[DRAWDOWN] = row[PEAK] > 0 ? (row[PEAK] - row[LAST]) / row[PEAK] : 0;
  }
}
