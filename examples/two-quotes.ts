/**
 * The smallest market maker: one quote a side around the mid, shifted against the position. Copy it, change it, run it:
 * `quotewright backtest examples/two-quotes.ts --data FILE`
 */
import { defineStrategy } from '@quotewright/core/strategies/strategy';

export default defineStrategy({
  name: 'two-quotes',
  description: 'one quote a side around the mid, shifted against the position',
  params: {
    size: { type: 'integer', default: 10, min: 1, unit: 'lots', description: 'size of each quote' },
    halfSpread: {
      type: 'number',
      default: 5,
      min: 0.5,
      unit: 'ticks',
      description: 'distance of each quote from the fair price',
    },
    skew: {
      type: 'number',
      default: 1,
      min: 0,
      unit: 'ticks per quote held',
      description: 'shift against the position',
    },
    maxPosition: { type: 'integer', default: 100, min: 1, unit: 'lots', description: 'largest position' },
  },
  create(ctx, params) {
    return {
      onBook(market) {
        const quotes = ctx.quote(market);
        // Nothing is stated on a book that is stale, crossed or empty, so what stands is pulled.
        if (!market.isReady) return;
        const fair = market.midTicks - (params.skew * market.positionLots) / params.size;
        // Post-only quotes that reach the other side's touch would be refused.
        const bid = Math.min(Math.floor(fair - params.halfSpread), market.askTicks - 1);
        const ask = Math.max(Math.ceil(fair + params.halfSpread), market.bidTicks + 1);
        quotes.bid(bid, Math.min(params.size, params.maxPosition - market.positionLots));
        quotes.ask(ask, Math.min(params.size, params.maxPosition + market.positionLots));
      },
      // Nothing is kept from call to call. What a strategy keeps belongs into both, for a start after a crash or with other parameters.
      save: () => ({}),
      restore: () => {},
    };
  },
});
