/**
 * When the next event of an instrument happens and of what kind: a multivariate Hawkes process with exponential kernels (Hawkes
 * 1971), drawn by thinning (Ogata 1981), beside base rates that the owner changes as it likes between events.
 *
 * A kernel of decay b gives each event of kind j an intensity n × b × exp(-b t) of kind i, so that n is the mean number of
 * children. Intensities of one decay fall together, so they are kept relative to one factor for each decay: time costs one
 * exponential a decay, an event a few additions, whatever happened before.
 */
import type { Random } from '../../base/random.ts';
import { FLOWS, type HawkesParams } from './params.ts';

/** Kinds of events; the first `FLOWS` excite and are excited (`Flow`). */
export const Act = { MOMENTUM: 6, INFORMED: 7, FUNDAMENTAL: 8 } as const;
export const ACTS = 9;

const NS = 1e-9;
const UNIT = 2 ** -32;
/** Below this a factor is folded into its intensities, long before anything underflows. */
const SMALL = 1e-100;

export class Arrivals {
  /** Rate of each kind beside excitation, per nanosecond. */
  readonly base = new Float64Array(ACTS);
  /** Time up to which intensities are decayed. */
  nowNs: number;
  /** Time of what `next` answered, in whole nanoseconds. */
  atNs = Infinity;
  readonly #random: Random;
  readonly #decays: Float64Array;
  readonly #factors: Float64Array;
  /** By decay: sum of its intensities, relative to its factor. */
  readonly #totals: Float64Array;
  /** By decay and kind. */
  readonly #excess: Float64Array;
  /** By decay, cause and kind: what an event adds. */
  readonly #jumps: Float64Array;
  readonly #jumpTotals: Float64Array;
  readonly #count: number;
  /** Time and factors from which the last draw was made. */
  #drawnNs = 0;
  readonly #drawnFactors: Float64Array;

  /** @throws RangeError when the matrix is not six by six of numbers from 0, or is not stable. */
  constructor(params: HawkesParams, random: Random, nowNs: number) {
    checkHawkes(params);
    const { decays, children } = params;
    const count = decays.length;
    this.#random = random;
    this.nowNs = nowNs;
    this.#count = count;
    this.#decays = Float64Array.from(decays, ({ perSecond }) => perSecond * NS);
    this.#factors = new Float64Array(count).fill(1);
    this.#drawnFactors = new Float64Array(count);
    this.#totals = new Float64Array(count);
    this.#excess = new Float64Array(count * FLOWS);
    this.#jumps = new Float64Array(count * FLOWS * FLOWS);
    this.#jumpTotals = new Float64Array(count * FLOWS);
    for (let d = 0; d < count; d++) {
      for (let cause = 0; cause < FLOWS; cause++) {
        for (let kind = 0; kind < FLOWS; kind++) {
          const jump = children[kind][cause] * decays[d].share * this.#decays[d];
          this.#jumps[(d * FLOWS + cause) * FLOWS + kind] = jump;
          this.#jumpTotals[d * FLOWS + cause] += jump;
        }
      }
    }
  }

  /**
   * Draws the next event before a time: answers its kind with its time in `atNs`, or -1 when there is none before it. Nothing is
   * remembered between draws, so it may be drawn anew whenever a rate has changed, from now on or after `takeBack`.
   */
  next(untilNs: number): number {
    const { base } = this;
    const random = this.#random;
    const totals = this.#totals;
    const factors = this.#factors;
    const count = this.#count;
    this.#drawnNs = this.nowNs;
    for (let d = 0; d < count; d++) this.#drawnFactors[d] = factors[d];
    let sum = 0;
    for (let kind = 0; kind < ACTS; kind++) sum += base[kind];
    for (;;) {
      let bound = sum;
      for (let d = 0; d < count; d++) bound += totals[d] * factors[d];
      const wait = -Math.log((random.nextUint32() + 0.5) * UNIT) / bound;
      if (!(this.nowNs + wait < untilNs)) {
        this.atNs = Infinity;
        return -1;
      }
      this.nowNs += wait;
      for (let d = 0; d < count; d++) factors[d] *= Math.exp(-this.#decays[d] * wait);
      let left = (random.nextUint32() + 0.5) * UNIT * bound;
      if (left < sum) {
        let kind = 0;
        while (kind < ACTS - 1 && left >= base[kind]) left -= base[kind++];
        this.atNs = Math.ceil(this.nowNs);
        return kind;
      }
      left -= sum;
      for (let d = 0; d < count; d++) {
        const factor = factors[d];
        const total = totals[d] * factor;
        if (left >= total) {
          left -= total;
          continue;
        }
        let kind = 0;
        while (kind < FLOWS - 1 && left >= this.#excess[d * FLOWS + kind] * factor) {
          left -= this.#excess[d * FLOWS + kind++] * factor;
        }
        this.atNs = Math.ceil(this.nowNs);
        return kind;
      }
    }
  }

  /** Takes the last draw back: something happens at a time before it. */
  takeBack(nowNs: number): void {
    this.nowNs = this.#drawnNs;
    this.#factors.set(this.#drawnFactors);
    this.advance(nowNs);
  }

  /** Lets the intensities decay to a time. */
  advance(nowNs: number): void {
    const wait = nowNs - this.nowNs;
    if (!(wait > 0)) return;
    this.nowNs = nowNs;
    const factors = this.#factors;
    for (let d = 0; d < this.#count; d++) factors[d] *= Math.exp(-this.#decays[d] * wait);
  }

  /** An event of a kind has happened now. */
  excite(cause: number): void {
    for (let d = 0; d < this.#count; d++) {
      if (this.#factors[d] < SMALL) this.#fold(d);
      const scale = 1 / this.#factors[d];
      const from = (d * FLOWS + cause) * FLOWS;
      const to = d * FLOWS;
      for (let kind = 0; kind < FLOWS; kind++) this.#excess[to + kind] += this.#jumps[from + kind] * scale;
      this.#totals[d] += this.#jumpTotals[to + cause] * scale;
    }
  }

  /** Intensity of a kind now, per second. */
  intensity(kind: number): number {
    let rate = this.base[kind];
    if (kind < FLOWS) for (let d = 0; d < this.#count; d++) rate += this.#excess[d * FLOWS + kind] * this.#factors[d];
    return rate / NS;
  }

  #fold(d: number): void {
    let total = 0;
    for (let kind = 0; kind < FLOWS; kind++) total += this.#excess[d * FLOWS + kind] *= this.#factors[d];
    this.#totals[d] = total;
    this.#factors[d] = 1;
  }
}

/** @throws RangeError, as the constructor of `Arrivals` says. */
function checkHawkes({ decays, children }: HawkesParams): void {
  if (decays.length === 0) throw new RangeError('hawkes.decays: is empty');
  const shares = decays.reduce((sum, { share }) => sum + share, 0);
  if (!(Math.abs(shares - 1) < 1e-6)) throw new RangeError(`hawkes.decays: shares sum to ${shares}, not to 1`);
  for (const { perSecond, share } of decays) {
    if (!(perSecond > 0 && perSecond <= 1e6))
      throw new RangeError(`hawkes.decays: ${perSecond} a second is not in (0, 1e6]`);
    if (!(share >= 0)) throw new RangeError(`hawkes.decays: share ${share} is negative`);
  }
  const isSquare = children.length === FLOWS && children.every((row) => row.length === FLOWS);
  if (!isSquare) throw new RangeError(`hawkes.children: is not ${FLOWS} rows of ${FLOWS}`);
  if (!children.flat().every((n) => n >= 0 && n < Infinity))
    throw new RangeError('hawkes.children: holds a negative number');
  const radius = spectralRadius(children);
  if (!(radius < 0.99)) throw new RangeError(`hawkes.children: spectral radius ${radius.toFixed(3)} is not below 0.99`);
}

/** Of a matrix without negative numbers, by powers. */
export function spectralRadius(matrix: readonly (readonly number[])[]): number {
  let vector = matrix.map(() => 1);
  let radius = 0;
  for (let round = 0; round < 200; round++) {
    // The small addition keeps a matrix whose powers vanish from dividing by 0.
    const next = matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 1e-12));
    radius = Math.max(...next);
    vector = next.map((value) => value / radius);
  }
  return radius;
}
