/**
 * Quotes around where the mid is likely to be in a moment: the microprice, what moves have followed such imbalances (Stoikov,
 * "The micro-price", Quantitative Finance 18, 2018) and the order flow at the touch (Cont, Kukanov and Stoikov 2014).
 * docs/strategies/microprice-maker.md.
 */
import { checkState } from '../base/state.ts';
import { MicropriceDrift, type MicropriceDriftState } from '../signals/microprice-drift.ts';
import { OrderFlowImbalance, type OrderFlowImbalanceState } from '../signals/order-flow-imbalance.ts';
import { touchImbalance } from '../signals/touch-imbalance.ts';
import { MAKER_PARAMS } from './shared/maker-params.ts';
import { createMaker } from './shared/maker.ts';
import { defineStrategy } from './strategy.ts';

/** Flow beyond this many sizes of the touch says no more. */
const MOST_FLOW = 3;

interface RuleState {
  readonly drift: MicropriceDriftState;
  readonly flow: OrderFlowImbalanceState;
}

export default defineStrategy({
  name: 'microprice-maker',
  description: 'quotes around the microprice, corrected by learned drift and order flow, skewed by the inventory',
  params: {
    micropriceWeight: {
      type: 'number',
      default: 0.5,
      min: 0,
      max: 2,
      unit: 'shares',
      description: 'how far from the mid towards the microprice the fair price lies',
    },
    driftWeight: {
      type: 'number',
      default: 1,
      min: 0,
      max: 2,
      unit: 'shares',
      description: 'how much of the move that has followed such an imbalance is expected again',
    },
    driftHorizon: {
      type: 'number',
      default: 1,
      min: 0.01,
      unit: 'seconds',
      description: 'time over which that move is learned',
    },
    flowWeight: {
      type: 'number',
      default: 0.1,
      min: 0,
      unit: 'standard deviations of the mid over a second',
      description: 'shift per size of the touch by which order flow at the touch is one-sided',
    },
    flowHalfLife: { type: 'number', default: 1, min: 0.01, unit: 'seconds', description: 'half-life of that flow' },
    volatilityWidth: {
      type: 'number',
      default: 0.5,
      min: 0,
      unit: 'standard deviations of the mid over a second',
      description: 'added to the usual spread',
    },
    inventorySkew: {
      type: 'number',
      default: 1,
      min: 0,
      unit: 'shares of the spread',
      description: 'how far both quotes are shifted at the largest position',
    },
    ...MAKER_PARAMS,
  },
  create(ctx, params) {
    return createMaker(ctx, params, (desk) => {
      const { market, conditions } = desk;
      const drift = new MicropriceDrift(params.driftHorizon);
      const flow = new OrderFlowImbalance(params.flowHalfLife);
      const save = (): RuleState => ({ drift: drift.save(), flow: flow.save() });
      return {
        save,
        restore(state: RuleState) {
          checkState('a microprice maker', state, save());
          drift.restore(state.drift);
          flow.restore(state.flow);
        },
        onBook() {
          const bidLots = market.bidLots;
          const askLots = market.askLots;
          drift.update(touchImbalance(bidLots, askLots), market.midTicks, ctx.nowNs);
          flow.update(market.bidTicks, bidLots, market.askTicks, askLots, ctx.nowNs);
        },
        quote() {
          const mid = market.midTicks;
          const imbalance = touchImbalance(market.bidLots, market.askLots);
          const width = conditions.usualSpread + params.volatilityWidth * conditions.sigma;
          const held = Math.max(-1, Math.min(1, desk.inventory / params.maxPosition));
          const pressed = Math.max(-MOST_FLOW, Math.min(MOST_FLOW, flow.value));
          const alpha =
            params.micropriceWeight * (market.micropriceTicks - mid) +
            params.driftWeight * drift.expected(imbalance) +
            params.flowWeight * pressed * conditions.sigma;
          const fair = mid + alpha - held * params.inventorySkew * width;
          desk.twoSided(fair - width / 2, fair + width / 2);
        },
        onSecond() {
          desk.metric('order flow imbalance', flow.value);
          desk.metric('learned drift (ticks)', drift.expected(touchImbalance(market.bidLots, market.askLots)));
        },
      };
    });
  },
});
