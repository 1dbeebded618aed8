/**
 * Filtered historical simulation (Barone-Adesi, Giannopoulos and Vosper 1999; Hull and White 1998): each return is divided by the volatility
 * that was forecast for its period and multiplied by the one that is forecast for the next. Rows stay together, so that what moved
 * together still does. Volatility by asset: an exponentially weighted average, or GARCH(1,1).
 */
import { type Garch, fitGarch, garchVariances } from './garch.ts';
import { ReturnMatrix } from './return-matrix.ts';

/** By asset; undefined: no model, the exponentially weighted average is taken. */
export type Fits = readonly (Garch | undefined)[];

export function fitAll(returns: ReturnMatrix): Fits {
  return Array.from({ length: returns.assets }, (_, asset) => fitGarch(returns.column(asset), 'normal'));
}

export function filteredReturns(returns: ReturnMatrix, decay: number, fits: Fits = []): ReturnMatrix {
  const { assets, rows } = returns;
  const filtered = new Float64Array(rows * assets);
  for (let asset = 0; asset < assets; asset++) {
    const column = returns.column(asset);
    const fit = fits[asset];
    const mean = fit?.mu ?? 0;
    const variances = fit === undefined ? ewmaVariances(column, decay) : garchVariances(column, fit);
    const next = variances[rows];
    for (let row = 0; row < rows; row++) {
      const scale = variances[row] > 0 ? Math.sqrt(next / variances[row]) : 0;
      filtered[row * assets + asset] = mean + scale * (column[row] - mean);
    }
  }
  return new ReturnMatrix(assets, filtered);
}

/** Forecasts for each period and the next, from the mean square of all as the first one. */
function ewmaVariances(returns: Float64Array, decay: number): Float64Array {
  const rows = returns.length;
  const variances = new Float64Array(rows + 1);
  for (const x of returns) variances[0] += (x * x) / rows;
  for (let row = 0; row < rows; row++) {
    variances[row + 1] = decay * variances[row] + (1 - decay) * returns[row] * returns[row];
  }
  return variances;
}
