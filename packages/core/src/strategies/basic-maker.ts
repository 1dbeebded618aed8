/**
 * The plain market maker: a spread around the mid, wider when the market moves and on the side that the book leans against,
 * quotes and sizes that work an inventory off. The heuristics of Ho and Stoll, "Optimal dealer pricing under transactions and
 * return uncertainty" (Journal of Financial Economics 9, 1981), without its calculus. docs/strategies/basic-maker.md.
 */
import { touchImbalance } from '../signals/touch-imbalance.ts';
import { MAKER_PARAMS } from './shared/maker-params.ts';
import { KEEPS_NOTHING, createMaker } from './shared/maker.ts';
import { defineStrategy } from './strategy.ts';

export default defineStrategy({
  name: 'basic-maker',
  description: 'a spread around the mid, with imbalance widening, inventory skew and size scaling',
  params: {
    volatilityWidth: {
      type: 'number',
      default: 0.5,
      min: 0,
      unit: 'standard deviations of the mid over a second',
      description: 'added to the usual spread',
    },
    imbalanceWidening: {
      type: 'number',
      default: 0.5,
      min: 0,
      unit: 'shares of the spread',
      description: 'how far the quote that the book leans against is moved away at an imbalance of 1',
    },
    inventorySkew: {
      type: 'number',
      default: 1,
      min: 0,
      unit: 'shares of the spread',
      description: 'how far both quotes are shifted at the largest position',
    },
    sizeScaling: {
      type: 'number',
      default: 0.5,
      min: 0,
      max: 1,
      unit: 'shares of the size',
      description: 'how much less the side that adds to the position quotes at the largest position',
    },
    ...MAKER_PARAMS,
  },
  create(ctx, params) {
    return createMaker(ctx, params, (desk) => ({
      ...KEEPS_NOTHING,
      quote() {
        const { market, conditions } = desk;
        const width = conditions.usualSpread + params.volatilityWidth * conditions.sigma;
        const held = Math.max(-1, Math.min(1, desk.inventory / params.maxPosition));
        const lean = touchImbalance(market.bidLots, market.askLots) * params.imbalanceWidening * width;
        const fair = market.midTicks - held * params.inventorySkew * width;
        desk.bidShare = 1 - params.sizeScaling * Math.max(0, held);
        desk.askShare = 1 - params.sizeScaling * Math.max(0, -held);
        desk.twoSided(fair - width / 2 - Math.max(0, -lean), fair + width / 2 + Math.max(0, lean));
      },
    }));
  },
});
