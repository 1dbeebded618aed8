import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_STRIDE, EventKind, Field, packHead } from '@quotewright/core/market/event';
import { Grid } from '@quotewright/core/base/grid';
import { describe, expect, it } from 'vitest';
import { openSource } from '../source.ts';
import { tempFolder } from '../testing/files.ts';
import { memorySource, random, records, recordingOf, testInstrument, words } from '../testing/recordings.ts';
import { HftFlag, HftKind, npyHeader, readStart } from './layout.ts';
import { hftBinFormat, hftFormat } from './read.ts';
import { stepOfValues, stepsOf } from './steps.ts';
import { writeNpy, writeNpz } from './write.ts';

const BOTH = HftFlag.EXCH | HftFlag.LOCAL;
const T = 1_700_000_000_000_000_123n;
const OPTIONS = { strict: false, tick: '0.5', lot: '0.1' };

interface Row {
  ev: number;
  px?: number;
  qty?: number;
  id?: bigint;
  at?: bigint;
}

function file(rows: Row[]): Uint8Array {
  const bytes = Buffer.alloc(rows.length * 64);
  rows.forEach(({ ev, px = 0, qty = 0, id = 0n, at = 0n }, i) => {
    bytes.writeUInt32LE(ev >>> 0, i * 64);
    bytes.writeBigInt64LE(T + at, i * 64 + 8);
    bytes.writeBigInt64LE(T + at + 7n, i * 64 + 16);
    bytes.writeDoubleLE(px, i * 64 + 24);
    bytes.writeDoubleLE(qty, i * 64 + 32);
    bytes.writeBigUInt64LE(id, i * 64 + 40);
  });
  return bytes;
}

const npy = (rows: Row[]): Uint8Array => Buffer.concat([npyHeader(rows.length), file(rows)]);
const buy = (kind: number): number => kind | BOTH | HftFlag.BUY;
const sell = (kind: number): number => kind | BOTH | HftFlag.SELL;

async function wordsOf(rows: Row[]): Promise<string[]> {
  return (await records(await hftFormat.open(memorySource(npy(rows), [100]), OPTIONS))).map(words);
}

const open = (bytes: Uint8Array): Promise<unknown> => hftFormat.open(memorySource(bytes), OPTIONS).then(records);

const head = (bytes: Uint8Array) => ({
  path: 'x',
  entries: [],
  bytes,
  text: Buffer.from(bytes).toString('latin1'),
});

const event = (kind: number, price: number, size: number, venueNs = 5, localNs = 6): Float64Array => {
  const record = new Float64Array(EVENT_STRIDE);
  record.set([packHead(kind, 1, 0), venueNs, localNs, price, size, 42, 0, 0]);
  return record;
};

describe('reading', () => {
  it('turns every kind into events and keeps i64 nanoseconds exactly', async () => {
    const rows: Row[] = [
      { ev: HftKind.DEPTH_CLEAR | BOTH },
      { ev: buy(HftKind.DEPTH_SNAPSHOT), px: 100.5, qty: 3 },
      { ev: sell(HftKind.DEPTH_SNAPSHOT), px: 101, qty: 4 },
      { ev: sell(HftKind.TRADE), px: 100.5, qty: 1, at: 1n },
      { ev: buy(HftKind.DEPTH), px: 100.5, qty: 2, at: 1n },
      { ev: buy(HftKind.DEPTH_BBO), px: 100.5, qty: 2, at: 2n },
    ];
    expect(await wordsOf(rows)).toEqual([
      'SNAPSHOT_BEGIN snapshot 0×0',
      'LEVEL buy snapshot 201×30',
      'LEVEL snapshot 202×40',
      'SNAPSHOT_END snapshot last 0×0',
      'TRADE 201×10',
      'LEVEL buy last 201×20',
      'QUOTE buy last 201×20',
    ]);
    const recording = await hftFormat.open(memorySource(npy(rows)), OPTIONS);
    const [first] = await records(recording);
    expect(BigInt(recording.epochDay) * 86_400_000_000_000n + BigInt(first![Field.VENUE_NS]!)).toBe(T);
    expect(first![Field.LOCAL_NS]! - first![Field.VENUE_NS]!).toBe(7);
  });

  it('clears one side out to a price, as hftbacktest does', async () => {
    const rows: Row[] = [
      { ev: buy(HftKind.DEPTH), px: 10, qty: 1 },
      { ev: buy(HftKind.DEPTH), px: 9, qty: 1 },
      { ev: buy(HftKind.DEPTH), px: 8, qty: 1 },
      { ev: sell(HftKind.DEPTH), px: 11, qty: 1 },
      { ev: buy(HftKind.DEPTH_CLEAR), px: 9, at: 1n },
      { ev: buy(HftKind.DEPTH_CLEAR), px: Number.NaN, at: 2n },
    ];
    expect((await wordsOf(rows)).slice(4)).toEqual(['LEVEL buy 20×0', 'LEVEL buy last 18×0', 'LEVEL buy last 16×0']);
  });

  it('follows orders: a modify that moves the price is a cancel and a new order', async () => {
    const rows: Row[] = [
      { ev: buy(HftKind.ADD_ORDER), px: 10, qty: 5, id: 1n },
      { ev: buy(HftKind.FILL), px: 10, qty: 2, id: 1n },
      { ev: buy(HftKind.MODIFY_ORDER), px: 10, qty: 3, id: 1n },
      { ev: buy(HftKind.MODIFY_ORDER), px: 9.5, qty: 3, id: 1n },
      { ev: buy(HftKind.CANCEL_ORDER), px: Number.NaN, id: 1n },
    ];
    const recording = await hftFormat.open(memorySource(npy(rows)), OPTIONS);
    expect(recording.isL3).toBe(true);
    expect((await records(recording)).map(words)).toEqual([
      'ORDER_ADD buy 20×50',
      'ORDER_SET buy 20×30',
      'ORDER_REMOVE buy 20×30',
      'ORDER_ADD buy 19×30',
      'ORDER_REMOVE buy last 19×30',
    ]);
    expect(recording.report.ignored.get('fill notice')).toBe(1);
  });

  it('counts bad rows by kind and leaves out rows for the venue alone', async () => {
    const rows: Row[] = [
      { ev: buy(HftKind.DEPTH), px: 10, qty: 1 },
      { ev: buy(77), px: 10, qty: 1 },
      { ev: HftKind.DEPTH | HftFlag.BUY, px: 10, qty: 1 },
      { ev: HftKind.DEPTH | HftFlag.BUY | HftFlag.EXCH, px: 10, qty: 1 },
      { ev: HftKind.DEPTH | BOTH, px: 10, qty: 1 },
      { ev: HftKind.TRADE | BOTH, px: 10, qty: 1 },
      { ev: buy(HftKind.DEPTH) | HftFlag.SELL, px: 10, qty: 1 },
      { ev: buy(HftKind.DEPTH), px: 10.01, qty: 1 },
      { ev: buy(HftKind.DEPTH), px: Number.NaN, qty: 1 },
      { ev: buy(HftKind.DEPTH), px: 10, qty: 0.05 },
      { ev: buy(HftKind.DEPTH), px: 10, qty: Number.POSITIVE_INFINITY },
      { ev: buy(HftKind.DEPTH), px: 10, qty: -1 },
      { ev: buy(HftKind.ADD_ORDER), px: 10, qty: 1, id: 2n ** 63n },
    ];
    const recording = await hftFormat.open(memorySource(npy(rows)), OPTIONS);
    expect((await records(recording)).length).toBe(1);
    expect([...recording.report.bad].map(([kind, { firstLine }]) => `${firstLine} ${kind}`)).toEqual([
      '2 unknown event kind',
      '3 neither an exchange nor a local event',
      '5 no side',
      '7 both a buy and a sell',
      '8 price off the tick grid',
      '9 price is no number',
      '10 size off the lot grid',
      '11 size is no number',
      '12 size is negative',
      '13 order id above 2^53',
    ]);
    expect([...recording.report.ignored.keys()]).toEqual(["row for the venue's side alone", 'trade of unknown side']);
    const strict = await hftFormat.open(memorySource(npy(rows)), { ...OPTIONS, strict: true });
    await expect(records(strict)).rejects.toThrow("memory:2: unknown event kind: found '77'");
  });

  it('says what is wrong with a header, and where a file is cut off', async () => {
    const rows: Row[] = [
      { ev: buy(HftKind.DEPTH), px: 10, qty: 1 },
      { ev: buy(HftKind.DEPTH), px: 9, qty: 1 },
    ];
    const whole = Buffer.from(npy(rows));
    await expect(open(whole.subarray(0, -64))).rejects.toThrow('ends after 1 records, expected 2');
    await expect(open(whole.subarray(0, -10))).rejects.toThrow('ends within record 2, after 54 of 64 bytes');
    await expect(open(Buffer.concat([whole, Buffer.alloc(64)]))).rejects.toThrow('its header says 2');
    await expect(open(whole.subarray(0, 20))).rejects.toThrow('header is cut off');
    await expect(open(npyHeader(0))).rejects.toThrow('holds no events');
    await expect(open(Buffer.from(whole.toString('latin1').replace('<f8', '<f4'), 'latin1'))).rejects.toThrow(
      'dtype: found',
    );
    await expect(open(Buffer.from(whole.toString('latin1').replace('(2,)', '(2,2'), 'latin1'))).rejects.toThrow(
      'shape: found',
    );
  });

  it('knows raw records from other bytes', () => {
    const rows: Row[] = [{ ev: buy(HftKind.DEPTH), px: 10, qty: 1 }];
    expect(hftBinFormat.recognise(head(file(rows)))).toBeGreaterThan(0.5);
    expect(hftBinFormat.recognise(head(npy(rows)))).toBe(0);
    expect(hftFormat.recognise(head(npy(rows)))).toBe(1);
    expect(hftBinFormat.recognise(head(Buffer.from('exchange,symbol\n'.repeat(50))))).toBe(0);
    expect(hftBinFormat.recognise(head(new Uint8Array(640)))).toBe(0);
  });
});

describe('writing', () => {
  const directory = tempFolder().path;

  it('gives back random L2 events through npz and npy, and the same bytes the second time', async () => {
    const next = random(9);
    const pick = (n: number): number => Math.floor(next() * n);
    let ns = 0;
    const kinds = [EventKind.LEVEL, EventKind.TRADE, EventKind.QUOTE];
    const events = Array.from({ length: 50_000 }, () => {
      ns += 1 + pick(5000);
      const packed = packHead(kinds[pick(3)]!, 2 + pick(2), 0);
      return Float64Array.of(packed, ns, ns + pick(1e6), pick(2 ** 31), pick(2 ** 36), 0, 0, 0);
    });
    const instrument = testInstrument('X', '0.05', '0.00000001');
    const options = { strict: true, tick: '0.05', lot: '0.00000001' };
    const [npz, first, second] = ['a.npz', 'a.npy', 'b.npy'].map((name) => join(directory, name));
    await writeNpz(recordingOf(events, [instrument], 19_675), npz!);
    const back = await hftFormat.open(await openSource(npz!), options);
    expect(await records(back)).toEqual(events);
    await writeNpy(recordingOf(events, [instrument], 19_675), first!);
    await writeNpy(await hftFormat.open(await openSource(first!), options), second!);
    expect(readFileSync(second!).equals(readFileSync(first!))).toBe(true);
  });

  it('tells what is left of an order after an execution, and what it had to leave out', async () => {
    const path = join(directory, 'l3.npy');
    const notes = await writeNpy(
      recordingOf(
        [
          event(EventKind.ORDER_ADD, 200, 10),
          event(EventKind.ORDER_REDUCE, 200, 1),
          event(EventKind.ORDER_EXEC, 200, 3),
          event(EventKind.ORDER_EXEC, 200, 6, Number.NaN, 7),
          event(EventKind.GAP, 0, 0),
          event(EventKind.CHECKSUM, 0, 0, 3, 2),
        ],
        [testInstrument()],
        0,
        true,
      ),
      path,
    );
    expect(notes.map((note) => note.replace(/:.*/, ''))).toEqual([
      '1 gap events have no place in the format and were left out',
      '1 checksum events have no place in the format and were left out',
      "1 events lack the venue's or the receipt's time",
      '2 records go back in venue time',
      "1 records were received before the venue's time",
    ]);
    const recording = await hftFormat.open(await openSource(path), { strict: true, tick: '0.05', lot: '0.001' });
    expect((await records(recording)).map(words)).toEqual([
      'ORDER_ADD buy 200×10',
      'ORDER_SET buy 200×9',
      'ORDER_SET buy last 200×6',
      'ORDER_REMOVE buy last 200×6',
    ]);
  });

  it('refuses a second instrument', async () => {
    const events = [0, 1].map((i) => Float64Array.of(packHead(EventKind.TRADE, 2, i), 1, 1, 1, 1, 0, 0, 0));
    const recording = recordingOf(events, [testInstrument('A'), testInstrument('B')], 0);
    await expect(writeNpy(recording, join(directory, 'two.npy'))).rejects.toThrow('A, B');
  });

  it('writes headers of one length that it can read, in either version', () => {
    for (const rows of [0, 1, 123_456_789_012]) {
      const header = npyHeader(rows);
      expect(header.length % 64).toBe(0);
      expect(readStart(header)).toEqual({ headerBytes: npyHeader(0).length, rows });
    }
    const two = Buffer.concat([
      Buffer.from('\u0093NUMPY\u0002\u0000', 'latin1'),
      Buffer.alloc(4),
      npyHeader(3).subarray(10),
    ]);
    two.writeUInt32LE(two.length - 12, 8);
    writeFileSync(join(directory, 'v2.npy'), two);
    expect(readStart(two)).toEqual({ headerBytes: two.length, rows: 3 });
  });
});

describe('float steps', () => {
  it('finds the step of every value of a grid, computed either way, and refuses what lies between', () => {
    const next = random(3);
    for (const step of ['0.1', '0.05', '0.001', '2.5', '0.00000001', '100']) {
      const grid = new Grid(step);
      for (let i = 0; i < 20_000; i++) {
        const steps = Math.floor(next() * 2 ** Math.floor(next() * 48));
        expect(stepsOf(grid, grid.toNumber(steps))).toBe(steps);
        if (steps < 1e9) {
          expect(stepsOf(grid, steps * Number(step))).toBe(steps);
          expect(stepsOf(grid, grid.toNumber(steps) + 0.01 * Number(step))).toBeNaN();
        }
      }
    }
    expect(stepsOf(new Grid('0.1'), Number.NaN)).toBeNaN();
    expect(stepsOf(new Grid('0.00000001'), 1e30)).toBeNaN();
  });

  it('guesses the coarsest decimal step', () => {
    expect(stepOfValues([60_000.1, 3 * 0.1, 5])).toBe('0.1');
    expect(stepOfValues([1, 2, Number.NaN])).toBe('1');
    expect(stepOfValues([0.000_123])).toBe('0.000001');
    expect(stepOfValues([])).toBe('1');
  });
});
