/** What a queue model forecasts for real orders: the mean over its paths, which for a model that does not draw is one path. */
import type { ModelSpec } from './models.ts';
import type { RealOrder } from './real-orders.ts';
import { replayOrder, type Outcome, type View } from './replay-order.ts';

export interface Forecast {
  readonly spec: ModelSpec;
  /** By order: the probability of any fill within its life. */
  readonly probability: Float64Array;
  /** By horizon, then by order: the probability of a fill within so long, and within life. */
  readonly byHorizon: readonly Float64Array[];
  /** By order: expected lots filled. */
  readonly filledLots: Float64Array;
  /** By order: mean time of the first fill over the paths that had one, the patience after the real fill included; NaN without. */
  readonly firstFillNs: Float64Array;
}

/**
 * @param horizonsNs ascending
 * @param paths for models that draw
 */
export function forecastOrders(
  view: View,
  orders: readonly RealOrder[],
  spec: ModelSpec,
  horizonsNs: readonly number[],
  paths: number,
  seed: number,
): Forecast {
  const models = Array.from({ length: paths }, (_, path) => spec.make(seed, path));
  const probability = new Float64Array(orders.length);
  const byHorizon = horizonsNs.map(() => new Float64Array(orders.length));
  const filledLots = new Float64Array(orders.length);
  const firstFillNs = new Float64Array(orders.length);
  const out: Outcome = { filledLots: 0, firstFillNs: Number.NaN };
  orders.forEach((order, i) => {
    let run = 0;
    let times = 0;
    let timeSum = 0;
    let isCertain = false;
    while (run < paths && !isCertain) {
      const path = models[run++]!;
      const before = path.draws();
      replayOrder(view, order, path.model, 0, out);
      // A path that drew nothing is every path.
      isCertain = run === 1 && path.draws() === before;
      if (!Number.isNaN(out.firstFillNs)) {
        times++;
        timeSum += out.firstFillNs - order.startNs;
      }
      if (out.filledLots === 0) continue;
      probability[i]! += 1;
      filledLots[i]! += out.filledLots;
      for (let h = 0; h < horizonsNs.length; h++) {
        if (out.firstFillNs <= order.startNs + horizonsNs[h]!) byHorizon[h]![i]! += 1;
      }
    }
    probability[i]! /= run;
    filledLots[i]! /= run;
    for (const each of byHorizon) each[i]! /= run;
    firstFillNs[i] = order.startNs + timeSum / times;
  });
  return { spec, probability, byHorizon, filledLots, firstFillNs };
}
