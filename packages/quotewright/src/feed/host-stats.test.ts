import { createSeqlock } from '@quotewright/core/base/seqlock';
import { afterEach, expect, test } from 'vitest';
import { HostStatsReader } from './host-stats-reader.ts';
import { HostStats } from './host-stats-writer.ts';
import { SLICE_BUCKET_COUNT, STAT, STAT_COUNT } from './host-stats.ts';

const stats: HostStats[] = [];
afterEach(() => {
  for (const each of stats.splice(0)) each.close();
});

function pair(): { writer: HostStats; reader: HostStatsReader } {
  const buffer = createSeqlock(STAT_COUNT);
  const writer = new HostStats(buffer);
  stats.push(writer);
  return { writer, reader: new HostStatsReader(buffer) };
}

test('nothing was written yet', () => {
  expect(pair().reader.read()).toBe(false);
});

test('the other thread reads what was measured', () => {
  const { writer, reader } = pair();
  writer.write(12, 34e9, { appended: 11, pending: 1, capacity: 64, failure: 'disk full' });
  expect(reader.read()).toBe(true);
  const { values } = reader;
  expect([values[STAT.INPUTS], values[STAT.MARKET_NS]]).toEqual([12, 34e9]);
  expect(
    [STAT.JOURNAL_RECORDS, STAT.JOURNAL_PENDING, STAT.JOURNAL_CAPACITY, STAT.JOURNAL_FAILED].map((at) => values[at]),
  ).toEqual([11, 1, 64, 1]);
  expect(values[STAT.RSS]).toBeGreaterThan(1e6);
  writer.write(13, 35e9, undefined);
  reader.read();
  expect([values[STAT.INPUTS], values[STAT.JOURNAL_RECORDS], values[STAT.JOURNAL_FAILED]]).toEqual([13, -1, 0]);
});

test('a slice falls into the bucket of what an input took in it, however short or long', () => {
  const { writer, reader } = pair();
  writer.slice(0, 5);
  // 32 ns an input: an octave, four buckets, above the smallest.
  writer.slice(1000, 0.032 * 1.01);
  writer.slice(1000, 0);
  writer.slice(1, 1e9);
  writer.write(0, 0, undefined);
  reader.read();
  const buckets = reader.values.subarray(STAT.SLICE_BUCKETS);
  expect(reader.values[STAT.SLICES]).toBe(3);
  expect([buckets[4], buckets[0], buckets[SLICE_BUCKET_COUNT - 1]]).toEqual([1, 1, 1]);
});
