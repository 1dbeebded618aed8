/** Finds a minimum without derivatives (Nelder and Mead 1965, with the coefficients of Lagarias et al. 1998). */

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
}

/** @param steps how far from `start` the other corners of the first simplex lie, by dimension. Where `f` is NaN it counts as +∞. */
export function minimise(
  f: (point: Float64Array) => number,
  start: readonly number[],
  steps: readonly number[],
  maxSteps = 1000,
): Minimum {
  const n = start.length;
  const at = (point: Float64Array): Minimum => {
    const value = f(point);
    return { point, value: value === value ? value : Number.POSITIVE_INFINITY };
  };
  const corners: Minimum[] = [at(Float64Array.from(start))];
  for (let i = 0; i < n; i++) corners.push(at(Float64Array.from(start, (x, k) => (k === i ? x + steps[i] : x))));
  for (let step = 0; step < maxSteps; step++) {
    corners.sort((a, b) => a.value - b.value);
    const [best] = corners;
    const worst = corners[n];
    const next = corners[n - 1];
    if (!(worst.value - best.value > 1e-10 * (1 + Math.abs(best.value))) && spread(corners) < 1e-7) break;
    const centre = new Float64Array(n);
    for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) centre[k] += corners[i].point[k] / n;
    const along = (t: number): Minimum => at(centre.map((c, k) => c + t * (worst.point[k] - c)));
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      corners[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < next.value) corners[n] = reflected;
    else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) corners[n] = contracted;
      else {
        for (let i = 1; i <= n; i++) {
          corners[i] = at(corners[i].point.map((x, k) => best.point[k] + 0.5 * (x - best.point[k])));
        }
      }
    }
  }
  corners.sort((a, b) => a.value - b.value);
  return corners[0];
}

/** The largest distance of a corner from the best one in any dimension, relative to 1 + its size there. */
function spread(corners: readonly Minimum[]): number {
  let largest = 0;
  const [best] = corners;
  for (const { point } of corners) {
    for (let k = 0; k < point.length; k++) {
      largest = Math.max(largest, Math.abs(point[k] - best.point[k]) / (1 + Math.abs(best.point[k])));
    }
  }
  return largest;
}
