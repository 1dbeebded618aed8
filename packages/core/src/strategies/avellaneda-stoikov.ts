/**
 * Avellaneda and Stoikov, "High-frequency trading in a limit order book" (Quantitative Finance 8, 2008): quotes around a
 * reservation price that an inventory moves away from the mid. σ², k and A are estimated as the market goes.
 * docs/strategies/avellaneda-stoikov.md has the formulas.
 *
 * Units: prices in ticks, times in seconds, inventory in order sizes. The risk aversion is stated against the standard deviation
 * of the price over the horizon, u = σ√horizon, so that one number fits every instrument: γ = riskAversion ÷ u per tick.
 */
import type { IntensityState } from '../signals/intensity.ts';
import { endlessAskShift, intensitySpread, optimalSpread, reservationShift } from './models/avellaneda-stoikov.ts';
import { ARRIVALS_PARAMS, Arrivals } from './shared/arrivals.ts';
import { MAKER_PARAMS } from './shared/maker-params.ts';
import { createMaker } from './shared/maker.ts';
import { defineStrategy } from './strategy.ts';

export default defineStrategy({
  name: 'avellaneda-stoikov',
  description: 'quotes around a reservation price (Avellaneda and Stoikov 2008), estimated as the market goes',
  params: {
    model: {
      type: 'choice',
      default: 'infinite',
      choices: ['infinite', 'finite'],
      description: 'without an end, or with horizons that follow one another and end with the trading hours',
    },
    riskAversion: {
      type: 'number',
      default: 0.1,
      min: 0.0001,
      max: 100,
      unit: 'per standard deviation of the mid over the horizon, per order size',
      description:
        'share of that deviation by which one order size held moves the reservation price, a whole horizon before the end',
    },
    horizon: {
      type: 'number',
      default: 30,
      min: 0.1,
      unit: 'seconds',
      description: 'the finite model: time until the end, after which the next horizon begins; both: scale of the risk',
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
          const { market, conditions, inventory } = desk;
          const mid = market.midTicks;
          const variance = conditions.sigma ** 2;
          const gamma = params.riskAversion / Math.sqrt(variance * params.horizon);
          if (params.model === 'finite') {
            const inHorizon = params.horizon - ((ctx.nowNs * 1e-9) % params.horizon);
            const timeLeft = Math.max(0, Math.min(inHorizon, desk.discipline.secondsLeft));
            const reservation = mid + reservationShift(inventory, gamma, variance, timeLeft);
            const half = optimalSpread(gamma, variance, timeLeft, arrivals.k) / 2;
            desk.twoSided(reservation - half, reservation + half);
          } else {
            const half = intensitySpread(gamma, arrivals.k);
            const ask = mid + endlessAskShift(inventory, params.maxPosition, gamma) + half;
            const bid = mid - endlessAskShift(-inventory, params.maxPosition, gamma) - half;
            desk.twoSided(bid, ask);
          }
        },
      };
    });
  },
});
