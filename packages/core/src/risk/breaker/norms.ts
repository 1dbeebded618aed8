/**
 * Running norms that a few wild values do not move: each is two entries of a Float64Array, the norm and how many values it has seen.
 * The first values weigh as in a plain mean, so that a norm is there soon.
 */

/** Entries from the offset on. */
export const Norm = { VALUE: 0, COUNT: 1 } as const;
export const NORM_STRIDE = 2;

/** The least weight of a value: a norm forgets over some hundreds of them. */
const LEAST_WEIGHT = 1 / 300;
const MEDIAN_STEP = 1 / 200;

function weightOf(count: number): number {
  const weight = 1 / (count + 1);
  return weight > LEAST_WEIGHT ? weight : LEAST_WEIGHT;
}

/** Median of positive values, by steps of a share of itself (stochastic approximation, Robbins and Monro 1951). */
export function addToMedian(norms: Float64Array, at: number, value: number): void {
  const count = norms[at + 1]++;
  if (count === 0) {
    norms[at] = value;
    return;
  }
  const norm = norms[at];
  // Twice that of a mean, so that a wild first value is forgotten with the square of their number.
  const weight = 2 / (count + 1);
  const step = norm * (weight > MEDIAN_STEP ? weight : MEDIAN_STEP);
  // A value within a step is the median itself: a norm of one tick stays one tick.
  if (value > norm + step) norms[at] = norm + step;
  else if (value < norm - step) norms[at] = norm - step;
  else norms[at] = value;
}

/** Mean of values from 0 on, each counted as no more than `most` times the norm so far. */
export function addToMean(norms: Float64Array, at: number, value: number, most: number): void {
  const count = norms[at + 1]++;
  const norm = norms[at];
  const counted = count > 0 && norm > 0 && value > most * norm ? most * norm : value;
  norms[at] = norm + (counted - norm) * weightOf(count);
}

/** The first of them give their smallest: what is late when a session begins is not usual. */
const FIRST = 10;

/** Usual delay, of any sign: after the first few each counts as no farther from it than `farthest`. */
export function addToDelay(norms: Float64Array, at: number, value: number, farthest: number): void {
  const count = norms[at + 1]++;
  const norm = norms[at];
  const away = value - norm;
  if (count < FIRST) norms[at] = count === 0 || away < 0 ? value : norm;
  else norms[at] = norm + (away > farthest ? farthest : away < -farthest ? -farthest : away) * weightOf(count);
}
