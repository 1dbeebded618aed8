import { describe, expect, it } from 'vitest';
import { isRegular, isUncertain, walkQueue, type Cancel } from './queue-walk.ts';
import { LifeEnd, realOrders } from './real-orders.ts';
import { tapeOf, type Line } from './testing/tape-script.ts';

const BOOK: Line[] = [
  [0, 'add', 1, 'sell', 110, 500],
  [0, 'add', 2, 'buy', 100, 300],
];

/** Orders 3 and after, by id. */
function ordersOf(lines: readonly Line[]) {
  const tape = tapeOf([...BOOK, ...lines]);
  const orders = realOrders(tape);
  return { tape, byId: new Map(orders.map((order) => [order.id, order])) };
}

describe('real orders', () => {
  it('follows an order to its fill, in parts', () => {
    const { byId } = ordersOf([
      [1, 'add', 3, 'buy', 100, 50],
      [2, 'exec', 2, 'buy', 100, 300],
      [3, 'exec', 3, 'buy', 100, 20],
      [4, 'exec', 3, 'buy', 100, 30],
    ]);
    expect(byId.get(3)).toMatchObject({
      lots: 50,
      aheadLots: 300,
      startNs: 1e9,
      endNs: 4e9,
      end: LifeEnd.FILLED,
      filledLots: 50,
      firstFillNs: 3e9,
    });
  });

  it('keeps what was filled before a cancel', () => {
    const { byId } = ordersOf([
      [1, 'add', 3, 'buy', 99, 50],
      [2, 'exec', 3, 'buy', 99, 20],
      [3, 'cancel', 3, 'buy', 99, 30],
    ]);
    expect(byId.get(3)).toMatchObject({ end: LifeEnd.CANCELLED, filledLots: 20, endNs: 3e9 });
  });

  it('ends an order unseen when its level is hidden, or the recording ends', () => {
    const { byId } = ordersOf([
      [1, 'add', 3, 'buy', 99, 50],
      [1, 'add', 4, 'buy', 98, 50],
      [2, 'hide', 0, 'buy', 98, 0],
      [3, 'cancel', 4, 'buy', 98, 50],
      [9, 'add', 5, 'sell', 120, 1],
    ]);
    expect(byId.get(4)).toMatchObject({ end: LifeEnd.UNSEEN, endNs: 2e9 });
    expect(byId.get(3)).toMatchObject({ end: LifeEnd.UNSEEN, endNs: 9e9 });
  });

  it('leaves out orders that cross, and those that live for an instant', () => {
    const { byId } = ordersOf([
      [1, 'add', 3, 'buy', 110, 50],
      [2, 'add', 4, 'buy', 99, 50],
      [2, 'cancel', 4, 'buy', 99, 50],
      [3, 'add', 5, 'buy', 101, 50],
      [4, 'cancel', 5, 'buy', 101, 50],
    ]);
    expect(byId.has(3)).toBe(false);
    expect(byId.has(4)).toBe(false);
    expect(byId.get(5)).toMatchObject({ aheadLots: 0, end: LifeEnd.CANCELLED });
  });
});

describe('the real queue', () => {
  it('tells cancels ahead from those behind, with what a model may know', () => {
    const { tape, byId } = ordersOf([
      [1, 'add', 3, 'buy', 100, 50],
      [2, 'add', 4, 'buy', 100, 40],
      [3, 'add', 5, 'buy', 100, 40],
      [4, 'exec', 2, 'buy', 100, 10],
      [6, 'cancel', 5, 'buy', 100, 40],
      [7, 'cancel', 2, 'buy', 100, 290],
    ]);
    const cancels: Cancel[] = [];
    walkQueue(tape, byId.get(3)!, { cancel: (each) => cancels.push(each) });
    expect(cancels).toEqual([
      {
        aheadLots: 290,
        behindLots: 80,
        lots: 40,
        timeNs: 6e9,
        youngestAgeNs: 3e9,
        sincePrintNs: 2e9,
        isAhead: false,
      },
      {
        aheadLots: 290,
        behindLots: 40,
        lots: 290,
        timeNs: 7e9,
        youngestAgeNs: Number.NaN,
        sincePrintNs: 3e9,
        isAhead: true,
      },
    ]);
    expect(cancels.map(isUncertain)).toEqual([true, false]);
  });

  it('finds the orders over which the venue did not keep to its queue', () => {
    const lines: Line[] = [
      [1, 'add', 3, 'buy', 100, 50],
      [2, 'add', 4, 'buy', 100, 40],
    ];
    const regular = (id: number, more: Line[]): boolean => {
      const { tape, byId } = ordersOf([...lines, ...more]);
      return isRegular(tape, byId.get(id)!);
    };
    expect(regular(3, [[3, 'exec', 2, 'buy', 100, 300]])).toBe(true);
    expect(regular(3, [[3, 'exec', 3, 'buy', 100, 50]])).toBe(false);
    expect(regular(3, [[3, 'exec', 4, 'buy', 100, 40]])).toBe(false);
    expect(regular(3, [[3, 'print', 0, 'buy', 100, 40]])).toBe(false);
    // What happens after its life is nothing to the order.
    const after: Line[] = [
      [3, 'cancel', 3, 'buy', 100, 50],
      [4, 'exec', 4, 'buy', 100, 40],
    ];
    expect(regular(3, after)).toBe(true);
    expect(regular(4, after)).toBe(false);
  });
});
