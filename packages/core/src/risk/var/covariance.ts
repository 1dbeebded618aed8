/** Covariance matrices of returns: n × n, row by row. */
import type { ReturnMatrix } from './return-matrix.ts';

/** Decay of the weights of daily returns in RiskMetrics (J.P. Morgan, Technical Document, 1996). */
export const RISK_METRICS_DECAY = 0.94;

/** All rows count the same, means taken off, divided by rows − 1; NaN below two rows. */
export function sampleCovariance({ assets, rows, data }: ReturnMatrix): Float64Array {
  const means = new Float64Array(assets);
  for (let i = 0; i < data.length; i++) means[i % assets] += data[i] / rows;
  const sums = new Float64Array(assets * assets);
  for (let at = 0; at < data.length; at += assets) {
    for (let i = 0; i < assets; i++) {
      const deviation = data[at + i] - means[i];
      for (let k = 0; k <= i; k++) sums[i * assets + k] += deviation * (data[at + k] - means[k]);
    }
  }
  for (let i = 0; i < sums.length; i++) sums[i] /= rows - 1;
  return mirrored(sums, assets);
}

/**
 * Exponentially weighted, means taken as zero: each row counts `decay` times the one after it. The weights of the rows that
 * there are add up to 1, which RiskMetrics' recursion from a first row comes to.
 * @throws RangeError when the decay is not above 0 and below 1
 */
export function ewmaCovariance({ assets, data }: ReturnMatrix, decay: number): Float64Array {
  if (!(decay > 0 && decay < 1)) throw new RangeError(`decay: found ${decay}, expected a number above 0 and below 1`);
  const sums = new Float64Array(assets * assets);
  let total = 0;
  for (let at = 0; at < data.length; at += assets) {
    for (let i = 0; i < assets; i++) {
      for (let k = 0; k <= i; k++) {
        const cell = i * assets + k;
        sums[cell] = decay * sums[cell] + data[at + i] * data[at + k];
      }
    }
    total = decay * total + 1;
  }
  for (let i = 0; i < sums.length; i++) sums[i] /= total;
  return mirrored(sums, assets);
}

/** Correlations of a covariance matrix; 0 beside an asset that does not move. */
export function correlationOf(covariance: Float64Array, assets: number): Float64Array {
  const correlation = new Float64Array(covariance.length);
  for (let i = 0; i < assets; i++) {
    for (let k = 0; k < assets; k++) {
      const scale = Math.sqrt(covariance[i * assets + i] * covariance[k * assets + k]);
      correlation[i * assets + k] = i === k ? 1 : scale > 0 ? covariance[i * assets + k] / scale : 0;
    }
  }
  return correlation;
}

/** Fills what lies above the diagonal from what lies below it. */
function mirrored(matrix: Float64Array, assets: number): Float64Array {
  for (let i = 0; i < assets; i++) for (let k = 0; k < i; k++) matrix[k * assets + i] = matrix[i * assets + k];
  return matrix;
}
