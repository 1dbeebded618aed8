/**
 * Our model of the queue at a level that shows only its size (L2).
 *
 * The standard models (`queue-model.ts`) spread every cancel as a fluid over those ahead and those behind. Real cancels are lumps:
 * one order goes, wholly ahead of us or wholly behind. And a feed that tells each change of a level tells the size and
 * the age of every order that joined behind us. So this model remembers those orders, and asks of each cancel:
 * - is it larger than all that is behind us, or than all that is ahead? Then its place is certain;
 * - has no order behind us its size? Then it fell ahead, nearly always (cancels of part of an order are rare);
 * - else the hazards compete: one draw from a seeded stream, with odds by the age of the youngest order behind us that it could
 *   be, by our own age and by the time since the level last traded (`hazard-coefficients.ts`, fitted on real queues).
 *
 * A run is one path of many: a backtest draws one, `quotewright fills truth` the mean of many, which is the probability of a fill.
 *
 * Feeds that publish depth in intervals hide the order of events within one. On joining, what the level shows is old by part of an
 * interval: of what it shows more at the interval's end, some came before us. That, too, is one draw.
 */
import type { Random } from '../base/random.ts';
import type { Side } from '../market/side.ts';
import { HAZARD_COEFFICIENTS, HAZARD_TERMS, HazardTerm, type HazardCoefficients } from './hazard-coefficients.ts';
import { QueueModel } from './queue-model.ts';

const { CONSTANT, NO_MATCH, AGE_BEHIND, OWN_AGE, HAS_PRINTED, SINCE_PRINT } = HazardTerm;

/** Orders behind us that are told apart; of more, the two oldest are taken for one. */
const REMEMBERED = 32;
/** Float64 values of a slot: time of joining, 1 until the first change was shown, time of the last print (NaN: none), how many orders are remembered, then size and time of each. */
const JOINED_NS = 0;
const IS_NEW = 1;
const PRINTED_NS = 2;
const COUNT = 3;
const SIZES = 4;
const TIMES = SIZES + REMEMBERED;
const STRIDE = TIMES + REMEMBERED;

export interface HazardQueueOptions {
  /** Interval at which the feed publishes depth, nanoseconds; 0 or absent: every change. */
  readonly intervalNs?: number;
  readonly coefficients?: HazardCoefficients;
}

export class HazardQueue extends QueueModel {
  /** Draws made since the model was built. While it has not moved, another seed would have given the same. */
  draws = 0;
  readonly #random: Random;
  readonly #intervalNs: number;
  readonly #coefficients: HazardCoefficients;
  readonly #terms = new Float64Array(HAZARD_TERMS);
  #state = new Float64Array(16 * STRIDE);

  /** @throws RangeError when the interval is negative or not finite. */
  constructor(random: Random, options: HazardQueueOptions = {}) {
    super();
    const { intervalNs = 0, coefficients = HAZARD_COEFFICIENTS } = options;
    if (!(intervalNs >= 0 && intervalNs < Infinity))
      throw new RangeError(`intervalNs: ${intervalNs} is not 0 or above`);
    this.#random = random;
    this.#intervalNs = intervalNs;
    this.#coefficients = coefficients;
  }

  override join(slot: number, _side: Side, _priceTicks: number, levelLots: number, nowNs: number): number {
    const needed = (slot + 1) * STRIDE;
    if (needed > this.#state.length) {
      const larger = new Float64Array(Math.max(needed, 2 * this.#state.length));
      larger.set(this.#state);
      this.#state = larger;
    }
    const at = slot * STRIDE;
    this.#state[at + JOINED_NS] = nowNs;
    this.#state[at + IS_NEW] = 1;
    this.#state[at + PRINTED_NS] = Number.NaN;
    this.#state[at + COUNT] = 0;
    return levelLots;
  }

  override depth(
    slot: number,
    _side: Side,
    _priceTicks: number,
    aheadLots: number,
    prevLots: number,
    nextLots: number,
    tradedLots: number,
    nowNs: number,
  ): number {
    const at = slot * STRIDE;
    const cancelled = prevLots - nextLots - tradedLots;
    const isNew = this.#state[at + IS_NEW] === 1;
    this.#state[at + IS_NEW] = 0;
    if (tradedLots > 0) this.#state[at + PRINTED_NS] = nowNs;
    let ahead = aheadLots > 0 ? aheadLots : 0;
    if (cancelled < 0) {
      if (isNew && this.#intervalNs > 0 && this.#cameBefore(at, nowNs)) ahead -= cancelled;
      else if (ahead > 0) this.#remember(at, -cancelled, nowNs);
    } else if (cancelled > 0 && ahead > 0) {
      const behind = Math.max(0, prevLots - tradedLots - ahead);
      if (cancelled > ahead && cancelled > behind) {
        // More than one order: only what is left tells. Both sides lose alike.
        ahead = Math.floor((ahead * nextLots) / (ahead + behind));
        this.#forgetDownTo(at, nextLots - ahead);
      } else if (cancelled > behind) ahead -= cancelled;
      else if (cancelled > ahead) this.#forget(at, cancelled, nextLots - ahead);
      else if (this.#fellAhead(at, cancelled, nowNs)) ahead -= cancelled;
      else this.#forget(at, cancelled, nextLots - ahead);
    }
    return ahead < nextLots ? ahead : nextLots;
  }

  /** Draws whether what a level gained by the end of the interval in which we joined was there before us. */
  #cameBefore(at: number, nowNs: number): boolean {
    const passed = 1 - (nowNs - this.#state[at + JOINED_NS]) / this.#intervalNs;
    // The level did not change in that interval: what it gains now came after us.
    if (passed < 0) return false;
    const { atStart, slope } = this.#coefficients.gainedAhead;
    this.draws++;
    return this.#random.uniform() < atStart + slope * passed;
  }

  /** Draws whether a cancel that could be on either side fell ahead of us. */
  #fellAhead(at: number, cancelled: number, nowNs: number): boolean {
    const state = this.#state;
    let youngestNs = Number.NaN;
    for (let i = 0; i < state[at + COUNT]; i++) {
      if (state[at + SIZES + i] === cancelled) youngestNs = state[at + TIMES + i];
    }
    hazardTerms(this.#terms, nowNs - youngestNs, nowNs - state[at + JOINED_NS], nowNs - state[at + PRINTED_NS]);
    this.draws++;
    return this.#random.uniform() < aheadProbability(this.#coefficients, this.#terms);
  }

  #remember(at: number, lots: number, nowNs: number): void {
    const state = this.#state;
    let count = state[at + COUNT];
    if (count === REMEMBERED) {
      const sum = state[at + SIZES] + state[at + SIZES + 1];
      this.#drop(at, 0);
      state[at + SIZES] = sum;
      count--;
    }
    state[at + SIZES + count] = lots;
    state[at + TIMES + count] = nowNs;
    state[at + COUNT] = count + 1;
  }

  /** An order of that size behind us was cancelled: the youngest of those that it can be. */
  #forget(at: number, lots: number, leftBehind: number): void {
    const state = this.#state;
    for (let i = state[at + COUNT] - 1; i >= 0; i--) {
      if (state[at + SIZES + i] !== lots) continue;
      this.#drop(at, i);
      return;
    }
    this.#forgetDownTo(at, leftBehind);
  }

  /** Takes an order out of those remembered. A loop: for so few values `copyWithin` costs more than they do. */
  #drop(at: number, index: number): void {
    const state = this.#state;
    const last = state[at + COUNT] - 1;
    for (let i = index; i < last; i++) {
      state[at + SIZES + i] = state[at + SIZES + i + 1];
      state[at + TIMES + i] = state[at + TIMES + i + 1];
    }
    state[at + COUNT] = last;
  }

  /** So many lots are left behind us, in orders that nobody named: the oldest ones stay. */
  #forgetDownTo(at: number, leftBehind: number): void {
    const state = this.#state;
    let left = leftBehind;
    let kept = 0;
    for (; kept < state[at + COUNT] && left > 0; kept++) {
      const size = state[at + SIZES + kept];
      if (size > left) state[at + SIZES + kept] = left;
      left -= size;
    }
    state[at + COUNT] = kept;
  }
}

/**
 * The terms of a cancel's log-odds, written to the caller's array. All in nanoseconds.
 * @param youngestAgeNs age of the youngest order behind us of the cancel's size; NaN without one
 * @param sincePrintNs NaN when the level has not printed since we joined
 */
export function hazardTerms(out: Float64Array, youngestAgeNs: number, ownAgeNs: number, sincePrintNs: number): void {
  const hasMatch = !Number.isNaN(youngestAgeNs);
  const hasPrinted = hasMatch && !Number.isNaN(sincePrintNs);
  out[CONSTANT] = 1;
  out[NO_MATCH] = hasMatch ? 0 : 1;
  out[AGE_BEHIND] = hasMatch ? logAge(youngestAgeNs) : 0;
  out[OWN_AGE] = hasMatch ? logAge(ownAgeNs) : 0;
  out[HAS_PRINTED] = hasPrinted ? 1 : 0;
  out[SINCE_PRINT] = hasPrinted ? logAge(sincePrintNs) : 0;
}

/** The probability that a cancel of such terms fell ahead of us. */
export function aheadProbability({ cancelAhead }: HazardCoefficients, terms: Float64Array): number {
  let logOdds = 0;
  for (let i = 0; i < HAZARD_TERMS; i++) logOdds += cancelAhead[i] * terms[i];
  return 1 / (1 + Math.exp(-logOdds));
}

function logAge(ageNs: number): number {
  return Math.log10((ageNs > 0 ? ageNs : 0) / 1e9 + 1e-3);
}
