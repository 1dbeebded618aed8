import type { BookData, QuoteOrder } from 'quotewright/server/protocol/stream';
import { expect, test } from 'vitest';
import { ladderRows, spreadTicks } from './book-rows.ts';

const book: BookData = {
  bids: [
    [99, 5],
    [98, 3],
    [97, 1],
  ],
  asks: [
    [101, 4],
    [103, 2],
  ],
  isReady: true,
  lastTicks: null,
};

const own = (side: 1 | -1, ticks: number, openLots: number, aheadLots: number | null): QuoteOrder => ({
  id: 1,
  strategy: 0,
  side,
  ticks,
  openLots,
  sizeLots: openLots,
  state: 'LIVE',
  aheadLots,
  sentMs: 0,
});

test('asks stand above bids, the best of both in the middle', () => {
  const rows = ladderRows(book, { orders: [] }, 2);
  expect(rows.map(({ ticks }) => ticks)).toEqual([103, 101, 99, 98]);
  expect(rows.every(({ ownLots, aheadLots }) => ownLots === 0 && aheadLots === null)).toBe(true);
});

test('own orders are added up by price, with what stands before the first', () => {
  const orders = [own(1, 99, 2, 7), own(1, 99, 1, 3), own(-1, 101, 1, null)];
  const rows = ladderRows(book, { orders }, 2);
  expect(rows.find(({ ticks }) => ticks === 99)).toMatchObject({ ownLots: 3, aheadLots: 3, lots: 5 });
  expect(rows.find(({ ticks }) => ticks === 101)).toMatchObject({ ownLots: 1, aheadLots: null, lots: 4 });
});

test('a price at which only we stand has a row in its place', () => {
  const rows = ladderRows(book, { orders: [own(-1, 102, 1, 0)] }, 2);
  expect(rows.map(({ ticks }) => ticks)).toEqual([103, 102, 101, 99, 98]);
});

test('a one-sided book has no spread', () => {
  expect(spreadTicks(book)).toBe(2);
  expect(spreadTicks({ ...book, asks: [] })).toBeNull();
});
