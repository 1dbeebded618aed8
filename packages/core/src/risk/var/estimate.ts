/** Value at risk of positions by the method asked for. Pure: the same returns, values, settings and seed give the same figures. */
import { RISK_METRICS_DECAY, ewmaCovariance, sampleCovariance } from './covariance.ts';
import { type VarFigures, figuresOf, scaled } from './figures.ts';
import { type Fits, filteredReturns, fitAll } from './filtered.ts';
import { type Simulated, simulateCopula, simulateNormal } from './monte-carlo.ts';
import { parametricFigures } from './parametric.ts';
import type { ReturnMatrix } from './return-matrix.ts';

/** Methods and what a person reads of them. */
export const VAR_METHODS = {
  historical: 'returns as they were',
  parametric: 'normal, closed form',
  'student-t': 'Student t, closed form',
  filtered: 'returns scaled to the volatility of now (EWMA)',
  'filtered-garch': 'returns scaled to the volatility of now (GARCH)',
  'monte-carlo': 'normal paths over a Cholesky factor',
  't-copula': 'paths by t-copula over own histories',
} as const;
export type VarMethod = keyof typeof VAR_METHODS;
// oxlint-disable-next-line no-unsafe-type-assertion -- the keys of a constant
export const VAR_METHOD_NAMES = Object.keys(VAR_METHODS) as readonly VarMethod[];

export interface VarSettings {
  readonly method: VarMethod;
  /** Shares of outcomes that are not worse: 0.95, 0.99. */
  readonly levels: readonly number[];
  /** Periods of the returns; 1 unless said. */
  readonly horizon?: number;
  /** How a longer horizon is come to: by the square root of time (any number of periods), or by returns over so many periods, which overlap. */
  readonly scaling?: 'sqrt' | 'overlapping';
  /** Covariance of the closed forms and of normal paths: exponentially weighted with mean zero, or all rows the same with their mean. */
  readonly weights?: 'ewma' | 'equal';
  /** Of the exponential weights. */
  readonly decay?: number;
  /** Degrees of freedom of Student's t, above 2. */
  readonly degrees?: number;
  readonly paths?: number;
  readonly isAntithetic?: boolean;
  readonly seed?: number;
  /** For `filtered-garch`: models by asset that were fitted before; absent: they are fitted to the returns. */
  readonly fits?: Fits;
}

export const VAR_DEFAULTS = {
  horizon: 1,
  scaling: 'sqrt',
  weights: 'ewma',
  decay: RISK_METRICS_DECAY,
  degrees: 4,
  paths: 10_000,
  isAntithetic: false,
  seed: 1,
} as const;

export interface VarEstimate {
  readonly method: VarMethod;
  /** By level. */
  readonly figures: readonly VarFigures[];
  /** Rows or paths that they come from; 0 for a closed form. */
  readonly scenarios: number;
  /** The smallest eigenvalue of correlations that were no sound ones and were replaced by some near them; NaN: not needed. */
  readonly repairedEigenvalue: number;
  /** Assets whose returns no GARCH model could be fitted to: they were filtered by the EWMA. */
  readonly unfitted: number;
}

/**
 * @param values of each asset held, in one currency; short ones negative
 * @throws RangeError that names the setting, or tells that there are too few returns
 */
export function estimateVar(returns: ReturnMatrix, values: Float64Array, settings: VarSettings): VarEstimate {
  const all = { ...VAR_DEFAULTS, ...settings };
  const { method, levels, horizon, scaling } = all;
  checkVarSettings(settings);
  if (values.length !== returns.assets) {
    throw new RangeError(`values: found ${values.length}, expected one for each of ${returns.assets} assets`);
  }
  const used = scaling === 'overlapping' ? returns.overlapping(horizon) : returns;
  if (used.rows < 2) throw new RangeError(`returns: found ${used.rows} rows, expected 2 or more`);
  const factor = scaling === 'overlapping' ? 1 : Math.sqrt(horizon);
  const answer = (figures: readonly VarFigures[], scenarios: number, more?: Partial<VarEstimate>): VarEstimate => ({
    method,
    figures: factor === 1 ? figures : figures.map((each) => scaled(each, factor)),
    scenarios,
    repairedEigenvalue: Number.NaN,
    unfitted: 0,
    ...more,
  });
  const fromScenarios = (scenarios: ReturnMatrix, more?: Partial<VarEstimate>): VarEstimate =>
    answer(figuresOf(scenarios, values, levels), scenarios.rows, more);
  const simulated = ({ returns: paths, repairedEigenvalue }: Simulated): VarEstimate =>
    fromScenarios(paths, { repairedEigenvalue });

  if (method === 'historical') return fromScenarios(used);
  if (method === 'filtered') return fromScenarios(filteredReturns(used, all.decay));
  if (method === 'filtered-garch') {
    const fits = settings.fits ?? fitAll(used);
    const unfitted = fits.filter((fit) => fit === undefined).length;
    return fromScenarios(filteredReturns(used, all.decay, fits), { unfitted });
  }
  if (method === 't-copula') return simulated(simulateCopula(used, all.degrees, all));
  const isEqual = all.weights === 'equal';
  const covariance = isEqual ? sampleCovariance(used) : ewmaCovariance(used, all.decay);
  const means = isEqual ? meansOf(used) : new Float64Array(used.assets);
  if (method === 'monte-carlo') return simulated(simulateNormal(means, covariance, all));
  const degrees = method === 'parametric' ? Infinity : all.degrees;
  return answer(
    levels.map((level) => parametricFigures({ means, covariance, degrees }, values, level)),
    0,
  );
}

/** @throws RangeError that names the first setting that is out of its range */
export function checkVarSettings(settings: VarSettings): void {
  const { levels, horizon, scaling, decay, degrees, paths } = { ...VAR_DEFAULTS, ...settings };
  for (const level of levels) {
    if (!(level > 0.5 && level < 1)) throw new RangeError(`level: found ${level}, expected above 0.5 and below 1`);
  }
  if (!(horizon > 0 && horizon < 1e9 && (scaling === 'sqrt' || Number.isInteger(horizon)))) {
    throw new RangeError(`horizon: found ${horizon}, expected periods above 0, whole ones for overlapping returns`);
  }
  if (!(decay > 0 && decay < 1)) throw new RangeError(`decay: found ${decay}, expected above 0 and below 1`);
  if (!(degrees > 2 && degrees <= 1000)) throw new RangeError(`degrees: found ${degrees}, expected above 2, to 1000`);
  if (!(Number.isInteger(paths) && paths >= 100 && paths <= 10_000_000)) {
    throw new RangeError(`paths: found ${paths}, expected a whole number from 100 to 10,000,000`);
  }
}

function meansOf({ assets, rows, data }: ReturnMatrix): Float64Array {
  const means = new Float64Array(assets);
  for (let i = 0; i < data.length; i++) means[i % assets] += data[i] / rows;
  return means;
}
