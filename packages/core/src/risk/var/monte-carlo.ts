/**
 * Simulated returns. Normal: L·z with L·Lᵀ the covariance. t-copula (Demarta and McNeil, "The t copula and related copulas", 2005): the ranks
 * come from correlated Student t numbers, whose shared factor makes assets crash together, and each asset's returns at those ranks
 * from its own history; correlations from Kendall's τ by sin(π·τ ÷ 2), which no outlier distorts.
 */
import { Random } from '../../base/random.ts';
import { CopulaTable } from './copula-table.ts';
import { type Factor, factorOf } from './factor.ts';
import { kendallTau, risingOrder } from './kendall.ts';
import { Normals } from './normals.ts';
import { ReturnMatrix } from './return-matrix.ts';

export interface Simulated {
  readonly returns: ReturnMatrix;
  /** See `Factor`. */
  readonly repairedEigenvalue: number;
}

export interface Draws {
  readonly paths: number;
  /** Every second path is the one before it with its signs turned: the mean is exact, and losses vary less from seed to seed. */
  readonly isAntithetic: boolean;
  readonly seed: number;
}

export function simulateNormal(means: Float64Array, covariance: Float64Array, draws: Draws): Simulated {
  const assets = means.length;
  const factor = factorOf(covariance, assets);
  const paths = drawCorrelated(factor, assets, draws);
  if (means.some((mean) => mean !== 0)) for (let i = 0; i < paths.length; i++) paths[i] += means[i % assets];
  return { returns: new ReturnMatrix(assets, paths), repairedEigenvalue: factor.repairedEigenvalue };
}

export function simulateCopula(history: ReturnMatrix, degrees: number, draws: Draws): Simulated {
  const { assets, rows } = history;
  const columns = Array.from({ length: assets }, (_, asset) => history.column(asset));
  const correlation = new Float64Array(assets * assets);
  for (let i = 0; i < assets; i++) {
    correlation[i * assets + i] = 1;
    const order = risingOrder(columns[i]);
    for (let k = 0; k < i; k++) {
      const tau = kendallTau(columns[i], columns[k], order);
      const rho = tau === tau ? Math.sin((Math.PI / 2) * tau) : 0;
      correlation[i * assets + k] = rho;
      correlation[k * assets + i] = rho;
    }
  }
  const sorted = new Float64Array(rows * assets);
  columns.forEach((column, asset) => sorted.set(column.toSorted(), asset * rows));
  const factor = factorOf(correlation, assets);
  const paths = drawCorrelated(factor, assets, draws);
  const table = new CopulaTable(degrees);
  const mixing = new ChiSquares(degrees, draws.seed);
  let scale = 1;
  for (let at = 0, path = 0; at < paths.length; at += assets, path++) {
    // A pair of antithetic paths shares its factor: else the second would not be the first one's mirror image.
    if (!draws.isAntithetic || (path & 1) === 0) scale = Math.sqrt(degrees / mixing.next());
    for (let asset = 0; asset < assets; asset++) {
      const place = table.rank(paths[at + asset] * scale) * (rows - 1);
      const low = asset * rows + (place | 0);
      const high = place < rows - 1 ? low + 1 : low;
      paths[at + asset] = sorted[low] + (place - (place | 0)) * (sorted[high] - sorted[low]);
    }
  }
  return { returns: new ReturnMatrix(assets, paths), repairedEigenvalue: factor.repairedEigenvalue };
}

/** Paths of correlated normal numbers. */
function drawCorrelated({ lower }: Factor, assets: number, draws: Draws): Float64Array {
  const { isAntithetic } = draws;
  const drawn = isAntithetic ? Math.ceil(draws.paths / 2) : draws.paths;
  const paths = new Float64Array(draws.paths * assets);
  // Numbers of some paths at a time, so that they stay in the nearest cache.
  const block = 64;
  const normals = new Float64Array(block * assets);
  const source = new Normals(draws.seed, 'var.paths');
  let at = 0;
  for (let path = 0; path < drawn; path += block) {
    const count = Math.min(block, drawn - path);
    source.draw(normals, count * assets);
    for (let k = 0; k < count; k++) {
      correlate(lower, normals, k * assets, paths, at, assets);
      at += assets;
      if (!isAntithetic || at >= paths.length) continue;
      for (let i = 0; i < assets; i++) paths[at + i] = -paths[at + i - assets];
      at += assets;
    }
  }
  return paths;
}

/** L·z. */
function correlate(
  lower: Float64Array,
  normals: Float64Array,
  from: number,
  target: Float64Array,
  to: number,
  assets: number,
): void {
  for (let i = 0, row = 0; i < assets; i++, row += assets) {
    let sum = 0;
    for (let k = 0; k <= i; k++) sum += lower[row + k] * normals[from + k];
    target[to + i] = sum;
  }
}

/** χ² numbers: twice a gamma number of half the degrees (Marsaglia and Tsang, "A simple method for generating gamma variables", 2000). */
class ChiSquares {
  readonly #d: number;
  readonly #c: number;
  readonly #random: Random;
  readonly #source: Normals;
  readonly #normals = new Float64Array(256);
  #used = 256;

  /** For degrees of 2 or more. */
  constructor(degrees: number, seed: number) {
    this.#d = degrees / 2 - 1 / 3;
    this.#c = 1 / Math.sqrt(9 * this.#d);
    this.#random = Random.stream(seed, 'var.mixing');
    this.#source = new Normals(seed, 'var.mixing.normal');
  }

  next(): number {
    for (;;) {
      if (this.#used === this.#normals.length) {
        this.#source.draw(this.#normals, this.#normals.length);
        this.#used = 0;
      }
      const x = this.#normals[this.#used++];
      const root = 1 + this.#c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = 1 - this.#random.uniform();
      if (Math.log(u) < 0.5 * x * x + this.#d * (1 - v + Math.log(v))) return 2 * this.#d * v;
    }
  }
}
