import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { endBooks, eventLines, fetched, header, levelsOf, received, wireOf } from './testing/frames.ts';

const LISTING = fetched('https://api.coinbase.com/api/v3/brokerage/market/products', {
  products: [
    {
      product_id: 'BTC-USD',
      price_increment: '0.01',
      base_increment: '0.00000001',
      base_min_size: '0.00000001',
      base_currency_id: 'BTC',
      quote_currency_id: 'USD',
      product_type: 'SPOT',
    },
  ],
});
const HEAD = [header('COINBASE'), LISTING];
const TIME = '2026-08-09T21:00:01.000000001Z';

function message(channel: string, seq: number, ...events: unknown[]): string {
  return received({ channel, timestamp: TIME, sequence_num: seq, events });
}

function update(side: string, price_level: string, new_quantity: string) {
  return { side, event_time: TIME, price_level, new_quantity };
}

function book(seq: number, type: string, ...updates: unknown[]): string {
  return message('l2_data', seq, { type, product_id: 'BTC-USD', updates });
}

function trade(trade_id: string, side: string, price = '100.00') {
  return { product_id: 'BTC-USD', trade_id, price, size: '0.5', time: TIME, side };
}

describe('Coinbase frames', () => {
  it('become books, trades by the taker’s side in order, and quotes', async () => {
    const recording = await wireOf([
      ...HEAD,
      message('subscriptions', 0, { subscriptions: {} }),
      message('market_trades', 1, { type: 'snapshot', trades: [trade('1', 'BUY'), trade('2', 'BUY')] }),
      book(2, 'snapshot', update('bid', '100.00', '1'), update('offer', '101.00', '2')),
      book(3, 'update', update('offer', '101.00', '0'), update('offer', '102.5', '0.00000001')),
      message('market_trades', 4, { type: 'update', trades: [trade('12', 'SELL'), trade('11', 'BUY')] }),
      message('ticker', 5, {
        type: 'update',
        tickers: [
          {
            product_id: 'BTC-USD',
            best_bid: '100',
            best_bid_quantity: '1',
            best_ask: '102.50',
            best_ask_quantity: '2',
          },
        ],
      }),
      message('candles', 6, { type: 'snapshot', candles: [{}, {}] }),
      message('heartbeats', 7, { heartbeat_counter: 1 }),
    ]);
    expect(await eventLines(recording)).toEqual([
      'BTC-USD SNAPSHOT_BEGIN #2 snapshot',
      'BTC-USD LEVEL buy 100 1 #2 snapshot',
      'BTC-USD LEVEL sell 101 2 #2 snapshot',
      'BTC-USD SNAPSHOT_END #2 snapshot last',
      'BTC-USD LEVEL sell 101 0 #3',
      'BTC-USD LEVEL sell 102.5 0.00000001 #3 last',
      'BTC-USD TRADE sell 100 0.5 #11 last',
      'BTC-USD TRADE buy 100 0.5 #12 last',
      'BTC-USD QUOTE buy 100 1 #5',
      'BTC-USD QUOTE sell 102.5 2 #5 last',
    ]);
    expect(Object.fromEntries(recording.report.ignored)).toMatchObject({
      'trade from before the start': 2,
      candle: 2,
      heartbeats: 1,
    });
    expect(recording.instruments[0]!.spec).toMatchObject({
      tick: '0.01',
      lot: '0.00000001',
      base: 'BTC',
      quote: 'USD',
    });
    expect(recording.report).toMatchObject({ gaps: 0, duplicates: 0, badRows: 0 });
  });

  it('keep the nanoseconds of both times', async () => {
    const recording = await wireOf([...HEAD, book(0, 'snapshot', update('bid', '100.00', '1'))]);
    for await (const { data } of recording.batches()) {
      const midnight = 21 * 3600e9;
      expect([data[1], data[2]]).toEqual([midnight + 1e9 + 1, midnight + 1e9]);
    }
  });

  it('that miss a number leave every book stale until its snapshot', async () => {
    const lines = [
      ...HEAD,
      book(0, 'snapshot', update('bid', '100.00', '1')),
      message('heartbeats', 2, {}),
      book(3, 'update', update('bid', '99.00', '1')),
    ];
    const recording = await wireOf(lines);
    const [found] = await endBooks(recording);
    expect([found!.stale, recording.report.gaps, recording.report.gapLines]).toEqual([true, 1, [4]]);
    const [mended] = await endBooks(await wireOf([...lines, book(4, 'snapshot', update('bid', '98.00', '1'))]));
    expect(mended!.stale).toBe(false);
    await expect(endBooks(await wireOf(lines, { strict: true }))).rejects.toThrow(
      'test:4: sequence gap: expected sequence_num 1, found 2',
    );
  });

  it('that repeat a number, or come late, are dropped', async () => {
    const recording = await wireOf([
      ...HEAD,
      book(5, 'snapshot', update('bid', '100.00', '1')),
      book(6, 'update', update('bid', '100.00', '2')),
      book(6, 'update', update('bid', '100.00', '3')),
      book(4, 'update', update('bid', '100.00', '4')),
    ]);
    const [found] = await endBooks(recording);
    expect(levelsOf(found!, recording.instruments[0]!, Side.BUY)).toEqual([['100', '2']]);
    expect(recording.report).toMatchObject({ duplicates: 2, firstDuplicateLine: 5, gaps: 0 });
  });

  it('count from zero again on a new connection', async () => {
    const connect = JSON.stringify({ t: 'connect', conn: 'ws.1', ts: 1786309201, addr: 'wss://ws' });
    const recording = await wireOf([
      ...HEAD,
      connect,
      book(0, 'snapshot'),
      book(1, 'update'),
      connect,
      book(0, 'snapshot'),
    ]);
    const [found] = await endBooks(recording);
    expect([found!.stale, recording.report.gaps, recording.report.duplicates]).toEqual([false, 0, 0]);
  });

  it.each([
    ['a level without a side', book(1, 'update', update('ask', '1', '1')), 'level without a side', true],
    ['an infinite size', book(1, 'update', update('bid', '1', 'Infinity')), 'size not a decimal number', true],
    ['no product', message('l2_data', 1, { type: 'update', updates: [] }), 'entry without a product_id', false],
    ['no number', received({ channel: 'l2_data', events: [] }), 'sequence_num is not a whole number', false],
    ['a fraction for a number', message('l2_data', 1.5), 'sequence_num is not a whole number', false],
    [
      'a trade without an id',
      message('market_trades', 1, { type: 'update', trades: [trade('x', 'BUY')] }),
      'trade without an id or a side',
      false,
    ],
    ['a text instead of an object', received('"hello"'), 'message is not an object', false],
    ['broken JSON', received('{"channel":'), 'data is not JSON text', false],
  ])('with %s are counted', async (_, line, kind, stale) => {
    const lines = [...HEAD, book(0, 'snapshot', update('bid', '100.00', '1')), line];
    const recording = await wireOf(lines);
    const [found] = await endBooks(recording);
    expect([...recording.report.bad]).toEqual([[kind, expect.objectContaining({ count: 1, firstLine: 4 })]]);
    expect(found!.stale).toBe(stale);
    await expect(endBooks(await wireOf(lines, { strict: true }))).rejects.toThrow(`test:4: ${kind}`);
  });
});
