/**
 * What every strategy here obeys, in each market: trading hours with a flatten before their end, stop-loss, take-profit and
 * trailing stop with a cool-down, a gate on the volatility, and a pause when own fills are followed by adverse moves.
 */
import { checkState } from '../../base/state.ts';
import { Markouts, type MarkoutsState } from '../../signals/markouts.ts';
import { OrderFlag } from '../../trading/records.ts';
import type { Context, Fill, Market, Order, ParamSpecs, ParamValues } from '../strategy.ts';
import { Conditions, type ConditionsState } from './conditions.ts';
import { Hours } from './hours.ts';
import { PositionStops, StopReason } from './position-stops.ts';
import { leastLots, roundedLots, sizeToLots } from './sizing.ts';
import { TargetTaker } from './target-taker.ts';

export const DISCIPLINE_PARAMS = {
  size: {
    type: 'number',
    default: 0,
    min: 0,
    unit: "the instrument's size (base units, shares or contracts)",
    description:
      'size of one order; 0 = a tenth of what usually stands at the touch during the warm-up, rounded down to 1, 2 or 5 × 10ⁿ lots',
  },
  maxPosition: {
    type: 'number',
    default: 10,
    min: 1,
    unit: 'order sizes',
    description: 'largest position, long or short',
  },
  warmup: {
    type: 'number',
    default: 10,
    min: 0,
    unit: 'seconds',
    description: 'nothing is sent until the book has been usable for so long',
  },
  halfLife: {
    type: 'number',
    default: 60,
    min: 1,
    unit: 'seconds',
    description: 'half-life of the usual spread, volatility and size at the touch',
  },
  volatilityGate: {
    type: 'number',
    default: 4,
    min: 0,
    unit: 'multiples of the usual volatility',
    description: 'no new risk while the volatility of the last seconds is above this; 0 = off',
  },
  markoutHorizon: {
    type: 'number',
    default: 1,
    min: 0.001,
    unit: 'seconds',
    description: 'time after a fill at which its markout is taken',
  },
  adverseLimit: {
    type: 'number',
    default: 2,
    min: 0,
    unit: 'standard deviations of the mid over the markout horizon',
    description: 'average adverse move after own fills that starts a pause; 0 = off',
  },
  adversePause: { type: 'number', default: 10, min: 0, unit: 'seconds', description: 'length of that pause' },
  stopLoss: {
    type: 'number',
    default: 100,
    min: 0,
    unit: 'bps of the entry price',
    description: 'loss of the position at which it is flattened; 0 = off',
  },
  takeProfit: {
    type: 'number',
    default: 0,
    min: 0,
    unit: 'bps of the entry price',
    description: 'gain of the position at which it is flattened; 0 = off',
  },
  trailing: {
    type: 'number',
    default: 0,
    min: 0,
    unit: 'bps of the entry price',
    description: 'fall from the best gain of the position at which it is flattened; 0 = off',
  },
  cooldown: {
    type: 'number',
    default: 60,
    min: 0,
    unit: 'seconds',
    description: 'rest after a position was flattened by one of these',
  },
  hours: {
    type: 'text',
    default: '',
    description: 'trading hours in UTC, as 09:30-16:00 or 00:00-08:00,12:00-20:00; empty = always',
  },
  flattenBefore: {
    type: 'number',
    default: 60,
    min: 0,
    unit: 'seconds',
    description: 'the position is flattened from so long before the end of the hours',
  },
  flatten: {
    type: 'choice',
    default: 'taker',
    choices: ['taker', 'passive', 'none'],
    description:
      'how: immediate orders at the touch, a quote at the touch, or not at all (quotes are pulled, the position stays)',
  },
  flattenSize: {
    type: 'number',
    default: 5,
    min: 0.01,
    unit: 'order sizes',
    description: 'largest single order when flattening',
  },
} as const satisfies ParamSpecs;

export type DisciplineParams = ParamValues<typeof DISCIPLINE_PARAMS>;

/** What may be done in a market now. */
export const Stance = {
  /** Everything. */
  OPEN: 0,
  /** No orders. */
  PULL: 1,
  /** The position is to be closed. */
  FLATTEN: 2,
} as const;
export type Stance = (typeof Stance)[keyof typeof Stance];

const FLATTEN_EVERY_SECONDS = 0.25;
const MARKOUT_HALF_LIFE = 20;
/** Fills that an average markout is made of before it may cause a pause. */
const LEAST_FILLS = 5;
const AUTO_SHARE = 0.1;

export interface DisciplineState {
  readonly conditions: ConditionsState;
  readonly stops: readonly number[];
  readonly markouts: MarkoutsState;
  readonly taker: readonly number[];
  readonly sizeLots: number;
  /** The parameter that it was chosen by. */
  readonly size: number;
  readonly restUntilNs: number;
  readonly pauseUntilNs: number;
  readonly isStopping: boolean;
}

export class Discipline {
  readonly conditions: Conditions;
  readonly #ctx: Context;
  readonly #market: Market;
  readonly #params: DisciplineParams;
  readonly #hours: Hours;
  readonly #stops: PositionStops;
  readonly #markouts: Markouts;
  readonly #taker: TargetTaker;
  #sizeLots = 0;
  #restUntilNs = -Infinity;
  #pauseUntilNs = -Infinity;
  #isStopping = false;

  /** @throws RangeError that names the parameter when one is out of its range. */
  constructor(ctx: Context, market: Market, params: DisciplineParams) {
    this.#ctx = ctx;
    this.#market = market;
    this.#params = params;
    this.conditions = new Conditions(market, params.warmup, params.halfLife, params.volatilityGate);
    this.#hours = new Hours(params.hours);
    this.#stops = new PositionStops(params.stopLoss, params.takeProfit, params.trailing);
    this.#markouts = new Markouts(params.markoutHorizon, MARKOUT_HALF_LIFE);
    this.#taker = new TargetTaker(ctx, market, FLATTEN_EVERY_SECONDS);
  }

  /** Lots of one order; 0 until it is known. It is chosen once, when the warm-up is over. */
  get sizeLots(): number {
    return this.#sizeLots;
  }

  /** Largest position in lots. */
  get limitLots(): number {
    return Math.floor(this.#sizeLots * this.#params.maxPosition + 1e-6);
  }

  /** Position in order sizes. */
  get inventory(): number {
    return this.#sizeLots > 0 ? this.#market.positionLots / this.#sizeLots : 0;
  }

  /** Seconds until the hours end, less the time kept for flattening; Infinity without hours. */
  get secondsLeft(): number {
    return this.#hours.leftNs(this.#ctx.nowNs) * 1e-9 - this.#params.flattenBefore;
  }

  /** The book has changed, or time has passed: what may be done now. */
  assess(): Stance {
    const market = this.#market;
    const { nowNs } = this.#ctx;
    const params = this.#params;
    this.conditions.update(nowNs);
    if (!market.isReady) return Stance.PULL;
    const mid = market.midTicks;
    if (this.#sizeLots === 0) this.#chooseSize(mid);
    const isHolding = Math.abs(market.positionLots) >= leastLots(market.instrument, mid);

    if (this.#hours.leftNs(nowNs) <= params.flattenBefore * 1e9) {
      return isHolding && params.flatten !== 'none' ? Stance.FLATTEN : Stance.PULL;
    }
    if (this.#isStopping) {
      if (isHolding && params.flatten !== 'none') return Stance.FLATTEN;
      this.#isStopping = false;
      this.#restUntilNs = nowNs + params.cooldown * 1e9;
    }
    const exit = market.positionLots > 0 ? market.bidTicks : market.askTicks;
    if (this.#stops.check(market.positionLots, market.entryTicks, exit) !== StopReason.NONE && isHolding) {
      // Where nothing is flattened the next look ends the stop, and the rest begins.
      this.#isStopping = true;
      return params.flatten === 'none' ? Stance.PULL : Stance.FLATTEN;
    }
    if (this.#markouts.update(mid, nowNs)) this.#judgeFills(nowNs);
    const isResting = nowNs < this.#restUntilNs || nowNs < this.#pauseUntilNs;
    return isResting || this.conditions.isWild || !this.conditions.isKnown ? Stance.PULL : Stance.OPEN;
  }

  /** Works the position off; called while the stance is FLATTEN, after the strategy's own quotes were pulled. */
  flatten(): void {
    const market = this.#market;
    const position = market.positionLots;
    // Before a size is known (a position from before the start) the touch is a measure.
    const size = this.#sizeLots > 0 ? this.#sizeLots : Math.max(market.bidLots, market.askLots);
    const most = Math.max(leastLots(market.instrument, market.midTicks), Math.floor(size * this.#params.flattenSize));
    if (this.#params.flatten === 'taker') {
      this.#taker.seek(0, most, OrderFlag.REDUCE_ONLY);
      return;
    }
    const lots = Math.min(Math.abs(position), most);
    if (position > 0) this.#ctx.quote(market).ask(market.askTicks, lots);
    else this.#ctx.quote(market).bid(market.bidTicks, lots);
  }

  onFill(fill: Fill): void {
    if (fill.isMaker) this.#markouts.fill(fill.side, this.#market.midTicks, this.#ctx.nowNs);
  }

  onOrder(order: Order): void {
    this.#taker.onOrder(order);
  }

  save(): DisciplineState {
    return {
      conditions: this.conditions.save(),
      stops: this.#stops.save(),
      markouts: this.#markouts.save(),
      taker: this.#taker.save(),
      sizeLots: this.#sizeLots,
      size: this.#params.size,
      restUntilNs: this.#restUntilNs,
      pauseUntilNs: this.#pauseUntilNs,
      isStopping: this.#isStopping,
    };
  }

  restore(state: DisciplineState): void {
    checkState('a discipline', state, this.save());
    this.conditions.restore(state.conditions);
    this.#stops.restore(state.stops);
    this.#markouts.restore(state.markouts);
    this.#taker.restore(state.taker);
    // With another size it is chosen anew.
    this.#sizeLots = state.size === this.#params.size ? state.sizeLots : 0;
    this.#restUntilNs = state.restUntilNs;
    this.#pauseUntilNs = state.pauseUntilNs;
    this.#isStopping = state.isStopping;
  }

  #chooseSize(mid: number): void {
    const { size } = this.#params;
    if (size > 0) this.#sizeLots = sizeToLots(this.#market, size, mid);
    else if (this.conditions.isKnown) {
      this.#sizeLots = roundedLots(this.#market.instrument, this.conditions.touchLots * AUTO_SHARE, mid);
    }
  }

  #judgeFills(nowNs: number): void {
    const { adverseLimit, adversePause, markoutHorizon } = this.#params;
    const limit = adverseLimit * this.conditions.sigma * Math.sqrt(markoutHorizon);
    if (adverseLimit <= 0 || this.#markouts.seen < LEAST_FILLS || !(this.#markouts.adverseTicks > limit)) return;
    this.#markouts.forget();
    this.#pauseUntilNs = nowNs + adversePause * 1e9;
  }
}
