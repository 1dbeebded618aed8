/** Latencies as they are told: of the trading thread's slices. */
import { describe, expect, it } from 'vitest';
import { STAT, STAT_COUNT } from '../feed/host-stats.ts';
import { engineLatency } from './latencies.ts';

describe('the time of an input', () => {
  it('is not known before a slice was measured', () => {
    const { count, meanNs, p50Ns, maxNs, buckets } = engineLatency(new Float64Array(STAT_COUNT));
    expect([count, meanNs, p50Ns, maxNs, buckets]).toEqual([0, null, null, null, []]);
  });

  it('is within a quarter of an octave', () => {
    const stats = new Float64Array(STAT_COUNT);
    // 16 ns × 2^(24/4) = 1024 ns is where bucket 24 begins.
    stats[STAT.SLICE_BUCKETS + 24] = 98;
    stats[STAT.SLICE_BUCKETS + 28] = 2;
    stats[STAT.SLICES] = 100;
    const found = engineLatency(stats);
    expect(found.buckets.map(([edge]) => Math.round(edge))).toEqual([1218, 1448, 1722, 2048, 2435]);
    expect(found.buckets.map(([, weight]) => weight)).toEqual([98, 0, 0, 0, 2]);
    expect([found.p50Ns, found.p90Ns].map((ns) => Math.round(ns!))).toEqual([1218, 1218]);
    expect([found.p99Ns, found.p999Ns, found.maxNs].map((ns) => Math.round(ns!))).toEqual([2435, 2435, 2435]);
    expect(found.meanNs).toBeGreaterThan(1024);
    expect(found.meanNs).toBeLessThan(1218);
  });
});
