/** The simulated venue of an instrument, as a run's bound and the settings want it. */
import { Random } from '@quotewright/core/base/random';
import type { Instrument } from '@quotewright/core/market/instrument';
import { HazardQueue } from '@quotewright/core/venue-sim/hazard-queue';
import { L2ReplayVenue } from '@quotewright/core/venue-sim/l2-replay';
import { L3ReplayVenue } from '@quotewright/core/venue-sim/l3-replay';
import { type QueueModel, queueModel } from '@quotewright/core/venue-sim/queue-model';
import { OwnImpact } from '@quotewright/core/venue-sim/own-impact';
import type { ReplayVenue } from '@quotewright/core/venue-sim/venue';
import type { Bound } from './bounds.ts';
import type { BacktestSettings } from './settings.ts';

/** Where own orders stand in the queues of order-by-order data, which need no model. */
const PLACES = { optimistic: 'front', modelled: 'real', pessimistic: 'never' } as const;

/** What of a plan venues are made of. */
export interface VenuePlan {
  readonly settings: Pick<BacktestSettings, 'seed' | 'queue' | 'fills' | 'impact'>;
  readonly instruments: readonly Instrument[];
  /** By instrument. */
  readonly feed: { readonly isL3: readonly boolean[]; readonly depthIntervalNs: readonly number[] };
}

export function makeVenue(plan: VenuePlan, bound: Bound, index: number): ReplayVenue {
  const instrument = plan.instruments[index]!;
  const impact = makeImpact(plan, index);
  if (plan.feed.isL3[index] === true) {
    return new L3ReplayVenue(instrument, index, PLACES[bound], 'cancel-newest', impact);
  }
  const queue = makeQueue(plan, bound, index);
  return new L2ReplayVenue(instrument, index, queue, { fillRule: plan.settings.fills, impact });
}

function makeImpact({ settings, instruments }: VenuePlan, index: number): OwnImpact | undefined {
  if (settings.impact === undefined) return undefined;
  const { ticks, halfLife } = settings.impact;
  const lotSize = instruments[index]!.size.toNumber(1);
  return new OwnImpact({ ticksPerRootLot: ticks * Math.sqrt(lotSize), halfLifeNs: halfLife });
}

function makeQueue(plan: VenuePlan, bound: Bound, index: number): QueueModel {
  const { model, exponent, interval } = plan.settings.queue;
  if (bound === 'optimistic') return queueModel('touch');
  if (bound === 'pessimistic') return queueModel('through');
  if (model === 'hazard') {
    const intervalNs = interval === 'auto' ? plan.feed.depthIntervalNs[index]! : interval;
    return new HazardQueue(Random.stream(plan.settings.seed, `queue.${index}`), { intervalNs });
  }
  // Sizes of the log models count in units of size, as in hftbacktest.
  const unitLots = Math.max(1, Math.round(1 / plan.instruments[index]!.size.toNumber(1)));
  return queueModel(model, exponent, unitLots);
}
