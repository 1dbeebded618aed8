/**
 * A strategy that misbehaves on command, for end-to-end runs of the risk gate and the breakers: it does what its parameter `mode`
 * says whatever the market, its position and the state of trading are.
 */
import { Side } from '@quotewright/core/market/side';
import { type Context, type Market, defineStrategy } from '@quotewright/core/strategies/strategy';
import { OrderFlag } from '@quotewright/core/trading/records';

const TICK = 1;
const NS_PER_SECOND = 1e9;
/** % of the mid. */
const FAR = 1;

/** What it does every `every` seconds from `start` to `end`. */
const MODES = [
  /** Cancels what stands, and sends an order of each wanted side. */
  'order',
  /** Sends another order, one tick farther away than the one before, and cancels none. */
  'stack',
  /** Takes, again and again. */
  'take',
  /** Takes until it holds the size; from then on it rests orders of the sides of `after` far from the touch. */
  'hold',
  /** Takes on one side and then on the other. */
  'churn',
  /** The same order twice. */
  'duplicate',
  /** An order, and one of the other side that would meet it. */
  'cross',
  /** Amends its order to a size that grows. */
  'grow',
  /** Quotes both sides, `count` levels. */
  'quote',
] as const;

interface Plan {
  readonly size: number;
  readonly away: number;
}

export default defineStrategy({
  name: 'rogue',
  description: 'misbehaves on command',
  params: {
    mode: { type: 'choice', default: 'quote', choices: MODES, description: 'what it does wrong' },
    side: { type: 'choice', default: 'buy', choices: ['buy', 'sell', 'both'], description: 'side of its orders' },
    after: { type: 'choice', default: 'none', choices: ['none', 'buy', 'sell', 'both'], description: 'after `hold`' },
    size: { type: 'number', default: 0.01, description: 'of an order, base currency' },
    away: { type: 'number', default: 0.1, description: '% of the mid from the mid; negative = through the other side' },
    count: { type: 'integer', default: 1, min: 1, description: 'orders at once, or levels' },
    market: { type: 'integer', default: 0, min: -1, description: 'index of the instrument; -1 = all of them' },
    every: { type: 'number', default: 0.5, description: 'seconds' },
    start: { type: 'number', default: 1, description: 'seconds after the start of the session' },
    end: { type: 'number', default: 1e9, description: 'seconds after the start of the session' },
  },
  create(ctx, params) {
    const markets = params.market < 0 ? ctx.markets : ctx.markets.slice(params.market, params.market + 1);
    const wanted = { buy: [Side.BUY], sell: [Side.SELL], both: [Side.BUY, Side.SELL], none: [] };
    let turns = 0;
    let beganNs = Number.NaN;
    let hasHeld = false;

    const turn = (market: Market): void => {
      const sides = wanted[params.side];
      if (params.mode === 'order') cancelAll(ctx, market);
      if (params.mode === 'hold') {
        hasHeld ||= lotsOf(market, params.size) <= Math.abs(market.positionLots);
        if (hasHeld) cancelAll(ctx, market);
        const [plan, flags] = hasHeld ? [{ ...params, away: FAR }, 0] : [params, OrderFlag.IOC];
        for (const side of hasHeld ? wanted[params.after] : sides) send(ctx, market, side, plan, flags);
      } else if (params.mode === 'churn') {
        send(ctx, market, turns % 2 === 0 ? Side.BUY : Side.SELL, params, OrderFlag.IOC);
      } else if (params.mode === 'cross') {
        if (market.orderCount === 0) send(ctx, market, Side.BUY, params, 0);
        const stands = market.orderCount > 0 ? market.order(0).priceTicks : market.midTicks;
        ctx.sell(market, stands - TICK, lotsOf(market, params.size), 0);
      } else if (params.mode === 'grow') {
        const lots = lotsOf(market, params.size);
        if (market.orderCount === 0) send(ctx, market, sides[0] ?? Side.BUY, params, 0);
        else {
          const { id, priceTicks, sizeLots } = market.order(0);
          ctx.amend(id, priceTicks, sizeLots + lots);
        }
      } else {
        for (const side of sides) {
          const shift = params.mode === 'stack' ? turns * params.count : 0;
          for (let i = 0; i < params.count; i++) {
            const flags = params.mode === 'take' ? OrderFlag.IOC : 0;
            send(ctx, market, side, params, flags, params.mode === 'duplicate' ? 0 : shift + i);
            if (params.mode === 'duplicate') send(ctx, market, side, params, flags);
          }
        }
      }
    };

    return {
      onStart() {
        beganNs = ctx.nowNs;
        ctx.after(params.start * NS_PER_SECOND, 0);
      },
      onBook(market) {
        if (params.mode !== 'quote' || !markets.includes(market)) return;
        const quotes = ctx.quote(market);
        if (!market.isReady) return;
        const lots = lotsOf(market, params.size);
        const away = Math.max(TICK, Math.round((market.midTicks * params.away) / 100));
        for (let level = 0; level < params.count; level++) {
          quotes.bid(Math.floor(market.midTicks) - away - level, lots);
          quotes.ask(Math.ceil(market.midTicks) + away + level, lots);
        }
      },
      onTimer() {
        const seconds = (ctx.nowNs - beganNs) / NS_PER_SECOND;
        if (seconds > params.end) return;
        ctx.after(params.every * NS_PER_SECOND, 0);
        if (params.mode === 'quote') return;
        for (const market of markets) turn(market);
        turns++;
      },
      save: () => ({ turns, beganNs, hasHeld }),
      restore(state) {
        // oxlint-disable-next-line no-unsafe-type-assertion -- what `save` answered
        ({ turns, beganNs, hasHeld } = state as { turns: number; beganNs: number; hasHeld: boolean });
      },
    };
  },
});

function lotsOf(market: Market, size: number): number {
  return Math.max(1, Math.round(size / market.lotSize));
}

/** @param ticks farther away than the plan says */
function send(ctx: Context, market: Market, side: Side, plan: Plan, flags: number, ticks = 0): void {
  const sign = side === Side.BUY ? -1 : 1;
  const fair = Number.isNaN(market.midTicks) ? market.lastTradeTicks : market.midTicks;
  const price = Math.round(fair + sign * ((fair * plan.away) / 100 + ticks));
  const lots = lotsOf(market, plan.size);
  if (side === Side.BUY) ctx.buy(market, price, lots, flags);
  else ctx.sell(market, price, lots, flags);
}

function cancelAll(ctx: Context, market: Market): void {
  const ids = Array.from({ length: market.orderCount }, (_, index) => market.order(index).id);
  for (const id of ids) ctx.cancel(id);
}
