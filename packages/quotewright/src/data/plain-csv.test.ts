import { Field } from '@quotewright/core/market/event';
import { describe, expect, it } from 'vitest';
import { plainCsvFormat } from './plain-csv.ts';
import { openText, records, words } from './testing/recordings.ts';

const HEAD = 'timestamp,symbol,price,bid,ask,volume\n';
const T = 1_700_000_000_000_000_000n;
const row = (ns: bigint, symbol: string, rest: string): string => `${T + ns},${symbol},${rest}\n`;

describe('plain CSV', () => {
  it('gives quotes of unknown size and prints, the taker by the mid and then by the print before', async () => {
    const text =
      HEAD +
      row(123n, 'A', '10.6,10.4,10.6,2') +
      row(124n, 'B', '7,6,8,1.5') +
      row(125n, 'A', '10.5,10.4,10.6,3') +
      row(126n, 'A', '10.4,10.4,10.6,1') +
      row(127n, 'A', '10.5,10.4,10.6,1') +
      row(128n, 'A', ',10.4,,') +
      row(129n, 'A', ',,,');
    const recording = await openText(plainCsvFormat, text);
    const found = await records(recording);
    expect(found.filter((each) => !Number.isNaN(each[Field.SIZE_LOTS])).map(words)).toEqual([
      'TRADE buy last 106×2',
      'TRADE last 7×15',
      'TRADE buy last 105×3',
      'TRADE last 104×1',
      'TRADE last 105×1',
    ]);
    expect(found.slice(0, 2).map(words)).toEqual(['QUOTE buy 104×NaN', 'QUOTE 106×NaN']);
    expect(words(found.at(-1)!)).toBe('QUOTE buy last 104×NaN');
    expect(recording.report.ignored.get('row without prices')).toBe(1);
    expect(recording.instruments.map(({ spec }) => [spec.symbol, spec.tick, spec.lot])).toEqual([
      ['A', '0.1', '1'],
      ['B', '1', '0.1'],
    ]);
    expect(BigInt(recording.epochDay) * 86_400_000_000_000n + BigInt(found[0]![Field.VENUE_NS]!)).toBe(T + 123n);
  });

  it('counts bad rows', async () => {
    const text = `${HEAD}${row(1n, 'A', '1,1,2,1')}x,A,1,1,2,1\n${row(1n, '', '1,1,2,1')}${row(1n, 'A', '1,1.5,2,1')}${row(1n, 'A', '1,1,2,-1')}${row(1n, 'A', '1,1,2')}\n\n`;
    const recording = await openText(plainCsvFormat, text, { tick: '1', lot: '1' });
    expect((await records(recording)).length).toBe(3);
    expect([...recording.report.bad].map(([kind, { firstLine }]) => `${firstLine} ${kind}`)).toEqual([
      '3 timestamp is no time in nanoseconds',
      '4 symbol is empty',
      '5 price off the tick grid',
      '6 size is negative',
      '7 row is not of 6 columns',
    ]);
    expect(recording.report.rows).toBe(6);
    await expect(openText(plainCsvFormat, HEAD)).rejects.toThrow('no row has a timestamp');
  });
});
