/**
 * Takes liquidity on a forecast of the next seconds: momentum (fast average over slow), reversion (price against the slow
 * average) and the aggressors' flow, weighted and summed; out again when the forecast has decayed or its time is over. After the
 * short-horizon forecasts of Cartea, Jaimungal and Penalva, "Algorithmic and High-Frequency Trading" (2015), chapter 7.
 * docs/strategies/liquidity-taker.md.
 */
import { checkState, restoreEach } from '../base/state.ts';
import type { Side } from '../market/side.ts';
import { Ewma } from '../signals/ewma.ts';
import { FlowImbalance } from '../signals/flow-imbalance.ts';
import { DISCIPLINE_PARAMS, Discipline, type DisciplineState, Stance } from './shared/discipline.ts';
import { TargetTaker } from './shared/target-taker.ts';
import {
  type Context,
  type Handlers,
  type Market,
  type ParamSpecs,
  type ParamValues,
  defineStrategy,
} from './strategy.ts';

const TAKER_PARAMS = {
  momentum: {
    type: 'number',
    default: 1,
    unit: 'weight',
    description: 'of the fast average less the slow one, in standard deviations of the mid over the slow half-life',
  },
  reversion: {
    type: 'number',
    default: 0,
    unit: 'weight',
    description: 'of the slow average less the mid, in the same deviations',
  },
  flow: {
    type: 'number',
    default: 0.5,
    unit: 'weight',
    description: "of the imbalance of the aggressors' volume, from -1 to 1",
  },
  fastHalfLife: {
    type: 'number',
    default: 2,
    min: 0.01,
    unit: 'seconds',
    description: 'half-life of the fast average',
  },
  slowHalfLife: {
    type: 'number',
    default: 20,
    min: 0.01,
    unit: 'seconds',
    description: 'half-life of the slow average and of the flow',
  },
  entry: { type: 'number', default: 1, min: 0, unit: 'forecast', description: 'forecast at which a position is taken' },
  exit: { type: 'number', default: 0.3, min: 0, unit: 'forecast', description: 'forecast below which it is closed' },
  hold: { type: 'number', default: 30, min: 0.1, unit: 'seconds', description: 'longest time a position is held' },
  decay: {
    type: 'number',
    default: 10,
    min: 0.1,
    unit: 'seconds',
    description:
      'half-life of the belief in the forecast a position was taken on: the forecast now and what is left of it must carry the position',
  },
  participation: {
    type: 'number',
    default: 0.05,
    min: 0.0001,
    max: 1,
    unit: 'shares of the volume traded by others',
    description: 'most that is taken when a position is opened; closing it is not held back',
  },
  touchShare: {
    type: 'number',
    default: 0.5,
    min: 0.01,
    max: 1,
    unit: 'shares of the size at the touch',
    description: 'most that one order takes',
  },
  widestSpread: {
    type: 'number',
    default: 3,
    min: 0,
    unit: 'usual spreads',
    description: 'nothing is opened while the spread is wider; 0 = always',
  },
  interval: { type: 'number', default: 0.5, min: 0, unit: 'seconds', description: 'least time between orders' },
  ...DISCIPLINE_PARAMS,
} as const satisfies ParamSpecs;

export default defineStrategy({
  name: 'liquidity-taker',
  description: 'takes liquidity on momentum, reversion and flow, within a share of the volume',
  params: TAKER_PARAMS,
  create(ctx, params): Handlers {
    const desks = ctx.markets.map((market) => new TakerDesk(ctx, market, params));
    return {
      onStart: () => ctx.every(1e9, 1),
      onBook: (market) => desks[market.index].onBook(),
      onTrade: (market, trade) => desks[market.index].onTrade(trade.side, trade.sizeLots),
      onFill: (market, fill) => desks[market.index].onFill(fill.sizeLots),
      onOrder: (market, order) => {
        desks[market.index].taker.onOrder(order);
        desks[market.index].discipline.onOrder(order);
      },
      onTimer: () => {
        for (const desk of desks) desk.onBook();
      },
      save: () => desks.map((desk) => desk.save()),
      restore: (state) => restoreEach('the takers of a strategy', state, desks),
    };
  },
});

interface TakerDeskState {
  readonly discipline: DisciplineState;
  readonly taker: readonly number[];
  readonly fast: readonly number[];
  readonly slow: readonly number[];
  readonly flow: readonly number[];
  readonly creditLots: number;
  readonly wanted: number;
  readonly takenOn: number;
  readonly takenNs: number;
}

class TakerDesk {
  readonly discipline: Discipline;
  readonly taker: TargetTaker;
  readonly #ctx: Context;
  readonly #market: Market;
  readonly #params: ParamValues<typeof TAKER_PARAMS>;
  readonly #fast: Ewma;
  readonly #slow: Ewma;
  readonly #flow: FlowImbalance;
  /** Lots that may still be taken within the participation. */
  #creditLots = 0;
  /** 1 long, -1 short, 0 none: the position that is wanted, and what it was taken on. */
  #wanted = 0;
  #takenOn = 0;
  #takenNs = 0;

  constructor(ctx: Context, market: Market, params: ParamValues<typeof TAKER_PARAMS>) {
    this.#ctx = ctx;
    this.#market = market;
    this.#params = params;
    this.discipline = new Discipline(ctx, market, params);
    this.taker = new TargetTaker(ctx, market, params.interval);
    this.#fast = new Ewma(params.fastHalfLife);
    this.#slow = new Ewma(params.slowHalfLife);
    this.#flow = new FlowImbalance(params.slowHalfLife);
  }

  onTrade(side: Side, sizeLots: number): void {
    this.#flow.trade(side, sizeLots, this.#ctx.nowNs);
    // What a quiet time saves up is bounded by the largest position.
    this.#creditLots = Math.min(this.discipline.limitLots, this.#creditLots + sizeLots * this.#params.participation);
  }

  onFill(sizeLots: number): void {
    this.#creditLots = Math.max(0, this.#creditLots - sizeLots);
  }

  onBook(): void {
    const market = this.#market;
    const { nowNs } = this.#ctx;
    const stance = this.discipline.assess();
    if (!market.isReady) return;
    this.#fast.update(market.midTicks, nowNs);
    this.#slow.update(market.midTicks, nowNs);
    this.#flow.advance(nowNs);
    if (stance === Stance.FLATTEN) {
      this.#wanted = 0;
      this.discipline.flatten();
      return;
    }
    const { widestSpread } = this.#params;
    const isDear = widestSpread > 0 && this.discipline.conditions.spreadRatio > widestSpread;
    const mayOpen = stance === Stance.OPEN && !isDear;
    this.#decide(mayOpen, nowNs);
    this.#seek(mayOpen);
  }

  save(): TakerDeskState {
    return {
      discipline: this.discipline.save(),
      taker: this.taker.save(),
      fast: this.#fast.save(),
      slow: this.#slow.save(),
      flow: this.#flow.save(),
      creditLots: this.#creditLots,
      wanted: this.#wanted,
      takenOn: this.#takenOn,
      takenNs: this.#takenNs,
    };
  }

  restore(state: TakerDeskState): void {
    checkState('a taker', state, this.save());
    this.discipline.restore(state.discipline);
    this.taker.restore(state.taker);
    this.#fast.restore(state.fast);
    this.#slow.restore(state.slow);
    this.#flow.restore(state.flow);
    this.#creditLots = state.creditLots;
    this.#wanted = state.wanted;
    this.#takenOn = state.takenOn;
    this.#takenNs = state.takenNs;
  }

  /** The forecast, about 1 when it is one standard deviation. */
  #forecast(): number {
    const params = this.#params;
    const unit = this.discipline.conditions.sigma * Math.sqrt(params.slowHalfLife);
    const momentum = (this.#fast.value - this.#slow.value) / unit;
    const reversion = (this.#slow.value - this.#market.midTicks) / unit;
    return params.momentum * momentum + params.reversion * reversion + params.flow * this.#flow.imbalance;
  }

  #decide(mayOpen: boolean, nowNs: number): void {
    const { entry, exit, hold, decay } = this.#params;
    const forecast = this.#forecast();
    if (this.#wanted === 0) {
      if (!mayOpen || !(Math.abs(forecast) >= entry)) return;
      this.#wanted = Math.sign(forecast);
      this.#takenOn = Math.abs(forecast);
      this.#takenNs = nowNs;
      return;
    }
    const held = (nowNs - this.#takenNs) * 1e-9;
    // What it was taken on, half as good after each half-life, carries the position as well as the forecast of now does.
    const belief = Math.max(forecast * this.#wanted, this.#takenOn * 2 ** (-held / decay));
    if (!(belief >= exit) || forecast * this.#wanted <= -entry || held >= hold) this.#wanted = 0;
  }

  #seek(mayOpen: boolean): void {
    const market = this.#market;
    const target = this.#wanted * this.discipline.limitLots;
    const gap = target - market.positionLots;
    const touch = (gap > 0 ? market.askLots : market.bidLots) * this.#params.touchShare;
    // Only growth counts against the participation.
    const isGrowth = this.#wanted !== 0 && gap * this.#wanted > 0 && market.positionLots * this.#wanted >= 0;
    if (!isGrowth) this.taker.seek(target, Math.max(touch, 1));
    else if (mayOpen) this.taker.seek(target, Math.min(touch, this.#creditLots, this.discipline.sizeLots));
  }
}
