import { LivingSession } from '@quotewright/core/engine/living-session';
import type { Market } from '@quotewright/core/strategies/strategy';
import type { Observer } from '@quotewright/core/strategies/observer';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { CALM, type Schedule } from '@quotewright/core/venue-sim/living/regimes';
import { describe, expect, it } from 'vitest';
import { makeMarket } from '../../backtest/run-living.ts';
import { configOf, marketOf } from '../../backtest/simulation-header.ts';
import { headerEngine, headerStrategies } from '../../journal/replay-engine.ts';
import { headerOf } from '../replica/testing/living-replica.ts';
import { QueueTracker } from './queue-tracker.ts';
import { QueueTruth } from './testing/queue-truth.ts';

interface Tally {
  /** Estimates of orders that stood in a queue, by how they compare with the truth. */
  compared: number;
  exact: number;
  tooLow: number;
  /** Known before the order stood there. */
  early: number;
  /** Not known, though the order stood there. */
  unknown: number;
  sumError: number;
  sumTruth: number;
}

interface Scene {
  readonly seed: number;
  readonly strategies: readonly string[];
  /** Mean of what comes on top of the fastest way, nanoseconds. */
  readonly meanNs: number;
  /** The same of market data; 0 = it comes at once. */
  readonly feedNs: number;
  readonly seconds: number;
  readonly schedule?: Schedule;
}

const nothing = (): void => {};

/** Runs strategies in a living market and compares every estimate with the truth, message by message. */
async function compare({ seed, strategies, meanNs, feedNs, seconds, schedule = CALM }: Scene): Promise<Tally> {
  const [strategy = '', ...beside] = strategies;
  const alongside = beside.map((name) => ({ strategy: name, params: {} }));
  const header = await headerOf({ seed, strategy, alongside });
  const { instruments } = marketOf(configOf(header, ''));
  const truth = new QueueTruth(makeMarket({ instruments, schedule }, seed));
  const trackers = header.strategies.map(() => new QueueTracker(1, true));
  const tally: Tally = { compared: 0, exact: 0, tooLow: 0, early: 0, unknown: 0, sumError: 0, sumTruth: 0 };
  const filledNs = new Map<number, number>();
  const judge = (market: Market, tracker: QueueTracker): void => {
    for (let i = 0; i < market.orderCount; i++) {
      const { id } = market.order(i);
      const told = tracker.aheadLots(0, id);
      // A report may tell of a later time than the feed has come to.
      const is = truth.ahead(id, Math.max(market.venueNs, filledNs.get(id) ?? 0));
      if (Number.isNaN(told)) tally.unknown += Number.isNaN(is) ? 0 : 1;
      else if (!truth.hasJoined(id, market.venueNs)) tally.early++;
      // It may be gone at the venue, and we do not know it yet.
      else if (!Number.isNaN(is)) {
        tally.compared++;
        tally.sumError += told - is;
        tally.sumTruth += is;
        if (told === is) tally.exact++;
        if (told < is) tally.tooLow++;
      }
    }
  };
  const engine = headerEngine(header, {
    strategies: await headerStrategies(header),
    observers: (index): readonly Observer[] => [
      trackers[index]!,
      {
        onBook: (view) => judge(view, trackers[index]!),
        onFill: (_market, fill) => void filledNs.set(fill.orderId, fill.venueNs),
        onOrder: nothing,
        onRequest: nothing,
        onFunding: nothing,
      },
    ],
    journal: { append: (data, offset) => trackers.forEach((tracker) => tracker.input(data, offset)) },
  });
  const times = { floorNs: 1e5, exponentialMeanNs: meanNs };
  const session = new LivingSession(
    engine,
    truth,
    new DelayLatency(
      { marketData: feedNs === 0 ? 0 : { ...times, exponentialMeanNs: feedNs }, request: times, report: times },
      seed,
    ),
  );
  session.start(0);
  session.run(seconds * 1e9);
  return tally;
}

describe('the place of own orders in their queues', () => {
  it('is never told as better than it is', async () => {
    const strategies = ['avellaneda-stoikov', 'basic-maker', 'grid'];
    const scenes: Scene[] = [
      { seed: 1, strategies, meanNs: 1e6, feedNs: 1e6, seconds: 40 },
      { seed: 2, strategies, meanNs: 20e6, feedNs: 0, seconds: 40 },
      { seed: 3, strategies, meanNs: 1e3, feedNs: 30e6, seconds: 40 },
      // A halt, an auction and a wild market, over and over.
      {
        seed: 4,
        strategies,
        meanNs: 1e6,
        feedNs: 3e6,
        seconds: 40,
        schedule: { spells: [{ regime: 'volatile', seconds: 15, haltSeconds: 3 }], isRandom: false },
      },
    ];
    for (const scene of scenes) {
      // oxlint-disable-next-line no-await-in-loop -- one session after the other
      const tally = await compare(scene);
      expect({ tooLow: tally.tooLow, early: tally.early }).toEqual({ tooLow: 0, early: 0 });
      expect(tally.compared).toBeGreaterThan(20_000);
      // Not only endless caution. What is cancelled before us cannot be told from what is cancelled behind.
      expect(tally.exact / tally.compared).toBeGreaterThan(0.1);
      expect(tally.unknown / tally.compared).toBeLessThan(0.15);
    }
  });
});
