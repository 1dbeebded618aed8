/**
 * Scores of probability forecasts of things that happen or not. `outcomes` are 0 or 1, `probabilities` from 0 to 1; both of one
 * length. Scores of nothing are NaN.
 */

/** Mean squared difference of probability and outcome (Brier 1950): 0 is best, always saying the base rate p scores p(1 − p). */
export function brierScore(probabilities: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) sum += (probabilities[i] - outcomes[i]) ** 2;
  return sum / probabilities.length;
}

/**
 * Mean negative log-likelihood, nats. A forecast of 0 or 1 that is wrong would score Infinity: probabilities are
 * clipped to [clip, 1 − clip].
 */
export function logLoss(probabilities: ArrayLike<number>, outcomes: ArrayLike<number>, clip = 1e-3): number {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const p = Math.min(1 - clip, Math.max(clip, probabilities[i]));
    sum -= Math.log(outcomes[i] === 1 ? p : 1 - p);
  }
  return sum / probabilities.length;
}

/**
 * The probability that one thing that happened was given a higher forecast than one that did not, ties counting half (the
 * area under the ROC curve; Mann–Whitney). NaN when all or none happened.
 */
export function areaUnderRoc(probabilities: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  const n = probabilities.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).toSorted((a, b) => probabilities[a] - probabilities[b]);
  let positives = 0;
  let rankSum = 0;
  for (let from = 0; from < n;) {
    let to = from;
    let tied = 0;
    const p = probabilities[order[from]];
    while (to < n && probabilities[order[to]] === p) tied += outcomes[order[to++]];
    // Ranks from 1; those of a tie share their mean.
    rankSum += (tied * (from + 1 + to)) / 2;
    positives += tied;
    from = to;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (n - positives));
}

export interface CalibrationBin {
  /** Forecasts from `from` to below `to`; the last bin holds 1 too. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Means of the forecasts and of the outcomes; NaN in an empty bin. */
  readonly forecast: number;
  readonly observed: number;
}

/** How often things happened that were forecast at about the same probability, in bins of equal width (ten: deciles of probability). */
export function calibration(
  probabilities: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  bins = 10,
): readonly CalibrationBin[] {
  const counts = new Float64Array(bins);
  const forecasts = new Float64Array(bins);
  const observed = new Float64Array(bins);
  for (let i = 0; i < probabilities.length; i++) {
    const bin = Math.min(bins - 1, Math.floor(probabilities[i] * bins));
    counts[bin]++;
    forecasts[bin] += probabilities[i];
    observed[bin] += outcomes[i];
  }
  return Array.from(counts, (count, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    count,
    forecast: forecasts[bin] / count,
    observed: observed[bin] / count,
  }));
}
