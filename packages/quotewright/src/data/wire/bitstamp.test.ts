import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { endBooks, eventLines, fetched, header, levelsOf, received, wireOf } from './testing/frames.ts';

const LISTING = fetched('https://www.bitstamp.net/api/v2/trading-pairs-info/', [
  { url_symbol: 'ethusd', name: 'ETH/USD', base_decimals: 8, counter_decimals: 2, minimum_order: '10.00 USD' },
]);
const HEAD = [header('BITSTAMP'), LISTING];

type Level = [price: string, size: string];

function snapshot(micros: number, bids: Level[], asks: Level[] = []): string {
  return fetched('https://www.bitstamp.net/api/v2/order_book/ethusd', {
    timestamp: '1',
    microtimestamp: String(micros),
    bids,
    asks,
  });
}

function diff(micros: number, bids: Level[], asks: Level[] = []): string {
  return received({
    event: 'data',
    channel: 'diff_order_book_ethusd',
    data: { timestamp: '1', microtimestamp: String(micros), bids, asks },
  });
}

function trade(type: number): string {
  return received({
    event: 'trade',
    channel: 'live_trades_ethusd',
    data: {
      id: 5,
      type,
      price: 100.5,
      price_str: '100.50',
      amount_str: '0.10000000',
      microtimestamp: '1786309200000001',
      buy_order_id: 70,
      sell_order_id: 60,
    },
  });
}

describe('Bitstamp frames', () => {
  it('join diffs to the snapshot by microtimestamp', async () => {
    const recording = await wireOf([
      ...HEAD,
      diff(1786309200000001, [['100.00', '9']]),
      diff(1786309200000005, [['98.00', '1']]),
      snapshot(1786309200000003, [['100.00', '1']], [['101.00', '2']]),
      diff(1786309200000002, [['100.00', '8']]),
      diff(1786309200000006, [['100.00', '0.00000000']]),
    ]);
    expect((await eventLines(recording)).slice(2)).toEqual([
      'ethusd SNAPSHOT_BEGIN #1786309200000003 snapshot',
      'ethusd LEVEL buy 100 1 #1786309200000003 snapshot',
      'ethusd LEVEL sell 101 2 #1786309200000003 snapshot',
      'ethusd SNAPSHOT_END #1786309200000003 snapshot last',
      'ethusd LEVEL buy 98 1 #1786309200000005 last',
      'ethusd LEVEL buy 100 0 #1786309200000006 last',
    ]);
    expect(recording.report.ignored.get('diff older than the book')).toBe(2);
    expect(recording.instruments[0]!.spec).toMatchObject({
      tick: '0.01',
      lot: '0.00000001',
      base: 'ETH',
      quote: 'USD',
      minNotional: '10.00',
    });
  });

  it('apply a diff of the snapshot’s own microsecond, and drop a snapshot older than the book', async () => {
    const recording = await wireOf([
      ...HEAD,
      snapshot(1786309200000003, [['100.00', '1']]),
      diff(1786309200000003, [['99.00', '1']]),
      diff(1786309200000009, [['98.00', '1']]),
      snapshot(1786309200000005, [['1.00', '1']]),
    ]);
    const [found] = await endBooks(recording);
    expect(levelsOf(found!, recording.instruments[0]!, Side.BUY)).toEqual([
      ['100', '1'],
      ['99', '1'],
      ['98', '1'],
    ]);
    expect(recording.report.ignored.get('snapshot older than the book')).toBe(1);
  });

  it('report trades by the side that took, with both orders', async () => {
    const recording = await wireOf([...HEAD, trade(0), trade(1)]);
    for await (const { data } of recording.batches()) {
      const [maker, taker] = [5, 7];
      expect([data[maker], data[taker]]).toEqual([60, 70]);
      expect([data[8 + maker], data[8 + taker]]).toEqual([70, 60]);
      expect(data[1]).toBe(21 * 3600e9 + 1000);
    }
    expect(await eventLines(await wireOf([...HEAD, trade(0), trade(1)]))).toEqual([
      'ethusd TRADE buy 100.5 0.1 #5 last',
      'ethusd TRADE sell 100.5 0.1 #5 last',
    ]);
  });

  it('are stale after their connection was made again, until a snapshot', async () => {
    const connect = JSON.stringify({ t: 'connect', conn: 'ws.1', ts: 1786309201, addr: 'wss://ws' });
    const lines = [
      ...HEAD,
      connect,
      snapshot(1786309200000003, [['100.00', '1']]),
      diff(1786309200000004, []),
      connect,
      diff(1786309200000009, [['98.00', '1']]),
    ];
    const [lost] = await endBooks(await wireOf(lines));
    expect(lost!.stale).toBe(true);
    const mended = await wireOf([...lines, snapshot(1786309200000007, [['50.00', '1']])]);
    const [found] = await endBooks(mended);
    expect(found!.stale).toBe(false);
    expect(levelsOf(found!, mended.instruments[0]!, Side.BUY)).toEqual([
      ['98', '1'],
      ['50', '1'],
    ]);
  });

  it.each([
    [
      'a time of letters',
      received({ event: 'data', channel: 'diff_order_book_ethusd', data: { microtimestamp: 'x', bids: [], asks: [] } }),
      'microtimestamp is not a whole number',
      false,
    ],
    [
      'no levels',
      received({ event: 'data', channel: 'diff_order_book_ethusd', data: { microtimestamp: '1786309200000009' } }),
      'levels are not a list',
      true,
    ],
    [
      'a level that is no pair',
      received({
        event: 'data',
        channel: 'diff_order_book_ethusd',
        data: { microtimestamp: '1786309200000009', bids: [7], asks: [] },
      }),
      'level is not a pair',
      true,
    ],
    [
      'a trade of unknown side',
      received({ event: 'trade', channel: 'live_trades_ethusd', data: { id: 1, type: 2, price: 1, amount: 1 } }),
      'trade without an id or a side',
      false,
    ],
  ])('with %s are counted', async (_, line, kind, stale) => {
    const lines = [...HEAD, snapshot(1786309200000003, [['100.00', '1']]), line];
    const recording = await wireOf(lines);
    const [found] = await endBooks(recording);
    expect([...recording.report.bad]).toEqual([[kind, expect.objectContaining({ count: 1, firstLine: 4 })]]);
    expect(found!.stale).toBe(stale);
    await expect(endBooks(await wireOf(lines, { strict: true }))).rejects.toThrow(`test:4: ${kind}`);
  });
});
