/** Stops, take-profits and trailing stops. */
import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import { MarketState, OrderType } from './codes.ts';
import { Desk } from './testing/desk.ts';

const { STOP, STOP_LIMIT, TAKE_PROFIT, TAKE_PROFIT_LIMIT, TRAILING_STOP } = OrderType;

/** A desk whose last trade was at a price, with an empty book. Refs from 900 on are used. */
function after(price: number): Desk {
  const desk = new Desk();
  trade(desk, price);
  desk.said();
  return desk;
}

function trade(desk: Desk, price: number): void {
  desk.sell(900, 1, price);
  desk.buy(901, 1, price);
}

describe('a conditional order', () => {
  test.each([
    ['a stop to buy fires at or above its trigger', Side.BUY, STOP, 105, 106],
    ['a stop to sell fires at or below its trigger', Side.SELL, STOP, 95, 94],
    ['a take-profit to buy fires at or below its trigger', Side.BUY, TAKE_PROFIT, 95, 94],
    ['a take-profit to sell fires at or above its trigger', Side.SELL, TAKE_PROFIT, 105, 106],
  ] as const)('%s', (_, side, type, triggerTicks, beyond) => {
    for (const price of [triggerTicks, beyond]) {
      const desk = after(100);
      const enter = side === Side.BUY ? desk.buy.bind(desk) : desk.sell.bind(desk);
      expect(enter(1, 2, Number.NaN, { type, triggerTicks })).toBe(desk.handle(1).slot);
      trade(desk, triggerTicks > 100 ? triggerTicks - 1 : triggerTicks + 1);
      expect(desk.said().filter((line) => line.startsWith('TRIGGERED'))).toEqual([]);
      trade(desk, price);
      expect(desk.said().slice(-2)).toEqual([`TRIGGERED 1 2@${price}`, 'CANCELLED 1 2@NaN UNFILLED_REST gone']);
    }
  });

  test('fires at once when the last trade has reached its trigger already, and never before the first trade', () => {
    const desk = new Desk();
    desk.buy(1, 1, 7, { type: STOP_LIMIT, triggerTicks: -1000 });
    expect(desk.said()).toEqual(['ACCEPTED 1 1@7']);
    trade(desk, 50);
    expect(desk.said().at(-1)).toBe('TRIGGERED 1 1@50');
    expect(desk.buy(2, 1, 7, { type: STOP_LIMIT, triggerTicks: 50 })).not.toBe(0);
    expect(desk.said()).toEqual(['ACCEPTED 2 1@7', 'TRIGGERED 2 1@50']);
  });

  test('with a limit rests with what it cannot trade, under the same handle', () => {
    const desk = after(100);
    const slot = desk.sell(1, 5, 96, { type: STOP_LIMIT, triggerTicks: 98, displayLots: 2 });
    desk.buy(2, 1, 97);
    desk.sell(3, 1, 97);
    expect(desk.said().slice(-2)).toEqual(['TRADED 3x2 1@97 sold gone', 'TRIGGERED 1 5@97']);
    expect(desk.shown(Side.SELL)).toBe('2@96');
    desk.buy(4, 5, 96);
    expect(desk.trades()).toEqual(['4x1 2@96', '4x1 2@96', '4x1 1@96 gone']);
    expect(desk.engine.book.isLive(slot, desk.handle(1).generation)).toBe(false);
  });

  test('stands in no book, can be cancelled, and cannot be amended', () => {
    const desk = after(100);
    desk.buy(1, 5, 110, { type: TAKE_PROFIT_LIMIT, triggerTicks: 90 });
    expect([desk.shown(Side.BUY), desk.amend(1, 4, 110), desk.cancel(1), desk.cancel(1)]).toEqual([
      '',
      false,
      true,
      false,
    ]);
    expect(desk.said().slice(1)).toEqual([
      'REJECTED 1 4@110 NOT_AMENDABLE',
      'CANCELLED 1 5@90 REQUESTED gone',
      `REJECTED 0 0@NaN UNKNOWN_ORDER`,
    ]);
  });

  test('fires rising triggers first, nearest first, then falling ones; equal ones by arrival', () => {
    const desk = after(100).in(MarketState.AUCTION);
    for (const [ref, triggerTicks] of [
      [1, 99],
      [2, 98],
      [3, 98],
      [4, 97],
    ] as const) {
      desk.buy(ref, 1, Number.NaN, { type: STOP, triggerTicks });
    }
    for (const [ref, triggerTicks] of [
      [5, 101],
      [6, 102],
      [7, 102],
    ] as const) {
      desk.sell(ref, 1, Number.NaN, { type: STOP, triggerTicks });
    }
    desk.said();
    desk.in(MarketState.TRADING);
    const fired = desk.said().filter((line) => line.startsWith('TRIGGERED'));
    expect(fired.map((line) => Number(line.split(' ')[1]))).toEqual([4, 2, 3, 1, 6, 7, 5]);
  });

  test('waits during an auction', () => {
    const desk = after(100).in(MarketState.AUCTION);
    desk.sell(1, 1, Number.NaN, { type: STOP, triggerTicks: 100 });
    expect(desk.said()).toEqual(['ACCEPTED 1 1@NaN']);
    desk.in(MarketState.TRADING);
    expect(desk.said()[0]).toBe('TRIGGERED 1 1@100');
  });
});

test('stops that fire stops: a cascade of three levels is over before the next order', () => {
  const desk = after(100);
  for (const price of [99, 98, 97, 96]) desk.buy(price, 1, price);
  desk.sell(1, 1, Number.NaN, { type: STOP, triggerTicks: 99 });
  desk.sell(2, 1, Number.NaN, { type: STOP, triggerTicks: 98 });
  desk.sell(3, 1, 96, { type: STOP_LIMIT, triggerTicks: 97 });
  desk.said();
  desk.sell(4, 1, 99);
  expect(desk.said()).toEqual([
    'ACCEPTED 4 1@99',
    'TRADED 4x99 1@99 sold gone',
    'TRIGGERED 1 1@99',
    'TRADED 1x98 1@98 sold gone',
    'TRIGGERED 2 1@98',
    'TRADED 2x97 1@97 sold gone',
    'TRIGGERED 3 1@97',
    'TRADED 3x96 1@96 sold gone',
  ]);
});

test('an order that came to rest is not answered as resting when a stop that it fired takes it', () => {
  const desk = after(100);
  desk.buy(1, 1, 101);
  desk.buy(2, 3, Number.NaN, { type: STOP, triggerTicks: 101 });
  desk.said();
  expect(desk.sell(3, 4, 101)).toBe(0);
  expect(desk.said()).toEqual([
    'ACCEPTED 3 4@101',
    'TRADED 3x1 1@101 sold gone',
    'TRIGGERED 2 3@101',
    'TRADED 2x3 3@101 gone',
  ]);
});

describe('a trailing stop', () => {
  test('to sell follows a rising market at its distance, and stays when the market falls', () => {
    const desk = after(100);
    desk.sell(1, 1, Number.NaN, { type: TRAILING_STOP, triggerTicks: 5 });
    for (const price of [103, 101, 110, 106]) trade(desk, price);
    expect(desk.said().filter((line) => line.startsWith('TRIGGERED'))).toEqual([]);
    trade(desk, 105);
    expect(desk.said()).toContain('TRIGGERED 1 1@105');
  });

  test('to buy follows a falling market', () => {
    const desk = after(100);
    desk.buy(1, 1, Number.NaN, { type: TRAILING_STOP, triggerTicks: 5 });
    for (const price of [104, 90, 94]) trade(desk, price);
    expect(desk.said().filter((line) => line.startsWith('TRIGGERED'))).toEqual([]);
    trade(desk, 95);
    expect(desk.said()).toContain('TRIGGERED 1 1@95');
  });

  test('follows the first trade after an auction in which it came, wherever the market was before', () => {
    const desk = after(100);
    desk.buy(1, 1, Number.NaN, { type: TRAILING_STOP, triggerTicks: 5 });
    desk.cancel(1);
    trade(desk, 110);
    desk.in(MarketState.AUCTION);
    desk.buy(2, 1, Number.NaN, { type: TRAILING_STOP, triggerTicks: 5 });
    trade(desk, 100);
    desk.in(MarketState.TRADING);
    desk.said();
    trade(desk, 105);
    expect(desk.said()).toContain('TRIGGERED 2 1@105');
  });

  test('needs a trade to follow', () => {
    const desk = new Desk();
    desk.buy(1, 1, Number.NaN, { type: TRAILING_STOP, triggerTicks: 5 });
    expect(desk.said()).toEqual(['REJECTED 1 1@NaN BAD_TRIGGER']);
  });
});

test('a fired stop-limit whose level has no room for it any more is cancelled', () => {
  const desk = after(100);
  desk.buy(1, 2 ** 46, 90, { type: STOP_LIMIT, triggerTicks: 105 });
  for (let ref = 2; ref <= 65; ref++) desk.buy(ref, 2 ** 46, 90);
  trade(desk, 105);
  expect(desk.said().slice(-2)).toEqual([`TRIGGERED 1 ${2 ** 46}@105`, `CANCELLED 1 ${2 ** 46}@90 BAD_SIZE gone`]);
});
