/** Backtest of a VaR method: for each period the VaR from the window before it, with positions as they are now, against what the period brought. */
import {
  type Independence,
  type LikelihoodRatio,
  type TrafficLight,
  conditionalCoverage,
  independence,
  kupiec,
  trafficLight,
} from './coverage.ts';
import { type VarSettings, estimateVar } from './estimate.ts';
import { type Fits, fitAll } from './filtered.ts';
import type { ReturnMatrix } from './return-matrix.ts';

export interface VarBacktest {
  readonly level: number;
  /** VaR by period that was judged. */
  readonly series: Float64Array;
  /** 1 where the loss was larger. */
  readonly hits: Uint8Array;
  readonly exceptions: number;
  /** The mean loss of the exceptions, and the mean of the shortfalls that were forecast for them; NaN without one. */
  readonly meanLoss: number;
  readonly meanShortfall: number;
  readonly kupiec: LikelihoodRatio;
  readonly independence: Independence;
  readonly conditional: LikelihoodRatio;
  /** Of the last 250 periods or all, if they are fewer: what the Basel rule looks at. */
  readonly light: TrafficLight;
}

const BASEL_PERIODS = 250;
/** GARCH models are fitted anew after so many periods; in between only their variances go on. */
const REFIT_PERIODS = 20;

/**
 * One period ahead whatever the settings' horizon, because longer ones overlap, and exceptions would follow each other without a fault.
 * @throws RangeError when the window leaves no period to judge
 */
export function backtestVar(
  returns: ReturnMatrix,
  values: Float64Array,
  settings: VarSettings,
  window: number,
): VarBacktest[] {
  const { rows } = returns;
  if (!(Number.isInteger(window) && window >= 2 && window < rows)) {
    throw new RangeError(`window: found ${window}, expected from 2 to ${rows - 1}, as there are ${rows} returns`);
  }
  const profits = returns.profits(values);
  const series = settings.levels.map(() => new Float64Array(rows - window));
  const shortfalls = settings.levels.map(() => new Float64Array(rows - window));
  const { method } = settings;
  let fits: Fits | undefined;
  for (let period = window; period < rows; period++) {
    const past = returns.window(period - window, period);
    if (method === 'filtered-garch' && (period - window) % REFIT_PERIODS === 0) fits = fitAll(past);
    const one: VarSettings = { ...settings, horizon: 1, ...(fits === undefined ? {} : { fits }) };
    estimateVar(past, values, one).figures.forEach(({ valueAtRisk, shortfall }, i) => {
      series[i][period - window] = valueAtRisk;
      shortfalls[i][period - window] = shortfall;
    });
  }
  return settings.levels.map((level, i) => judge(level, series[i], shortfalls[i], profits.subarray(window)));
}

function judge(level: number, series: Float64Array, shortfalls: Float64Array, profits: Float64Array): VarBacktest {
  const hits = Uint8Array.from(series, (valueAtRisk, i) => (profits[i] < -valueAtRisk ? 1 : 0));
  let exceptions = 0;
  let loss = 0;
  let shortfall = 0;
  for (let i = 0; i < hits.length; i++) {
    if (hits[i] === 0) continue;
    exceptions++;
    loss -= profits[i];
    shortfall += shortfalls[i];
  }
  const count = kupiec(hits.length, exceptions, level);
  const order = independence(hits);
  const last = hits.subarray(-BASEL_PERIODS);
  return {
    level,
    series,
    hits,
    exceptions,
    meanLoss: loss / exceptions,
    meanShortfall: shortfall / exceptions,
    kupiec: count,
    independence: order,
    conditional: conditionalCoverage(count, order),
    light: trafficLight(
      last.length,
      last.reduce((sum, hit) => sum + hit, 0),
      level,
    ),
  };
}
