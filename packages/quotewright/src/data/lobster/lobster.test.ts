import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseIsoDay } from '@quotewright/core/base/time';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { openRecording } from '../formats.ts';
import { sharedData, tempFolder } from '../testing/files.ts';
import { badKinds, drain, eventTexts } from '../testing/recordings.ts';
import { newYorkMidnightNs } from './files.ts';
import { PASSED_OVER, verifyLobster } from './verify.ts';

const MESSAGES = 'TEST_2012-06-21_34200000_57600000_message_2.csv';
const BOOKS = MESSAGES.replace('message', 'orderbook');
const NONE = '9999999999,0,-9999999999,0';

/** Two levels; each row: the message, and the book after it. */
const ROWS: readonly (readonly [string, string])[] = [
  ['34200.000000001,1,11,100,1000000,1', `1010000,50,1000000,100,${NONE}`],
  ['34200.5,1,12,30,1000000,1', `1010000,50,1000000,130,${NONE}`],
  ['34200.5,1,13,10,990000,1', '1010000,50,1000000,130,9999999999,0,990000,10'],
  ['34201,2,11,40,1000000,1', '1010000,50,1000000,90,9999999999,0,990000,10'],
  ['34201.25,4,11,60,1000000,1', '1010000,50,1000000,30,9999999999,0,990000,10'],
  ['34201.25,5,0,7,1000000,1', '1010000,50,1000000,30,9999999999,0,990000,10'],
  ['34202,3,12,30,1000000,1', '1010000,50,990000,10,9999999999,0,980000,5'],
  ['34203,7,0,0,-1,-1', '1010000,50,990000,10,9999999999,0,980000,5'],
  ['34204,7,0,0,1,-1', '1010000,50,990000,10,9999999999,0,980000,5'],
  ['34205,4,99,50,1010000,-1', '9999999999,0,990000,10,9999999999,0,980000,5'],
];
const folder = tempFolder();

function sample(rows: readonly (readonly [string, string])[]): string {
  folder.write(BOOKS, rows.map(([, book]) => `${book}\n`).join(''));
  return folder.write(MESSAGES, rows.map(([message]) => `${message}\n`).join(''));
}

async function zipped(name: string, rows: readonly (readonly [string, string])[]): Promise<string> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(rows.map(([, book]) => `${book}\n`).join('')), BOOKS);
  zip.addBuffer(Buffer.from(rows.map(([message]) => `${message}\n`).join('')), MESSAGES);
  zip.end();
  const path = join(folder.path, name);
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

describe('LOBSTER messages', () => {
  it('become order events in file order, from a plain file and from the archive', async () => {
    const expected = [
      'ORDER_ADD buy 10000 100 #11',
      'ORDER_ADD buy 10000 30 #12',
      'ORDER_ADD buy 9900 10 #13',
      'ORDER_REDUCE buy 10000 40 #11',
      'ORDER_EXEC buy 10000 60 #11',
      'TRADE sell 10000 7 #0',
      'ORDER_REMOVE buy 10000 30 #12',
      'STATUS sell 0 0 #0',
      'STATUS sell 0 2 #0',
      'ORDER_EXEC sell 10100 50 #99',
    ];
    for (const path of [sample(ROWS), await zipped('sample.zip', ROWS)]) {
      const recording = await openRecording(path);
      expect(recording.format).toBe('lobster');
      expect(recording.instruments[0]?.symbol).toBe('TEST');
      expect(recording.epochDay).toBe(parseIsoDay('2012-06-21'));
      expect(await eventTexts(recording)).toEqual(expected);
      expect(recording.report.rows).toBe(ROWS.length);
    }
  });

  it('have times of New York, as UTC', async () => {
    const recording = await openRecording(sample(ROWS.slice(0, 1)));
    const times: number[] = [];
    for await (const batch of recording.batches()) times.push(batch.data[1]!);
    expect(times).toEqual([4 * 3600e9 + 34_200_000_000_001]);
    expect(newYorkMidnightNs(parseIsoDay('2012-01-15'))).toBe(5 * 3600e9);
  });

  it('of orders from before the recording are events too: the book says that it does not know them', async () => {
    const path = folder.write('unknown.csv', '34200,2,5,10,1000000,1\n34200,3,6,10,1000000,-1\n');
    expect(await eventTexts(await openRecording(path))).toEqual([
      'ORDER_REDUCE buy 10000 10 #5',
      'ORDER_REMOVE sell 10000 10 #6',
    ]);
  });

  it('that are bad are counted by kind, or stop a strict reader', async () => {
    const rows = [
      '34200,1,1,10,1000000,1',
      '34200.1234567891,1,2,10,1000000,1',
      '-1,1,2,10,1000000,1',
      '34200,9,2,10,1000000,1',
      '34200,1,0,10,1000000,1',
      '34200,1,2,0,1000000,1',
      '34200,1,2,10,-5,1',
      '34200,1,2,10,1000000,0',
      '34200,1,2,10,1000050,1',
      '34200,1,2,10,1000000',
      '34200,1,2,10,1000000,1,1',
      '34200,1,2,NaN,1000000,1',
      '34200,1,2,10,1000000000000000000000,1',
      '34200,7,0,0,5,-1',
      '',
      '34200,1,٣,10,1000000,1',
      '34201,3,1,10,1000000,1',
    ];
    const path = folder.write('bad.csv', rows.join('\r\n'));
    const recording = await openRecording(path, { format: 'lobster' });
    expect(await eventTexts(recording)).toEqual(['ORDER_ADD buy 10000 10 #1', 'ORDER_REMOVE buy 10000 10 #1']);
    expect(recording.report.rows).toBe(16);
    expect(badKinds(recording)).toEqual({
      'time is not seconds of a day with at most nine decimals': '2 from line 2',
      'unknown message type': '1 from line 4',
      'order id is not a positive integer': '1 from line 5',
      'size is not a positive integer': '1 from line 6',
      'price is not a positive integer': '1 from line 7',
      'direction is not 1 or -1': '1 from line 8',
      'price off the tick grid': '1 from line 9',
      'not six comma-separated numbers': '5 from line 10',
      "a halt's price is not -1, 0 or 1": '1 from line 14',
    });
    await expect(async () => drain(await openRecording(path, { format: 'lobster', strict: true }))).rejects.toThrow(
      /bad\.csv:2: time is not seconds of a day/,
    );
  });

  it('keep hidden executions at half a tick, rounded to a price of the resting side', async () => {
    const rows = ['34200,5,0,7,1000050,1', '34200,5,0,8,1000050,-1', '34200,5,0,9,1000100,-1', '34200,6,0,9,1000050,1'];
    const path = folder.write('midpoint.csv', rows.slice(0, 3).join('\n'));
    const recording = await openRecording(path, { strict: true });
    expect(await eventTexts(recording)).toEqual([
      'TRADE sell 10000 7 #0',
      'TRADE buy 10001 8 #0',
      'TRADE buy 10001 9 #0',
    ]);
    expect(recording.report.notes).toEqual([
      expect.stringMatching(/^2 hidden executions between two ticks: .* rounded/),
    ]);
    const exact = await openRecording(path, { strict: true, tick: '0.005' });
    expect(await eventTexts(exact)).toEqual(['TRADE sell 20001 7 #0', 'TRADE buy 20001 8 #0', 'TRADE buy 20002 9 #0']);
    expect(exact.report.notes).toEqual([]);
    // Only a hidden execution may lie between two ticks; a cross may not.
    const cross = await openRecording(folder.write('cross.csv', rows.slice(3).join('\n')));
    expect([await drain(cross), badKinds(cross)]).toEqual([0, { 'price off the tick grid': '1 from line 1' }]);
  });

  it('refuse a grid that their prices and sizes cannot be on', async () => {
    await expect(openRecording(sample(ROWS), { tick: '0.00005' })).rejects.toThrow(/^--tick: found '0.00005'/);
    await expect(openRecording(sample(ROWS), { lot: '0.5' })).rejects.toThrow(/^--lot: found '0.5'/);
    await expect(verifyLobster(sample(ROWS), { strict: false, tick: '0' })).rejects.toThrow(/tick/);
    const finer = await openRecording(sample(ROWS), { tick: '0.0001', lot: '10' });
    expect((await eventTexts(finer))[0]).toBe('ORDER_ADD buy 1000000 10 #11');
    expect(badKinds(finer)).toEqual({ 'size off the lot grid': '1 from line 6' });
  });
});

describe('book verify', () => {
  it('steps from row to row, and lets the level that slides in be', async () => {
    const verdict = await verifyLobster(sample(ROWS), { strict: false });
    expect(verdict.checks.map(({ made, matched, mismatched }) => [made, matched, mismatched])).toEqual([
      [9, 9, 0],
      [1, 1, 0],
    ]);
  });

  it('finds each wrong row', async () => {
    for (const [at, wrong] of [
      [1, `1010000,50,1000000,131,${NONE}`],
      [2, '1010000,50,1000000,130,9999999999,0,980000,10'],
      [3, '1010000,51,1000000,90,9999999999,0,990000,10'],
      [6, '1010000,50,980000,10,9999999999,0,980000,5'],
    ] as const) {
      const rows = ROWS.map(([message, book], i) => [message, i === at ? wrong : book] as const);
      const [check] = (await verifyLobster(sample(rows), { strict: false })).checks;
      expect(check!.mismatched).toBeGreaterThan(0);
      expect(check!.first).toContain(`line ${at + 1}: message ${ROWS[at]![0]}`);
    }
  });

  it('explains an order that was passed over only when the recording proves that it rests', async () => {
    const passed: (readonly [string, string])[] = [
      ['34200,1,1,10,1000000,1', `1010000,50,1000000,10,${NONE}`],
      ['34201,1,2,10,1000000,1', `1010000,50,1000000,20,${NONE}`],
      ['34201,1,3,10,990000,1', '1010000,50,1000000,20,9999999999,0,990000,10'],
      ['34202,1,4,10,1000000,1', '1010000,50,1000000,30,9999999999,0,990000,10'],
    ];
    // The level of the first row is not known in full: it was there already. A fresh one is.
    const rows: (readonly [string, string])[] = [
      ['34199,1,9,50,1010000,-1', `1010000,50,${NONE.slice(13)},${NONE}`],
      ...passed,
      ['34203,4,2,10,1000000,1', '1010000,50,1000000,20,9999999999,0,990000,10'],
    ];
    const [, unproven] = (await verifyLobster(sample(rows), { strict: false })).checks;
    expect([...unproven!.explained]).toEqual([[PASSED_OVER.BOOK_ROW, 1]]);
    const later = [...rows, ['34204,3,1,10,1000000,1', '1010000,50,1000000,10,9999999999,0,990000,10'] as const];
    const [, proven] = (await verifyLobster(sample(later), { strict: false })).checks;
    expect([...proven!.explained]).toEqual([[PASSED_OVER.LATER_MESSAGE, 1]]);
    const gone = rows.map(([m, b], i) => [m, i === 5 ? b.replace('1000000,20', '1000000,10') : b] as const);
    const [, wrong] = (await verifyLobster(sample(gone), { strict: false })).checks;
    expect(wrong).toMatchObject({
      mismatched: 1,
      first: 'line 6: order 2 was executed before order 1, the oldest of its level',
    });
  });

  it('asks for the book rows, and for as many as there are messages', async () => {
    const lone = folder.write('LONE_2012-06-21_34200000_57600000_message_2.csv', `${ROWS[0]![0]}\n`);
    await expect(verifyLobster(lone, { strict: false })).rejects.toThrow(/no order book rows to check against/);
    const path = sample(ROWS);
    folder.write(BOOKS, `${ROWS[0]![1]}\n`);
    await expect(verifyLobster(path, { strict: false })).rejects.toThrow(/fewer book rows than messages/);
  });
});

describe('the recorded samples', () => {
  it.each([
    ['GOOG', 5, 112_673, 50, 112_672, 6_445, 6_440, 5],
    ['AAPL', 1, 118_497, 372, 118_496, 10_936, 10_913, 23],
  ])(
    '%s: every row follows from the one before',
    async (symbol, levels, rows, rounded, steps, known, oldest, passed) => {
      const path = sharedData(`lobster/LOBSTER_SampleFile_${symbol}_2012-06-21_${levels}.zip`);
      const { checks } = await verifyLobster(path, { strict: true });
      expect(checks[0]).toMatchObject({ made: steps, matched: steps, mismatched: 0 });
      expect(checks[1]).toMatchObject({ made: known, matched: oldest, mismatched: 0 });
      expect([...checks[1]!.explained.values()].reduce((sum, n) => sum + n, 0)).toBe(passed);
      const recording = await openRecording(path, { strict: true });
      expect(await drain(recording)).toBe(rows);
      expect(recording.report.rows).toBe(rows);
      // Hidden orders trade at the midpoint, between two ticks.
      expect(recording.report.notes[0]).toMatch(`${rounded} hidden executions between two ticks`);
    },
  );
});
