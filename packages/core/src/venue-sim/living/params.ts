/**
 * Parameters of a living market, one set for each instrument. Prices and distances are in ticks, sizes in lots, rates per
 * second. Rates of an agent kind are those of one agent; its `count` multiplies them.
 *
 * The defaults make a liquid contract whose tick is about a hundred-thousandth of its price: some hundred messages a second,
 * a spread of one to three ticks. `quotewright calibrate` fits a set to a recording.
 */

/** The value that all prices follow: a martingale with stochastic volatility and jumps. */
export interface ValueParams {
  /** At the start. */
  readonly startTicks: number;
  /** Standard deviation of its change in one second, at the start price. */
  readonly volatilityTicks: number;
  /** Standard deviation of the logarithm of its volatility, and how fast that logarithm forgets. Instruments share its shocks. */
  readonly volatilitySpread: number;
  readonly volatilityHalfLifeSeconds: number;
  readonly jumpsPerHour: number;
  /** Standard deviation of a jump. */
  readonly jumpTicks: number;
  /** Correlation with the factor that all instruments share, -1 to 1; that of two instruments is the product of theirs. */
  readonly loading: number;
}

/** Traders without information: limit orders around the touch, cancels, market orders in long runs of one sign. */
export interface NoiseParams {
  readonly count: number;
  readonly limitsPerSecond: number;
  readonly takesPerSecond: number;
  /** Mean life of a limit order that does not trade. */
  readonly lifeSeconds: number;
  /** How often they pull the oldest order at a touch that the value has passed, more often the farther it has. */
  readonly pullsPerSecond: number;
  /** Smallest size of a limit order, and the exponent of its power law: P(size > x) = (x / sizeLots) ^ -sizeExponent. */
  readonly sizeLots: number;
  readonly sizeExponent: number;
  /** The same of market orders. */
  readonly takeLots: number;
  readonly takeExponent: number;
  /** Share of market orders that take no more than the best level shows (Farmer et al. 2004: most of them). */
  readonly selectiveShare: number;
  /** Distance d from the own side's touch: P(d >= x) = (1 + x / placementTicks) ^ -placementExponent. */
  readonly placementTicks: number;
  readonly placementExponent: number;
  /** Share of limit orders that go inside the spread when it is wider than one tick. */
  readonly insideShare: number;
  /**
   * Market orders are pieces of larger ones: so many of these are worked at once, each in pieces whose number has a power-law tail
   * of this exponent, which makes the signs of trades remember as count ^ (1 - exponent) (Lillo, Mike and Farmer 2005).
   */
  readonly runs: number;
  readonly runExponent: number;
  /** Share of market orders that are such pieces; the others' sides are drawn by the arrivals. */
  readonly runShare: number;
}

/** Makers quote ladders around their view of the value and lean against their inventory. */
export interface MakerParams {
  readonly count: number;
  readonly refreshesPerSecond: number;
  readonly levels: number;
  readonly spacingTicks: number;
  readonly halfSpreadTicks: number;
  readonly sizeLots: number;
  /** Growth of size by level: 0.5 makes the third level twice the first. */
  readonly sizeGrowth: number;
  /** Standard deviation of the error of a maker's view. */
  readonly errorTicks: number;
  /** Shift of the quotes at the inventory limit, beyond which a maker quotes one side only. */
  readonly skewTicks: number;
  readonly limitLots: number;
  /** Inventory that a maker lays off elsewhere, half of it in this time: it does not lean against what it has hedged. */
  readonly hedgeHalfLifeSeconds: number;
}

/** Traders who act on a signal when it passes a threshold. */
export interface SignalParams {
  readonly count: number;
  readonly actsPerSecond: number;
  readonly thresholdTicks: number;
  /** Smallest size; its tail is that of market orders. */
  readonly sizeLots: number;
  /**
   * Momentum: of the average that the mid is compared with. Fundamental: of their slow view of the value. Informed: not read,
   * they know the value.
   */
  readonly halfLifeSeconds: number;
}

/** What excites what: `Flow` numbers the kinds. */
export interface HawkesParams {
  /** Exponential kernels that are mixed: the share of the children that come with this decay. Shares sum to 1. */
  readonly decays: readonly { readonly perSecond: number; readonly share: number }[];
  /** Children of kind [row] per event of kind [column]; spectral radius below 1. */
  readonly children: readonly (readonly number[])[];
}

/** Makers move their view by the flow they see: a trade of the mean size shifts it by `ticks`, as the square root of its size. */
export interface ImpactParams {
  readonly ticks: number;
  readonly halfLifeSeconds: number;
}

export interface MarketParams {
  readonly value: ValueParams;
  readonly noise: NoiseParams;
  readonly makers: MakerParams;
  readonly momentum: SignalParams;
  readonly informed: SignalParams;
  readonly fundamental: SignalParams;
  readonly hawkes: HawkesParams;
  readonly impact: ImpactParams;
}

/**
 * An instrument that follows another one: the same coin at another venue, or one that moves with it. Its value is the other's
 * times a basis, and of its `ValueParams` only the start and the volatility's heat are read.
 */
export interface FollowParams {
  /** Index of the instrument that is followed; it stands before this one. */
  readonly instrument: number;
  /** Relative move of the value for each of the other's; 1 = the same coin. */
  readonly beta: number;
  /** Standard deviation of the basis, in basis points of the price. */
  readonly basisBps: number;
  /** A deviation of the basis is half as large after this time. */
  readonly halfLifeSeconds: number;
}

export const DEFAULT_FOLLOW = { beta: 1, basisBps: 1, halfLifeSeconds: 30 } as const;

/** Kinds of events that excite each other. */
export const Flow = { TAKE_BUY: 0, TAKE_SELL: 1, LIMIT_BUY: 2, LIMIT_SELL: 3, CANCEL: 4, REFRESH: 5 } as const;
export const FLOWS = 6;

export const DEFAULT_PARAMS: MarketParams = {
  value: {
    startTicks: 100_000,
    volatilityTicks: 4,
    volatilitySpread: 0.7,
    volatilityHalfLifeSeconds: 90,
    jumpsPerHour: 6,
    jumpTicks: 12,
    loading: 0.8,
  },
  noise: {
    count: 4,
    limitsPerSecond: 12,
    takesPerSecond: 2,
    lifeSeconds: 4,
    pullsPerSecond: 5,
    sizeLots: 10,
    sizeExponent: 1.7,
    takeLots: 15,
    takeExponent: 1.5,
    selectiveShare: 0.8,
    placementTicks: 4,
    placementExponent: 1.4,
    insideShare: 0.25,
    runs: 3,
    runExponent: 1.3,
    runShare: 0.9,
  },
  makers: {
    count: 3,
    refreshesPerSecond: 8,
    levels: 4,
    spacingTicks: 1,
    halfSpreadTicks: 1,
    sizeLots: 100,
    sizeGrowth: 0.5,
    errorTicks: 0.4,
    skewTicks: 2,
    limitLots: 3000,
    hedgeHalfLifeSeconds: 60,
  },
  momentum: { count: 1, actsPerSecond: 0.4, thresholdTicks: 4, sizeLots: 15, halfLifeSeconds: 20 },
  informed: { count: 1, actsPerSecond: 4, thresholdTicks: 0.5, sizeLots: 120, halfLifeSeconds: 1 },
  fundamental: { count: 1, actsPerSecond: 0.5, thresholdTicks: 6, sizeLots: 30, halfLifeSeconds: 120 },
  hawkes: {
    decays: [
      { perSecond: 20, share: 0.6 },
      { perSecond: 0.4, share: 0.4 },
    ],
    children: [
      [0.35, 0.08, 0.002, 0.002, 0, 0],
      [0.08, 0.35, 0.002, 0.002, 0, 0],
      [0.3, 0.6, 0.25, 0.05, 0.05, 0],
      [0.6, 0.3, 0.05, 0.25, 0.05, 0],
      [0.4, 0.4, 0.05, 0.05, 0.2, 0],
      [0.8, 0.8, 0.01, 0.01, 0.01, 0],
    ],
  },
  impact: { ticks: 0.25, halfLifeSeconds: 15 },
};
