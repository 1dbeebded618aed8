import type { SystemInfo } from 'quotewright/server/protocol/system';
import { describe, expect, test } from 'vitest';
import { alongLog, barsOf, decades } from './histogram-geometry.ts';
import { judge } from './judge.ts';

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
  venues: [{ name: 'x', isConnected: true, lastMessageMs: 99_000 }],
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
    ['venues', { venues: [{ name: 'x', isConnected: false, lastMessageMs: null }] }],
    ['venues', { venues: [{ name: 'x', isConnected: true, lastMessageMs: 1 }] }],
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
