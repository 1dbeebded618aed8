/**
 * Float prices and sizes of binary files ↔ ticks and lots. A value is on the grid when it lies within a millionth of a
 * step of a whole number of steps, or within four units in the last place of its own float64, whichever is wider.
 */
import type { Grid } from '@quotewright/core/base/grid';
import { stepOf } from '../guess-instrument.ts';

const TOLERANCE = 1e-6;
const FOUR_ULPS = 2 ** -50;
/** Beyond this a float64 cannot tell neighbouring steps apart with certainty. */
const MAX_TOLERANCE = 0.25;
const MOST_DECIMALS = 12;
/** A grid's scale is at most 100 either way. Looked up, because `**` of a variable costs as much as all else here. */
const POWERS = Float64Array.from({ length: 101 }, (_, exponent) => 10 ** exponent);

/** Whole steps; NaN when the value is not finite, off the grid or too large to tell. */
export function stepsOf(grid: Grid, value: number): number {
  const { scale } = grid;
  const scaled = scale >= 0 ? value * POWERS[scale]! : value / POWERS[-scale]!;
  return nearest(scaled / grid.numerator);
}

function nearest(steps: number): number {
  const whole = Math.round(steps);
  const tolerance = Math.max(TOLERANCE, Math.abs(steps) * FOUR_ULPS);
  return tolerance <= MAX_TOLERANCE && Math.abs(steps - whole) <= tolerance ? whole + 0 : Number.NaN;
}

/** The coarsest decimal step that holds every finite value of a sample. */
export function stepOfValues(values: readonly number[]): string {
  let decimals = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    while (decimals < MOST_DECIMALS && Number.isNaN(nearest(value * 10 ** decimals))) decimals++;
  }
  return stepOf(decimals);
}
