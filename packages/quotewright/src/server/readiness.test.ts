/** When a session is ready, and what is said when it is not. */
import type { Engine } from '@quotewright/core/engine/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { simulationHeader } from '../backtest/simulation-header.ts';
import { STAT, STAT_COUNT } from '../feed/host-stats.ts';
import { headerEngine, headerStrategies } from '../journal/replay-engine.ts';
import { LivingSession } from '@quotewright/core/engine/living-session';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { makeMarket } from '../backtest/run-living.ts';
import { configOf, marketOf } from '../backtest/simulation-header.ts';
import { type ReadinessParts, readinessOf } from './readiness.ts';
import type { VenueLink } from './protocol/venues.ts';
import { SMALL_SIMULATION } from './testing/simulation-options.ts';
import { venuesReport } from './testing/venues-report.ts';

const WALL_MS = 1e12;
let good: ReadinessParts;
let fresh: Engine;

beforeAll(async () => {
  const header = await simulationHeader(SMALL_SIMULATION);
  const strategies = await headerStrategies(header);
  const engine = headerEngine(header, { strategies });
  fresh = headerEngine(header, { strategies });
  const living = new LivingSession(
    engine,
    makeMarket(marketOf(configOf(header, '')), 1),
    new DelayLatency({ request: 1e6, report: 1e6, marketData: 1e6 }, 1),
  );
  living.start(0);
  living.run(2e9);
  good = {
    engine,
    stats: statsOf({}),
    recovered: 0,
    reconciled: undefined,
    isLive: false,
    links: undefined,
    replica: { inputs: 1, lag: 0, comparisons: 3, isEqual: true, restarts: 0 },
    fill: 0,
    isOver: false,
    wallMs: WALL_MS,
  };
});

function statsOf(values: Partial<Record<keyof typeof STAT, number>>): Float64Array {
  const stats = new Float64Array(STAT_COUNT);
  const all = { WALL_MS, MARKET_NS: 2e9, JOURNAL_RECORDS: -1, ...values };
  for (const name of Object.keys(STAT)) {
    // oxlint-disable-next-line no-unsafe-type-assertion -- the keys of a constant
    const key = name as keyof typeof STAT;
    stats[STAT[key]] = all[key] ?? 0;
  }
  return stats;
}

/** Names of the checks that fail, with their words. */
function faults(change: Partial<ReadinessParts>): string[] {
  const { isReady, checks } = readinessOf({ ...good, ...change });
  const bad = checks.filter(({ isGood }) => !isGood).map(({ name, detail }) => `${name}: ${detail}`);
  expect(isReady).toBe(bad.length === 0);
  return bad;
}

const links = (change: Partial<VenueLink>) => venuesReport('living', change).links;

describe('readiness', () => {
  it('is there when all is well', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ recovered: 10, reconciled: { isSettled: true, text: 'all is settled' } })).toEqual([]);
    expect(faults({ stats: statsOf({ JOURNAL_RECORDS: 10, JOURNAL_PENDING: 3 }) })).toEqual([]);
  });

  it('is not there for each reason, and says which', () => {
    const cases: [Partial<ReadinessParts>, string][] = [
      [{ engine: fresh }, 'feeds: living:BTCUSDT: no book yet'],
      [{ stats: statsOf({ MARKET_NS: 62e9 }) }, 'feeds: living:BTCUSDT: nothing for 60 s'],
      [{ recovered: 10 }, 'reconciled: the venue has not answered yet'],
      [{ recovered: 10, reconciled: { isSettled: false, text: 'two orders differ' } }, 'reconciled: two orders differ'],
      [
        { replica: { ...good.replica, isEqual: false } },
        'replica: the engine that is shown is not equal to the one that trades',
      ],
      [{ replica: { ...good.replica, lag: 70 }, fill: 0.7 }, 'replica: 70 inputs behind, 3 comparisons were equal'],
      [{ stats: statsOf({ JOURNAL_RECORDS: 10, JOURNAL_FAILED: 1 }) }, 'journal: it cannot be written'],
      [{ isOver: true }, 'running: the session has ended'],
      [{ wallMs: WALL_MS + 9000 }, 'running: the trading thread was not heard of for 9 s'],
    ];
    for (const [change, fault] of cases) expect(faults(change)).toEqual([fault]);
    expect(faults({ stats: undefined })).toEqual([
      'recovered: the trading thread has not begun yet',
      'running: the trading thread has not begun yet',
    ]);
  });

  it('is not there while the connection to a venue is gone', () => {
    const { engine } = good;
    engine.connection(0, false, 2e9);
    try {
      expect(faults({})).toEqual(['feeds: living:BTCUSDT: the connection is gone']);
    } finally {
      engine.connection(0, true, 2e9);
    }
  });

  it('is not there while market data or the way for orders of a venue is gone, or a book is not believed', () => {
    expect(faults({ links: links({}) })).toEqual([]);
    expect(faults({ links: links({ orders: 'none' }) })).toEqual([]);
    expect(faults({ links: links({ isFeedUp: false }) })).toEqual(['feeds: living: no connection for market data']);
    expect(faults({ links: links({ isFeedUp: false, orders: 'down' }) })).toEqual([
      'feeds: living: no connection for market data, no way for orders',
    ]);
    const book = { instrument: 0, fault: 'checksum', text: 'the checksum is another', sinceMs: 1 };
    expect(faults({ links: links({ staleBooks: [book] }) })).toEqual([
      'feeds: living:BTCUSDT: the checksum is another',
    ]);
  });

  it('wants the answer of the venues before a live session is, a new one too', () => {
    expect(faults({ isLive: true })).toEqual(['reconciled: the venue has not answered yet']);
    expect(faults({ isLive: true, reconciled: { isSettled: true, text: 'all is settled' } })).toEqual([]);
  });
});
