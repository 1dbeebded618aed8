/**
 * The strategy of the reference workload, for which hftbacktest's figures are known (docs/fidelity.md): every 10 ms an own
 * order at its side's best price stays, others are cancelled, and a missing side is quoted at the touch.
 */
import { type Order, defineStrategy } from '@quotewright/core/strategies/strategy';
import { Side } from '@quotewright/core/market/side';
import { OrderFlag } from '@quotewright/core/trading/records';
import type { BacktestInput } from './settings.ts';

const STEP = 0;
const STEP_NS = 10e6;
const MAX_CANCELS = 4;

export const parity = defineStrategy({
  name: 'parity',
  description: 'the reference workload: one lot size a side at the touch, looked at every 10 ms',
  params: {
    size: { type: 'integer', default: 10, min: 1, unit: 'lots', description: 'Size of an order.' },
    maxPosition: { type: 'integer', default: 1000, min: 1, unit: 'lots', description: 'No buy at or above it.' },
  },
  create(ctx, params) {
    const { market } = ctx;
    let steps = 0;
    let cancels = 0;

    /** True when the order counts as present on its side. */
    const keeps = (order: Order): boolean => {
      if (order.priceTicks === (order.side === Side.BUY ? market.bidTicks : market.askTicks)) return true;
      if (cancels === MAX_CANCELS || !ctx.cancel(order.id)) return true;
      cancels++;
      return false;
    };

    return {
      onStart: () => ctx.every(STEP_NS, STEP),
      onTimer() {
        steps++;
        cancels = 0;
        let hasBuy = false;
        let hasSell = false;
        for (let i = 0; i < market.orderCount; i++) {
          const order = market.order(i);
          const isBuy = order.side === Side.BUY;
          if (!keeps(order)) continue;
          if (isBuy) hasBuy = true;
          else hasSell = true;
        }
        const position = market.positionLots;
        if (!hasBuy && position < params.maxPosition) {
          ctx.buy(market, market.bidTicks, params.size, OrderFlag.POST_ONLY);
        }
        if (!hasSell && position > -params.maxPosition) {
          ctx.sell(market, market.askTicks, params.size, OrderFlag.POST_ONLY);
        }
      },
      onStop: () => ctx.metric('steps', steps),
    };
  },
});

/** The setting that goes with it. */
export const PARITY_SETTINGS = {
  tick: '0.1',
  lot: '0.001',
  fees: { maker: '-0.00005', taker: '0.0007' },
  latency: { request: '1ms', report: '1ms' },
  queue: { model: 'power3', exponent: 3 },
  fills: 'whole',
  bounds: false,
  clockShift: '0',
  risk: 'none',
} as const satisfies Partial<BacktestInput>;
