/**
 * Fits a living market to measured figures. What can be read off is taken as it is (sizes, placement, cancels, arrivals by maximum
 * likelihood, volatility); spread, depth and rates, which come out of the agents' play, are matched by simulating and correcting
 * (indirect inference, Gourieroux, Monfort and Renault 1993).
 */
import type { StylisedFacts } from '@quotewright/core/analytics/stylised-facts';
import { hillIndex, quantile } from '@quotewright/core/analytics/stylised-facts-statistics';
import type { Instrument } from '@quotewright/core/market/instrument';
import { DEFAULT_PARAMS, type MarketParams } from '@quotewright/core/venue-sim/living/params';
import { type HawkesFit, fitHawkes } from './hawkes-fit.ts';
import { type Measured, simulate } from './simulate.ts';

/** Share of the measured orders that noise traders send; the rest comes from the other agents. */
const NOISE_SHARE = 0.6;
/** And that makers send, when they change all of their quotes at each turn. */
const MAKER_SHARE = 0.4;
const ROUNDS = 12;
/** Rate of momentum and of fundamental traders while they have a signal, as a share of the takers. */
const SIGNAL_SHARE = 0.05;
const MAX_ROUND_SECONDS = 3600;
const MIN_ROUND_SECONDS = 60;
/** A round's simulation costs no more than about so many orders. */
const ROUND_ORDERS = 250_000;
const TAIL = 0.2;
const MAX_RESTING = 20_000;

export interface MarketFit {
  readonly params: MarketParams;
  readonly hawkes: HawkesFit | undefined;
}

const clamp = (value: number, low: number, high: number): number =>
  Number.isNaN(value) ? low : Math.min(high, Math.max(low, value));

export function fitMarket(
  instrument: Instrument,
  recorded: Measured,
  windowTicks: number,
  startTicks: number,
  seed: number,
  told: (round: number, rounds: number) => void = () => {},
): MarketFit {
  const hawkes = fitHawkes(recorded.flow.takerSeconds, recorded.flow.takerSides);
  let params = firstGuess(recorded, startTicks, hawkes);
  const orders = Math.max(1, recorded.flow.addsPerSecond * 2);
  const seconds = clamp(ROUND_ORDERS / orders, MIN_ROUND_SECONDS, MAX_ROUND_SECONDS);
  for (let round = 1; round <= ROUNDS; round++) {
    told(round, ROUNDS);
    // With a steady volatility of the same root mean square: a round is too short for the luck of another.
    const steady = { ...params, value: { ...params.value, volatilitySpread: 0, jumpsPerHour: 0 } };
    const simulated = simulate(instrument, steady, seed + round, seconds, windowTicks);
    params = corrected(params, recorded, simulated, startTicks);
  }
  return { params, hawkes };
}

/** Parameters from what is read off alone. */
function firstGuess({ facts, flow }: Measured, startTicks: number, hawkes: HawkesFit | undefined): MarketParams {
  const { noise, makers, momentum, informed, fundamental, impact } = DEFAULT_PARAMS;
  const half = Math.max(0.5, facts.meanSpreadTicks / 2);
  const touch = Math.max(1, facts.medianTouchLots);
  const sigma = clamp(facts.volatility10s, 0.01, startTicks / 10);
  const sizeExponent = clamp(hillIndex(flow.addLots, TAIL), 1.1, 6);
  const takeExponent = clamp(hillIndex(flow.takerLots, TAIL), 1.1, 6);
  const placement = fitLomax(flow.distances);
  const signalRate = SIGNAL_SHARE * facts.takersPerSecond;
  return {
    value: valueOf(facts, startTicks, sigma),
    noise: {
      ...noise,
      ...signsOf(facts),
      limitsPerSecond: (NOISE_SHARE * flow.addsPerSecond) / noise.count,
      takesPerSecond: (NOISE_SHARE * facts.takersPerSecond) / noise.count,
      lifeSeconds: clamp(flow.lifeSeconds, 0.05, 600),
      pullsPerSecond: Math.min(1e4, (2 * flow.addsPerSecond) / noise.count),
      sizeLots: smallestOf(flow.addLots, sizeExponent),
      sizeExponent,
      takeLots: smallestOf(flow.takerLots, takeExponent),
      takeExponent,
      placementTicks: placement.scale,
      placementExponent: placement.exponent,
      insideShare: clamp(flow.insideShare, 0, 1),
    },
    makers: {
      ...makers,
      refreshesPerSecond: clamp((MAKER_SHARE * flow.addsPerSecond) / (makers.count * 2 * makers.levels), 0.01, 50),
      spacingTicks: clamp(Math.round(flow.spacingTicks), 1, 1e6),
      halfSpreadTicks: half,
      sizeLots: Math.max(1, touch / 3),
      errorTicks: 0.4 * half,
      skewTicks: 2 * half,
      limitLots: 30 * touch,
    },
    momentum: {
      ...momentum,
      actsPerSecond: signalRate,
      thresholdTicks: Math.max(half, sigma),
      sizeLots: Math.max(0.5, touch / 15),
    },
    informed: {
      ...informed,
      actsPerSecond: facts.takersPerSecond,
      thresholdTicks: 0.5 * half,
      sizeLots: smallestOf(flow.takerLots, takeExponent),
    },
    fundamental: {
      ...fundamental,
      actsPerSecond: signalRate,
      thresholdTicks: Math.max(half, 1.5 * sigma),
      sizeLots: Math.max(0.5, touch / 8),
    },
    hawkes: hawkesOf(hawkes, flow.addsPerSecond / facts.takersPerSecond),
    impact: { ...impact, ticks: 0.25 * half },
  };
}

/** Stochastic volatility of the measured kurtosis and memory. */
function valueOf(facts: StylisedFacts, startTicks: number, volatilityTicks: number): MarketParams['value'] {
  // A log-normal volatility of spread s has excess kurtosis 3 (exp(4 s²) - 1).
  const kurtosis = clamp(facts.excessKurtosis10s, 0.1, 50);
  const spread = clamp(Math.sqrt(Math.log(1 + kurtosis / 3) / 4), 0.1, 0.9);
  const near = facts.volatilityMemory[1]!;
  const far = facts.volatilityMemory[3]!;
  const halfLife = ((far.lag - near.lag) * Math.log(2)) / Math.log(near.value / Math.max(far.value, 0.01));
  return {
    ...DEFAULT_PARAMS.value,
    startTicks,
    volatilityTicks,
    volatilitySpread: spread,
    volatilityHalfLifeSeconds: halfLife > 0 ? clamp(halfLife, 5, 900) : DEFAULT_PARAMS.value.volatilityHalfLifeSeconds,
    jumpTicks: 3 * volatilityTicks,
  };
}

/** Runs of market orders that give the measured memory of signs: its level sets their number, its decay their exponent. */
function signsOf({ signMemory }: StylisedFacts): Pick<MarketParams['noise'], 'runs' | 'runExponent' | 'runShare'> {
  const first = signMemory[0]!.value;
  const late = signMemory.find(({ lag }) => lag === 10)!.value;
  const decay = first > 0 && late > 0 ? Math.log(first / late) / Math.log(10) : 1;
  const runShare = 0.9;
  return {
    runs: clamp(Math.round((runShare * runShare * NOISE_SHARE) / Math.max(first, 0.01)), 1, 50),
    runExponent: clamp(1 + decay, 1.2, 3),
    runShare,
  };
}

/** Smallest size of the Pareto law that has this exponent and the sample's median. */
function smallestOf(lots: Float64Array, exponent: number): number {
  return Math.max(1, quantile(lots, 0.5) / 2 ** (1 / exponent));
}

/** The Lomax law with the sample's median and nine-tenths quantile; half a tick is added, for distances are whole. */
export function fitLomax(distances: Float64Array): { scale: number; exponent: number } {
  const median = quantile(distances, 0.5) + 0.5;
  const high = quantile(distances, 0.9) + 0.5;
  if (!(high > median)) return { scale: 1, exponent: 3 };
  // The ratio of the two falls with the exponent.
  let low = 0.4;
  let top = 10;
  for (let i = 0; i < 50; i++) {
    const exponent = (low + top) / 2;
    const ratio = (10 ** (1 / exponent) - 1) / (2 ** (1 / exponent) - 1);
    if (ratio > high / median) low = exponent;
    else top = exponent;
  }
  const exponent = (low + top) / 2;
  return { scale: clamp(median / (2 ** (1 / exponent) - 1), 0.05, 1e6), exponent };
}

/** The default excitations, with the takers' own from the likelihood and those of makers' orders in proportion to the rates. */
function hawkesOf(fit: HawkesFit | undefined, limitsPerTake: number): MarketParams['hawkes'] {
  const { hawkes, noise } = DEFAULT_PARAMS;
  if (fit === undefined) return hawkes;
  const usual = noise.limitsPerSecond / noise.takesPerSecond;
  const scale = clamp(limitsPerTake / usual, 0.05, 10);
  const children = hawkes.children.map((row, kind) =>
    row.map((value, cause) => {
      if (kind < 2 && cause < 2) return kind === cause ? clamp(fit.same, 0, 0.7) : clamp(fit.other, 0, 0.25);
      // What limit orders bring of takers is the inverse.
      if (kind < 2) return value / Math.max(scale, 1);
      return cause < 2 ? value * scale : value;
    }),
  );
  const decay = clamp(fit.decay, 0.05, 1e4);
  return {
    decays: [
      { perSecond: decay, share: 0.8 },
      { perSecond: clamp(decay / 50, 0.01, 100), share: 0.2 },
    ],
    children,
  };
}

/** Parameters moved towards what is recorded, each by the ratio of recorded to simulated figure, damped. */
function corrected(params: MarketParams, recorded: Measured, simulated: Measured, startTicks: number): MarketParams {
  const ratio = (of: (measured: Measured) => number, power: number): number => {
    const found = of(recorded) / of(simulated);
    return found > 0 && found < Infinity ? clamp(found, 0.3, 3) ** power : 1;
  };
  const volatility = ratio(({ facts }) => facts.volatility10s, 0.8);
  const spread = ratio(({ facts }) => facts.meanSpreadTicks, 0.7);
  const depth = ratio(({ facts }) => facts.medianTouchLots, 0.7);
  const takes = ratio(({ facts }) => facts.takersPerSecond, 0.7);
  const takeLots = ratio(({ facts }) => facts.meanTakerLots, 0.5);
  const adds = ratio(({ flow }) => flow.addsPerSecond, 0.7);
  const life = ratio(({ flow }) => flow.lifeSeconds, 0.3);
  const { value, noise, makers, momentum, informed, fundamental } = params;
  const resting = noise.count * noise.limitsPerSecond * adds * noise.lifeSeconds * life;
  return {
    ...params,
    value: { ...value, volatilityTicks: clamp(value.volatilityTicks * volatility, 0.001, startTicks / 10) },
    noise: {
      ...noise,
      limitsPerSecond: clamp(noise.limitsPerSecond * adds, 0.001, 1e4),
      lifeSeconds: clamp(noise.lifeSeconds * life * Math.min(1, MAX_RESTING / resting), 0.01, 1e5),
      takesPerSecond: clamp(noise.takesPerSecond * takes, 0.0001, 1e4),
      // What is pulled need not be taken.
      pullsPerSecond: clamp(noise.pullsPerSecond / takeLots, 0, 1e4),
      sizeLots: Math.max(1, noise.sizeLots * depth),
      takeLots: Math.max(0.5, noise.takeLots * takeLots),
      // A spread that is too wide is filled from inside as well.
      insideShare: clamp(noise.insideShare / spread, 0.001, 1),
    },
    makers: {
      ...makers,
      // A spread that is too wide is one that makers are slow to fill.
      refreshesPerSecond: clamp((makers.refreshesPerSecond * adds) / Math.sqrt(spread), 0.005, 100),
      halfSpreadTicks: clamp(makers.halfSpreadTicks * spread, 0.5, startTicks / 20),
      sizeLots: Math.max(1, makers.sizeLots * depth),
    },
    momentum: { ...momentum, actsPerSecond: clamp(momentum.actsPerSecond * takes, 0.0001, 100) },
    fundamental: { ...fundamental, actsPerSecond: clamp(fundamental.actsPerSecond * takes, 0.0001, 100) },
    informed: {
      ...informed,
      actsPerSecond: clamp(informed.actsPerSecond * takes, 0.001, 100),
      sizeLots: Math.max(0.5, informed.sizeLots * takeLots),
    },
  };
}
