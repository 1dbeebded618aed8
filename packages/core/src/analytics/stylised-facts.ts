/**
 * Stylised facts of a market (Cont 2001), measured on a stream of market records and the book they build: tails and memory of
 * returns, memory of trade signs (Lillo and Farmer 2004), distributions of spread and depth, reversion of imbalance, and
 * how impact grows with size. The book is sampled on a clock, so that markets of different message rates compare.
 *
 * Returns are changes of the mid in ticks. Memory grows by 40 bytes a sample and 9 a taker's order.
 */
import { EventFlag, EventKind, Field, headFlags, headKind } from '../market/event.ts';
import type { Book } from '../market/book.ts';
import { Side } from '../market/side.ts';
import {
  autocorrelation,
  differences,
  excessKurtosis,
  hillIndex,
  logLogSlope,
  mean,
  quantile,
  rootMeanSquare,
} from './stylised-facts-statistics.ts';
import { Series } from './stylised-facts-series.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, AUX } = Field;
const { BUY, SELL } = Side;
const NS_PER_SECOND = 1e9;
/** Share of the largest changes that the tail index is estimated on. */
const TAIL_SHARE = 0.05;
/** Impact is measured in bins of size, each twice the one before; one of fewer orders is left out. */
const SIZE_BINS = 40;
const FEWEST_IN_BIN = 20;

/** NaN where there was too little to measure. */
export interface StylisedFacts {
  readonly seconds: number;
  readonly messagesPerSecond: number;
  /** Taker's orders: prints of one time, side and taker count once. */
  readonly takersPerSecond: number;
  readonly meanTakerLots: number;
  readonly meanSpreadTicks: number;
  readonly medianSpreadTicks: number;
  readonly highSpreadTicks: number;
  /** Mean of the two best sizes. */
  readonly medianTouchLots: number;
  readonly highTouchLots: number;
  /** Root mean square change, divided by the root of the seconds. */
  readonly volatility1s: number;
  readonly volatility10s: number;
  readonly excessKurtosis1s: number;
  readonly excessKurtosis10s: number;
  /** Hill's estimate of the exponent of the largest changes in a second. */
  readonly tailIndex: number;
  /** Autocorrelation of changes in ten seconds at lag 1. */
  readonly returnMemory: number;
  /** Autocorrelation of absolute changes in a second. */
  readonly volatilityMemory: readonly LagValue[];
  /** Autocorrelation of the signs of taker's orders. */
  readonly signMemory: readonly LagValue[];
  /** Of the touch's (bid − ask) ÷ (bid + ask), from its autocorrelation at a second. */
  readonly imbalanceHalfLifeSeconds: number;
  /** Exponent of the mean change of the mid until the next taker's order in the order's size: below 1 = concave. */
  readonly impactExponent: number;
}

export interface LagValue {
  readonly lag: number;
  readonly value: number;
}

const VOLATILITY_LAGS = [1, 5, 10, 30, 60];
const SIGN_LAGS = [1, 2, 5, 10, 20, 50];

export class FactsRecorder {
  readonly #mids = new Series();
  readonly #spreads = new Series();
  readonly #touches = new Series();
  readonly #imbalances = new Series();
  readonly #signs = new Series();
  #messages = 0;
  #firstNs = Number.NaN;
  #lastNs = Number.NaN;
  #nextNs = Number.NaN;
  #isConsistent = true;
  /** The taker's order at hand. */
  #takerNs = Number.NaN;
  #takerSide = -1;
  #taker = 0;
  #takerLots = 0;
  #midBefore = Number.NaN;
  #allLots = 0;
  readonly #impact = new Float64Array(SIZE_BINS);
  readonly #impactCount = new Float64Array(SIZE_BINS);
  readonly #impactLots = new Float64Array(SIZE_BINS);

  /** Looks at a record, with the book as it was before it. */
  see(data: Float64Array, offset: number, book: Book): void {
    const head = data[offset + HEAD];
    const kind = headKind(head);
    const venueNs = data[offset + VENUE_NS];
    const ns = venueNs === venueNs ? venueNs : data[offset + LOCAL_NS];
    if (this.#isConsistent && ns === ns) this.#sampleTo(ns, book);
    if (kind === EventKind.TRADE || kind === EventKind.ORDER_EXEC) {
      const isBuyFlag = (headFlags(head) & EventFlag.BUY) !== 0;
      // An execution is flagged with the maker's side.
      const side = isBuyFlag === (kind === EventKind.TRADE) ? BUY : SELL;
      this.#trade(ns, side, data[offset + SIZE_LOTS], data[offset + AUX], book, data[offset + PRICE_TICKS]);
    }
    this.#isConsistent = (headFlags(head) & EventFlag.LAST) !== 0;
    if (this.#isConsistent) this.#messages++;
  }

  facts(): StylisedFacts {
    const mids = this.#mids.values();
    const one = differences(mids, 1);
    const ten = differences(mids, 10);
    const absolute = one.map(Math.abs);
    const signs = this.#signs.values();
    const seconds = (this.#lastNs - this.#firstNs) / NS_PER_SECOND;
    const spreads = this.#spreads.values();
    const touches = this.#touches.values();
    const imbalanceMemory = autocorrelation(this.#imbalances.values(), 1);
    return {
      seconds,
      messagesPerSecond: this.#messages / seconds,
      takersPerSecond: signs.length / seconds,
      meanTakerLots: this.#allLots / signs.length,
      meanSpreadTicks: mean(spreads),
      medianSpreadTicks: quantile(spreads, 0.5),
      highSpreadTicks: quantile(spreads, 0.95),
      medianTouchLots: quantile(touches, 0.5),
      highTouchLots: quantile(touches, 0.95),
      volatility1s: rootMeanSquare(one),
      volatility10s: rootMeanSquare(ten) / Math.sqrt(10),
      excessKurtosis1s: excessKurtosis(one),
      excessKurtosis10s: excessKurtosis(ten),
      tailIndex: hillIndex(absolute, TAIL_SHARE),
      returnMemory: autocorrelation(ten, 1),
      volatilityMemory: VOLATILITY_LAGS.map((lag) => ({ lag, value: autocorrelation(absolute, lag) })),
      signMemory: SIGN_LAGS.map((lag) => ({ lag, value: autocorrelation(signs, lag) })),
      imbalanceHalfLifeSeconds: imbalanceMemory > 0 ? Math.log(0.5) / Math.log(imbalanceMemory) : 0,
      impactExponent: this.#impactExponent(),
    };
  }

  /** Mids at each second from the first sample on. */
  midTicks(): Float64Array {
    return this.#mids.values();
  }

  #sampleTo(ns: number, book: Book): void {
    if (book.stale) return;
    if (!(this.#nextNs === this.#nextNs)) {
      // A recording may begin with an empty book and no snapshot.
      if (!(book.bestPrice(BUY) < book.bestPrice(SELL))) return;
      this.#firstNs = ns;
      this.#nextNs = ns;
    }
    this.#lastNs = ns;
    while (this.#nextNs <= ns) {
      const bid = book.bestPrice(BUY);
      const ask = book.bestPrice(SELL);
      this.#nextNs += NS_PER_SECOND;
      if (!(bid < ask)) continue;
      const bidLots = book.bestSize(BUY);
      const askLots = book.bestSize(SELL);
      this.#mids.push((bid + ask) / 2);
      this.#spreads.push(ask - bid);
      this.#touches.push((bidLots + askLots) / 2);
      this.#imbalances.push((bidLots - askLots) / (bidLots + askLots));
    }
  }

  #trade(ns: number, side: number, lots: number, taker: number, book: Book, priceTicks: number): void {
    this.#allLots += lots;
    if (ns === this.#takerNs && side === this.#takerSide && taker === this.#taker) {
      this.#takerLots += lots;
      return;
    }
    const mid = (book.bestPrice(BUY) + book.bestPrice(SELL)) / 2;
    // A book that does not hold both sides, or not yet, leaves the print.
    this.#book(mid === mid ? mid : priceTicks);
    this.#takerNs = ns;
    this.#takerSide = side;
    this.#taker = taker;
    this.#takerLots = lots;
    this.#midBefore = mid === mid ? mid : priceTicks;
    this.#signs.push(side === BUY ? 1 : -1);
  }

  /** The taker's order at hand is over: what the mid has done since goes into the bin of its size. */
  #book(mid: number): void {
    if (this.#takerSide < 0 || !(this.#takerLots >= 1)) return;
    const bin = Math.min(Math.floor(Math.log2(this.#takerLots)), SIZE_BINS - 1);
    const change = mid - this.#midBefore;
    this.#impact[bin] += this.#takerSide === BUY ? change : -change;
    this.#impactCount[bin]++;
    this.#impactLots[bin] += this.#takerLots;
  }

  #impactExponent(): number {
    const sizes: number[] = [];
    const changes: number[] = [];
    const weights: number[] = [];
    for (let bin = 0; bin < SIZE_BINS; bin++) {
      const count = this.#impactCount[bin];
      if (count < FEWEST_IN_BIN || !(this.#impact[bin] > 0)) continue;
      sizes.push(this.#impactLots[bin] / count);
      changes.push(this.#impact[bin] / count);
      weights.push(count);
    }
    return logLogSlope(sizes, changes, weights);
  }
}
