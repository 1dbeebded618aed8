/**
 * Whole numbers drawn from a heavy-tailed law by a table of its quantiles: one random word and one load for nearly every draw, the
 * exact inverse in the last 4,096th of the tail.
 */
import type { Random } from '../../base/random.ts';

const BITS = 12;
const ENTRIES = 1 << BITS;
const SHIFT = 32 - BITS;
/** A uniform number above 0 and below 1 for each word. */
const UNIT = 2 ** -32;

export class DrawTable {
  readonly #table = new Int32Array(ENTRIES);
  readonly #inverse: (tail: number) => number;

  /** @param inverse the value that is exceeded with a probability, from 0 (not reached) to 1; rounded down, at most 2^30 */
  constructor(inverse: (tail: number) => number) {
    this.#inverse = (tail) => Math.min(Math.floor(inverse(tail)), 2 ** 30);
    for (let i = 0; i < ENTRIES; i++) this.#table[i] = this.#inverse((i + 0.5) / ENTRIES);
  }

  draw(random: Random): number {
    const index = random.nextUint32() >>> SHIFT;
    return index === 0 ? this.#inverse((random.nextUint32() + 0.5) * UNIT * (1 / ENTRIES)) : this.#table[index];
  }
}

/** Pareto: P(X > x) = (x / smallest) ^ -exponent, cut off at a thousand times the smallest. */
export function pareto(smallest: number, exponent: number): DrawTable {
  return new DrawTable((tail) => smallest * Math.min(tail ** (-1 / exponent), 1000));
}

/** Lomax, from 0 on: P(X >= x) = (1 + x / scale) ^ -exponent, cut off at a thousand times the scale. */
export function lomax(scale: number, exponent: number): DrawTable {
  return new DrawTable((tail) => scale * Math.min(tail ** (-1 / exponent) - 1, 1000));
}
