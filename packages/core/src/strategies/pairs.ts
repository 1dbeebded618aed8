/**
 * Trades the deviation of two cointegrated prices from their long-run relation y = α + βx: short y and long β of x when the
 * residual is high, the reverse when it is low, out when it has come back. Engle and Granger (Econometrica 55, 1987); Gatev,
 * Goetzmann and Rouwenhorst, "Pairs trading" (Review of Financial Studies 19, 2006). docs/strategies/pairs.md.
 *
 * y is the run's first market and x its second; prices are in quote currency. Both legs take liquidity.
 */
import { checkState, restoreEach } from '../base/state.ts';
import { Cointegration, type CointegrationState } from '../signals/cointegration.ts';
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

const PAIRS_PARAMS = {
  window: {
    type: 'integer',
    default: 600,
    min: 10,
    unit: 'samples',
    description: 'window over which the relation is fitted',
  },
  sample: { type: 'integer', default: 1, min: 1, unit: 'seconds', description: 'time between samples' },
  entry: {
    type: 'number',
    default: 2,
    min: 0,
    unit: 'standard deviations of the residual',
    description: 'deviation at which a position is taken',
  },
  exit: {
    type: 'number',
    default: 0.5,
    min: 0,
    unit: 'standard deviations of the residual',
    description: 'deviation at which it is closed',
  },
  stop: {
    type: 'number',
    default: 4,
    min: 0,
    unit: 'standard deviations of the residual',
    description: 'deviation at which it is given up, until the residual is back; none is taken beyond it; 0 = off',
  },
  maxHalfLife: {
    type: 'number',
    default: 300,
    min: 0.1,
    unit: 'seconds',
    description: 'no position when deviations take longer than this to halve',
  },
  holdHalfLives: {
    type: 'number',
    default: 4,
    min: 0.1,
    unit: 'half-lives',
    description: 'longest time a position is held',
  },
  interval: {
    type: 'number',
    default: 0.25,
    min: 0,
    unit: 'seconds',
    description: 'least time between orders of a leg',
  },
  ...DISCIPLINE_PARAMS,
  maxPosition: {
    ...DISCIPLINE_PARAMS.maxPosition,
    default: 1,
    description: 'position in y, of sizes; x follows by the hedge ratio',
  },
} as const satisfies ParamSpecs;

type PairsParams = ParamValues<typeof PAIRS_PARAMS>;

export default defineStrategy({
  name: 'pairs',
  description: 'trades two cointegrated prices against each other (the first two markets of the run)',
  params: PAIRS_PARAMS,
  create(ctx, params): Handlers {
    if (ctx.markets.length < 2) throw new RangeError('pairs: found 1 market, expected 2 (y, then x)');
    const pair = new Pair(ctx, params);
    return {
      onStart: () => ctx.every(1e9, 1),
      onBook: (market) => {
        if (market.index < 2) pair.onBook();
      },
      onFill: (market, fill) => {
        if (market.index < 2) pair.legs[market.index].discipline.onFill(fill);
      },
      onOrder: (market, order) => {
        if (market.index >= 2) return;
        pair.legs[market.index].taker.onOrder(order);
        pair.legs[market.index].discipline.onOrder(order);
      },
      onTimer: () => pair.onSecond(),
      save: () => pair.save(),
      restore: (state: PairState) => pair.restore(state),
    };
  },
});

interface LegState {
  readonly discipline: DisciplineState;
  readonly taker: readonly number[];
}

interface PairState {
  readonly legs: readonly LegState[];
  readonly fit: CointegrationState;
  readonly seconds: number;
  readonly sign: number;
  readonly lotsY: number;
  readonly lotsX: number;
  readonly untilNs: number;
  readonly isBarred: boolean;
}

class Leg {
  readonly market: Market;
  readonly discipline: Discipline;
  readonly taker: TargetTaker;

  constructor(ctx: Context, market: Market, params: PairsParams) {
    this.market = market;
    this.discipline = new Discipline(ctx, market, params);
    this.taker = new TargetTaker(ctx, market, params.interval);
  }

  save(): LegState {
    return { discipline: this.discipline.save(), taker: this.taker.save() };
  }

  restore(state: LegState): void {
    checkState('a leg', state, this.save());
    this.discipline.restore(state.discipline);
    this.taker.restore(state.taker);
  }

  /** In quote currency. */
  get price(): number {
    return this.market.midTicks * this.market.tickSize;
  }

  /** What a lot gains, in quote currency, when the price rises by one unit of it. */
  get exposurePerLot(): number {
    const { instrument, lotSize } = this.market;
    const multiplier = Number(instrument.spec.multiplier ?? '1');
    return instrument.contract === 'inverse' ? (lotSize * multiplier) / this.price : lotSize * multiplier;
  }
}

class Pair {
  readonly legs: readonly [Leg, Leg];
  readonly #ctx: Context;
  readonly #params: PairsParams;
  readonly #fit: Cointegration;
  #seconds = 0;
  /** Sign of the wanted position in y, and the lots of both legs. */
  #sign = 0;
  #lotsY = 0;
  #lotsX = 0;
  #untilNs = 0;
  /** After a stop: the residual has to come back first. */
  #isBarred = false;

  constructor(ctx: Context, params: PairsParams) {
    this.#ctx = ctx;
    this.#params = params;
    this.legs = [new Leg(ctx, ctx.markets[0], params), new Leg(ctx, ctx.markets[1], params)];
    this.#fit = new Cointegration(params.window);
  }

  save(): PairState {
    return {
      legs: this.legs.map((leg) => leg.save()),
      fit: this.#fit.save(),
      seconds: this.#seconds,
      sign: this.#sign,
      lotsY: this.#lotsY,
      lotsX: this.#lotsX,
      untilNs: this.#untilNs,
      isBarred: this.#isBarred,
    };
  }

  restore(state: PairState): void {
    checkState('a pair', state, this.save());
    restoreEach('the legs of a pair', state.legs, this.legs);
    this.#fit.restore(state.fit);
    this.#seconds = state.seconds;
    this.#sign = state.sign;
    this.#lotsY = state.lotsY;
    this.#lotsX = state.lotsX;
    this.#untilNs = state.untilNs;
    this.#isBarred = state.isBarred;
  }

  onBook(): void {
    const [y, x] = this.legs;
    const stanceY = y.discipline.assess();
    const stanceX = x.discipline.assess();
    // A leg that has to be closed takes the other with it.
    if (stanceY === Stance.FLATTEN || stanceX === Stance.FLATTEN) this.#sign = 0;
    if (stanceY === Stance.FLATTEN) y.discipline.flatten();
    else this.#seek(y, this.#sign * this.#lotsY, stanceY);
    if (stanceX === Stance.FLATTEN) x.discipline.flatten();
    else this.#seek(x, -this.#sign * this.#lotsX, stanceX);
  }

  /** A leg that has begun is completed whatever the stance: half a pair is the greater risk. */
  #seek(leg: Leg, target: number, stance: Stance): void {
    if (stance === Stance.PULL && !leg.market.isReady) return;
    const { market } = leg;
    const touch = target > market.positionLots ? market.askLots : market.bidLots;
    leg.taker.seek(target, touch);
  }

  onSecond(): void {
    const [y, x] = this.legs;
    this.onBook();
    if (++this.#seconds % this.#params.sample !== 0 || !y.market.isReady || !x.market.isReady) return;
    const priceY = y.price;
    const priceX = x.price;
    const fit = this.#fit;
    fit.add(priceY, priceX);
    // While a position is held the relation that it was taken on stands: a moving one would move the exit.
    if (this.#sign === 0 && !(fit.isFull && fit.fit())) return;
    const score = fit.score(priceY, priceX);
    this.#ctx.metric('residual (deviations)', score);
    this.#ctx.metric('hedge ratio', fit.beta);
    this.#ctx.metric('half-life (seconds)', fit.halfLife * this.#params.sample);
    if (this.#sign === 0) this.#enter(score);
    else this.#leave(score);
    this.onBook();
  }

  #enter(score: number): void {
    const { entry, stop, maxHalfLife, sample, holdHalfLives } = this.#params;
    const [y, x] = this.legs;
    const size = Math.abs(score);
    if (this.#isBarred) {
      this.#isBarred = size > this.#params.exit;
      return;
    }
    const halfLife = this.#fit.halfLife * sample;
    const isOpen = y.discipline.assess() === Stance.OPEN && x.discipline.assess() === Stance.OPEN;
    const isFlat = y.market.positionLots === 0 && x.market.positionLots === 0;
    if (!isOpen || !isFlat || !(size >= entry) || (stop > 0 && size >= stop)) return;
    // Against each other only: a negative ratio would double the exposure to the market.
    if (!(this.#fit.beta > 0) || !(halfLife <= maxHalfLife)) return;
    const lotsY = y.discipline.limitLots;
    const lotsX = Math.round((this.#fit.beta * lotsY * y.exposurePerLot) / x.exposurePerLot);
    if (lotsY < 1 || lotsX < 1) return;
    this.#sign = -Math.sign(score);
    this.#lotsY = lotsY;
    this.#lotsX = lotsX;
    this.#untilNs = this.#ctx.nowNs + Math.max(sample, halfLife * holdHalfLives) * 1e9;
  }

  #leave(score: number): void {
    const { exit, stop } = this.#params;
    const isStopped = stop > 0 && Math.abs(score) >= stop;
    // Back near the relation, or through to its other side.
    const isBack = -score * this.#sign <= exit;
    if (!isBack && !isStopped && this.#ctx.nowNs < this.#untilNs) return;
    this.#isBarred = !isBack;
    this.#sign = 0;
  }
}
