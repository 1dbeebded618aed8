/** Plain limit and market orders, what is done at once or not at all, and post-only. */
import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import { OrderType, PostOnly, TimeInForce } from './codes.ts';
import { Desk } from './testing/desk.ts';

const { IOC, FOK, GTC } = TimeInForce;
const MARKET = { type: OrderType.MARKET, timeInForce: GTC };

describe('a limit order', () => {
  test('rests at its price when nothing crosses', () => {
    const desk = new Desk();
    expect(desk.buy(1, 5, 10)).toBe(desk.handle(1).slot);
    expect(desk.said()).toEqual(['ACCEPTED 1 5@10']);
    expect(desk.shown(Side.BUY)).toBe('5@10');
  });

  test('trades with the best price first, at the price of the resting order, the oldest first', () => {
    const desk = new Desk();
    desk.sell(1, 3, 12);
    desk.sell(2, 3, 11);
    desk.sell(3, 3, 11);
    desk.sell(4, 3, 10);
    desk.said();
    expect(desk.buy(5, 10, 12)).toBe(0);
    expect(desk.trades()).toEqual(['5x4 3@10 gone', '5x2 3@11 gone', '5x3 3@11 gone', '5x1 1@12']);
    expect(desk.shown(Side.SELL)).toBe('2@12');
    expect(desk.engine.lastTradeTicks).toBe(12);
  });

  test('rests with what it could not trade', () => {
    const desk = new Desk();
    desk.buy(1, 3, 10);
    expect(desk.sell(2, 5, 9)).not.toBe(0);
    expect(desk.said()).toEqual(['ACCEPTED 1 3@10', 'ACCEPTED 2 5@9', 'TRADED 2x1 3@10 sold gone']);
    expect([desk.shown(Side.BUY), desk.shown(Side.SELL)]).toEqual(['', '2@9']);
  });

  test('may have a negative price or price zero', () => {
    const desk = new Desk();
    desk.sell(1, 1, -5);
    desk.sell(2, 1, 0);
    desk.buy(3, 2, 1);
    expect(desk.trades()).toEqual(['3x1 1@-5 gone', '3x2 1@0 gone']);
  });

  test('may be beyond int32 in price and size', () => {
    const desk = new Desk();
    desk.sell(1, 2 ** 46, 2 ** 46);
    desk.buy(2, 2 ** 45 + 1, 2 ** 46);
    expect(desk.trades()).toEqual([`2x1 ${2 ** 45 + 1}@${2 ** 46}`]);
    expect(desk.shown(Side.SELL)).toBe(`${2 ** 45 - 1}@${2 ** 46}`);
  });

  test('is refused when its level would hold more than 2^52 lots', () => {
    const desk = new Desk();
    for (let ref = 1; ref <= 64; ref++) desk.sell(ref, 2 ** 46, 7);
    desk.said();
    desk.sell(65, 2 ** 27, 7);
    desk.sell(66, 2 ** 27, 8);
    expect(desk.said()).toEqual([`REJECTED 65 ${2 ** 27}@7 BAD_SIZE`, `ACCEPTED 66 ${2 ** 27}@8`]);
  });
});

describe('a market order', () => {
  test('trades at any price, and its rest is cancelled', () => {
    const desk = new Desk();
    desk.sell(1, 1, 10);
    desk.sell(2, 1, 1_000_000);
    desk.said();
    expect(desk.buy(3, 5, Number.NaN, MARKET)).toBe(0);
    expect(desk.said()).toEqual([
      'ACCEPTED 3 5@NaN',
      'TRADED 3x1 1@10 gone',
      'TRADED 3x2 1@1000000 gone',
      'CANCELLED 3 3@NaN UNFILLED_REST gone',
    ]);
  });
});

describe('an immediate order', () => {
  test('that is IOC trades what it can and never rests', () => {
    const desk = new Desk();
    desk.sell(1, 2, 10);
    desk.sell(2, 2, 11);
    desk.said();
    expect(desk.buy(3, 3, 10, { timeInForce: IOC })).toBe(0);
    expect(desk.said()).toEqual(['ACCEPTED 3 3@10', 'TRADED 3x1 2@10 gone', 'CANCELLED 3 1@10 UNFILLED_REST gone']);
    expect(desk.engine.limit(Side.BUY, 10, 1, 4, 0, IOC, 0)).toBe(0);
    expect(desk.said()).toEqual(['ACCEPTED 4 1@10', 'CANCELLED 4 1@10 UNFILLED_REST gone']);
  });

  test('that is FOK trades all of it or is refused, without a trace', () => {
    const desk = new Desk();
    desk.sell(1, 2, 10);
    desk.sell(2, 2, 11);
    desk.said();
    desk.buy(3, 3, 10, { timeInForce: FOK });
    desk.buy(4, 5, 11, { timeInForce: FOK });
    expect(desk.said()).toEqual(['REJECTED 3 3@10 FOK_UNFILLED', 'REJECTED 4 5@11 FOK_UNFILLED']);
    desk.buy(5, 4, 11, { timeInForce: FOK });
    expect(desk.trades()).toEqual(['5x1 2@10 gone', '5x2 2@11 gone']);
  });

  test('that is FOK at the market asks for the whole book', () => {
    const desk = new Desk();
    desk.buy(1, 2, -50);
    desk.buy(2, 2, 10);
    desk.said();
    desk.sell(3, 5, Number.NaN, { type: OrderType.MARKET, timeInForce: FOK });
    expect(desk.said()).toEqual(['REJECTED 3 5@NaN FOK_UNFILLED']);
    desk.sell(4, 4, Number.NaN, { type: OrderType.MARKET, timeInForce: FOK });
    expect(desk.trades()).toEqual(['4x2 2@10 sold gone', '4x1 2@-50 sold gone']);
  });
});

describe('a post-only order', () => {
  test('is refused when it would take, and rests when it would not', () => {
    const desk = new Desk();
    desk.sell(1, 1, 10);
    desk.said();
    desk.buy(2, 1, 10, { postOnly: PostOnly.REJECT });
    desk.buy(3, 1, 9, { postOnly: PostOnly.REJECT });
    expect(desk.said()).toEqual(['REJECTED 2 1@10 POST_ONLY_WOULD_TAKE', 'ACCEPTED 3 1@9']);
  });

  test('that slides rests one tick behind the opposite best, at which it is accepted', () => {
    const desk = new Desk();
    desk.sell(1, 1, 10);
    desk.buy(2, 1, 15, { postOnly: PostOnly.SLIDE });
    desk.sell(3, 1, 2, { postOnly: PostOnly.SLIDE });
    expect(desk.said()).toEqual(['ACCEPTED 1 1@10', 'ACCEPTED 2 1@9', 'ACCEPTED 3 1@10']);
    expect([desk.shown(Side.BUY), desk.shown(Side.SELL)]).toEqual(['1@9', '2@10']);
  });

  test('cannot be amended so that it takes', () => {
    const desk = new Desk();
    desk.sell(1, 1, 10);
    desk.buy(2, 1, 9, { postOnly: PostOnly.SLIDE });
    desk.said();
    expect(desk.amend(2, 1, 10)).toBe(false);
    expect(desk.amend(2, 1, 8)).toBe(true);
    expect(desk.said()).toEqual(['REJECTED 2 1@10 POST_ONLY_WOULD_TAKE', 'AMENDED 2 1@8 REQUESTED']);
  });
});
