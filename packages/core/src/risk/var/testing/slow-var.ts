/** Slow and obvious twins of the VaR code, written from the definitions. */

/** Pairs in order less pairs out of order, with the correction for ties (τ-b). */
export function slowKendall(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  let untiedX = 0;
  let untiedY = 0;
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) {
      const a = Math.sign(x[i]! - x[k]!);
      const b = Math.sign(y[i]! - y[k]!);
      sum += a * b;
      untiedX += a * a;
      untiedY += b * b;
    }
  }
  return sum / Math.sqrt(untiedX * untiedY);
}

export interface SlowTail {
  readonly valueAtRisk: number;
  readonly shortfall: number;
  /** Mean loss of each asset in the tail. */
  readonly shortfallComponents: readonly number[];
}

/** By sorting whole scenarios. @param scenarios returns by scenario and asset */
export function slowTail(
  scenarios: readonly (readonly number[])[],
  values: readonly number[],
  level: number,
): SlowTail {
  const profitOf = (row: readonly number[]): number => row.reduce((sum, r, i) => sum + r * values[i]!, 0);
  const sorted = scenarios.map(profitOf).toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * (1 - level);
  const below = Math.floor(place + 1e-9);
  const above = Math.min(sorted.length - 1, below + 1);
  const quantile = sorted[below]! + Math.max(0, place - below) * (sorted[above]! - sorted[below]!);
  const tail = scenarios.filter((row) => profitOf(row) <= quantile);
  const mean = (of: (row: readonly number[]) => number): number =>
    tail.reduce((sum, row) => sum + of(row), 0) / tail.length;
  return {
    valueAtRisk: -quantile,
    shortfall: -mean(profitOf),
    shortfallComponents: values.map((value, i) => -mean((row) => row[i]! * value)),
  };
}

/** Σ wₜ·rᵢ·rₖ ÷ Σ wₜ with wₜ = decay^(age of the row). */
export function slowEwmaCovariance(rows: readonly (readonly number[])[], i: number, k: number, decay: number): number {
  let sum = 0;
  let weights = 0;
  rows.forEach((row, t) => {
    const weight = decay ** (rows.length - 1 - t);
    sum += weight * row[i]! * row[k]!;
    weights += weight;
  });
  return sum / weights;
}
