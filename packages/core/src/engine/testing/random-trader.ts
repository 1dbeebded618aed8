/** A strategy that does everything a strategy can, at random: quotes, single orders of all kinds, amendments, cancels, timers. */
import { Side } from '../../market/side.ts';
import {
  type Context,
  type Handlers,
  type Market,
  type Quotes,
  type StrategyDefinition,
} from '../../strategies/strategy.ts';
import { OrderFlag } from '../../trading/records.ts';
import { strategyOf } from './session-kit.ts';

const { POST_ONLY, REDUCE_ONLY, IOC, FOK } = OrderFlag;
/** The last two depend on the position that the account has at the venue, all strategies together. */
const FLAGS = [0, POST_ONLY, IOC, FOK, REDUCE_ONLY, IOC | REDUCE_ONLY] as const;
const ALONE = 4;
const LIMIT_LOTS = 400;
const MOST_ORDERS = 12;
const TIMER_NS = 5e6;

class RandomTrader implements Handlers {
  readonly #ctx: Context;
  readonly #kinds: number;

  constructor(ctx: Context, kinds: number) {
    this.#ctx = ctx;
    this.#kinds = kinds;
  }

  onStart(): void {
    this.#ctx.every(TIMER_NS, 1);
  }

  onBook(market: Market): void {
    if (!market.isReady) return;
    const what = this.#below(20);
    if (what < 6) this.#quote(market);
    else if (what === 6) this.#ctx.quote(market);
    else if (what < 9) this.#order(market);
    else if (what < 12) this.#change(market);
  }

  onTrade(market: Market): void {
    if (market.isReady && this.#below(10) === 0) this.#change(market);
  }

  onFill(market: Market): void {
    if (this.#below(4) === 0) this.#ctx.quote(market);
  }

  onTimer(timer: number): void {
    if (timer === 1 && this.#below(3) === 0) this.#ctx.after(1 + this.#below(TIMER_NS), 2);
    if (timer === 2) for (const market of this.#ctx.markets) this.#change(market);
  }

  /** It keeps nothing but where its random numbers are, which is the engine's to save. */
  save(): object {
    return {};
  }

  restore(): void {}

  #below(n: number): number {
    return this.#ctx.random.below(n);
  }

  #quote(market: Market): void {
    const quotes: Quotes = this.#ctx.quote(market);
    for (let i = this.#below(4); i > 0; i--) {
      if (market.positionLots < LIMIT_LOTS) quotes.bid(market.bidTicks - this.#below(3), this.#below(40));
      if (market.positionLots > -LIMIT_LOTS) quotes.ask(market.askTicks + this.#below(3), this.#below(40));
    }
  }

  #order(market: Market): void {
    if (market.orderCount > MOST_ORDERS) return;
    const flags = FLAGS[this.#below(this.#kinds)];
    const lots = 1 + this.#below(60);
    const away = this.#below(5) - 2;
    if (market.positionLots < this.#below(LIMIT_LOTS)) this.#ctx.buy(market, market.bidTicks + away, lots, flags);
    else this.#ctx.sell(market, market.askTicks - away, lots, flags);
  }

  #change(market: Market): void {
    if (market.orderCount === 0) return;
    const order = market.order(this.#below(market.orderCount));
    const { id, side, priceTicks, sizeLots } = order;
    if (this.#below(2) === 0) this.#ctx.cancel(id);
    else
      this.#ctx.amend(
        id,
        priceTicks + (side === Side.BUY ? 1 : -1) * (this.#below(4) - 2),
        1 + this.#below(2 * sizeLots),
      );
  }
}

export function randomTrader(name = 'random-trader'): StrategyDefinition {
  return strategyOf((ctx) => new RandomTrader(ctx, FLAGS.length), name);
}

/** One whose orders the venue judges without looking at what else the account did. */
export function randomLoner(name: string): StrategyDefinition {
  return strategyOf((ctx) => new RandomTrader(ctx, ALONE), name);
}

/** One with parameters that say nothing; 13 it refuses. */
export function tunedTrader(name: string): StrategyDefinition {
  const trader = randomTrader(name);
  return {
    ...trader,
    params: {
      luck: { type: 'integer', default: 1, min: 0, max: 20, description: 'nothing' },
      mood: { type: 'choice', default: 'good', choices: ['good', 'bad'], description: 'nothing' },
    },
    create(ctx, params) {
      if (params['luck'] === 13) throw new RangeError('luck: found 13, expected luck');
      return trader.create(ctx, params);
    },
  };
}
