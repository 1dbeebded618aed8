/** Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's cyclic rotations (Golub and Van Loan, Matrix Computations, 8.5). */

export interface Eigen {
  readonly values: Float64Array;
  /** Vector j is column j: `vectors[i * size + j]`. */
  readonly vectors: Float64Array;
}

/** Quadratic convergence: a matrix of a hundred rows needs about ten sweeps. */
const MAX_SWEEPS = 60;

export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const a = matrix.slice();
  const vectors = Float64Array.from(a, (_, cell) => (cell % (size + 1) === 0 ? 1 : 0));
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let off = 0;
    let on = 0;
    for (let cell = 0; cell < a.length; cell++) {
      if (cell % (size + 1) === 0) on += a[cell] * a[cell];
      else off += a[cell] * a[cell];
    }
    if (!(off > on * 1e-30)) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q);
  }
  return { values: Float64Array.from({ length: size }, (_, i) => a[i * (size + 1)]), vectors };
}

/** Makes `a[p][q]` zero by a rotation of the plane p, q. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q];
  if (apq === 0) return;
  const theta = (a[q * size + q] - a[p * size + p]) / (2 * apq);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k++) turn(a, k * size + p, k * size + q, cosine, sine);
  for (let k = 0; k < size; k++) turn(a, p * size + k, q * size + k, cosine, sine);
  for (let k = 0; k < size; k++) turn(vectors, k * size + p, k * size + q, cosine, sine);
}

function turn(cells: Float64Array, p: number, q: number, cosine: number, sine: number): void {
  const x = cells[p];
  const y = cells[q];
  cells[p] = cosine * x - sine * y;
  cells[q] = sine * x + cosine * y;
}
