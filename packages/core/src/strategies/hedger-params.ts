/** Parameters of the hedger. Exposures are in units of the hedge instrument's base currency. */
import type { ParamSpecs, ParamValues } from './strategy.ts';

export const HEDGER_PARAMS = {
  hedge: {
    type: 'text',
    default: '',
    description: 'market to hedge in, as SYMBOL or SYMBOL@VENUE; empty = the last one of the run',
  },
  hedged: {
    type: 'text',
    default: '',
    description:
      'markets whose positions are hedged, of all strategies, separated by commas; empty = all others (ratio exposure: of the same base currency)',
  },
  ratio: {
    type: 'choice',
    default: 'exposure',
    choices: ['exposure', 'fixed', 'beta'],
    description:
      'hedge for each unit hedged: 1 of the same base currency, fixedRatio, or by the beta of its returns to those of the hedge',
  },
  fixedRatio: {
    type: 'number',
    default: 1,
    min: -1e9,
    max: 1e9,
    unit: 'units of the hedge for each unit hedged',
    description: 'ratio when it is fixed, and until beta is known',
  },
  halfLife: {
    type: 'number',
    default: 300,
    min: 1,
    max: 1e6,
    unit: 'seconds',
    description: 'half-life of the estimates: beta, volatility, and how fast the position to be hedged moves',
  },
  band: {
    type: 'choice',
    default: 'fixed',
    choices: ['fixed', 'cost'],
    description: 'no-trade region: the threshold, or what cost, volatility and risk aversion make of it',
  },
  threshold: {
    type: 'number',
    default: 0,
    min: 0,
    max: 1e12,
    unit: 'units of the hedge',
    description:
      'net exposure beyond which it hedges (cost: the widest band); 0 = ten smallest orders (cost: no widest band)',
  },
  inner: {
    type: 'number',
    default: 0.5,
    min: 0,
    max: 1,
    unit: 'shares of the band',
    description: 'net exposure that it hedges back to',
  },
  riskAversion: {
    type: 'number',
    default: 0.01,
    min: 1e-12,
    max: 1e6,
    unit: 'per unit of quote currency',
    description: 'aversion to the variance of the unhedged value (band cost); twice as averse is a band of 0.79',
  },
  passive: {
    type: 'number',
    default: 2,
    min: 0,
    max: 86_400,
    unit: 'seconds',
    description: 'an order rests at the touch for so long before the rest is taken; 0 = taken at once',
  },
  reprice: {
    type: 'number',
    default: 0.5,
    min: 0,
    max: 3600,
    unit: 'seconds',
    description: 'a resting order stays for so long before it follows the touch',
  },
  slippage: {
    type: 'number',
    default: 5,
    min: 0,
    max: 5000,
    unit: 'bps of the mid',
    description: 'farthest from the mid that it takes; when the touch is farther it rests',
  },
  urgentSlippage: {
    type: 'number',
    default: 25,
    min: 0,
    max: 5000,
    unit: 'bps of the mid',
    description: 'the same when it is urgent',
  },
  maxOrder: {
    type: 'number',
    default: 0,
    min: 0,
    max: 1e12,
    unit: 'units of the hedge',
    description: 'largest order; 0 = what the venue allows',
  },
  interval: {
    type: 'number',
    default: 0.25,
    min: 0.001,
    max: 3600,
    unit: 'seconds',
    description: 'least time between two orders, and between two attempts to cancel',
  },
  onBreaker: {
    type: 'choice',
    default: 'flatten',
    choices: ['flatten', 'hedge', 'wait'],
    description:
      'while the circuit breaker of a hedged market is open: hedge all of it at once, hedge as ever, or send nothing',
  },
  driftBands: {
    type: 'number',
    default: 2,
    min: 1,
    max: 1000,
    unit: 'bands',
    description: 'net exposure that sets off the drift alarm',
  },
  driftTime: {
    type: 'number',
    default: 5,
    min: 0,
    max: 86_400,
    unit: 'seconds',
    description: 'when it has lasted for so long',
  },
} as const satisfies ParamSpecs;

export type HedgerParams = ParamValues<typeof HEDGER_PARAMS>;
