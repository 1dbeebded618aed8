import type { BookBuilder } from '@quotewright/core/market/book-builder';
import { Instrument } from '@quotewright/core/market/instrument';
import { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { krakenChecksum, KrakenChecksums } from './kraken-checksum.ts';
import { KrakenWire } from './kraken.ts';
import { sharedJson } from '../testing/files.ts';
import { endBooks, eventLines, fetched, header, levelsOf, received, wireOf } from './testing/frames.ts';
import { walkBooks } from '../walk-books.ts';

const LISTING = fetched('https://api.kraken.com/0/public/AssetPairs', {
  error: [],
  result: { XXBTZUSD: { wsname: 'XBT/USD', pair_decimals: 1, lot_decimals: 8, ordermin: '0.0001' } },
});

const HEAD = [header('KRAKEN'), LISTING];

function book(depth: number, ...parts: unknown[]): string {
  return received([7, ...parts, `book-${depth}`, 'XBT/USD']);
}

function level(price: string, size: string, ...more: string[]): string[] {
  return [price, size, '1786309200.123456', ...more];
}

const pair = (tick: string, lot: string): Instrument =>
  new Instrument({ venue: 'kraken', symbol: 'XBT/USD', base: 'XBT', quote: 'USD', tick, lot, contract: 'spot' });

/** The same book on a grid of any fineness. */
function checksumOn(tick: string, lot: string): number {
  const instrument = pair(tick, lot);
  const l2 = new L2Book();
  l2.set(Side.SELL, instrument.price.parse('0.0512'), instrument.size.parse('0.000005'));
  l2.set(Side.BUY, instrument.price.parse('0.047'), instrument.size.parse('12'));
  return krakenChecksum(l2, instrument, 5, 8);
}

describe('the checksum', () => {
  it.each(['kraken_book_crc32_v2'])('of the venue’s example %s', (name) => {
    const vectors = sharedJson<Record<string, { asks: string[][]; bids: string[][]; expect: number }>>(
      'reference/checksum_vectors.json',
    );
    const vector = vectors[name]!;
    const instrument = pair('0.1', '0.00000001');
    const l2 = new L2Book();
    for (const [side, levels] of [
      [Side.SELL, vector.asks],
      [Side.BUY, vector.bids],
    ] as const) {
      for (const [price, size] of levels) l2.set(side, instrument.price.parse(price!), instrument.size.parse(size!));
    }
    // The eleventh level does not count.
    l2.set(Side.BUY, 1, 1);
    expect(krakenChecksum(l2, instrument, 1, 8)).toBe(vector.expect);
  });

  it('is over the text as the venue writes it, whatever the grid', () => {
    expect(checksumOn('0.0001', '0.000001')).toBe(checksumOn('0.00000001', '0.00000001'));
    expect(checksumOn('0.0001', '0.000001')).not.toBe(0);
  });

  it('shows a book that is wrong', async () => {
    const lines = [...HEAD, book(10, { as: [level('101.0', '1.00000000')], bs: [level('100.0', '2.00000000')] })];
    const l2 = new L2Book();
    l2.set(Side.SELL, 1010, 1e8);
    l2.set(Side.BUY, 1000, 3e8);
    const instrument = pair('0.1', '0.00000001');
    const right = krakenChecksum(l2, instrument, 1, 8);
    lines.push(
      book(10, { b: [level('100.0', '3.00000000')], c: String(right) }),
      book(10, { b: [level('100.0', '3.00000001')], c: String(right) }),
      book(10, { b: [level('100.0', '3.00000000')], c: String(right) }),
    );
    const recording = await wireOf(lines);
    const { decoder } = recording;
    if (!(decoder instanceof KrakenWire)) throw new Error('not the decoder of Kraken');
    const checksums = new KrakenChecksums(decoder, recording.instruments);
    const builders: BookBuilder[] = [];
    await walkBooks(recording, builders, [checksums]);
    // From the checksum that fails on the book is stale, until its next snapshot: nothing more is compared.
    expect(builders[0]!.book).toMatchObject({ stale: true, checksumsMade: 2, checksumsFailed: 1 });
    expect(checksums.notes).toEqual([expect.stringMatching(/^1 checksums not compared: /)]);
    expect(checksums.check).toMatchObject({ made: 2, matched: 1, mismatched: 1 });
    expect(checksums.check.first).toContain(`the venue's ${right}`);
  });
});

describe('Kraken frames', () => {
  it('become a snapshot, updates with checksums, trades by the taker’s side and tickers', async () => {
    const recording = await wireOf([
      ...HEAD,
      received({ event: 'heartbeat' }),
      book(1000, { as: [level('101.0', '1.00000000')], bs: [level('100.0', '2.00000000')] }),
      book(1000, { a: [level('101.5', '3.00000000', 'r')] }, { b: [level('100.0', '0.00000000')], c: '123' }),
      received([
        8,
        [
          ['101.0', '0.5', '1786309200.5', 's', 'l', ''],
          ['101.5', '0.25', '1786309200.6', 'b', 'm', ''],
        ],
        'trade',
        'XBT/USD',
      ]),
      received([9, { a: ['101.0', 1, '1.0'], b: ['100.0', 2, '2.0'] }, 'ticker', 'XBT/USD']),
      received([9, [], 'spread', 'XBT/USD']),
    ]);
    expect(await eventLines(recording)).toEqual([
      'XBT/USD SNAPSHOT_BEGIN #0 snapshot',
      'XBT/USD LEVEL sell 101 1 #0 snapshot',
      'XBT/USD LEVEL buy 100 2 #0 snapshot',
      'XBT/USD SNAPSHOT_END #0 snapshot last',
      'XBT/USD LEVEL sell 101.5 3 #0',
      'XBT/USD LEVEL buy 100 0 #0',
      'XBT/USD CHECKSUM #123 last',
      'XBT/USD TRADE sell 101 0.5 #0 last',
      'XBT/USD TRADE buy 101.5 0.25 #0 last',
      'XBT/USD QUOTE buy 100 2 #0',
      'XBT/USD QUOTE sell 101 1 #0 last',
    ]);
    expect(recording.instruments[0]!.spec).toMatchObject({
      tick: '0.1',
      lot: '0.00000001',
      base: 'XBT',
      quote: 'USD',
      minSize: '0.0001',
    });
    expect([...recording.report.ignored]).toEqual([
      ['instrument listing', 1],
      ['heartbeat', 1],
      ['spread', 1],
    ]);
  });

  it('lose the levels that fall out of the subscribed depth', async () => {
    const recording = await wireOf([
      ...HEAD,
      book(2, { as: [], bs: [level('100.0', '1.0'), level('99.0', '1.0')] }),
      book(2, { b: [level('99.5', '1.0'), level('99.6', '2.0')], c: '5' }),
      book(2, { b: [level('100.0', '0.0'), level('99.0', '7.0', 'r')], c: '6' }),
    ]);
    const lines = await eventLines(recording);
    expect(lines.slice(4)).toEqual([
      'XBT/USD LEVEL buy 99.5 1 #0',
      'XBT/USD LEVEL buy 99.6 2 #0',
      'XBT/USD LEVEL buy 99.5 0 #0',
      'XBT/USD LEVEL buy 99 0 #0',
      'XBT/USD CHECKSUM #5 last',
      'XBT/USD LEVEL buy 100 0 #0',
      'XBT/USD LEVEL buy 99 7 #0',
      'XBT/USD CHECKSUM #6 last',
    ]);
  });

  it('are stale after their connection was made again, until the next snapshot', async () => {
    const connect = JSON.stringify({ t: 'connect', conn: 'ws.1', ts: 1786309201, addr: 'wss://ws' });
    const other = JSON.stringify({ t: 'connect', conn: 'ws.2', ts: 1786309201, addr: 'wss://ws' });
    const snapshot = book(10, { as: [level('101.0', '1.0')], bs: [] });
    const lines = [...HEAD, connect, other, snapshot, other, connect];
    const lost = await wireOf(lines);
    expect((await eventLines(lost)).slice(-2)).toEqual([
      'XBT/USD SNAPSHOT_END #0 snapshot last',
      'XBT/USD GAP #0 last',
    ]);
    const [found] = await endBooks(await wireOf([...lines, snapshot]));
    expect(found!.stale).toBe(false);
  });

  it.each([
    ['a NaN', book(10, { a: [level('NaN', '1.0')], c: '1' }), 'price not a decimal number', true],
    ['a negative size', book(10, { b: [level('1.0', '-1.0')], c: '1' }), 'size below zero', true],
    ['numbers instead of texts', book(10, { b: [[1, 2, 3]], c: '1' }), 'price not a decimal text', true],
    ['too few fields', received([1, 'trade']), 'not a Kraken message', false],
    [
      'a trade without a side',
      received([8, [['1.0', '0.5', '1', 'x']], 'trade', 'XBT/USD']),
      'trade without a side',
      false,
    ],
    ['a ticker of nothing', received([8, {}, 'ticker', 'XBT/USD']), 'price not a decimal text', false],
  ])('with %s are counted', async (_, line, kind, stale) => {
    const lines = [...HEAD, book(10, { as: [level('101.0', '1.0')], bs: [level('100.0', '1.0')] }), line];
    const recording = await wireOf(lines);
    const [found] = await endBooks(recording);
    expect([...recording.report.bad]).toEqual([[kind, expect.objectContaining({ count: 1, firstLine: 4 })]]);
    expect(found!.stale).toBe(stale);
    expect(levelsOf(found!, recording.instruments[0]!, Side.BUY)).toEqual([['100', '1']]);
    await expect(endBooks(await wireOf(lines, { strict: true }))).rejects.toThrow(`test:4: ${kind}`);
  });
});
