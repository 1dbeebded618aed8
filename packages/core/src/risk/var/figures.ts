/**
 * Value at risk and expected shortfall from scenarios: what the portfolio would gain in each, by asset. A loss is positive.
 *
 * VaR at 99 % is the 1 % quantile of the profits with its sign turned, linear between order statistics; the expected shortfall is the mean
 * loss of the scenarios at or beyond it. By Euler's rule (Tasche, "Capital allocation to business units and sub-portfolios: the Euler
 * principle", 2008) an asset's part in the shortfall is the mean of its own losses in those scenarios, and its part in VaR the mean of its
 * own losses in the scenarios near the quantile: the parts add up to the whole. VaR's parts are scaled to do so exactly; they are noisy,
 * because few scenarios lie near the quantile, those of the shortfall are steadier.
 */
import type { ReturnMatrix } from './return-matrix.ts';
import { selectRank } from './select.ts';

export interface VarFigures {
  /** 0.99: the share of outcomes that is not worse. */
  readonly level: number;
  /** In the currency of the values; below zero when even the bad outcomes are gains. */
  readonly valueAtRisk: number;
  readonly shortfall: number;
  /** By asset: how VaR grows for each unit of value more. */
  readonly marginals: Float64Array;
  /** By asset: value × marginal; adds up to VaR. */
  readonly components: Float64Array;
  /** By asset; adds up to the shortfall. */
  readonly shortfallComponents: Float64Array;
}

/** Scenarios this share of the tail to either side of the quantile tell VaR's parts. */
const BAND = 0.2;

/** NaN without scenarios. */
export function figuresOf(scenarios: ReturnMatrix, values: Float64Array, levels: readonly number[]): VarFigures[] {
  const profits = scenarios.profits(values);
  const scratch = new Float64Array(profits.length);
  return levels.map((level) => figuresAt(scenarios, values, profits, scratch, level));
}

function figuresAt(
  { assets, rows, data }: ReturnMatrix,
  values: Float64Array,
  profits: Float64Array,
  scratch: Float64Array,
  level: number,
): VarFigures {
  scratch.set(profits);
  const place = (rows - 1) * (1 - level);
  // Not a hair below the whole number that 1 − level makes it in exact arithmetic.
  const rank = Math.floor(place + 1e-9);
  const lower = selectRank(scratch, rank);
  const after = scratch.subarray(rank + 1);
  const upper = after.length === 0 ? lower : selectRank(after, 0);
  const quantile = lower + Math.max(0, place - rank) * (upper - lower);
  const band = Math.floor(rank * BAND);
  const from = band === 0 ? lower : selectRank(scratch.subarray(0, rank), rank - band);
  const to = after.length === 0 ? lower : selectRank(after, Math.min(band, after.length - 1));

  const marginals = new Float64Array(assets);
  const shortfallComponents = new Float64Array(assets);
  let tail = 0;
  let near = 0;
  let tailProfit = 0;
  for (let row = 0; row < rows; row++) {
    const profit = profits[row];
    if (profit > to) continue;
    const at = row * assets;
    if (profit <= quantile) {
      tail++;
      tailProfit += profit;
      for (let asset = 0; asset < assets; asset++) shortfallComponents[asset] -= data[at + asset];
    }
    if (profit < from) continue;
    near++;
    for (let asset = 0; asset < assets; asset++) marginals[asset] -= data[at + asset];
  }
  let nearLoss = 0;
  for (let asset = 0; asset < assets; asset++) {
    shortfallComponents[asset] *= values[asset] / tail;
    marginals[asset] /= near;
    nearLoss += values[asset] * marginals[asset];
  }
  const valueAtRisk = 0 - quantile;
  const scale = nearLoss === 0 ? 0 : valueAtRisk / nearLoss;
  for (let asset = 0; asset < assets; asset++) marginals[asset] *= scale;
  const components = marginals.map((marginal, asset) => values[asset] * marginal);
  return { level, valueAtRisk, shortfall: 0 - tailProfit / tail, marginals, components, shortfallComponents };
}

/** The same for another length of time, by a factor; for independent periods its square root. */
export function scaled(figures: VarFigures, factor: number): VarFigures {
  return {
    level: figures.level,
    valueAtRisk: figures.valueAtRisk * factor,
    shortfall: figures.shortfall * factor,
    marginals: figures.marginals.map((x) => x * factor),
    components: figures.components.map((x) => x * factor),
    shortfallComponents: figures.shortfallComponents.map((x) => x * factor),
  };
}
