/** Self-trade prevention: what happens when an order meets one of its owner. */
import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import { MarketState, OrderType, SelfTrade } from './codes.ts';
import { Desk } from './testing/desk.ts';

/** Order 1 of owner 5 stands before order 2 of owner 6; order 3 of owner 5 takes. */
function take(mode: SelfTrade, lots: number): Desk {
  const desk = new Desk();
  desk.sell(1, 4, 10, { owner: 5 });
  desk.sell(2, 4, 10, { owner: 6 });
  desk.said();
  desk.buy(3, lots, 10, { owner: 5, selfTrade: mode });
  return desk;
}

describe('an order that meets one of its owner', () => {
  test('trades with it when that is allowed', () => {
    expect(take(SelfTrade.ALLOW, 4).trades()).toEqual(['3x1 4@10 gone']);
  });

  test('is cancelled as the newest', () => {
    const desk = take(SelfTrade.CANCEL_NEWEST, 6);
    expect(desk.said()).toEqual(['ACCEPTED 3 6@10', 'CANCELLED 3 6@10 SELF_TRADE gone']);
    expect(desk.shown(Side.SELL)).toBe('8@10');
  });

  test('goes on when the oldest is cancelled', () => {
    const desk = take(SelfTrade.CANCEL_OLDEST, 6);
    expect(desk.said()).toEqual(['ACCEPTED 3 6@10', 'CANCELLED 1 4@10 SELF_TRADE gone', 'TRADED 3x2 4@10 gone']);
    expect(desk.shown(Side.BUY)).toBe('2@10');
  });

  test('goes with it when both are cancelled', () => {
    const desk = take(SelfTrade.CANCEL_BOTH, 6);
    expect(desk.said().slice(1)).toEqual(['CANCELLED 3 6@10 SELF_TRADE gone', 'CANCELLED 1 4@10 SELF_TRADE gone']);
    expect(desk.shown(Side.SELL)).toBe('4@10');
  });

  test('shrinks with it by the smaller size', () => {
    const larger = take(SelfTrade.DECREMENT, 6);
    expect(larger.said().slice(1)).toEqual([
      'CANCELLED 3 4@10 SELF_TRADE',
      'CANCELLED 1 4@10 SELF_TRADE gone',
      'TRADED 3x2 2@10',
    ]);
    const smaller = take(SelfTrade.DECREMENT, 3);
    expect(smaller.said().slice(1)).toEqual(['CANCELLED 3 3@10 SELF_TRADE gone', 'CANCELLED 1 3@10 SELF_TRADE']);
    expect(smaller.shown(Side.SELL)).toBe('5@10');
  });

  test('decrements the hidden lots of an iceberg first', () => {
    const desk = new Desk();
    desk.sell(1, 10, 10, { owner: 5, displayLots: 4 });
    desk.buy(2, 7, 10, { owner: 5, selfTrade: SelfTrade.DECREMENT });
    expect(desk.shown(Side.SELL)).toBe('3@10');
  });
});

describe('the mode', () => {
  test('is the incoming order’s: that of the resting one does not count', () => {
    const desk = new Desk();
    desk.sell(1, 4, 10, { owner: 5, selfTrade: SelfTrade.CANCEL_BOTH });
    desk.buy(2, 4, 10, { owner: 5 });
    expect(desk.trades()).toEqual(['2x1 4@10 gone']);
  });

  test('stays with an order that is amended, or waits for its trigger', () => {
    const desk = new Desk();
    desk.sell(1, 4, 10, { owner: 5 });
    desk.buy(2, 4, 9, { owner: 5, selfTrade: SelfTrade.CANCEL_NEWEST });
    const stop = { type: OrderType.STOP, triggerTicks: 9, owner: 5, selfTrade: SelfTrade.CANCEL_NEWEST };
    desk.buy(3, 1, Number.NaN, stop);
    desk.said();
    desk.amend(2, 4, 10);
    expect(desk.said()).toEqual(['AMENDED 2 4@10 REQUESTED', 'CANCELLED 2 4@10 SELF_TRADE gone']);
    desk.buy(4, 1, 9);
    desk.sell(5, 1, 9);
    expect(desk.said().slice(-2)).toEqual(['TRIGGERED 3 1@9', 'CANCELLED 3 1@NaN SELF_TRADE gone']);
  });

  test('is nothing to nobody’s orders, nor in an auction', () => {
    const desk = new Desk();
    desk.sell(1, 4, 10, { selfTrade: SelfTrade.CANCEL_BOTH });
    desk.buy(2, 4, 10, { selfTrade: SelfTrade.CANCEL_BOTH });
    expect(desk.trades()).toEqual(['2x1 4@10 gone']);
    desk.in(MarketState.AUCTION);
    desk.sell(3, 4, 10, { owner: 5, selfTrade: SelfTrade.CANCEL_BOTH });
    desk.buy(4, 4, 10, { owner: 5, selfTrade: SelfTrade.CANCEL_BOTH });
    desk.in(MarketState.TRADING);
    expect(desk.trades()).toEqual(['4x3 4@10 gone']);
  });
});
