/** Whether the parameters of a living market can be simulated. */
import type { FollowParams, MarketParams } from './params.ts';

/** @throws RangeError that names the first parameter out of its range, what was found and what was expected */
export function checkParams(params: MarketParams, symbol: string): void {
  const { value, noise, makers, impact } = params;
  const where = `market of ${symbol}`;
  const demand = (name: string, found: number, low: number, high: number): void => {
    if (!(found >= low && found <= high))
      throw new RangeError(`${where}: ${name} ${found} is not from ${low} to ${high}`);
  };
  const counts = (name: string, found: number, low: number, high: number): void => {
    demand(name, found, low, high);
    if (found !== Math.floor(found)) throw new RangeError(`${where}: ${name} ${found} is not a whole number`);
  };
  demand('value.startTicks', value.startTicks, 2, 2 ** 30);
  demand('value.volatilityTicks', value.volatilityTicks, 0, value.startTicks);
  demand('value.volatilitySpread', value.volatilitySpread, 0, 3);
  demand('value.volatilityHalfLifeSeconds', value.volatilityHalfLifeSeconds, 0.1, 1e6);
  demand('value.jumpsPerHour', value.jumpsPerHour, 0, 3600);
  demand('value.jumpTicks', value.jumpTicks, 0, value.startTicks);
  demand('value.loading', value.loading, -1, 1);
  counts('noise.count', noise.count, 1, 10_000);
  demand('noise.limitsPerSecond', noise.limitsPerSecond, 0, 1e5);
  demand('noise.takesPerSecond', noise.takesPerSecond, 0, 1e5);
  demand('noise.lifeSeconds', noise.lifeSeconds, 1e-3, 1e6);
  demand(
    'noise.count × limitsPerSecond × lifeSeconds',
    noise.count * noise.limitsPerSecond * noise.lifeSeconds,
    0,
    1e6,
  );
  demand('noise.pullsPerSecond', noise.pullsPerSecond, 0, 1e5);
  demand('noise.sizeLots', noise.sizeLots, 1, 2 ** 40);
  demand('noise.sizeExponent', noise.sizeExponent, 0.5, 20);
  demand('noise.takeLots', noise.takeLots, 0.001, 2 ** 40);
  demand('noise.takeExponent', noise.takeExponent, 0.5, 20);
  demand('noise.selectiveShare', noise.selectiveShare, 0, 1);
  demand('noise.placementTicks', noise.placementTicks, 0.01, 1e6);
  demand('noise.placementExponent', noise.placementExponent, 0.3, 20);
  demand('noise.insideShare', noise.insideShare, 0, 1);
  counts('noise.runs', noise.runs, 1, 10_000);
  demand('noise.runExponent', noise.runExponent, 0.5, 20);
  demand('noise.runShare', noise.runShare, 0, 1);
  counts('makers.count', makers.count, 0, 1000);
  demand('makers.refreshesPerSecond', makers.refreshesPerSecond, 0, 1e5);
  counts('makers.levels', makers.levels, 1, 100);
  counts('makers.spacingTicks', makers.spacingTicks, 1, 1e6);
  demand('makers.halfSpreadTicks', makers.halfSpreadTicks, 0.5, value.startTicks / 10);
  demand('makers.sizeLots', makers.sizeLots, 1, 2 ** 40);
  demand('makers.sizeGrowth', makers.sizeGrowth, 0, 100);
  demand('makers.errorTicks', makers.errorTicks, 0, value.startTicks / 10);
  demand('makers.skewTicks', makers.skewTicks, 0, value.startTicks / 10);
  demand('makers.limitLots', makers.limitLots, 1, 2 ** 46);
  demand('makers.hedgeHalfLifeSeconds', makers.hedgeHalfLifeSeconds, 0.1, 1e9);
  for (const name of ['momentum', 'informed', 'fundamental'] as const) {
    const signal = params[name];
    counts(`${name}.count`, signal.count, 0, 10_000);
    demand(`${name}.actsPerSecond`, signal.actsPerSecond, 0, 1e5);
    demand(`${name}.thresholdTicks`, signal.thresholdTicks, 0, value.startTicks);
    demand(`${name}.sizeLots`, signal.sizeLots, 0.001, 2 ** 40);
    demand(`${name}.halfLifeSeconds`, signal.halfLifeSeconds, 1e-3, 1e6);
  }
  demand('impact.ticks', impact.ticks, 0, value.startTicks / 10);
  demand('impact.halfLifeSeconds', impact.halfLifeSeconds, 1e-3, 1e6);
}

/**
 * @param index of the instrument that follows
 * @throws RangeError, as `checkParams`
 */
export function checkFollow(
  { instrument, beta, basisBps, halfLifeSeconds }: FollowParams,
  index: number,
  symbol: string,
): void {
  const where = `market of ${symbol}: follows`;
  if (!(Number.isSafeInteger(instrument) && instrument >= 0 && instrument < index)) {
    throw new RangeError(`${where}: ${instrument} is no index of an instrument before it`);
  }
  if (!(Math.abs(beta) <= 10) || beta === 0)
    throw new RangeError(`${where}: beta ${beta} is not from -10 to 10, or is 0`);
  if (!(basisBps >= 0 && basisBps <= 1000))
    throw new RangeError(`${where}: basisBps ${basisBps} is not from 0 to 1000`);
  if (!(halfLifeSeconds >= 0.1 && halfLifeSeconds <= 1e6)) {
    throw new RangeError(`${where}: halfLifeSeconds ${halfLifeSeconds} is not from 0.1 to 1000000`);
  }
}
