/** Parameters of every maker: bounds of the spread, the ladder behind the best quote, and how often quotes are restated. */
import type { ParamSpecs, ParamValues } from '../strategy.ts';
import { DISCIPLINE_PARAMS } from './discipline.ts';

export const MAKER_PARAMS = {
  markets: {
    type: 'text',
    default: '',
    description: 'markets that are quoted, as SYMBOL or SYMBOL@VENUE, separated by commas; empty = all of the run',
  },
  spreadUnit: {
    type: 'choice',
    default: 'usual',
    choices: ['usual', 'bps', 'ticks'],
    description: "unit of the spreads below: the market's usual spread, basis points of the mid, or ticks",
  },
  spread: {
    type: 'number',
    default: 0,
    min: 0,
    unit: 'spreadUnit',
    description: "spread wanted between own bid and ask; 0 = the strategy's own formula",
  },
  minSpread: {
    type: 'number',
    default: 0.5,
    min: 0,
    unit: 'spreadUnit',
    description: 'the spread is at least this, and one tick',
  },
  maxSpread: {
    type: 'number',
    default: 50,
    min: 0,
    unit: 'spreadUnit',
    description: 'the spread is at most this; 0 = no bound',
  },
  coverFees: {
    type: 'boolean',
    default: false,
    description: "widens the spread by the instrument's maker fees, so that a round trip pays for itself",
  },
  levels: { type: 'integer', default: 1, min: 1, max: 16, unit: 'levels a side', description: 'quotes on each side' },
  levelSpacing: {
    type: 'number',
    default: 1,
    min: 0,
    unit: 'spreadUnit',
    description: 'distance between levels, at least one tick',
  },
  levelGrowth: {
    type: 'number',
    default: 1,
    min: 0.1,
    max: 10,
    description: 'size of a level over that of the one before it',
  },
  refresh: {
    type: 'number',
    default: 0.1,
    min: 0,
    unit: 'seconds',
    description:
      'quotes are restated this often at most; at once after a fill and when the mid has moved by half the spread',
  },
  tolerance: {
    type: 'number',
    default: 0.1,
    min: 0,
    max: 1,
    unit: 'shares of the spread',
    description: 'a quote stays where it is (and keeps its place in the queue) while the wish is this near',
  },
  refillDelay: {
    type: 'number',
    default: 1,
    min: 0,
    unit: 'seconds',
    description:
      'after a fill its side is not made larger again for so long, so that a sweep does not take one quote after the other',
  },
  maxOrderAge: {
    type: 'number',
    default: 0,
    min: 0,
    unit: 'seconds',
    description: 'quotes older than this are pulled and made anew; 0 = never',
  },
  ...DISCIPLINE_PARAMS,
} as const satisfies ParamSpecs;

export type MakerParams = ParamValues<typeof MAKER_PARAMS>;
