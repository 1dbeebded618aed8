import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventKind, EVENT_STRIDE, Field, packHead } from '@quotewright/core/market/event';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../testing/files.ts';
import { random, records, recordingOf, testInstrument } from '../testing/recordings.ts';
import { openSource } from '../source.ts';
import { PartitionWriter } from './partitions.ts';
import { openPartitions, parquetFormat } from './read.ts';

const folder = tempFolder();

const DAY = 86_400e9;
const OPTIONS = { strict: false };

/** Events with every field in use: unknown times, negative and huge numbers, several kinds. */
function randomEvents(seed: number, count: number, instruments: number, step: number): Float64Array[] {
  const next = random(seed);
  const pick = (n: number): number => Math.floor(next() * n);
  let ns = pick(1e9);
  return Array.from({ length: count }, () => {
    ns += pick(step);
    const event = new Float64Array(EVENT_STRIDE);
    event[Field.HEAD] = packHead(1 + pick(12), pick(8), pick(instruments));
    event[Field.VENUE_NS] = pick(5) === 0 ? Number.NaN : ns - pick(5e6);
    event[Field.LOCAL_NS] = pick(7) === 0 ? Number.NaN : ns;
    event[Field.PRICE_TICKS] = pick(9) === 0 ? Number.NaN : pick(2 ** 40) - 2 ** 39;
    event[Field.SIZE_LOTS] = pick(9) === 0 ? Number.MAX_SAFE_INTEGER : pick(1e6);
    event[Field.ORDER_ID] = next() < 0.5 ? 0 : Math.floor(next() * Number.MAX_SAFE_INTEGER);
    event[Field.SEQ] = pick(2 ** 32);
    event[Field.AUX] = 50 - pick(100);
    return event;
  });
}

async function written(events: Float64Array[], instruments: number, isL3 = false): Promise<string> {
  const directory = join(folder.fresh(), 'out');
  const symbols = Array.from({ length: instruments }, (_, i) => testInstrument(i === 0 ? 'BTC/USD' : `S${i}`));
  const writer = new PartitionWriter(directory, recordingOf(events, symbols, 19_675, isL3));
  for await (const batch of recordingOf(events, symbols, 19_675).batches()) await writer.write(batch);
  await writer.finish();
  return directory;
}

const at = (ns: number): Float64Array =>
  Float64Array.of(packHead(EventKind.TRADE, 2, 0), ns, Number.NaN, 1, 1, 0, 0, 0);

describe('Parquet', () => {
  it('gives back random events of one instrument as they were', async () => {
    for (const [seed, count] of [
      [1, 1],
      [2, 1000],
      [3, 140_000],
    ] as const) {
      const events = randomEvents(seed, count, 1, 1000);
      const recording = await openPartitions(await written(events, 1), OPTIONS);
      expect(recording.epochDay).toBe(19_675);
      expect(await records(recording)).toEqual(events);
    }
  });

  it('splits by instrument and day, and merges them in the order of the recording', async () => {
    // Every event has its own time of receipt, so that time alone gives the order.
    const events = randomEvents(4, 5000, 5, 60e9).map((event, i) => {
      event[Field.LOCAL_NS] = i * 60e9;
      return event;
    });
    const directory = await written(events, 5, true);
    const recording = await openPartitions(directory, OPTIONS);
    expect(existsSync(join(directory, 'venue=test', 'symbol=BTC%2FUSD', 'date=2023-11-16', 'events.parquet'))).toBe(
      true,
    );
    expect(recording.isL3).toBe(true);
    const found = await records(recording);
    const symbolOf = (event: Float64Array, of: typeof recording.instruments): string =>
      of[event[Field.HEAD]! >> 16]!.symbol;
    const originals = Array.from({ length: 5 }, (_, i) => testInstrument(i === 0 ? 'BTC/USD' : `S${i}`));
    expect(found.map((event) => symbolOf(event, recording.instruments))).toEqual(
      events.map((event) => symbolOf(event, originals)),
    );
    expect(found.map((event) => event.slice(1))).toEqual(events.map((event) => event.slice(1)));
  });

  it('never goes back to a day that is closed', async () => {
    const events = [at(DAY - 1), at(DAY + 5), at(DAY - 2), at(Number.NaN), at(3 * DAY)];
    const directory = await written(events, 1);
    expect(await records(await openPartitions(directory, OPTIONS))).toEqual(events);
  });

  it('opens one file by itself, with its instrument', async () => {
    const directory = await written(randomEvents(6, 50, 1, 10), 1);
    const path = join(directory, 'venue=test', 'symbol=BTC%2FUSD', 'date=2023-11-14', 'events.parquet');
    const recording = await parquetFormat.open(await openSource(path), OPTIONS);
    expect(recording.instruments[0]!.spec).toEqual(testInstrument('BTC/USD').spec);
    expect((await records(recording)).length).toBe(50);
  });

  it('refuses what is not its own, and files that are cut off', async () => {
    const directory = folder.fresh();
    await expect(openPartitions(directory, OPTIONS)).rejects.toThrow('without .parquet files');
    const path = join(directory, 'x.parquet');
    writeFileSync(path, 'PAR1 but no more');
    await expect(openPartitions(directory, OPTIONS)).rejects.toThrow(path);
    const good = await written(randomEvents(7, 500, 1, 10), 1);
    const file = join(good, 'venue=test', 'symbol=BTC%2FUSD', 'date=2023-11-14', 'events.parquet');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 100));
    await expect(openPartitions(good, OPTIONS)).rejects.toThrow('events.parquet');
    // A page overwritten in the middle of an intact footer is found when it is read.
    bytes.fill(0xff, 200, 300);
    writeFileSync(file, bytes);
    const damaged = await openPartitions(good, OPTIONS);
    await expect(records(damaged)).rejects.toThrow('events.parquet');
  });
});
