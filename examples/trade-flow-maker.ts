/**
 * A maker in the frame of the built-in ones: it states a bid and an ask, and the frame adds the bounds of the spread, the ladder,
 * trading hours, stops, gates and sizes that fit the instrument. Its own idea: the aggressors' flow pushes the fair price.
 * `quotewright backtest examples/trade-flow-maker.ts --data FILE --param push=1 hours=08:00-20:00`
 */
import { FlowImbalance } from '@quotewright/core/signals/flow-imbalance';
import { createMaker } from '@quotewright/core/strategies/shared/maker';
import { MAKER_PARAMS } from '@quotewright/core/strategies/shared/maker-params';
import { defineStrategy } from '@quotewright/core/strategies/strategy';

export default defineStrategy({
  name: 'trade-flow-maker',
  description: 'quotes around a fair price that the flow of aggressive orders pushes',
  params: {
    push: {
      type: 'number',
      default: 0.5,
      min: 0,
      unit: 'standard deviations of the mid over a second',
      description: 'shift of the fair price when all that trades is bought',
    },
    flowHalfLife: { type: 'number', default: 5, min: 0.01, unit: 'seconds', description: 'half-life of the flow' },
    ...MAKER_PARAMS,
  },
  create(ctx, params) {
    return createMaker(ctx, params, (desk) => {
      const flow = new FlowImbalance(params.flowHalfLife);
      return {
        onTrade: (trade) => flow.trade(trade.side, trade.sizeLots, ctx.nowNs),
        quote() {
          flow.advance(ctx.nowNs);
          const { sigma, usualSpread } = desk.conditions;
          const held = desk.inventory / params.maxPosition;
          const fair = desk.market.midTicks + params.push * flow.imbalance * sigma - held * usualSpread;
          const half = (usualSpread + sigma / 2) / 2;
          desk.twoSided(fair - half, fair + half);
        },
        onSecond: () => desk.metric('flow', flow.imbalance),
        // What it keeps from call to call, for a start after a crash or with other parameters.
        save: () => flow.save(),
        restore: (state: number[]) => flow.restore(state),
      };
    });
  },
});
