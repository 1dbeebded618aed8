import { L2Book } from '@quotewright/core/market/l2-book';
import { L3Replica } from '@quotewright/core/market/l3-replica';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { testInstrument } from '../data/testing/recordings.ts';
import { bookView } from './book-view.ts';

/** Tick 0.05, lot 0.001. */
const instrument = testInstrument();
const OPTIONS = { levels: 2, fillLots: Number.NaN, venueNs: Number.NaN, localNs: Number.NaN, epochDay: 0 };

/** Asks 10.10 × 2, 10.15 × 3, 12.00 × 5; bids 10.00 × 6, 9.95 × 4. */
function fill(add: (side: Side, priceTicks: number, sizeLots: number) => void): void {
  add(Side.SELL, 202, 2000);
  add(Side.SELL, 203, 3000);
  add(Side.SELL, 240, 5000);
  add(Side.BUY, 200, 6000);
  add(Side.BUY, 199, 4000);
}

function l2(): L2Book {
  const book = new L2Book();
  fill((side, price, size) => book.set(side, price, size));
  book.endSnapshot(77);
  return book;
}

describe('the view of an L2 book', () => {
  it('holds its best levels and measures as exact decimals', () => {
    const view = bookView(instrument, l2(), { ...OPTIONS, fillLots: 6000, venueNs: 1_500_000_000 });
    expect(view).toEqual({
      venue: 'test',
      symbol: 'BTC-USD',
      book: 'L2',
      tick: '0.05',
      lot: '0.001',
      venueTime: '1970-01-01T00:00:01.500000000Z',
      localTime: null,
      whole: true,
      stale: false,
      hasSnapshot: true,
      crossed: false,
      sequence: 77,
      checksums: { made: 0, failed: 0 },
      levels: { bids: 2, asks: 3 },
      orders: null,
      asks: [
        { price: '10.10', size: '2.000', cumulative: '2.000' },
        { price: '10.15', size: '3.000', cumulative: '5.000' },
      ],
      bids: [
        { price: '10.00', size: '6.000', cumulative: '6.000' },
        { price: '9.95', size: '4.000', cumulative: '10.000' },
      ],
      spreadTicks: 2,
      spread: '0.10',
      mid: '10.050',
      // 10.00 + 0.10 × 6 / (6 + 2)
      microprice: '10.0750',
      // (10 − 5) / (10 + 5)
      imbalance: 1 / 3,
      imbalanceLevels: 2,
      depth: [
        { ticks: 10, bids: '10.000', asks: '5.000' },
        { ticks: 100, bids: '10.000', asks: '10.000' },
        { ticks: 1000, bids: '10.000', asks: '10.000' },
      ],
      fill: {
        size: '6.000',
        // (2 × 10.10 + 3 × 10.15 + 1 × 12.00) / 6
        buy: { filled: '6.000', complete: true, distanceTicks: 38, worst: '12.00', vwap: '10.4417' },
        sell: { filled: '6.000', complete: true, distanceTicks: 0, worst: '10.00', vwap: '10.0000' },
      },
    });
  });

  it('fills ten times the best ask unless told, and says when a side is too thin for it', () => {
    expect(bookView(instrument, l2(), OPTIONS).fill).toEqual({
      size: '20.000',
      buy: { filled: '10.000', complete: false, distanceTicks: null, worst: '12.00', vwap: '11.0650' },
      sell: { filled: '10.000', complete: false, distanceTicks: null, worst: '9.95', vwap: '9.9800' },
    });
  });

  it('has no figures where a side is empty', () => {
    const book = new L2Book();
    book.set(Side.BUY, 200, 1000);
    const view = bookView(instrument, book, OPTIONS);
    expect(view).toMatchObject({
      asks: [],
      spreadTicks: null,
      spread: null,
      mid: null,
      microprice: null,
      imbalance: 1,
    });
    expect(view.fill).toMatchObject({ size: '10.000', buy: { filled: '0.000', worst: null, vwap: null } });
    const empty = bookView(instrument, new L2Book(), OPTIONS);
    expect(empty).toMatchObject({ bids: [], asks: [], imbalance: null, sequence: null, hasSnapshot: false });
    expect(empty.fill.sell).toEqual({ filled: '0.000', complete: false, distanceTicks: null, worst: null, vwap: null });
  });

  it('gives no sum that float64 does not hold exactly', () => {
    const book = new L2Book();
    book.set(Side.SELL, 202, Number.MAX_SAFE_INTEGER);
    book.set(Side.SELL, 203, 2);
    const { asks, depth } = bookView(instrument, book, OPTIONS);
    expect(asks.map(({ cumulative }) => cumulative)).toEqual(['9007199254740.991', null]);
    expect(depth[0]!.asks).toBeNull();
  });

  it('tells a stale, a crossed and a failed book', () => {
    const book = l2();
    book.noteGap();
    book.set(Side.BUY, 202, 1000);
    expect(bookView(instrument, book, OPTIONS)).toMatchObject({
      whole: false,
      stale: true,
      crossed: true,
      spreadTicks: 0,
    });
    const failed = l2();
    failed.noteChecksum(true);
    failed.noteChecksum(false);
    expect(bookView(instrument, failed, OPTIONS)).toMatchObject({ stale: true, checksums: { made: 2, failed: 1 } });
  });
});

describe('the view of an L3 book', () => {
  const book = new L3Replica();
  let id = 900;
  fill((side, price, size) => {
    book.add(++id, side, price, size - 500);
    book.add(++id, side, price, 500);
  });

  it('has the measures of the same levels as an L2 book', () => {
    const view = bookView(instrument, book, OPTIONS);
    const {
      spreadTicks,
      spread,
      mid,
      microprice,
      imbalance,
      depth,
      fill: cost,
      levels,
    } = bookView(instrument, l2(), OPTIONS);
    expect(view).toMatchObject({ spreadTicks, spread, mid, microprice, imbalance, depth, fill: cost, levels });
    expect(view).toMatchObject({ book: 'L3', orders: 10 });
  });

  it('counts the orders of each level and names the oldest', () => {
    expect(bookView(instrument, book, OPTIONS).asks).toEqual([
      { price: '10.10', size: '2.000', cumulative: '2.000', queue: { orders: 2, front: 901 } },
      { price: '10.15', size: '3.000', cumulative: '5.000', queue: { orders: 2, front: 903 } },
    ]);
    book.remove(901);
    expect(bookView(instrument, book, OPTIONS).asks[0]).toEqual({
      price: '10.10',
      size: '0.500',
      cumulative: '0.500',
      queue: { orders: 1, front: 902 },
    });
  });
});
