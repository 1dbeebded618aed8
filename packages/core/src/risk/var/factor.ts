/**
 * The lower triangular factor L of a covariance matrix, L·Lᵀ = matrix, also when the matrix is not positive definite: too few rows
 * for the assets, two assets that are one, correlations that were estimated pair by pair and contradict each other.
 *
 * Such a matrix is replaced by one near it: the eigenvalues of its correlations that are below a floor are raised to it, and the
 * variances are put back (the spectral method of Rebonato and Jäckel, "The most general methodology to create a valid correlation
 * matrix", 1999). The answer says so, and how negative the smallest eigenvalue was.
 */
import { symmetricEigen } from './symmetric-eigen.ts';

export interface Factor {
  /** n × n, row by row, zero above the diagonal. */
  readonly lower: Float64Array;
  /** The smallest eigenvalue of the correlations when the matrix had to be replaced; NaN when it was sound. */
  readonly repairedEigenvalue: number;
}

/** Of correlations. Below it a matrix is singular for our purposes: float64 leaves nothing of the last digits of L. */
const EIGENVALUE_FLOOR = 1e-10;

export function factorOf(matrix: Float64Array, size: number): Factor {
  const deviations = Float64Array.from({ length: size }, (_, i) => Math.sqrt(Math.max(0, matrix[i * size + i])));
  const correlation = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const scale = deviations[i] * deviations[k];
      // An asset that does not move has no correlation with any.
      correlation[i * size + k] = i === k ? 1 : scale > 0 ? matrix[i * size + k] / scale : 0;
    }
  }
  let repairedEigenvalue = Number.NaN;
  let lower = cholesky(correlation, size);
  if (lower === undefined) {
    const { values, vectors } = symmetricEigen(correlation, size);
    repairedEigenvalue = values.reduce((least, value) => Math.min(least, value));
    lower = cholesky(raised(values, vectors, size), size) ?? diagonal(size);
  }
  for (let i = 0; i < size; i++) for (let k = 0; k <= i; k++) lower[i * size + k] *= deviations[i];
  return { lower, repairedEigenvalue };
}

/** Undefined when a pivot is not clearly above zero. */
function cholesky(matrix: Float64Array, size: number): Float64Array | undefined {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k <= i; k++) {
      let rest = matrix[i * size + k];
      for (let j = 0; j < k; j++) rest -= lower[i * size + j] * lower[k * size + j];
      if (i > k) lower[i * size + k] = rest / lower[k * size + k];
      else if (rest > EIGENVALUE_FLOOR / 2) lower[i * size + i] = Math.sqrt(rest);
      else return undefined;
    }
  }
  return lower;
}

/** V·max(λ, floor)·Vᵀ with a diagonal of ones again. */
function raised(values: Float64Array, vectors: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      let sum = 0;
      for (let j = 0; j < size; j++) {
        sum += vectors[i * size + j] * Math.max(EIGENVALUE_FLOOR * 4, values[j]) * vectors[k * size + j];
      }
      product[i * size + k] = sum;
    }
  }
  const scale = Float64Array.from({ length: size }, (_, i) => 1 / Math.sqrt(product[i * size + i]));
  return product.map((value, cell) => value * scale[Math.floor(cell / size)] * scale[cell % size]);
}

/** Independent assets: what is left when nothing can be said of how they move together. */
function diagonal(size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, cell) => (cell % (size + 1) === 0 ? 1 : 0));
}
