/** Recordings as flights: a market without trading; and journals that are damaged, torn, or still being written. */
import { appendFileSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData, tempFolder } from '../data/testing/files.ts';
import { Flight } from './flight.ts';
import { JournalSource } from './journal-source.ts';
import { Reading } from './reading.ts';
import { RecordingSource } from './recording-source.ts';
import type { FlightSource } from './source.ts';
import { writeSession } from './testing/sessions.ts';

const folder = tempFolder();
const LIMITS = { most: 20, mostBytes: 1e9, every: 256 };

async function read(source: FlightSource): Promise<Flight> {
  return new Flight(await Reading.read(source, { dir: folder.path, limits: LIMITS }));
}

async function journal(dir: string): Promise<Flight> {
  return read(await JournalSource.open(dir));
}

describe('a flight of a recording', () => {
  it('has books and trades at every event, and no trading', async () => {
    const dir = folder.fresh();
    await writeSession(dir, { seconds: 12, symbols: 'BTCUSDT' });
    const whole = await journal(dir);
    const flight = await read(await RecordingSource.open(dir));
    const { marks, pnl, midTicks } = flight.overview();
    expect(marks.filter(({ kind }) => kind === 'fill')).toEqual([]);
    expect(pnl).toEqual([[...midTicks[0]!].map(() => 0)]);
    // Its events are the journal's market records: the last one of each has the same book.
    const last = flight.moment(flight.length - 1);
    const at = whole.find('trade', whole.length, 'previous')!;
    expect(whole.moment(at).trades[0]!.at(-1)).toEqual(last.trades[0]!.at(-1));
    expect(last).toMatchObject({ pnl: { strategies: [] }, fills: [], quotes: [{ orders: [] }], riskState: 'ACTIVE' });
    expect(last.books[0]).toEqual(whole.moment(whole.eventAt(last.timeMs)).books[0]);
    const walked = flight.events(0, flight.length);
    expect(walked.every(({ effects }) => effects.length === 0)).toBe(true);
    expect(flight.moment(300).what).toEqual(walked[300]);
  });

  it.each([
    ['lobster/LOBSTER_SampleFile_GOOG_2012-06-21_5.zip', 1000],
    ['bitfinex_l3/btcusd_R0_100k.json.xz', 1],
  ])('is of any format: %s', async (name, points) => {
    const flight = await read(await RecordingSource.open(sharedData(name)));
    const event = Math.floor(flight.length / 2);
    const middle = flight.moment(event);
    expect(middle.books[0]!.bids.length).toBeGreaterThan(0);
    flight.moment(0);
    expect(flight.moment(event)).toEqual(middle);
    // One of the two has no times at all.
    expect(flight.overview().timesMs.length).toBeGreaterThanOrEqual(points);
    expect(flight.notes.includes('it has no times: all of it lies at midnight')).toBe(points === 1);
  });
});

describe('a flight of a journal that is not whole', () => {
  it('comes to the last whole record of a torn end', async () => {
    const dir = folder.fresh();
    const count = await writeSession(dir, { seconds: 6 });
    const file = join(dir, '00000001.qwj');
    truncateSync(file, statSync(file).size - 1000);
    const flight = await journal(dir);
    expect(flight.length).toBeGreaterThan(0);
    expect(flight.length).toBeLessThan(count);
    expect(flight.notes.join('\n')).toMatch(/00000001\.qwj/);
    expect(flight.moment(flight.length - 1).event).toBe(flight.length - 1);
  });

  it('ends where records are missing', async () => {
    const dir = folder.fresh();
    await writeSession(dir, { seconds: 12, markEvery: 1, segmentBytes: 32 * 1024, symbols: 'BTCUSDT' });
    // How inputs are spread over segments is the writer's pace: the largest holds some for certain.
    const inner = readdirSync(dir)
      .filter((name) => name.endsWith('.qwj'))
      .slice(1, -1)
      .map((name) => join(dir, name));
    rmSync(inner.toSorted((a, b) => statSync(b).size - statSync(a).size)[0]!);
    const flight = await journal(dir);
    expect(flight.notes.join('\n')).toMatch(/[\d,]+ records are missing after event [\d,]+: it ends there/);
    expect(flight.moment(flight.length - 1).event).toBe(flight.length - 1);
  });

  it('holds nothing yet', async () => {
    const dir = folder.fresh();
    const other = folder.fresh();
    await writeSession(other, { seconds: 1 });
    // The headers only.
    writeFileSync(join(dir, '00000001.qwj'), readFileSync(join(other, '00000001.qwj')).subarray(0, headBytes(other)));
    const flight = await journal(dir);
    expect(flight.length).toBe(0);
    expect(flight.span).toBeUndefined();
    expect(() => flight.moment(0)).toThrow('it holds no events');
    expect(flight.find('fill', 0, 'next')).toBeNull();
    expect(flight.overview().timesMs).toEqual([]);
  });

  it('is as far as it is written: what comes later is of the next flight', async () => {
    const dir = folder.fresh();
    // A mark ends a frame: half of the file holds some whole ones at any pace of the writer.
    await writeSession(dir, { seconds: 6, markEvery: 1 });
    const file = join(dir, '00000001.qwj');
    const all = readFileSync(file);
    truncateSync(file, Math.floor(all.length / 2));
    const before = await journal(dir);
    appendFileSync(file, all.subarray(statSync(file).size));
    expect(before.moment(before.length - 1).event).toBe(before.length - 1);
    expect((await journal(dir)).length).toBeGreaterThan(before.length);
  });
});

/** Bytes of the first frame: a header of 64, and its payload padded to a multiple of that. */
function headBytes(dir: string): number {
  const payload = readFileSync(join(dir, '00000001.qwj')).readUInt32LE(20);
  return 64 + Math.ceil(payload / 64) * 64;
}
