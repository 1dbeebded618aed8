import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_STRIDE, EventKind, Field, headInstrument, headKind } from '@quotewright/core/market/event';
import { assert, constant, nat, oneof, pre, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { openRecording } from '../data/formats.ts';
import { openPartitions } from '../data/parquet/read.ts';
import { tempFolder } from '../data/testing/files.ts';
import type { Frame } from '../venues/runtime/frame-tap.ts';
import { specOf } from '../venues/runtime/testing/scripted-venue.ts';
import { FrameFile } from './frame-file.ts';
import { headerLine, rawLine, timeText } from './raw-line.ts';
import { recover } from './recover.ts';
import { sealSpool } from './spool.ts';
import { cutTail, frameContents, frameOf } from './whole-frames.ts';

const folder = tempFolder();
const DAY = 20_778;

test('of a file that was cut anywhere, or has anything behind its end, what was whole is read', async () => {
  const parts = [Buffer.alloc(0), Buffer.from('a'), Buffer.alloc(150_000, 'ab'), Buffer.from('the last one')];
  const frames = await Promise.all(parts.map(frameOf));
  const ends = frames.map((_, i) => frames.slice(0, i + 1).reduce((sum, { length }) => sum + length, 0));
  const whole = Buffer.concat(frames);
  const path = join(folder.path, 'cut');
  assert(
    property(
      nat(whole.length),
      oneof(
        constant(Buffer.alloc(0)),
        uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each)),
        constant(Buffer.alloc(5000)),
      ),
      (length, junk) => {
        writeFileSync(path, Buffer.concat([whole.subarray(0, length), junk]));
        const count = ends.filter((end) => end <= length).length;
        const kept = ends[count - 1] ?? 0;
        const found = Buffer.concat([...frameContents(path)]);
        // What is behind the cut may happen to be the byte that was cut.
        pre(
          kept === length ||
            !whole.subarray(kept).equals(readFileSync(path).subarray(kept, kept + whole.length - kept)),
        );
        expect(found.equals(Buffer.concat(parts.slice(0, count)))).toBe(true);
        expect(cutTail(path)).toBe(length + junk.length - kept);
        expect(statSync(path).size).toBe(kept);
      },
    ),
    { numRuns: 100, seed: 6 },
  );
});

test('a frame in which a byte is another is not whole', async () => {
  const first = await frameOf(Buffer.from('first'));
  const second = await frameOf(Buffer.alloc(1000, 'second '));
  const path = join(folder.path, 'damaged');
  for (let at = 0; at < second.length; at++) {
    const damaged = Buffer.from(second);
    damaged[at]! ^= 1 << (at % 8);
    writeFileSync(path, Buffer.concat([first, damaged]));
    const [one, two] = [...frameContents(path)];
    expect(one?.toString()).toBe('first');
    // Bits that say nothing: of the window's size, and one that is not used.
    if (two !== undefined) expect(two.equals(Buffer.alloc(1000, 'second ')), `byte ${at}`).toBe(true);
  }
});

test('of a spool in which nothing stands yet, each book may stand from the one before, and is ended', async () => {
  const out = folder.fresh();
  const spool = new FrameFile(join(out, '2026-11-21T10-00-00-0001.spool'));
  const instruments = [specOf('BTC'), specOf('ETH')];
  spool.add(Buffer.from(JSON.stringify({ epochDay: DAY, isL3: false, firstRow: 7, startNs: 36e12, instruments })));
  await spool.finish();
  expect(await sealSpool(spool.path, out, true)).toMatchObject({ rows: 2 });
  const recording = await openPartitions(out, { strict: true });
  const found: [number, number, number][] = [];
  for await (const { data, length } of recording.batches()) {
    for (let at = 0; at < length * EVENT_STRIDE; at += EVENT_STRIDE) {
      found.push([
        headKind(data[at + Field.HEAD]!),
        headInstrument(data[at + Field.HEAD]!),
        data[at + Field.LOCAL_NS]!,
      ]);
    }
  }
  expect(found).toEqual([
    [EventKind.GAP, 0, 36e12],
    [EventKind.GAP, 1, 36e12],
  ]);
});

test('a spool of another program or version is put aside and told of, and holds nobody up', async () => {
  const out = folder.fresh();
  const head = { epochDay: DAY, isL3: false, firstRow: 0, startNs: 0, instruments: [specOf('BTC')] };
  const older = [
    { ...head, startNs: undefined },
    { ...head, instruments: [{ ...specOf('BTC'), tick: '0' }] },
    'not one',
  ];
  for (const [i, each] of older.entries()) {
    const spool = new FrameFile(join(out, `2026-11-21T10-00-00-000${i}.spool`));
    spool.add(Buffer.from(JSON.stringify(each)));
    await spool.finish();
  }
  const lines = await recover(out, out);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('2026-11-21T10-00-00-0000.spool: is no spool of this version of the program');
  expect(readdirSync(out).toSorted()).toEqual(older.map((_, i) => `2026-11-21T10-00-00-000${i}.spool.foreign`));
  expect(await recover(out, out)).toEqual([]);
});

test('times are told to the nanosecond', () => {
  expect(timeText(DAY, 0)).toBe('1795219200.000000000');
  expect(timeText(DAY, 86_399_999_999_999)).toBe('1795305599.999999999');
  expect(timeText(DAY, 1_000_000_001)).toBe('1795219201.000000001');
});

test('raw frames of Binance are read as a recording, exactly as they came', async () => {
  const origin = 'https://api.binance.com';
  const filters = [
    { filterType: 'PRICE_FILTER', tickSize: '0.01' },
    { filterType: 'LOT_SIZE', stepSize: '0.001', minQty: '0.001' },
  ];
  const listing = { symbols: [{ symbol: 'BTCUSDT', baseAsset: 'BTC', quoteAsset: 'USDT', filters }] };
  const frames = [
    frame('http', 'rest', 1, page('/api/v3/exchangeInfo', listing)),
    frame('connect', 'feed-1', 2, 'wss://stream.binance.com/stream'),
    frame('send', 'feed-1', 3, '{"method":"SUBSCRIBE"}'),
    frame('recv', 'feed-1', 4, diff(9, 10, '1.000')),
    frame(
      'http',
      'rest',
      5,
      page('/api/v3/depth?symbol=BTCUSDT&limit=5000', {
        lastUpdateId: 10,
        bids: [['98.00', '2.000']],
        asks: [['101.00', '3.000']],
      }),
    ),
    frame('recv', 'feed-1', 6, diff(11, 12, '4.000')),
    frame('close', 'feed-1', 7, 'gone'),
    frame('connect', 'feed-2', 8, 'wss://stream.binance.com/stream'),
    // As a connection sends it whose messages are not wrapped.
    frame('recv', 'feed-2', 9, JSON.stringify(JSON.parse(diff(13, 14, '5.000')).data)),
    frame('recv', 'feed-2', 10, '{"u":14,"s":"BTCUSDT","b":"99.00","B":"5.000","a":"101.00","A":"3.000"}'),
  ];
  const lines = frames.map((each) => rawLine(each, origin, DAY));
  const path = join(folder.path, 'raw.jsonl.zst');
  const file = new FrameFile(path);
  file.add(Buffer.from(headerLine('binance', [], DAY, 0)));
  for (const [i, line] of lines.entries()) {
    file.add(Buffer.from(line));
    // The second of two files that somebody has put together.
    if (i === 5) file.add(Buffer.from(headerLine('binance', [], DAY, 6)));
    await file.flush();
  }
  await file.finish();
  const recording = await openRecording(path, { strict: true });
  const found: [number, number, number][] = [];
  for await (const { data, length } of recording.batches()) {
    for (let at = 0; at < length * EVENT_STRIDE; at += EVENT_STRIDE) {
      found.push([headKind(data[at + Field.HEAD]!), data[at + Field.LOCAL_NS]!, data[at + Field.SIZE_LOTS]!]);
    }
  }
  expect(recording.instruments.map(({ symbol, spec }) => [symbol, spec.tick, spec.lot])).toEqual([
    ['BTCUSDT', '0.01', '0.001'],
  ]);
  expect(found.filter(([kind]) => kind === EventKind.LEVEL).slice(-2)).toEqual([
    [EventKind.LEVEL, 6, 4000],
    [EventKind.LEVEL, 9, 5000],
  ]);
  expect(found.filter(([kind]) => kind === EventKind.QUOTE).map(([, , size]) => size)).toEqual([5000, 3000]);
  expect(recording.report.badRows).toBe(0);
});

const page = (path: string, body: unknown) =>
  JSON.stringify({ method: 'GET', path, status: 200, text: JSON.stringify(body) });
const diff = (from: number, to: number, size: string) =>
  JSON.stringify({
    stream: 'btcusdt@depth@100ms',
    data: { e: 'depthUpdate', E: 1_795_219_200_100, s: 'BTCUSDT', U: from, u: to, b: [['99.00', size]], a: [] },
  });
const frame = (t: Frame['t'], conn: string, nowNs: number, data: string): Frame => ({
  t,
  conn,
  nowNs,
  unixMs: 0,
  data: t === 'recv' ? Buffer.from(data) : data,
});
