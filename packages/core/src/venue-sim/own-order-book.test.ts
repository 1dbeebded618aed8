import { expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { Field, headKind } from '../market/event.ts';
import { Side } from '../market/side.ts';
import { OrderFlag, Reject, ReportKind } from '../trading/records.ts';
import { OwnOrderBook } from './own-order-book.ts';
import { TEST_INSTRUMENT } from './testing/l3-desk.ts';

/** Numbers as the engine gives them (a generation and a small slot), and those that share their low bits, or have none. */
function number(random: Random): number {
  const dice = random.below(10);
  if (dice < 7) return (1 + random.below(2 ** 31)) * 65_536 + random.below(40);
  if (dice < 9) return random.below(300) * 65_536;
  return random.below(2000) - 1000 + 0.5;
}

interface Order {
  readonly slot: number;
  readonly side: Side;
  readonly price: number;
  open: number;
  stands: boolean;
}

it('finds open orders by any number, and keeps those that stand in the order of price and time', () => {
  const random = Random.stream(1, 'own-order-book');
  const book = new OwnOrderBook(TEST_INSTRUMENT, 0);
  const open = new Map<number, Order>();
  let position = 0;
  for (let step = 0; step < 20_000; step++) {
    const ids = [...open.keys()];
    // Tides: up to some hundred orders, then down to few.
    const isFlood = step % 2000 < 1000;
    const isNew = random.below(4) < (isFlood ? 2 : 1);
    const id = isNew || ids.length === 0 ? number(random) : ids[random.below(ids.length)]!;
    const order = open.get(id);
    if (order === undefined) {
      expect(book.find(id)).toBe(0);
      const side = random.below(2) === 0 ? Side.BUY : Side.SELL;
      const price = random.below(20);
      const slot = book.open(id, side === Side.BUY ? OrderFlag.BUY : 0, price, 10);
      open.set(id, { slot, side, price, open: 10, stands: false });
    } else if (!order.stands && random.below(2) === 0) {
      book.stand(order.slot);
      order.stands = true;
      // To the end, as the order of time.
      open.delete(id);
      open.set(id, order);
    } else if (random.below(isFlood ? 6 : 2) === 0) {
      book.cancel(order.slot, Reject.REQUESTED);
      open.delete(id);
    } else {
      const lots = book.fill(order.slot, 1 + random.below(4), order.price, true);
      position += order.side === Side.BUY ? lots : -lots;
      order.open -= lots;
      if (order.open === 0) open.delete(id);
    }
    if (step % 50 > 0) continue;
    for (const [known, { slot, open: lots }] of open) {
      expect(book.find(known)).toBe(slot);
      expect(book.openOf(slot)).toBe(lots);
    }
    for (const side of [Side.BUY, Side.SELL]) {
      const sign = side === Side.BUY ? -1 : 1;
      const standing = [...open.values()].filter((one) => one.stands && one.side === side);
      const wanted = standing.toSorted((a, b) => sign * (a.price - b.price)).map(({ slot }) => slot);
      const list = book.sides[side];
      expect([...list.slots.subarray(0, list.count)]).toEqual(wanted);
      expect(book.first(side)).toBe(wanted[0] ?? 0);
    }
    expect(book.positionLots).toBe(position);
    book.reports.clear();
  }
  expect(book.values.length).toBeGreaterThan(128 * 16);
});

it('knows no order of a number that is none', () => {
  const book = new OwnOrderBook(TEST_INSTRUMENT, 0);
  book.open(65_536, 0, 1, 1);
  for (const id of [Number.NaN, Infinity, -65_536, 65_536.5, 0, 2 ** 60]) expect(book.find(id)).toBe(0);
});

it('says what an amendment left of an order as its total size', () => {
  const book = new OwnOrderBook(TEST_INSTRUMENT, 7);
  book.nowNs = 5;
  const slot = book.open(1, OrderFlag.BUY, 10, 9);
  book.fill(slot, 4, 10, true);
  book.reports.clear();
  book.amend(slot, 11, 6, false);
  const at = book.reports.peek();
  const record = book.reports.data.subarray(at, at + 8);
  expect(headKind(record[Field.HEAD]!)).toBe(ReportKind.AMENDED);
  expect([...record.subarray(1)]).toEqual([5, Number.NaN, 11, 6, 1, 0, 0]);
  expect(book.openOf(slot)).toBe(2);
});
