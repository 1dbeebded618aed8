/** A market maker to start from: one quote a side around the microprice, leaned against the position. */
import { defineStrategy } from '@quotewright/core/strategies/strategy';

export default defineStrategy({
  name: '{{name}}',
  description: 'one quote a side around the microprice, leaned against the position',
  params: {
    halfSpread: {
      type: 'number',
      default: 2,
      min: 0.5,
      max: 1000,
      unit: 'ticks',
      description: 'From fair price to quote.',
    },
    size: { type: 'integer', default: 10, min: 1, unit: 'lots', description: 'Size of a quote.' },
    maxPosition: { type: 'integer', default: 100, min: 1, unit: 'lots', description: 'No quote that could exceed it.' },
    skew: {
      type: 'number',
      default: 2,
      min: 0,
      max: 1000,
      unit: 'ticks',
      description: 'Lean at the largest position.',
    },
  },
  create(ctx, params) {
    return {
      onBook(market) {
        const quotes = ctx.quote(market);
        if (!market.isReady) return;
        const share = market.positionLots / params.maxPosition;
        const fair = market.micropriceTicks - share * params.skew;
        // Quotes are post-only: one at or beyond the other side's touch would be refused.
        const bid = Math.min(Math.floor(fair - params.halfSpread), market.askTicks - 1);
        const ask = Math.max(Math.ceil(fair + params.halfSpread), market.bidTicks + 1);
        if (market.positionLots + params.size <= params.maxPosition) quotes.bid(bid, params.size);
        if (market.positionLots - params.size >= -params.maxPosition) quotes.ask(ask, params.size);
      },
      // Nothing is kept from one call to the next. What you keep in variables belongs into both, for a start after a crash.
      save: () => ({}),
      restore: () => {},
    };
  },
});
