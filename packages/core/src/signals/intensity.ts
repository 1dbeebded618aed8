/**
 * Arrival of aggressive orders by how far they reach: λ(δ) = A·e^(-kδ), the rate at which a quote at a distance of δ ticks from
 * the mid is reached, per side. A in orders per second, k per tick (Avellaneda and Stoikov 2008, section 2.5).
 *
 * Prints of one side at one venue time are one order; its reach is the greatest distance of its prints from the mid before it.
 * Orders are counted by reach in buckets with exponential forgetting; the number that reached a bucket or beyond, over the time
 * watched, is λ there; ln λ is fitted by a straight line, weighted by the counts, whose inverse is the variance of ln λ.
 * Sides are pooled. When more than a twentieth of the orders reach beyond the last bucket the buckets double in width.
 */
import { checkNumbers, checkState } from '../base/state.ts';
import { Side } from '../market/side.ts';
import { decay, timeConstantNs } from './decay.ts';

const BUCKETS = 32;
/** Mids lie on half ticks, so distances do. */
const FIRST_WIDTH_TICKS = 0.5;
const BEYOND_SHARE = 0.05;
/** Buckets reached by fewer orders than this say more about luck than about the market. */
const LEAST_COUNT = 2;
/** Orders before A and k are stated. */
const LEAST_ORDERS = 20;

export interface IntensityState {
  readonly counts: Float64Array;
  readonly side: Side;
  readonly numbers: readonly number[];
}

export class Intensity {
  readonly #tauNs: number;
  readonly #counts = new Float64Array(BUCKETS + 1);
  #widthTicks = FIRST_WIDTH_TICKS;
  #seconds = 0;
  #atNs = Number.NaN;
  #orders = 0;

  // The order whose prints are coming in.
  #side: Side = Side.BUY;
  #venueNs = Number.NaN;
  #midTicks = Number.NaN;
  #reach = Number.NaN;

  #a = Number.NaN;
  #k = Number.NaN;

  /** @throws RangeError when the half-life is not positive. */
  constructor(halfLifeSeconds: number) {
    this.#tauNs = timeConstantNs('halfLifeSeconds', halfLifeSeconds);
  }

  /** A print. `midTicks`: the mid as known before it; NaN leaves it out. */
  trade(side: Side, priceTicks: number, midTicks: number, venueNs: number, nowNs: number): void {
    if (side !== this.#side || venueNs !== this.#venueNs) {
      this.#count();
      this.#side = side;
      this.#venueNs = venueNs;
      this.#midTicks = midTicks;
      this.#reach = Number.NaN;
    }
    this.#forget(nowNs);
    const distance = side === Side.BUY ? priceTicks - this.#midTicks : this.#midTicks - priceTicks;
    // A print within the spread, or against a mid that has moved on, reached no quote at a positive distance beyond this one.
    if (!(this.#reach >= distance)) this.#reach = distance;
  }

  /** Fits A and k; called as often as they are wanted. False when there is too little to fit, and they are as they were. */
  fit(nowNs: number): boolean {
    this.#count();
    this.#venueNs = Number.NaN;
    this.#forget(nowNs);
    if (this.#orders < LEAST_ORDERS || !(this.#seconds > 0)) return false;

    // Below the first bucket that orders end in, every order gets through: that plateau is not part of the slope.
    let first = 0;
    while (first < BUCKETS && this.#counts[first] < LEAST_COUNT) first++;
    let reached = this.#counts[BUCKETS];
    let weights = 0;
    let meanX = 0;
    let meanY = 0;
    let sumXX = 0;
    let sumXY = 0;
    let points = 0;
    for (let bucket = BUCKETS - 1; bucket >= first; bucket--) {
      reached += this.#counts[bucket];
      if (reached < LEAST_COUNT) continue;
      // Weighted sums about running means, so that nothing cancels.
      const x = bucket * this.#widthTicks;
      const y = Math.log(reached);
      weights += reached;
      const share = reached / weights;
      const dx = x - meanX;
      meanX += dx * share;
      meanY += (y - meanY) * share;
      sumXX += reached * dx * (x - meanX);
      sumXY += reached * dx * (y - meanY);
      points++;
    }
    if (points < 2) return false;
    const k = -sumXY / sumXX;
    if (!(k > 0)) return false;
    this.#k = k;
    this.#a = Math.exp(meanY + k * meanX) / (2 * this.#seconds);
    return true;
  }

  /** Orders per second and side that would reach a quote at the mid; NaN before the first fit. */
  get a(): number {
    return this.#a;
  }

  /** Per tick; NaN before the first fit. */
  get k(): number {
    return this.#k;
  }

  save(): IntensityState {
    const order = [this.#venueNs, this.#midTicks, this.#reach];
    const numbers = [this.#widthTicks, this.#seconds, this.#atNs, this.#orders, ...order, this.#a, this.#k];
    return { counts: this.#counts.slice(), side: this.#side, numbers };
  }

  restore(state: IntensityState): void {
    checkState('an intensity', state, this.save());
    checkNumbers('an intensity', state.numbers, 9);
    this.#counts.set(state.counts);
    this.#side = state.side;
    [this.#widthTicks, this.#seconds, this.#atNs, this.#orders] = state.numbers;
    [, , , , this.#venueNs, this.#midTicks, this.#reach, this.#a, this.#k] = state.numbers;
  }

  /** Counts the order that came in last. */
  #count(): void {
    const reach = this.#reach;
    this.#reach = Number.NaN;
    if (reach !== reach || reach < 0) return;
    this.#orders++;
    const bucket = Math.floor(reach / this.#widthTicks);
    this.#counts[bucket < BUCKETS ? bucket : BUCKETS]++;
    let total = 0;
    for (let i = 0; i <= BUCKETS; i++) total += this.#counts[i];
    if (this.#counts[BUCKETS] > Math.max(LEAST_COUNT, total * BEYOND_SHARE)) this.#widen();
  }

  /** Neighbours merge. Where in the new half the orders beyond the last bucket belong is not known: they go where most of a falling curve lies. */
  #widen(): void {
    const counts = this.#counts;
    for (let i = 0; i < BUCKETS / 2; i++) counts[i] = counts[2 * i] + counts[2 * i + 1];
    counts.fill(0, BUCKETS / 2, BUCKETS);
    counts[BUCKETS / 2] = counts[BUCKETS];
    counts[BUCKETS] = 0;
    this.#widthTicks *= 2;
  }

  #forget(nowNs: number): void {
    const passed = nowNs - this.#atNs;
    if (passed <= 0) return;
    if (passed === passed) {
      const kept = decay(passed / this.#tauNs);
      for (let i = 0; i <= BUCKETS; i++) this.#counts[i] *= kept;
      // The time watched, each moment by what is left of it.
      this.#seconds = this.#seconds * kept + this.#tauNs * (1 - kept) * 1e-9;
    }
    this.#atNs = nowNs;
  }
}
