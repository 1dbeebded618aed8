import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { binanceOf, countEvents, endBooks, eventLines, levelsOf, textSource } from '../wire/testing/frames.ts';
import { binanceFormat, openBinance } from './format.ts';

const START = 1723161600n * 1_000_000_000n;
let next = 0n;

function line(body: unknown, atNs = START + next++): string {
  return `${atNs} ${JSON.stringify(body)}`;
}

type Levels = [price: string, size: string][];

function spotDiff(first: number, last: number, bids: Levels, asks: Levels = [], symbol = 'BTCUSDT'): string {
  const data = { e: 'depthUpdate', E: 1723161600001, s: symbol, U: first, u: last, b: bids, a: asks };
  return line({ stream: `${symbol.toLowerCase()}@depth@100ms`, data });
}

function futuresDiff(first: number, last: number, previous: number, bids: Levels, asks: Levels = []): string {
  const data = {
    e: 'depthUpdate',
    E: 1723161600001,
    T: 1723161600000,
    s: 'BTCUSDT',
    U: first,
    u: last,
    pu: previous,
    b: bids,
    a: asks,
  };
  return line({ stream: 'btcusdt@depth@0ms', data });
}

function snapshot(id: number, bids: Levels, asks: Levels = []): string {
  return line({ lastUpdateId: id, bids, asks });
}

function ticker(u: number, bid: [string, string], ask: [string, string]): string {
  return line({ stream: 'btcusdt@bookTicker', data: { u, s: 'BTCUSDT', b: bid[0], B: bid[1], a: ask[0], A: ask[1] } });
}

function spotTrade(id: number, price: string, size: string, m: boolean): string {
  const data = { e: 'trade', E: 1723161600002, s: 'BTCUSDT', t: id, p: price, q: size, T: 1723161600001, m, M: true };
  return line({ stream: 'btcusdt@trade', data });
}

describe('a spot recording', () => {
  it('joins the diffs that came before the snapshot and after it', async () => {
    const recording = await binanceOf([
      spotDiff(1, 5, [['100.00', '1']]),
      spotDiff(6, 9, [['99.00', '2']], [['101.00', '3']]),
      snapshot(
        7,
        [
          ['100.00', '1'],
          ['98.00', '5'],
        ],
        [['102.00', '4']],
      ),
      spotDiff(10, 10, [['100.00', '0']]),
      ticker(10, ['99.00', '2'], ['101.00', '3']),
      spotTrade(77, '99.00', '0.5', true),
      spotTrade(78, '101.00', '0.00001', false),
    ]);
    expect(await eventLines(recording)).toEqual([
      'BTCUSDT LEVEL buy 100 1 #5 last',
      'BTCUSDT LEVEL buy 99 2 #9',
      'BTCUSDT LEVEL sell 101 3 #9 last',
      'BTCUSDT SNAPSHOT_BEGIN #7 snapshot',
      'BTCUSDT LEVEL buy 100 1 #7 snapshot',
      'BTCUSDT LEVEL buy 98 5 #7 snapshot',
      'BTCUSDT LEVEL sell 102 4 #7 snapshot',
      'BTCUSDT SNAPSHOT_END #7 snapshot last',
      'BTCUSDT LEVEL buy 99 2 #9',
      'BTCUSDT LEVEL sell 101 3 #9 last',
      'BTCUSDT LEVEL buy 100 0 #10 last',
      'BTCUSDT QUOTE buy 99 2 #10',
      'BTCUSDT QUOTE sell 101 3 #10 last',
      'BTCUSDT TRADE sell 99 0.5 #77 last',
      'BTCUSDT TRADE buy 101 0.00001 #78 last',
    ]);
    expect([...recording.report.ignored]).toEqual([['diff that the snapshot holds already', 1]]);
    expect(recording.report).toMatchObject({ rows: 7, gaps: 0, duplicates: 0, badRows: 0 });
    expect(recording.instruments[0]!.spec).toMatchObject({ venue: 'binance', symbol: 'BTCUSDT', tick: '0.01' });
  });

  it('takes receive times to the nanosecond and venue times from T before E', async () => {
    const recording = await binanceOf([
      line({ stream: 'x', data: JSON.parse(spotTrade(1, '9', '1', true).slice(20)).data }, START + 123_456_789n),
    ]);
    for await (const batch of recording.batches()) {
      // The venue says .001 s after midnight, the receiver .123456789 s.
      expect([batch.data[1], batch.data[2]]).toEqual([1_000_000, 123_456_789]);
    }
    expect(recording.epochDay).toBe(19_944);
  });

  it('marks a missing diff as a gap, and the book as stale until a snapshot', async () => {
    const lines = [
      snapshot(7, [['100.00', '1']], [['102.00', '4']]),
      spotDiff(8, 9, [['99.00', '2']]),
      spotDiff(11, 12, [['98.00', '2']]),
      spotDiff(13, 13, [['97.00', '2']]),
    ];
    const recording = await binanceOf(lines);
    const [book] = await endBooks(recording);
    expect(book!.stale).toBe(true);
    expect(recording.report).toMatchObject({ gaps: 1, gapLines: [3] });

    const mended = await binanceOf([...lines, snapshot(12, [['50.00', '1']], [['102.00', '4']])]);
    const [after] = await endBooks(mended);
    expect(after!.stale).toBe(false);
    expect(levelsOf(after!, mended.instruments[0]!, Side.BUY)).toEqual([
      ['97', '2'],
      ['50', '1'],
    ]);
  });

  it('stays stale when the snapshot is too old for the diffs', async () => {
    const recording = await binanceOf([
      spotDiff(20, 21, [['99.00', '2']]),
      snapshot(7, [['100.00', '1']]),
      spotDiff(22, 23, []),
    ]);
    const [book] = await endBooks(recording);
    expect(book!.stale).toBe(true);
    expect(recording.report.gapLines).toEqual([2]);
  });

  it('drops repeated diffs, and a snapshot older than the book', async () => {
    const diff = spotDiff(8, 9, [['99.00', '2']]);
    const recording = await binanceOf([
      snapshot(7, [['100.00', '1']]),
      diff,
      spotDiff(10, 10, [['99.00', '3']]),
      diff,
      snapshot(8, [['1.00', '1']]),
    ]);
    const [book] = await endBooks(recording);
    expect(levelsOf(book!, recording.instruments[0]!, Side.BUY)).toEqual([
      ['100', '1'],
      ['99', '3'],
    ]);
    expect(recording.report).toMatchObject({ duplicates: 1, firstDuplicateLine: 4, gaps: 0 });
    expect(recording.report.ignored.get('snapshot older than the book')).toBe(1);
  });

  it('ignores removals of levels never held', async () => {
    const recording = await binanceOf([
      snapshot(7, [['100.00', '1']]),
      spotDiff(8, 8, [['3.00', '0.00000000']], [['4.00', '0']]),
    ]);
    const [book] = await endBooks(recording);
    expect([book!.levelCount(Side.BUY), book!.levelCount(Side.SELL)]).toEqual([1, 0]);
  });

  it('says when it has no snapshot', async () => {
    const recording = await binanceOf([spotDiff(1, 5, [['100.00', '1']])]);
    const [book] = await endBooks(recording);
    expect(book!.hasSnapshot).toBe(false);
    expect(recording.report.notes[0]).toBe(
      'BTCUSDT: no snapshot in the recording; its book is from diffs only, partial until levels have been seen',
    );
  });

  it('gives a snapshot that comes first to the first symbol named after it', async () => {
    const recording = await binanceOf([snapshot(7, [['100.00', '1']]), ticker(7, ['100.00', '1'], ['0.00', '0.0'])]);
    expect((await eventLines(recording)).slice(-2)).toEqual([
      'BTCUSDT QUOTE buy 100 1 #7',
      'BTCUSDT QUOTE sell none 0 #7 last',
    ]);
    const alone = await binanceOf([snapshot(7, [['100.00', '1']])]);
    await endBooks(alone);
    expect(alone.report.bad.get('snapshot without a symbol')).toMatchObject({ count: 1, firstLine: 1 });
  });

  it('keeps symbols apart, and gives no snapshot to one of several', async () => {
    const recording = await binanceOf([
      spotDiff(1, 1, [['100.00', '1']]),
      spotDiff(1, 1, [['0.5000', '10.0']], [], 'ДОГИUSDT'),
      spotDiff(2, 2, [['0.4000', '10.0']], [], 'ДОГИUSDT'),
      snapshot(1, [['100.00', '1']]),
    ]);
    expect(await countEvents(recording)).toEqual({ books: 0, trades: 0, quotes: 0 });
    expect(recording.instruments.map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'ДОГИUSDT']);
    expect(recording.instruments[1]!.spec).toMatchObject({ tick: '0.0001', lot: '0.1' });
    expect([...recording.report.bad.keys()]).toEqual(['snapshot without a symbol']);
  });
});

describe('a futures recording', () => {
  it('chains diffs by pu', async () => {
    const recording = await binanceOf([
      futuresDiff(10, 20, 5, [['100.00', '1.000']]),
      line({ lastUpdateId: 15, E: 1723161600001, T: 1723161600000, bids: [['99.00', '1.000']], asks: [] }),
      futuresDiff(30, 40, 20, [['98.00', '1.000']]),
      futuresDiff(41, 50, 39, [['97.00', '1.000']]),
    ]);
    const [book] = await endBooks(recording);
    expect(recording.report.gapLines).toEqual([4]);
    expect(book!.stale).toBe(true);
    expect(recording.instruments[0]!.spec).toMatchObject({
      venue: 'binance-usdm',
      contract: 'linear',
      tick: '0.1',
      lot: '0.001',
    });
  });

  it('knows COIN-M by its pair, and ignores prints that took nothing from the book', async () => {
    const trade = { e: 'trade', E: 1, T: 1, s: 'BTCUSD_PERP', t: 1, p: '61804.8', q: '4', X: 'MARKET', m: false };
    const recording = await binanceOf([
      line({ stream: 'btcusd_perp@trade', data: trade }),
      line({ stream: 'btcusd_perp@trade', data: { ...trade, X: 'INSURANCE_FUND' } }),
      line({ stream: 'btcusd_perp@kline_1m', data: { e: 'kline', s: 'BTCUSD_PERP' } }),
    ]);
    expect(await eventLines(recording)).toEqual(['BTCUSD_PERP TRADE buy 61804.8 4 #1 last']);
    expect([...recording.report.ignored]).toEqual([
      ['trade of kind INSURANCE_FUND', 1],
      ['kline', 1],
    ]);
    expect(recording.instruments[0]!.spec).toMatchObject({
      venue: 'binance-coinm',
      contract: 'inverse',
      multiplier: '100',
    });
  });
});

describe('bad input', () => {
  const good = spotDiff(8, 8, [['99.00', '2']]);
  const open = [spotDiff(7, 7, []), snapshot(7, [['100.00', '1']])];

  it.each([
    ['a truncated line', good.slice(0, -20), 'not a JSON object'],
    ['a line without a time', good.slice(20), 'receive time is not 19 digits and a space'],
    ['a time with a letter', `17231616000000x0000 ${good.slice(20)}`, 'receive time is not 19 digits and a space'],
    ['JSON of another kind', line([1]), 'not a JSON object'],
    ['an unknown message', line({ hello: 1 }), 'neither a stream message nor a snapshot'],
    ['a message without a symbol', line({ stream: 'x', data: {} }), 'stream message without a symbol'],
    ['ids that are too large', spotDiff(8, 2 ** 60, []), 'update ids are not whole numbers in order'],
    ['ids out of order', spotDiff(9, 8, []), 'update ids are not whole numbers in order'],
    [
      'a trade without a side',
      line({ stream: 'x', data: { e: 'trade', s: 'BTCUSDT', t: 1, p: '1', q: '1' } }),
      'trade without an id or a side',
    ],
    ['a ticker of price zero', ticker(9, ['0.00', '1'], ['1.00', '1']), 'price not above zero'],
    ['a snapshot without an id', line({ lastUpdateId: 'x', bids: [], asks: [] }), 'lastUpdateId is not a whole number'],
  ])('%s is counted and left out', async (_, text, kind) => {
    const recording = await binanceOf([...open, text, good]);
    const [book] = await endBooks(recording);
    expect([...recording.report.bad]).toEqual([[kind, expect.objectContaining({ count: 1, firstLine: 3 })]]);
    expect(levelsOf(book!, recording.instruments[0]!, Side.BUY)).toEqual([
      ['100', '1'],
      ['99', '2'],
    ]);
    expect(book!.stale).toBe(false);
    const strict = await binanceOf([...open, text, good], { strict: true });
    await expect(endBooks(strict)).rejects.toThrow(`test:3: ${kind}: found '`);
  });

  it.each([
    ['NaN', '1.00', 'NaN', 'size not a decimal number'],
    ['a negative size', '1.00', '-2', 'size below zero'],
    ['a negative price', '-1.00', '2', 'price not above zero'],
    ['no price', '', '2', 'price not a decimal number'],
  ])('a diff with %s makes the book stale', async (_, price, size, kind) => {
    const recording = await binanceOf([...open, spotDiff(8, 8, [[price, size]]), spotDiff(9, 9, [['98.00', '1']])]);
    const [book] = await endBooks(recording);
    expect([...recording.report.bad.keys()]).toEqual([kind]);
    expect(book!.stale).toBe(true);
    expect(recording.report.gaps).toBe(0);
  });

  it('a level that the grid cannot hold is left out alone', async () => {
    const recording = await binanceOf([
      ...open,
      spotDiff(8, 8, [
        ['99.001', '1'],
        ['98.00', '9'],
        ['97.00', '1e30'],
      ]),
      spotDiff(9, 9, [['98.00', '0.0000001']]),
    ]);
    const [book] = await endBooks(recording);
    expect(levelsOf(book!, recording.instruments[0]!, Side.BUY)).toEqual([['100', '1']]);
    expect(book!.stale).toBe(false);
    expect([...recording.report.bad.keys()]).toEqual([
      'price off the tick grid',
      'size too large for exact arithmetic',
      'size off the lot grid',
    ]);
  });

  it('strict stops at a gap and at a duplicate', async () => {
    await expect(endBooks(await binanceOf([...open, spotDiff(9, 9, [])], { strict: true }))).rejects.toThrow(
      'test:3: sequence gap: expected U ≤ 8 ≤ u, found U 9, u 9',
    );
    await expect(endBooks(await binanceOf([...open, good, good], { strict: true }))).rejects.toThrow(
      'test:4: duplicate: update id 8 was already read',
    );
  });

  it('a file of something else is refused with what was found', async () => {
    await expect(openBinance(textSource('op,id,side\n1,2,3\n'), { strict: false })).rejects.toThrow(
      `test:1: found 'op,id,side', expected a receive time`,
    );
  });
});

it('is recognised from its content', () => {
  expect(binanceFormat.recognise(head(`${snapshot(1, [])}\n`))).toBeGreaterThan(0.9);
  expect(binanceFormat.recognise(head('1723161600000000000,1,2\n'))).toBe(0);
});

function head(text: string) {
  return { path: '', entries: [], bytes: Buffer.from(text), text };
}
