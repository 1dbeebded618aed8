import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Field } from '@quotewright/core/market/event';
import { describe, expect, it } from 'vitest';
import { InputError } from '../report.ts';
import { tempFolder } from '../testing/files.ts';
import { openText, random, records, recordingOf, testInstrument, words } from '../testing/recordings.ts';
import { tardisFormat } from './tardis.ts';
import { writeTardisBook, writeTardisTrades } from './write.ts';

const folder = tempFolder();

const BOOK = 'exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n';
const TRADES = 'exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n';
const T = 1_700_000_000_000_000;

const row = (us: number, snapshot: boolean, side: string, price: string, amount: string): string =>
  `deribit,BTC-PERPETUAL,${T + us},${T + us + 50},${snapshot},${side},${price},${amount}\n`;

async function textOf(text: string, chunkBytes?: number): Promise<string[]> {
  return (await records(await openText(tardisFormat, text, {}, chunkBytes))).map(words);
}

const trade = (id: string, side: string): string => `x,BTCUSDT,${T},${T + 1},${id},${side},10.5,2\n`;

describe('incremental_book_L2', () => {
  const text =
    BOOK +
    row(0, true, 'bid', '100.5', '10') +
    row(0, true, 'ask', '101', '20') +
    row(7, false, 'bid', '100.5', '0') +
    row(7, false, 'bid', '100', '4') +
    row(9, false, 'ask', '101.5', '1') +
    row(20, true, 'bid', '99.5', '3');
  const expected = [
    'SNAPSHOT_BEGIN snapshot 0×0',
    'LEVEL buy snapshot 1005×10',
    'LEVEL snapshot 1010×20',
    'SNAPSHOT_END snapshot last 0×0',
    'LEVEL buy 1005×0',
    'LEVEL buy last 1000×4',
    'LEVEL last 1015×1',
    'SNAPSHOT_BEGIN snapshot 0×0',
    'LEVEL buy snapshot 995×3',
    'SNAPSHOT_END snapshot last 0×0',
  ];

  it('begins and ends snapshots, and ends messages where the local time changes', async () => {
    expect(await textOf(text)).toEqual(expected);
  });

  it('does not mind where chunks end, a carriage return, nor the order of the columns', async () => {
    for (const chunk of [1, 2, 7, 64]) expect(await textOf(text, chunk)).toEqual(expected);
    expect(await textOf(text.replaceAll('\n', '\r\n'))).toEqual(expected);
    const turned = text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(',').toReversed().join(','));
    expect(await textOf(turned.join('\n'))).toEqual(expected);
  });

  it('keeps microseconds exactly, and takes equal times as a venue that gave none', async () => {
    const recording = await openText(
      tardisFormat,
      `${BOOK}${row(1, false, 'bid', '1', '1')}x,Y,${T + 3},${T + 3},false,bid,1,1\n`,
    );
    const [first, second] = await records(recording);
    expect(recording.epochDay).toBe(19_675);
    const base = (T - 19_675 * 86_400e6) * 1000;
    expect([first![Field.VENUE_NS], first![Field.LOCAL_NS]]).toEqual([base + 1000, base + 51_000]);
    expect([second![Field.VENUE_NS], second![Field.LOCAL_NS]]).toEqual([Number.NaN, base + 3000]);
    expect(recording.instruments.map((each) => each.symbol)).toEqual(['BTC-PERPETUAL', 'Y']);
  });

  it('counts every kind of bad row with its line, and keeps the good ones', async () => {
    const good = row(1, false, 'bid', '100.5', '1.5');
    const bad = [
      'deribit,BTC-PERPETUAL,1,2\n',
      row(2, false, 'buy', '1', '1'),
      row(2, false, 'bid', 'nan', '1'),
      row(2, false, 'bid', '1.55', '1'),
      row(2, false, 'bid', '1', '-1'),
      row(2, false, 'bid', '1', '0.15'),
      row(2, false, 'bid', '9'.repeat(40), '1'),
      row(2, false, 'bid', '1', ''),
      `deribit,BTC-PERPETUAL,${T},12x,false,bid,1,1\n`,
      `deribit,BTC-PERPETUAL,${T},${T},maybe,bid,1,1\n`,
      `,BTC-PERPETUAL,${T},${T},false,bid,1,1\n`,
    ];
    const recording = await openText(tardisFormat, BOOK + good + bad.join('') + good, { tick: '0.1', lot: '0.1' });
    expect((await records(recording)).map(words)).toEqual(['LEVEL buy 1005×15', 'LEVEL buy last 1005×15']);
    const { report } = recording;
    expect(report.rows).toBe(13);
    expect(
      Object.fromEntries([...report.bad].map(([kind, { count, firstLine }]) => [kind, [count, firstLine]])),
    ).toEqual({
      'row is not of 8 columns': [1, 3],
      'side is neither bid nor ask': [1, 4],
      'price is no decimal': [1, 5],
      'price off the tick grid': [1, 6],
      'size is negative': [1, 7],
      'size off the lot grid': [1, 8],
      'price out of range': [1, 9],
      'size is no decimal': [1, 10],
      'local_timestamp is no time in microseconds': [1, 11],
      'is_snapshot is neither true nor false': [1, 12],
      'exchange or symbol is empty': [1, 13],
    });
    const strict = await openText(tardisFormat, BOOK + good + bad[1]!, { strict: true });
    await expect(records(strict)).rejects.toThrow("memory:3: side is neither bid nor ask: found 'buy'");
  });

  it('says at once when the header or the times are unusable', async () => {
    await expect(openText(tardisFormat, BOOK)).rejects.toThrow(InputError);
    await expect(openText(tardisFormat, 'exchange,symbol,timestamp,local_timestamp,side\n')).rejects.toThrow(
      /no table of/,
    );
    await expect(openText(tardisFormat, BOOK.replace('amount', 'size'))).rejects.toThrow("column 'amount' is missing");
  });
});

describe('trades, quotes and snapshots', () => {
  it('reads trades, drops a repeated id and counts unknown sides', async () => {
    const recording = await openText(
      tardisFormat,
      TRADES + trade('7', 'buy') + trade('7', 'buy') + trade('8', 'sell') + trade('a-b', 'unknown'),
    );
    const found = await records(recording);
    expect(found.map(words)).toEqual(['TRADE buy last 105×2', 'TRADE last 105×2']);
    expect(found.map((record) => record[Field.SEQ])).toEqual([7, 8]);
    expect([recording.report.duplicates, recording.report.firstDuplicateLine]).toEqual([1, 3]);
    expect(recording.report.ignored.get('trade of unknown side')).toBe(1);
  });

  it('reads quotes, with a side that may be missing', async () => {
    const head = 'exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\n';
    const text = `${head}x,A,${T},${T + 1},3,10.5,10.4,2\nx,A,${T},${T + 2},3,10.5,,\nx,A,${T},${T + 3},,,,\n`;
    const recording = await openText(tardisFormat, text);
    expect((await records(recording)).map(words)).toEqual(['QUOTE buy 104×2', 'QUOTE last 105×3', 'QUOTE last 105×3']);
    expect(recording.report.ignored.get('quote without a price')).toBe(1);
  });

  it('reads a book_snapshot row as a whole snapshot, and leaves a row with one bad level out whole', async () => {
    const head =
      'exchange,symbol,timestamp,local_timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0].amount,asks[1].price,asks[1].amount,bids[1].price,bids[1].amount\n';
    const text = `${head}x,A,${T},${T + 1},11,1,10,2,12,3,,\nx,A,${T},${T + 1},11,1,10,x,12,3,,\n`;
    const recording = await openText(tardisFormat, text);
    expect((await records(recording)).map(words)).toEqual([
      'SNAPSHOT_BEGIN snapshot 0×0',
      'LEVEL buy snapshot 10×2',
      'LEVEL snapshot 11×1',
      'LEVEL snapshot 12×3',
      'SNAPSHOT_END snapshot last 0×0',
    ]);
    expect(recording.report.bad.get('size is no decimal')).toEqual({ count: 1, firstLine: 3, example: 'x' });
  });
});

describe('writing', () => {
  it('gives back a random book and its trades as they were read', async () => {
    const next = random(5);
    const pick = (n: number): number => Math.floor(next() * n);
    let book = BOOK;
    let trades = TRADES;
    let us = 0;
    for (let i = 0; i < 12_000; i++) {
      us += pick(3);
      const side = pick(2) === 0 ? 'bid' : 'ask';
      book += `x,BTCUSDT,${T + us},${T + us + 9},${i % 1000 < 20},${side},${(pick(1000) / 10).toFixed(1)},${pick(9)}.${pick(10)}\n`;
      trades += `x,BTCUSDT,${T + us},${T + us + 9},${i + 1},${side === 'bid' ? 'buy' : 'sell'},${(pick(1000) / 10).toFixed(1)},${pick(9)}.${pick(10)}\n`;
    }
    const directory = folder.fresh();
    for (const [text, write] of [
      [book, writeTardisBook],
      [trades, writeTardisTrades],
    ] as const) {
      const path = join(directory, 'out.csv');
      await write(await openText(tardisFormat, text), path);
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  it('refuses a book of orders', async () => {
    const recording = recordingOf([], [testInstrument()], 0, true);
    await expect(writeTardisBook(recording, join(folder.fresh(), 'x'))).rejects.toThrow(InputError);
  });
});
