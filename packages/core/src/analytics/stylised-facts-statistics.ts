/** Statistics of samples that the stylised facts are made of. NaN for a sample too small to tell. */

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

export function rootMeanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return Math.sqrt(sum / values.length);
}

/** Changes over `lag` entries, one after the other, without overlap. */
export function differences(values: ArrayLike<number>, lag: number): Float64Array {
  const count = Math.max(0, Math.floor((values.length - 1) / lag));
  return Float64Array.from({ length: count }, (_, i) => values[(i + 1) * lag] - values[i * lag]);
}

/** The value that a share of the sample does not exceed. */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Fourth standardised moment less 3: 0 for a normal law. */
export function excessKurtosis(values: ArrayLike<number>): number {
  const centre = mean(values);
  let second = 0;
  let fourth = 0;
  for (let i = 0; i < values.length; i++) {
    const square = (values[i] - centre) ** 2;
    second += square;
    fourth += square * square;
  }
  return (fourth * values.length) / (second * second) - 3;
}

/** Autocorrelation at a lag: sum of lagged products over the sum of squares. */
export function autocorrelation(values: ArrayLike<number>, lag: number): number {
  if (values.length <= lag) return Number.NaN;
  const centre = mean(values);
  let lagged = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] - centre;
    squares += value * value;
    if (i >= lag) lagged += value * (values[i - lag] - centre);
  }
  return lagged / squares;
}

/** Pearson's correlation of two samples of one length. */
export function correlation(left: ArrayLike<number>, right: ArrayLike<number>): number {
  const leftMean = mean(left);
  const rightMean = mean(right);
  let both = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (let i = 0; i < left.length; i++) {
    const a = left[i] - leftMean;
    const b = right[i] - rightMean;
    both += a * b;
    leftSquares += a * a;
    rightSquares += b * b;
  }
  return both / Math.sqrt(leftSquares * rightSquares);
}

/** Hill's (1975) estimate of the exponent of a power-law tail, on the largest share of the sample. */
export function hillIndex(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).toSorted();
  const count = Math.floor(sorted.length * share);
  if (count < 10) return Number.NaN;
  const threshold = sorted[sorted.length - count - 1];
  let sum = 0;
  for (let i = sorted.length - count; i < sorted.length; i++) sum += Math.log(sorted[i] / threshold);
  return count / sum;
}

/** Slope of log y against log x by weighted least squares; all values above 0. */
export function logLogSlope(x: readonly number[], y: readonly number[], weights: readonly number[]): number {
  if (x.length < 3) return Number.NaN;
  let total = 0;
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < x.length; i++) {
    total += weights[i];
    meanX += weights[i] * Math.log(x[i]);
    meanY += weights[i] * Math.log(y[i]);
  }
  meanX /= total;
  meanY /= total;
  let both = 0;
  let squares = 0;
  for (let i = 0; i < x.length; i++) {
    const off = Math.log(x[i]) - meanX;
    both += weights[i] * off * (Math.log(y[i]) - meanY);
    squares += weights[i] * off * off;
  }
  return both / squares;
}
