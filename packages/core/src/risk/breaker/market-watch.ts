/**
 * Measures of one instrument's market for its circuit breaker, from the book, the prints and the answers as they are received. It measures;
 * what a value leads to is the breaker's business.
 *
 * Time runs in buckets of 250 ms of local time, of which windows and seconds are made: between two ends of buckets an event that sets no
 * new extreme costs a few comparisons. A price or spread that stands counts as long as it stands.
 */
import { checkState } from '../../base/state.ts';
import { Field } from '../../market/event.ts';
import type { RiskMarket } from '../risk-market.ts';
import { type AnswersState, AnswerWatch } from './answer-watch.ts';
import { Bound, type ExtremesState, WindowExtremes } from './extremes.ts';
import { NORM_STRIDE, addToDelay, addToMedian } from './norms.ts';
import type { BreakerConfig } from './settings.ts';
import { TRIGGERS, Trigger } from './trigger.ts';
import { type VolatilityState, VolatilityWatch } from './volatility-watch.ts';
import { type VolumeState, VolumeWatch } from './volume-watch.ts';

const { LOCAL_NS, SIZE_LOTS } = Field;
const { MIN, MAX } = Bound;
const { PRICE_MOVE_1M, PRICE_MOVE_5M, SPREAD, VOLUME, LATENCY, VOLATILITY, FEED_DELAY } = Trigger;

export const BUCKET_NS = 250e6;
const SECOND_NS = 1e9;
const NS_PER_MS = 1e6;
/** A clock that goes back by no more than this has only stumbled. */
const STUMBLE_NS = SECOND_NS;
/** Beyond it a delay is a mistake. */
const MOST_DELAY_NS = 3600 * SECOND_NS;
const MINUTE_BUCKETS = 240;
const FIVE_MINUTES_BUCKETS = 1200;

/** Entries of `#row`; those of the bucket in the order that `WindowExtremes` reads. */
const DUE = 0;
const LOW = 1;
const HIGH = 2;
const BUCKET = 3;
/** Smallest within the second so far; Infinity = unknown. */
const NARROW = 4;
const SOONEST = 5;
/** What stands; NaN = the book is not fit. */
const LAST_MID = 6;
const LAST_SPREAD = 7;
const ROW = 8;

const SPREAD_NORM = 0;
const DELAY_NORM = NORM_STRIDE;
const WIDENESS = 2 * NORM_STRIDE;
const NORMS = WIDENESS + 1;
/** Seconds of its mean, and what a second counts as at most. */
const WIDE_SECONDS = 30;
const MOST_WIDE = 4;

export interface MarketWatchState {
  readonly values: Float64Array;
  readonly limits: Float64Array;
  readonly row: Float64Array;
  readonly norms: Float64Array;
  readonly second: number;
  readonly minute: ExtremesState;
  readonly fiveMinutes: ExtremesState;
  readonly volume: VolumeState;
  readonly volatility: VolatilityState;
  readonly answers: AnswersState;
  readonly skewNs: number;
}

/** NaN = not known yet. */
export interface Mood {
  /** Standard deviation of the mid's return over a second, as a share of the price, of the last minute or so. */
  readonly volatility: number;
  /** The same over its average of the last half hour; 1 = usual. */
  readonly volatilityRatio: number;
  /** The spread that stands over its median of the last minutes; 1 = usual. */
  readonly spreadRatio: number;
}

export class MarketWatch {
  /** By trigger: what was measured last, 0 = nothing, NaN = not known, and the threshold. Units as of `Trigger`. */
  readonly values = new Float64Array(TRIGGERS);
  readonly limits = new Float64Array(TRIGGERS).fill(Number.POSITIVE_INFINITY);
  /** By how much every message of the last second that had any was received before it was sent; negative = not at all. */
  skewNs = Number.NEGATIVE_INFINITY;
  readonly #row = new Float64Array(ROW);
  readonly #norms = new Float64Array(NORMS);
  #second = Number.NaN;
  readonly #minute = new WindowExtremes(MINUTE_BUCKETS);
  readonly #fiveMinutes = new WindowExtremes(FIVE_MINUTES_BUCKETS);
  readonly #volume: VolumeWatch;
  readonly #volatility: VolatilityWatch;
  readonly #answers: AnswerWatch;
  readonly #config: BreakerConfig;
  /** Moves that the breaker need not hear of: what it may do on a move begins above. */
  readonly #smallMove1m: number;
  readonly #smallMove5m: number;
  readonly #warmupSeconds: number;

  constructor(config: BreakerConfig) {
    this.#config = config;
    this.#warmupSeconds = config.warmupNs / SECOND_NS;
    this.#volume = new VolumeWatch(config.volumeRatio * Math.min(config.warning, config.canaryTightness));
    this.#volatility = new VolatilityWatch(this.#warmupSeconds);
    this.#answers = new AnswerWatch(config);
    this.#smallMove1m = config.move1m * config.canaryTightness;
    this.#smallMove5m = config.move5m * config.canaryTightness;
    const { limits } = this;
    limits[PRICE_MOVE_1M] = config.move1m;
    limits[PRICE_MOVE_5M] = config.move5m;
    limits[SPREAD] = config.spreadRatio;
    limits[VOLUME] = config.volumeRatio;
    limits[VOLATILITY] = config.volatilityRatio;
    limits[FEED_DELAY] = config.feedDelayNs / NS_PER_MS;
    const row = this.#row;
    row[DUE] = Number.NEGATIVE_INFINITY;
    row[BUCKET] = Number.NaN;
    row[SOONEST] = Number.POSITIVE_INFINITY;
    this.#norms[WIDENESS] = 1;
    this.#forgetBook();
  }

  /** The book changed. @returns true when a measure may have got to where it matters, or a bucket has ended */
  book(market: RiskMarket): boolean {
    const row = this.#row;
    const nowNs = market.receivedNs;
    const due = row[DUE];
    if (nowNs >= due || nowNs < due - (BUCKET_NS + STUMBLE_NS) || !market.isReady) return this.#turn(market);
    const bid = market.bidTicks;
    const ask = market.askTicks;
    const mid = (bid + ask) / 2;
    const spread = ask - bid;
    const delay = nowNs - market.venueNs;
    row[LAST_MID] = mid;
    row[LAST_SPREAD] = spread;
    if (spread < row[NARROW]) row[NARROW] = spread;
    if (delay < row[SOONEST]) row[SOONEST] = delay;
    if (mid >= row[LOW] && mid <= row[HIGH]) return false;
    if (mid < row[LOW]) row[LOW] = mid;
    if (mid > row[HIGH]) row[HIGH] = mid;
    this.#measureMoves();
    const { values } = this;
    return values[PRICE_MOVE_1M] >= this.#smallMove1m || values[PRICE_MOVE_5M] >= this.#smallMove5m;
  }

  /** A print. @returns as `book` */
  trade(data: Float64Array, offset: number): boolean {
    const hasTurned = this.#turnAt(data[offset + LOCAL_NS]);
    const isMuch = this.#volume.add(data[offset + SIZE_LOTS]);
    if (isMuch) this.values[VOLUME] = this.#volume.ratio;
    return isMuch || hasTurned;
  }

  /** A request was answered so long after it was sent. */
  answered(latencyNs: number): void {
    this.#answers.add(latencyNs);
    this.values[LATENCY] = this.#answers.levelNs / NS_PER_MS;
    this.limits[LATENCY] = this.#answers.limitNs / NS_PER_MS;
  }

  /** Ends the buckets that lie before a time. */
  advance(nowNs: number): void {
    this.#turnAt(nowNs);
  }

  /** The book cannot be seen any more: what price stands is not known. */
  lose(nowNs: number): void {
    this.#turnAt(nowNs);
    this.#forgetBook();
  }

  /** The breaker opened: moves are measured from here on, and answers anew. */
  restart(): void {
    const row = this.#row;
    this.#minute.clear();
    this.#fiveMinutes.clear();
    row[LOW] = row[LAST_MID] === row[LAST_MID] ? row[LAST_MID] : Number.POSITIVE_INFINITY;
    row[HIGH] = row[LAST_MID] === row[LAST_MID] ? row[LAST_MID] : Number.NEGATIVE_INFINITY;
    this.values[PRICE_MOVE_1M] = 0;
    this.values[PRICE_MOVE_5M] = 0;
    this.#answers.restart();
    this.values[LATENCY] = Number.NaN;
  }

  mood(): Mood {
    const { deviation, ratio } = this.#volatility;
    const usual = this.#norms[SPREAD_NORM];
    return {
      volatility: deviation,
      volatilityRatio: ratio > 0 ? ratio : Number.NaN,
      spreadRatio: usual > 0 ? this.#row[LAST_SPREAD] / usual : Number.NaN,
    };
  }

  /** True while the book is not fit to be quoted on. */
  get isBlind(): boolean {
    return this.#row[LAST_MID] !== this.#row[LAST_MID];
  }

  save(): MarketWatchState {
    return {
      values: this.values.slice(),
      limits: this.limits.slice(),
      row: this.#row.slice(),
      norms: this.#norms.slice(),
      second: this.#second,
      minute: this.#minute.save(),
      fiveMinutes: this.#fiveMinutes.save(),
      volume: this.#volume.save(),
      volatility: this.#volatility.save(),
      answers: this.#answers.save(),
      skewNs: this.skewNs,
    };
  }

  restore(state: MarketWatchState): void {
    checkState('a market watch', state, this.save());
    this.values.set(state.values);
    this.limits.set(state.limits);
    this.#row.set(state.row);
    this.#norms.set(state.norms);
    this.#second = state.second;
    this.#minute.restore(state.minute);
    this.#fiveMinutes.restore(state.fiveMinutes);
    this.#volume.restore(state.volume);
    this.#volatility.restore(state.volatility);
    this.#answers.restore(state.answers);
    this.skewNs = state.skewNs;
  }

  /** The rare half of `book`: a bucket ended, or the book is not fit. */
  #turn(market: RiskMarket): boolean {
    this.#turnAt(market.receivedNs);
    const row = this.#row;
    if (!market.isReady) {
      this.#forgetBook();
      return true;
    }
    const bid = market.bidTicks;
    const ask = market.askTicks;
    const mid = (bid + ask) / 2;
    row[LAST_MID] = mid;
    row[LAST_SPREAD] = ask - bid;
    row[NARROW] = Math.min(row[NARROW], ask - bid);
    const delay = market.receivedNs - market.venueNs;
    if (delay < row[SOONEST]) row[SOONEST] = delay;
    row[LOW] = Math.min(row[LOW], mid);
    row[HIGH] = Math.max(row[HIGH], mid);
    this.#measureMoves();
    return true;
  }

  /** Ends the bucket, and the second, if a time is beyond them. */
  #turnAt(nowNs: number): boolean {
    const row = this.#row;
    const due = row[DUE];
    const isBack = nowNs < due - (BUCKET_NS + STUMBLE_NS);
    if (!(nowNs >= due || isBack)) return false;
    const bucket = Math.floor(nowNs / BUCKET_NS);
    if (isBack) {
      // The clock was set back: windows of a time that has not come yet mean nothing.
      this.#minute.clear();
      this.#fiveMinutes.clear();
      this.#second = Number.NaN;
    } else if (row[LOW] <= row[HIGH]) {
      this.#minute.push(row, LOW);
      this.#fiveMinutes.push(row, LOW);
    }
    row[BUCKET] = bucket;
    row[DUE] = (bucket + 1) * BUCKET_NS;
    const mid = row[LAST_MID];
    row[LOW] = mid === mid ? mid : Number.POSITIVE_INFINITY;
    row[HIGH] = mid === mid ? mid : Number.NEGATIVE_INFINITY;
    this.#minute.expire(row, BUCKET);
    this.#fiveMinutes.expire(row, BUCKET);
    this.#measureMoves();
    const second = Math.floor(nowNs / SECOND_NS);
    if (this.#second !== this.#second) this.#second = second;
    else if (second > this.#second) this.#endSecond(second);
    return true;
  }

  #endSecond(second: number): void {
    const seconds = second - this.#second;
    this.#second = second;
    const row = this.#row;
    const { values } = this;
    const wideness = this.#wideness(row[LAST_SPREAD], seconds);
    if (row[NARROW] > 0 && row[NARROW] < Number.MAX_SAFE_INTEGER) this.#measureSpread(row[NARROW]);
    row[NARROW] = row[LAST_SPREAD] === row[LAST_SPREAD] ? row[LAST_SPREAD] : Number.POSITIVE_INFINITY;
    if (Math.abs(row[SOONEST]) < MOST_DELAY_NS) {
      this.skewNs = -row[SOONEST];
      this.#measureDelay(row[SOONEST]);
    }
    row[SOONEST] = Number.POSITIVE_INFINITY;
    this.#volume.endSecond(seconds);
    values[VOLUME] = this.#volume.ratio;
    this.#volatility.endSecond(row[LAST_MID], seconds);
    values[VOLATILITY] = this.#volatility.ratio * wideness;
  }

  #measureMoves(): void {
    const row = this.#row;
    const mid = row[LAST_MID];
    const { values } = this;
    values[PRICE_MOVE_1M] = moveOf(this.#minute.bounds, row, mid);
    values[PRICE_MOVE_5M] = moveOf(this.#fiveMinutes.bounds, row, mid);
  }

  #measureSpread(spread: number): void {
    const norms = this.#norms;
    const isKnown = norms[SPREAD_NORM + 1] >= this.#warmupSeconds;
    const isWide = spread >= this.#config.spreadFloor * this.#row[LAST_MID];
    this.values[SPREAD] = isKnown && isWide ? spread / norms[SPREAD_NORM] : 0;
    addToMedian(norms, SPREAD_NORM, spread);
  }

  /** The mean spread of the last half minute over its median, 1 at least: a crisis moves prices and thins books. */
  #wideness(spread: number, seconds: number): number {
    const norms = this.#norms;
    const usual = norms[SPREAD_NORM];
    const ratio = usual > 0 && spread > usual ? Math.min(spread / usual, MOST_WIDE) : 1;
    norms[WIDENESS] += ((ratio - norms[WIDENESS]) * seconds) / (WIDE_SECONDS + seconds);
    return norms[WIDENESS];
  }

  #measureDelay(delayNs: number): void {
    const norms = this.#norms;
    const isKnown = norms[DELAY_NORM + 1] >= this.#warmupSeconds;
    this.values[FEED_DELAY] = isKnown ? Math.max(0, delayNs - norms[DELAY_NORM]) / NS_PER_MS : 0;
    addToDelay(norms, DELAY_NORM, delayNs, this.#config.latencyFloorNs);
  }

  #forgetBook(): void {
    const row = this.#row;
    row[LAST_MID] = Number.NaN;
    row[LAST_SPREAD] = Number.NaN;
    row[NARROW] = Number.POSITIVE_INFINITY;
    if (!(row[LOW] <= row[HIGH]) || row[BUCKET] !== row[BUCKET]) {
      row[LOW] = Number.POSITIVE_INFINITY;
      row[HIGH] = Number.NEGATIVE_INFINITY;
    }
  }
}

/** How far a mid is from the extremes of a window and of the present bucket, as a share of them: the larger of rise and fall. */
function moveOf(bounds: Float64Array, row: Float64Array, mid: number): number {
  const low = bounds[MIN] < row[LOW] ? bounds[MIN] : row[LOW];
  const high = bounds[MAX] > row[HIGH] ? bounds[MAX] : row[HIGH];
  const rise = (mid - low) / low;
  const fall = (high - mid) / high;
  const move = rise > fall ? rise : fall;
  return move > 0 && move < Number.POSITIVE_INFINITY ? move : 0;
}
