/** Icebergs: orders that show a part of their size. */
import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import { TimeInForce } from './codes.ts';
import { Desk } from './testing/desk.ts';

const FOK = { timeInForce: TimeInForce.FOK };

describe('an iceberg', () => {
  test('shows its display size, and its level shows no more of it', () => {
    const desk = new Desk();
    desk.sell(1, 10, 7, { displayLots: 3 });
    desk.sell(2, 5, 7);
    expect(desk.shown(Side.SELL)).toBe('8@7');
    expect(desk.engine.openLots(desk.handle(1).slot)).toBe(10);
  });

  test('goes to the back of the level with each new slice', () => {
    const desk = new Desk();
    desk.sell(1, 7, 7, { displayLots: 3 });
    desk.sell(2, 2, 7);
    desk.buy(3, 20, 7);
    expect(desk.trades()).toEqual(['3x1 3@7', '3x2 2@7 gone', '3x1 3@7', '3x1 1@7 gone']);
    expect([desk.shown(Side.SELL), desk.shown(Side.BUY)]).toEqual(['', '11@7']);
  });

  test('keeps its place while its slice lasts', () => {
    const desk = new Desk();
    desk.sell(1, 7, 7, { displayLots: 3 });
    desk.sell(2, 2, 7);
    desk.buy(3, 2, 7);
    desk.buy(4, 2, 7);
    expect(desk.trades()).toEqual(['3x1 2@7', '4x1 1@7', '4x2 1@7']);
    expect(desk.shown(Side.SELL)).toBe('4@7');
  });

  test('trades as a taker with all of its size before it shows a slice', () => {
    const desk = new Desk();
    desk.buy(1, 6, 7);
    desk.sell(2, 10, 7, { displayLots: 3 });
    expect(desk.trades()).toEqual(['2x1 6@7 sold gone']);
    expect(desk.shown(Side.SELL)).toBe('3@7');
    expect(desk.engine.openLots(desk.handle(2).slot)).toBe(4);
  });

  test('counts with its hidden lots for fill-or-kill', () => {
    const desk = new Desk();
    desk.sell(1, 10, 7, { displayLots: 1 });
    desk.sell(2, 1, 7);
    desk.said();
    desk.buy(3, 12, 7, FOK);
    expect(desk.said()).toEqual(['REJECTED 3 12@7 FOK_UNFILLED']);
    desk.buy(4, 11, 7, FOK);
    expect(desk.trades()).toHaveLength(11);
    expect(desk.shown(Side.SELL)).toBe('');
  });

  test('does not count with what stands behind an own order of the taker', () => {
    const desk = new Desk();
    const own = { ...FOK, owner: 5, selfTrade: 1 } as const;
    desk.sell(1, 10, 7, { displayLots: 2 });
    desk.sell(2, 1, 7, { owner: 5 });
    desk.said();
    desk.buy(3, 3, 7, own);
    desk.buy(4, 2, 7, own);
    // The next slice stands behind order 2, which is the taker's own.
    expect(desk.said()).toEqual(['REJECTED 3 3@7 FOK_UNFILLED', 'ACCEPTED 4 2@7', 'TRADED 4x1 2@7']);
  });

  test('loses hidden lots first when it is reduced, and keeps its place', () => {
    const desk = new Desk();
    desk.sell(1, 10, 7, { displayLots: 3 });
    desk.sell(2, 1, 7);
    desk.amend(1, 4, 7);
    expect(desk.shown(Side.SELL)).toBe('4@7');
    desk.amend(1, 2, 7);
    expect(desk.shown(Side.SELL)).toBe('3@7');
    desk.buy(3, 3, 7);
    expect(desk.trades()).toEqual(['3x1 2@7 gone', '3x2 1@7 gone']);
  });

  test('that is moved shows a slice at its new price', () => {
    const desk = new Desk();
    desk.sell(1, 10, 7, { displayLots: 3 });
    desk.amend(1, 8, 9);
    expect(desk.shown(Side.SELL)).toBe('3@9');
    desk.buy(2, 8, 9);
    expect(desk.trades()).toEqual(['2x1 3@9', '2x1 3@9', '2x1 2@9 gone']);
  });
});
