/**
 * Guéant, Lehalle and Fernandez-Tapia, "Dealing with the inventory risk: a solution to the market making problem" (Mathematics
 * and Financial Economics 7, 2013): the closed-form quotes far from the end, with σ, A and k estimated as the market goes.
 * docs/strategies/glft.md has the formulas.
 *
 * Units: prices in ticks, times in seconds, inventory q in order sizes; σ in ticks per √second, A in orders per second and side,
 * k per tick. The risk aversion is stated against k, so that one number fits every instrument: γ = riskAversion × k per tick.
 */
import type { IntensityState } from '../signals/intensity.ts';
import { glftConstant, glftSlope } from './models/glft.ts';
import { ARRIVALS_PARAMS, Arrivals } from './shared/arrivals.ts';
import { MAKER_PARAMS } from './shared/maker-params.ts';
import { createMaker } from './shared/maker.ts';
import { defineStrategy } from './strategy.ts';

export default defineStrategy({
  name: 'glft',
  description: 'the closed-form quotes of Guéant, Lehalle and Fernandez-Tapia 2013 with estimated intensity',
  params: {
    riskAversion: {
      type: 'number',
      default: 0.1,
      min: 0.0001,
      max: 100,
      unit: 'multiples of the decay k, per order size',
      description: 'risk aversion γ ÷ k: larger shifts quotes more for the inventory held',
    },
    inventoryWeight: {
      type: 'number',
      default: 1,
      min: 0,
      unit: "multiples of the model's slope",
      description: 'how much of the shift for the inventory is applied',
    },
    ...ARRIVALS_PARAMS,
    ...MAKER_PARAMS,
  },
  create(ctx, params) {
    return createMaker(ctx, params, (desk) => {
      const arrivals = new Arrivals(desk, params.intensityHalfLife);
      return {
        onTrade: (trade) => arrivals.onTrade(trade),
        onSecond: () => arrivals.onSecond(),
        save: () => arrivals.save(),
        restore: (state: IntensityState) => arrivals.restore(state),
        quote() {
          const { a, k } = arrivals;
          const gamma = params.riskAversion * k;
          const slope = glftSlope(desk.conditions.sigma, gamma, a, k);
          const half = glftConstant(gamma, k) + slope / 2;
          const fair = desk.market.midTicks - desk.inventory * slope * params.inventoryWeight;
          desk.twoSided(fair - half, fair + half);
        },
      };
    });
  },
});
