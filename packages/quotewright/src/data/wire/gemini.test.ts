import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { endBooks, eventLines, fetched, header, levelsOf, received, wireOf } from './testing/frames.ts';

const LISTING = fetched('https://api.gemini.com/v1/symbols/details/btcusd', {
  symbol: 'BTCUSD',
  base_currency: 'BTC',
  quote_currency: 'USD',
  tick_size: 1e-8,
  quote_increment: 0.01,
  min_order_size: '0.00001',
  product_type: 'spot',
});
const HEAD = [header('GEMINI'), LISTING];

function book(changes: unknown, more: object = {}): string {
  return received({ type: 'l2_updates', symbol: 'BTCUSD', changes, ...more });
}

describe('Gemini frames', () => {
  it('take the first l2_updates for the whole book, later ones for changes', async () => {
    const recording = await wireOf([
      ...HEAD,
      book(
        [
          ['buy', '100.00', '1.0'],
          ['sell', '101.00', '2.0'],
        ],
        { trades: [{}, {}], auction_events: [] },
      ),
      book([
        ['buy', '100.00', '0'],
        ['buy', '99.5', '0.00000001'],
      ]),
      received({
        type: 'trade',
        symbol: 'BTCUSD',
        tid: 9,
        price: '101.00',
        quantity: '0.5',
        side: 'buy',
        timestamp: 1786309201000,
      }),
      received({ type: 'heartbeat', timestamp: 1 }),
    ]);
    expect(await eventLines(recording)).toEqual([
      'BTCUSD SNAPSHOT_BEGIN #0 snapshot',
      'BTCUSD LEVEL buy 100 1 #0 snapshot',
      'BTCUSD LEVEL sell 101 2 #0 snapshot',
      'BTCUSD SNAPSHOT_END #0 snapshot last',
      'BTCUSD LEVEL buy 100 0 #0',
      'BTCUSD LEVEL buy 99.5 0.00000001 #0 last',
      'BTCUSD TRADE buy 101 0.5 #9 last',
    ]);
    // The listing's tick_size is the step of the size.
    expect(recording.instruments[0]!.spec).toMatchObject({ tick: '0.01', lot: '1e-8', minSize: '0.00001' });
    expect(Object.fromEntries(recording.report.ignored)).toMatchObject({
      'trade from before the start': 2,
      heartbeat: 1,
    });
  });

  it('take the first l2_updates of a new connection, or one with trades, for the whole book again', async () => {
    const connect = JSON.stringify({ t: 'connect', conn: 'ws.1', ts: 1786309201, addr: 'wss://ws' });
    const first = book([['buy', '100.00', '1.0']]);
    for (const again of [
      [connect, book([['buy', '99.00', '1.0']])],
      [book([['buy', '99.00', '1.0']], { trades: [] })],
    ]) {
      const recording = await wireOf([...HEAD, connect, first, ...again]);
      const [found] = await endBooks(recording);
      expect(levelsOf(found!, recording.instruments[0]!, Side.BUY)).toEqual([['99', '1']]);
      expect(found!.stale).toBe(false);
    }
  });

  it('refine the listed lot when the book holds finer sizes, and say so', async () => {
    const coarse = fetched('https://api.gemini.com/v1/symbols/details/btcusd', {
      symbol: 'BTCUSD',
      tick_size: 0.5,
      quote_increment: 1,
    });
    const recording = await wireOf([
      header('GEMINI'),
      coarse,
      book([
        ['buy', '100.00', '1.50'],
        ['buy', '99', '1.25'],
      ]),
    ]);
    const [found] = await endBooks(recording);
    expect(levelsOf(found!, recording.instruments[0]!, Side.BUY)).toEqual([
      ['100', '1.5'],
      ['99', '1.25'],
    ]);
    expect(recording.instruments[0]!.spec).toMatchObject({ tick: '1', lot: '0.01' });
    expect(recording.report.notes).toEqual([
      'BTCUSD: the book holds sizes off the listed lot of 0.5, for instance 1.25; read with 0.01',
    ]);
    const forced = await wireOf([header('GEMINI'), coarse, book([['buy', '100.00', '1.50']])], {
      strict: false,
      tick: '0.1',
      lot: '0.25',
    });
    await endBooks(forced);
    expect(forced.instruments[0]!.spec).toMatchObject({ tick: '0.1', lot: '0.25' });
  });

  it.each([
    ['a change without a side', book([['hold', '1', '1']]), 'level without a side', true],
    ['an empty size', book([['buy', '1', '']]), 'size not a decimal number', true],
    ['no symbol', received({ type: 'trade' }), 'message without a symbol', false],
    [
      'a trade without an id',
      received({ type: 'trade', symbol: 'BTCUSD', price: '1', quantity: '1', side: 'buy' }),
      'trade without an id or a side',
      false,
    ],
  ])('with %s are counted', async (_, line, kind, stale) => {
    const lines = [...HEAD, book([['buy', '100.00', '1.0']]), line];
    const recording = await wireOf(lines);
    const [found] = await endBooks(recording);
    expect([...recording.report.bad]).toEqual([[kind, expect.objectContaining({ count: 1, firstLine: 4 })]]);
    expect(found!.stale).toBe(stale);
    await expect(endBooks(await wireOf(lines, { strict: true }))).rejects.toThrow(`test:4: ${kind}`);
  });
});
