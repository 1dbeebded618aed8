import type { SystemInfo } from 'quotewright/server/protocol/system';
import { describe, expect, test } from 'vitest';
import { alongLog, barsOf, decades } from './histogram-geometry.ts';
import type { VenueLink } from 'quotewright/server/protocol/venues';
import { judge } from './judge.ts';
import { fullestBudget, linkedVenues, offsetText, staleBooks } from './venue-links.ts';

const loop = { meanMs: 0, p99Ms: 1, maxMs: 2, utilisation: 0.1 };
const good: SystemInfo = {
  wallMs: 0,
  marketMs: 100_000,
  uptimeSeconds: 10,
  inputs: 1,
  inputsPerSecond: 1,
  cpuPercent: 1,
  memory: { rssBytes: 1, heapUsedBytes: 1, heapTotalBytes: 1, externalBytes: 1 },
  gc: { count: 1, totalMs: 1, maxMs: 1 },
  trading: loop,
  server: loop,
  rings: [{ name: 'feed', fill: 0.1, capacity: 100, refused: 0 }],
  journal: { isOn: true, pending: 1, records: 10, failure: '' },
  replica: { inputs: 1, lag: 0, comparisons: 1, isEqual: true, restarts: 0 },
  clients: { connected: 1, slow: 0, sentBytes: 1, sentMessages: 1 },
  redis: { state: 'off', detail: '', written: 0 },
  venues: [{ name: 'x', isConnected: true, lastMessageMs: 99_000, link: null }],
  venueEvents: [],
  latencies: [],
};

describe('what is wrong', () => {
  test('is nothing when all is well', () => expect(judge(good)).toEqual([]));

  test.each<[string, Partial<SystemInfo>]>([
    ['loops', { trading: { ...loop, p99Ms: 80 } }],
    ['loops', { server: { ...loop, utilisation: 0.99 } }],
    ['machine', { gc: { count: 1, totalMs: 300, maxMs: 300 } }],
    ['rings', { rings: [{ name: 'feed', fill: 0.9, capacity: 100, refused: 0 }] }],
    ['rings', { rings: [{ name: 'feed', fill: 0, capacity: 100, refused: 5 }] }],
    ['journal', { journal: { ...good.journal, failure: 'disk full' } }],
    ['journal', { journal: { ...good.journal, pending: 1e6 } }],
    ['replica', { replica: { ...good.replica, isEqual: false } }],
    ['replica', { replica: { ...good.replica, lag: 1e6 } }],
    ['clients', { clients: { ...good.clients, slow: 2 } }],
    ['redis', { redis: { state: 'down', detail: 'refused', written: 0 } }],
    ['venues', { venues: [{ name: 'x', isConnected: false, lastMessageMs: null, link: null }] }],
    ['venues', { venues: [{ name: 'x', isConnected: true, lastMessageMs: 1, link: null }] }],
  ])('is said of the %s', (about, change) => {
    const found = judge({ ...good, ...change });
    expect(found.map((one) => one.about)).toEqual([about]);
    expect(found[0]?.text).toMatch(/\w.*\.$/u);
  });

  test('is told worst first', () => {
    const found = judge({
      ...good,
      clients: { ...good.clients, slow: 1 },
      replica: { ...good.replica, isEqual: false },
    });
    expect(found.map(({ isBad }) => isBad)).toEqual([true, false]);
  });

  test('is not a busy trading thread: at full speed it is meant to be', () => {
    expect(judge({ ...good, trading: { ...loop, utilisation: 1 } })).toEqual([]);
  });
});

const link: VenueLink = {
  isFeedUp: true,
  orders: 'up',
  lines: [{ name: 'feed', isUp: true, sinceMs: 1 }],
  messages: 1,
  messagesPerSecond: 1,
  staleBooks: [],
  counts: {
    stales: 0,
    resyncs: 0,
    reconnects: 0,
    zombies: 0,
    rateLimited: 0,
    switches: 0,
    duplicates: 0,
    gaps: 0,
    badChecksums: 0,
    unreadable: 0,
  },
  clock: { offsetMs: 3, errorMs: 1, roundTripMs: 2, measuredMs: 1 },
  budgets: [],
  bannedUntilMs: null,
};
const withLink = (change: Partial<VenueLink>, name = 'x'): SystemInfo => ({
  ...good,
  venues: [{ name, isConnected: true, lastMessageMs: 99_000, link: { ...link, ...change } }],
});

describe('the ways to venues', () => {
  const stale = { instrument: 0, fault: 'checksum', text: 'another', sinceMs: 5 };

  test('are fine when all stands', () => expect(judge(withLink({}))).toEqual([]));

  test.each<[string, boolean, Partial<VenueLink>]>([
    ['No market data comes from x', true, { isFeedUp: false, staleBooks: [stale] }],
    ['no way for orders to x', true, { orders: 'down' }],
    ['One book of x is not believed', false, { staleBooks: [stale] }],
    ['2 books of x are not believed', false, { staleBooks: [stale, stale] }],
    [
      'The connection feed-b of x is down',
      false,
      { lines: [...link.lines, { name: 'feed-b', isUp: false, sinceMs: 1 }] },
    ],
    ['x is sent nothing until 00:00:01', true, { bannedUntilMs: 1000 }],
    ['are 700\u00a0ms apart', false, { clock: { offsetMs: -700, errorMs: 100, roundTripMs: 2, measuredMs: 1 } }],
  ])('say so, once: %s', (text, isBad, change) => {
    const found = judge(withLink(change));
    expect(found).toEqual([{ about: 'venues', isBad, text: expect.stringContaining(text) }]);
  });

  test('are of venues that are connected to, and no simulated ones', () => {
    expect(linkedVenues(good)).toEqual([]);
    expect(linkedVenues(withLink({})).map(({ name }) => name)).toEqual(['x']);
  });

  test('have the book first that has been lost for the longest time', () => {
    const found = staleBooks(withLink({ staleBooks: [stale, { ...stale, instrument: 1, sinceMs: 2 }] }));
    expect(found.map(({ instrument }) => instrument)).toEqual([1, 0]);
  });

  test('show the limit that is nearest, and the clock with its error', () => {
    const budgets = [
      { rule: 'a', used: 1, limit: 10 },
      { rule: 'b', used: 3, limit: 6 },
    ];
    expect([fullestBudget(link), fullestBudget({ ...link, budgets })]).toEqual([null, 0.5]);
    expect([offsetText(null), offsetText(link.clock)]).toEqual(['–', '+3.0 ± 1.0\u00a0ms']);
  });
});

describe('a histogram', () => {
  const bars = barsOf([
    [1000, 0],
    [2000, 5],
    [4000, 1],
  ]);

  test('has bars that meet', () => {
    expect(bars.map(({ fromNs, toNs }) => [fromNs, toNs])).toEqual([
      [500, 1000],
      [1000, 2000],
      [2000, 4000],
    ]);
  });

  test('shows whole decades round what was seen', () => {
    expect(decades(bars)).toEqual([3, 4]);
    expect(decades([])).toEqual([0, 1]);
    expect(alongLog(1000, [3, 4])).toBe(0);
    expect(alongLog(1e9, [3, 4])).toBe(1);
    expect(alongLog(0, [3, 4])).toBe(0);
  });
});
