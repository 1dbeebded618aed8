import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomMarket } from '@quotewright/core/engine/testing/market-rows';
import { randomTrader } from '@quotewright/core/engine/testing/random-trader';
import { INVERSE, LINEAR, SPOT, TestSession } from '@quotewright/core/engine/testing/session-kit';
import { NS_PER_DAY } from '@quotewright/core/base/time';
import { EVENT_STRIDE, EventKind, Field, headInstrument, headKind, packHead } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { InputSink } from '@quotewright/core/trading/input-sink';
import { expect, test } from 'vitest';
import { openRecording } from '../data/formats.ts';
import { openWithProgress } from '../data/open.ts';
import type { Recording } from '../data/recording.ts';
import { tempFolder } from '../data/testing/files.ts';
import { segmentName } from './format.ts';
import { openJournal } from './journal.ts';
import type { SessionHeader } from './session-header.ts';
import { SAMPLE_HEADER } from './testing/sample-journal.ts';

const temp = tempFolder();
const INSTRUMENTS = [LINEAR, INVERSE, SPOT];

function headerOf(instruments: readonly Instrument[], more: Partial<SessionHeader> = {}): SessionHeader {
  return {
    ...SAMPLE_HEADER,
    instruments: instruments.map(({ spec }) => JSON.parse(JSON.stringify(spec))),
    isL3: instruments.map(() => false),
    venueOf: instruments.map((_, index) => index),
    ...more,
  };
}

async function rowsOf(recording: Recording): Promise<Float64Array> {
  const parts: number[] = [];
  for await (const batch of recording.batches()) parts.push(...batch.data.subarray(0, batch.length * EVENT_STRIDE));
  return Float64Array.from(parts);
}

const openFolder = async (dir: string, strict = false): Promise<Recording> =>
  (await openWithProgress(dir, undefined, { strict })).recording;

const session = (journal?: InputSink): TestSession =>
  new TestSession({
    instruments: INSTRUMENTS,
    strategies: [randomTrader()],
    engine: { seed: 5, ...(journal === undefined ? {} : { journal }) },
  });

test('a replayed session, played again from its journal through the replay venue, sends the same requests', async () => {
  const dir = temp.fresh();
  const journal = await openJournal({ dir, durability: 'none', header: headerOf(INSTRUMENTS, { mode: 'backtest' }) });
  const first = session(journal).play(randomMarket(5, 4000, INSTRUMENTS.length));
  await journal.close();
  expect(journal.appended).toBe(first.engine.inputs.count);

  const recording = await openFolder(dir);
  expect(recording.instruments.map(({ spec }) => spec)).toEqual(INSTRUMENTS.map(({ spec }) => spec));
  const rows = await rowsOf(recording);
  expect([recording.report.rows, recording.report.notes]).toEqual([journal.appended, []]);
  const again = session();
  again.window.append(rows, rows.length / EVENT_STRIDE);
  again.replay.finish(again.window.lastLocalNs + 1);
  expect(first.engine.outputs.count).toBeGreaterThan(100);
  expect(again.print()).toEqual(first.print());
});

/** Writes one process's part: a level per instrument at each local time. */
async function writePart(dir: string, header: SessionHeader, times: readonly number[]): Promise<void> {
  const journal = await openJournal({ dir, durability: 'none', header, segmentBytes: 1 << 14, ringRecords: 16 });
  const record = new Float64Array(EVENT_STRIDE);
  for (const ns of times) {
    for (const index of header.instruments.keys()) {
      record.set([packHead(EventKind.LEVEL, 3, index), ns - 1, ns, 100 + index, 1, 0, 0, 0]);
      journal.append(record, 0);
    }
    record.set([packHead(48, 0, 0), ns, ns, 0, 0, 0, 0, 0]);
    journal.append(record, 0);
  }
  await journal.close();
}

test('parts with other numbers of instruments and other days are one recording', async () => {
  const dir = temp.fresh();
  await writePart(dir, headerOf([LINEAR, SPOT]), [10, 20]);
  await writePart(dir, headerOf([SPOT, INVERSE], { epochDay: SAMPLE_HEADER.epochDay + 1 }), [30]);
  const recording = await openFolder(dir);
  const rows = await rowsOf(recording);
  const seen = Array.from({ length: rows.length / EVENT_STRIDE }, (_, i) => {
    const at = i * EVENT_STRIDE;
    const index = headInstrument(rows[at]!);
    return [recording.instruments[index]!.symbol, rows[at + Field.VENUE_NS]! + 1, rows[at + Field.LOCAL_NS]];
  });
  expect(seen).toEqual([
    ['LINEAR', 10, 10],
    ['SPOT', 10, 10],
    ['LINEAR', 20, 20],
    ['SPOT', 20, 20],
    ['SPOT', NS_PER_DAY + 30, NS_PER_DAY + 30],
    ['INVERSE', NS_PER_DAY + 30, NS_PER_DAY + 30],
  ]);
  expect(Object.fromEntries(recording.report.ignored)).toEqual({ wake: 3 });
  expect(recording.report.notes.join('\n')).toContain('2 processes wrote it');
});

test('where records are missing every book is stale, it is told, and strict reading stops', async () => {
  const dir = temp.fresh();
  await writePart(
    dir,
    headerOf([LINEAR, SPOT]),
    Array.from({ length: 400 }, (_, i) => i),
  );
  expect(readdirSync(dir).length).toBeGreaterThan(3);
  rmSync(join(dir, segmentName(2)));
  const recording = await openFolder(dir);
  const rows = await rowsOf(recording);
  const gaps: number[] = [];
  for (let at = 0; at < rows.length; at += EVENT_STRIDE) {
    if (headKind(rows[at]!) === EventKind.GAP) gaps.push(headInstrument(rows[at]!));
  }
  expect(gaps).toEqual([0, 1]);
  expect([recording.report.gaps, [...recording.report.bad.keys()]]).toEqual([1, ['missing-segment']]);
  await expect(openFolder(dir, true).then(rowsOf)).rejects.toThrow(`${dir}:`);
});

test('what cannot be played says so in one line', async () => {
  const dir = temp.fresh();
  await writePart(dir, headerOf([LINEAR]), [1]);
  await expect(openRecording(join(dir, segmentName(1)))).rejects.toThrow(
    'is one segment of a journal; give the folder',
  );
  const broken = temp.fresh();
  copyFileSync(join(dir, segmentName(1)), join(broken, segmentName(1)));
  const path = join(broken, segmentName(1));
  writeFileSync(path, readFileSync(path).fill(1, 64));
  await expect(openFolder(broken)).rejects.toThrow('no session header of the journal is readable');
  const mixed = temp.fresh();
  await writePart(mixed, headerOf([LINEAR]), [1]);
  await writePart(mixed, headerOf([SPOT], { isL3: [true] }), [2]);
  await expect(openFolder(mixed).then(rowsOf)).rejects.toThrow('books of levels and books of orders');
});
