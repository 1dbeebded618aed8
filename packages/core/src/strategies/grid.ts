/**
 * The grid: resting bids on the lines below the price and asks on those above it. The line that traded last stays empty until a
 * neighbour trades, so every round trip earns a line's distance. Geometric or not, a grid is a bet on reversion: docs/strategies/grid.md.
 * Folklore; analysed as "rebalancing" by Fernholz and Shay, "Stochastic portfolio theory and stock market equilibrium" (Journal of Finance 37, 1982).
 */
import { checkState } from '../base/state.ts';
import { MAKER_PARAMS } from './shared/maker-params.ts';
import { createMaker } from './shared/maker.ts';
import { defineStrategy } from './strategy.ts';

/** The parameters that the distance of lines depends on. */
const DISTANCE = ['levelSpacing', 'spread', 'minSpread', 'maxSpread', 'spreadUnit'] as const;

interface GridState {
  readonly origin: number;
  readonly step: number;
  /** As they were when it was laid. */
  readonly levelSpacing: number;
  readonly spread: number;
  readonly minSpread: number;
  readonly maxSpread: number;
  readonly spreadUnit: string;
}

export default defineStrategy({
  name: 'grid',
  description: 'bids on fixed lines below the price, asks above; earns the distance of lines when the price comes back',
  params: {
    ...MAKER_PARAMS,
    levels: { ...MAKER_PARAMS.levels, default: 3 },
    levelSpacing: {
      ...MAKER_PARAMS.levelSpacing,
      default: 0,
      description:
        'distance between lines, at least one tick; 0 = half of the spread, which by itself is the usual one plus two standard deviations of the mid over a second',
    },
    recentre: {
      type: 'number',
      default: 5,
      min: 1,
      unit: 'lines',
      description: 'the grid is laid anew around the price when that is so far from the line that traded last',
    },
  },
  create(ctx, params) {
    return createMaker(ctx, params, (desk) => {
      const { market } = desk;
      // The line that is left empty, and the distance of lines, fixed until the grid is laid anew.
      let origin = Number.NaN;
      let step = 0;
      const { levelSpacing, spread, minSpread, maxSpread, spreadUnit } = params;
      const save = (): GridState => ({ origin, step, levelSpacing, spread, minSpread, maxSpread, spreadUnit });
      return {
        save,
        restore(state: GridState) {
          const now = save();
          checkState('a grid', state, now);
          // With lines of another distance it is laid anew.
          if (!DISTANCE.every((name) => state[name] === now[name])) return;
          origin = state.origin;
          step = state.step;
        },
        onFill(fill) {
          if (fill.isMaker && step > 0) origin = fill.priceTicks;
        },
        quote() {
          const mid = market.midTicks;
          const { conditions, discipline, plan, unitTicks } = desk;
          if (!(Math.abs(mid - origin) <= params.recentre * step)) {
            // The first bid and the first ask are two lines apart: bounds of the spread are bounds of the lines.
            let width = conditions.usualSpread + 2 * conditions.sigma;
            if (params.levelSpacing > 0) width = params.levelSpacing * unitTicks * 2;
            else if (params.spread > 0) width = params.spread * unitTicks;
            if (params.maxSpread > 0) width = Math.min(width, params.maxSpread * unitTicks);
            step = Math.max(1, Math.round(Math.max(width, params.minSpread * unitTicks) / 2));
            origin = Math.round(mid);
          }
          desk.widthTicks = 2 * step;
          let lots = discipline.sizeLots;
          for (let line = 1; line <= params.levels; line++) {
            plan.bid(origin - line * step, lots);
            plan.ask(origin + line * step, lots);
            lots *= params.levelGrowth;
          }
        },
      };
    });
  },
});
