/** Orders with an end: GTD and DAY. */
import { expect, test } from 'vitest';
import { NS_PER_DAY } from '../base/time.ts';
import { Side } from '../market/side.ts';
import { OrderType, TimeInForce } from './codes.ts';
import { Desk } from './testing/desk.ts';

const gtd = (expiryNs: number) => ({ timeInForce: TimeInForce.GTD, expiryNs });
const DAY = { timeInForce: TimeInForce.DAY };

test('a GTD order expires when its time has come, not before', () => {
  const desk = new Desk();
  desk.buy(1, 5, 10, gtd(100));
  desk.said();
  desk.engine.advance(99);
  expect(desk.said()).toEqual([]);
  desk.engine.advance(100);
  expect(desk.said()).toEqual(['EXPIRED 1 5@10 gone']);
  expect(desk.cancel(1)).toBe(false);
});

test('orders expire in the order of their times, whatever order they came in', () => {
  const desk = new Desk();
  for (const [ref, time] of [
    [1, 30],
    [2, 10],
    [3, 20],
    [4, 10],
  ] as const)
    desk.buy(ref, 1, ref, gtd(time));
  desk.said();
  desk.engine.advance(1000);
  expect(desk.said().map((line) => line.split(' ')[1])).toEqual(['2', '4', '3', '1']);
});

test('a GTD order whose time is past, or missing, is refused', () => {
  const desk = new Desk();
  desk.engine.advance(100);
  for (const expiryNs of [100, 99, -1, Number.NaN]) desk.buy(1, 1, 1, gtd(expiryNs));
  expect(desk.said()).toEqual(Array(4).fill('REJECTED 1 1@1 BAD_EXPIRY'));
});

test('time does not go back', () => {
  const desk = new Desk();
  desk.engine.advance(100);
  desk.engine.advance(50);
  desk.engine.advance(Number.NaN);
  expect(desk.engine.nowNs).toBe(100);
});

test('a DAY order expires at the end of the trading day in which it came', () => {
  for (const dayEndNs of [0, 22 * 3600e9]) {
    const desk = new Desk();
    desk.engine.dayEndNs = dayEndNs;
    const end = dayEndNs === 0 ? NS_PER_DAY : dayEndNs;
    desk.buy(1, 1, 10, DAY);
    desk.engine.advance(end - 1);
    desk.buy(2, 1, 11, DAY);
    desk.said();
    desk.engine.advance(end);
    expect(desk.said()).toEqual(['EXPIRED 1 1@10 gone', 'EXPIRED 2 1@11 gone']);
    desk.buy(3, 1, 12, DAY);
    desk.engine.advance(end + NS_PER_DAY - 1);
    expect(desk.said()).toEqual(['ACCEPTED 3 1@12']);
    desk.engine.advance(end + NS_PER_DAY);
    expect(desk.said()).toEqual(['EXPIRED 3 1@12 gone']);
  }
});

test('what traded, moved or waits expires with what is left, hidden lots included', () => {
  const desk = new Desk();
  desk.sell(1, 9, 10, { ...gtd(100), displayLots: 2 });
  desk.buy(2, 3, 10);
  desk.amend(1, 5, 12);
  desk.sell(3, 4, 20, { ...gtd(100), type: OrderType.STOP_LIMIT, triggerTicks: 5 });
  desk.said();
  desk.engine.advance(100);
  expect(desk.said()).toEqual(['EXPIRED 1 5@12 gone', 'EXPIRED 3 4@5 gone']);
});

test('an expiry never touches the order that has the slot of an earlier one', () => {
  const desk = new Desk();
  // More than the queue holds at first, so that dead entries are swept out while others live.
  for (let ref = 1; ref <= 1000; ref++) {
    desk.buy(ref, 1, ref, gtd(ref % 2 === 0 ? 100 : 200));
    if (ref % 5 !== 0) desk.cancel(ref);
  }
  for (let ref = 2001; ref <= 3000; ref++) desk.sell(ref, 1, ref);
  desk.said();
  desk.engine.advance(150);
  expect(desk.said()).toHaveLength(100);
  desk.engine.advance(250);
  expect(desk.said()).toHaveLength(100);
  expect([desk.shown(Side.BUY), desk.engine.book.countOrders(Side.SELL)]).toEqual(['', 1000]);
});
