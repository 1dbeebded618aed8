/** Books that continue over midnight, in files of a day each. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../testing/files.ts';
import { verifyBinance } from './verify.ts';

const folder = tempFolder();

type Level = [price: string, size: string];

function line(body: unknown): string {
  return `1704067200000000000 ${JSON.stringify(body)}\n`;
}

function diff(first: number, last: number, b: Level[]): string {
  return line({ stream: 'x@depth', data: { e: 'depthUpdate', E: 1, s: 'BTCUSDT', U: first, u: last, b, a: [] } });
}

function ticker(u: number, [b, B]: Level): string {
  return line({ stream: 'x@bookTicker', data: { u, s: 'BTCUSDT', b, B, a: '101', A: '1' } });
}

const DAYS = [
  line({
    lastUpdateId: 10,
    bids: [
      ['100', '1'],
      ['90', '1'],
    ],
    asks: [['101', '1']],
  }) +
    ticker(10, ['100', '1']) +
    diff(11, 12, [['100', '2']]),
  ticker(12, ['100', '2']) + diff(13, 13, [['100', '3']]) + ticker(13, ['100', '3']),
  diff(14, 15, [['90', '2']]) + diff(16, 16, [['100', '4']]) + ticker(16, ['100', '4']) + ticker(17, ['100', '5']),
];
const NAMES = ['btc_2023-12-31.log', 'btc_2024-01-01.log', 'btc_2024-01-02.log'];

/** Writes days of the recording, and verifies the last of them. */
async function verifyDays(days: Readonly<Record<string, string>>) {
  const directory = folder.fresh();
  for (const [name, text] of Object.entries(days)) writeFileSync(join(directory, name), text);
  return verifyBinance(join(directory, Object.keys(days).at(-1)!), { strict: false });
}

describe('a day without a snapshot', () => {
  it('continues the days before, back to one with a snapshot', async () => {
    const verdict = await verifyDays({ [NAMES[0]!]: DAYS[0]!, [NAMES[1]!]: DAYS[1]!, [NAMES[2]!]: DAYS[2]! });
    expect(verdict.checks.map(({ made, matched }) => [made, matched])).toEqual([
      // The first diff is compared with the last ticker of the day before.
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(verdict.notes).toContain('continues the book of btc_2024-01-01.log beside it: BTCUSDT from u 13');
    expect(verdict.report.rows).toBe(4);
  });

  it('shows a diff that is missing at midnight', async () => {
    const verdict = await verifyDays({
      [NAMES[0]!]: DAYS[0]!,
      [NAMES[1]!]: diff(14, 14, [['100', '3']]) + ticker(15, ['100', '3']),
    });
    expect(verdict.checks[1]).toMatchObject({ made: 1, mismatched: 1, first: 'update ids are missing before line 1' });
    expect(verdict.checks[0]!.made).toBe(0);
  });

  it('alone is checked for its numbering, and its book is not vouched for', async () => {
    const verdict = await verifyDays({ [NAMES[2]!]: DAYS[2]! });
    expect(verdict.checks.map(({ made }) => made)).toEqual([0, 1, 0]);
    expect(verdict.notes[0]).toBe(
      '2 diffs not checked as they came: before a snapshot or after a gap the book is partial',
    );
    expect(verdict.report.notes[0]).toMatch(/^BTCUSDT: no snapshot in the recording/);
  });

  it('stays alone when the days before have no snapshot either', async () => {
    const verdict = await verifyDays({ [NAMES[1]!]: DAYS[1]!, [NAMES[2]!]: DAYS[2]! });
    expect(verdict.checks[0]!.made).toBe(0);
    expect(verdict.notes.join()).not.toContain('continues');
  });
});
