/** Pairs of orders of which one cancels the other (OCO). */
import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import { MarketState, OrderType, TimeInForce } from './codes.ts';
import { Desk } from './testing/desk.ts';

/** A profit order at 110 (1) and a stop at 90 (2), for one lot each of which another buys two. */
function pair(): Desk {
  const desk = new Desk();
  desk.sell(1, 2, 110, { owner: 5 });
  desk.sell(2, 2, Number.NaN, { type: OrderType.STOP, triggerTicks: 90, owner: 5, link: 1 });
  desk.said();
  return desk;
}

describe('of a pair of orders, one cancels the other', () => {
  test('by a trade, a partial one too', () => {
    const desk = pair();
    desk.buy(3, 1, 110);
    expect(desk.said()).toEqual(['ACCEPTED 3 1@110', 'TRADED 3x1 1@110', 'CANCELLED 2 2@90 LINKED_ORDER gone']);
    desk.buy(4, 1, 110);
    expect(desk.trades()).toEqual(['4x1 1@110 gone']);
  });

  test('by its trigger', () => {
    const desk = pair();
    desk.buy(3, 1, 90);
    desk.sell(4, 1, 90);
    expect(desk.said().slice(2)).toEqual([
      'TRADED 4x3 1@90 sold gone',
      'TRIGGERED 2 2@90',
      'CANCELLED 1 2@110 LINKED_ORDER gone',
      'CANCELLED 2 2@NaN UNFILLED_REST gone',
    ]);
  });

  test('by its cancel', () => {
    for (const [ref, other] of [
      [1, '2 2@90'],
      [2, '1 2@110'],
    ] as const) {
      const desk = pair();
      desk.cancel(ref);
      expect(desk.said()[1]).toBe(`CANCELLED ${other} LINKED_ORDER gone`);
      expect(desk.cancel(3 - ref)).toBe(false);
    }
  });

  test('by its expiry, once when both are due', () => {
    const desk = new Desk();
    const gtd = { timeInForce: TimeInForce.GTD, expiryNs: 50 };
    desk.sell(1, 2, 110, gtd);
    desk.buy(2, 2, 90, { ...gtd, link: 1 });
    desk.said();
    desk.engine.advance(60);
    expect(desk.said()).toEqual(['EXPIRED 1 2@110 gone', 'CANCELLED 2 2@90 LINKED_ORDER gone']);
  });

  test('when it takes on entry: what is left of it rests', () => {
    const desk = pair();
    desk.buy(3, 1, 105);
    desk.sell(4, 3, 105, { owner: 5, link: 2 });
    // Order 2 has left its first pair with 1 for the new one.
    expect(desk.said().slice(1)).toEqual([
      'ACCEPTED 4 3@105',
      'TRADED 4x3 1@105 sold gone',
      'CANCELLED 2 2@90 LINKED_ORDER gone',
    ]);
    expect(desk.shown(Side.SELL)).toBe('2@105 2@110');
  });

  test('and a mass cancel counts each of them', () => {
    const desk = pair();
    expect(desk.engine.massCancel(5)).toBe(2);
    expect(desk.said()).toEqual(['CANCELLED 1 2@110 MASS_CANCEL gone', 'CANCELLED 2 2@90 MASS_CANCEL gone']);
  });

  test('and a reduction cancels nothing', () => {
    const desk = pair();
    desk.amend(1, 1, 110);
    expect(desk.said()).toEqual(['AMENDED 1 1@110 REQUESTED']);
    expect(desk.cancel(2)).toBe(true);
  });
});

test('when a pair trades with itself, the rest of the one that matched is cancelled', () => {
  const desk = new Desk();
  desk.sell(1, 2, 110);
  desk.buy(2, 5, 90, { link: 1 });
  desk.said();
  desk.amend(2, 5, 110);
  expect(desk.said()).toEqual([
    'AMENDED 2 5@110 REQUESTED',
    'TRADED 2x1 2@110 gone',
    'CANCELLED 2 3@110 LINKED_ORDER gone',
  ]);
});

test('when a pair meets in an auction, each lot is traded or cancelled, and none twice', () => {
  const desk = new Desk().in(MarketState.AUCTION);
  desk.sell(1, 10, 100);
  desk.buy(2, 4, 100, { link: 1 });
  desk.said();
  desk.in(MarketState.TRADING);
  expect(desk.said()).toEqual(['TRADED 2x1 4@100', 'CANCELLED 1 6@100 LINKED_ORDER gone']);
});

test('an auction in which a trade cancels a linked order does not end crossed', () => {
  const desk = new Desk().in(MarketState.AUCTION);
  desk.buy(1, 5, 12);
  desk.buy(2, 5, 12, { link: 1 });
  desk.buy(3, 3, 10);
  desk.sell(4, 8, 10);
  desk.said();
  desk.in(MarketState.TRADING);
  // At 12 the most trades with the smallest surplus; without order 2 the rest clears at 10.
  expect(desk.said()).toEqual(['TRADED 1x4 5@12', 'CANCELLED 2 5@12 LINKED_ORDER gone', 'TRADED 3x4 3@10 gone']);
});

test('fill-or-kill does not count the order that a trade with its linked order would cancel', () => {
  for (const [first, second] of [
    [10, 11],
    [10, 10],
    [11, 10],
  ] as const) {
    const desk = new Desk();
    desk.sell(1, 5, first);
    desk.sell(2, 5, second, { link: 1 });
    desk.said();
    desk.buy(3, 6, 11, { timeInForce: TimeInForce.FOK });
    expect(desk.said()).toEqual(['REJECTED 3 6@11 FOK_UNFILLED']);
    desk.buy(4, 5, 11, { timeInForce: TimeInForce.FOK });
    expect(desk.trades()).toHaveLength(1);
  }
});

test.each([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
])('pairs are kept while the pool of extensions grows (%i before them, leg %i cancelled)', (before, leg) => {
  const desk = new Desk();
  if (before > 0) desk.buy(1000, 2, 8, { displayLots: 1 });
  for (let n = 0; n < 200; n++) {
    desk.buy(2 * n, 1, 10);
    desk.buy(2 * n + 1, 1, 9, { link: 2 * n });
  }
  desk.said();
  for (let n = 0; n < 200; n++) desk.cancel(2 * n + leg);
  expect(desk.shown(Side.BUY)).toBe(before > 0 ? '1@8' : '');
  expect(desk.said().filter((line) => line.includes('LINKED_ORDER'))).toHaveLength(200);
});
