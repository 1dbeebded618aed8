/** Changing and cancelling orders, and the handles that name them. */
import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import { MarketState } from './codes.ts';
import { Desk } from './testing/desk.ts';

function queue(): Desk {
  const desk = new Desk();
  for (const ref of [1, 2, 3]) desk.sell(ref, 5, 10);
  desk.said();
  return desk;
}

describe('an amended order', () => {
  test('keeps its place when it is reduced, or stays as it is', () => {
    const desk = queue();
    desk.amend(1, 2, 10);
    desk.amend(1, 2, 10);
    expect(desk.said()).toEqual(['AMENDED 1 2@10 REQUESTED', 'AMENDED 1 2@10 REQUESTED']);
    desk.buy(4, 3, 10);
    expect(desk.trades()).toEqual(['4x1 2@10 gone', '4x2 1@10']);
  });

  test('goes to the back when it is raised', () => {
    const desk = queue();
    desk.amend(1, 6, 10);
    desk.buy(4, 16, 10);
    expect(desk.trades()).toEqual(['4x2 5@10 gone', '4x3 5@10 gone', '4x1 6@10 gone']);
  });

  test('goes to the back of its new level when it is moved, and does not get its place back', () => {
    const desk = queue();
    desk.amend(1, 5, 11);
    desk.amend(1, 5, 10);
    desk.buy(4, 15, 10);
    expect(desk.trades()).toEqual(['4x2 5@10 gone', '4x3 5@10 gone', '4x1 5@10 gone']);
  });

  test('trades when it is moved through the other side, under its handle', () => {
    const desk = queue();
    desk.buy(4, 8, 9);
    const { slot, generation } = desk.handle(4);
    desk.said();
    expect(desk.amend(4, 7, 10)).toBe(true);
    expect(desk.said()).toEqual(['AMENDED 4 7@10 REQUESTED', 'TRADED 4x1 5@10 gone', 'TRADED 4x2 2@10']);
    expect(desk.engine.book.isLive(slot, generation)).toBe(false);
    desk.sell(5, 1, 20);
    desk.amend(5, 1, 21);
    expect([desk.cancel(5), desk.cancel(5)]).toEqual([true, false]);
  });

  test('may only shrink while trading is halted', () => {
    const desk = queue().in(MarketState.HALTED);
    expect([desk.amend(1, 4, 10), desk.amend(1, 5, 10), desk.amend(1, 4, 11), desk.cancel(2)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(desk.said()).toEqual([
      'AMENDED 1 4@10 REQUESTED',
      'REJECTED 1 5@10 HALTED',
      'REJECTED 1 4@11 HALTED',
      'CANCELLED 2 5@10 REQUESTED gone',
    ]);
  });

  test.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 46 + 1])('cannot have a size of %s', (lots) => {
    const desk = queue();
    expect(desk.amend(1, lots, 10)).toBe(false);
    expect(desk.said()).toEqual([`REJECTED 1 ${lots}@10 BAD_SIZE`]);
    expect(desk.shown(Side.SELL)).toBe('15@10');
  });

  test.each([0.5, Number.NaN, -Infinity, 2 ** 46 + 1])('cannot have a price of %s', (price) => {
    const desk = queue();
    expect(desk.amend(1, 5, price)).toBe(false);
    expect(desk.said()).toEqual([`REJECTED 1 5@${price} BAD_PRICE`]);
  });
});

describe('a stale handle', () => {
  test('never touches the order that has its slot now', () => {
    const desk = new Desk();
    desk.buy(1, 5, 10);
    const old = desk.handle(1);
    desk.cancel(1);
    desk.said();
    const refs: number[] = [];
    for (let ref = 2; ref < 100; ref++) {
      desk.buy(ref, 5, 10);
      if (desk.handle(ref).slot === old.slot) refs.push(ref);
    }
    expect(refs).toHaveLength(1);
    desk.said();
    expect(desk.engine.cancel(old.slot, old.generation)).toBe(false);
    expect(desk.engine.amend(old.slot, old.generation, 11, 1)).toBe(false);
    expect(desk.said()).toEqual(['REJECTED 0 0@NaN UNKNOWN_ORDER', 'REJECTED 0 0@NaN UNKNOWN_ORDER']);
    expect(desk.shown(Side.BUY)).toBe('490@10');
  });

  test('may be anything', () => {
    const { engine } = new Desk();
    for (const slot of [0, -1, 1, 2 ** 26, engine.book.firstSlot, Number.NaN]) {
      expect([engine.cancel(slot, 0), engine.amend(slot, 0, 1, 1)]).toEqual([false, false]);
    }
  });
});

describe('a mass cancel', () => {
  test('takes the orders of one owner, on both sides, and answers how many', () => {
    const desk = new Desk();
    desk.buy(1, 5, 9, { owner: 7 });
    desk.buy(2, 5, 9, { owner: 8 });
    desk.sell(3, 5, 11, { owner: 7, displayLots: 2 });
    desk.said();
    expect(desk.engine.massCancel(7)).toBe(2);
    expect(desk.said()).toEqual(['CANCELLED 1 5@9 MASS_CANCEL gone', 'CANCELLED 3 5@11 MASS_CANCEL gone']);
    expect([desk.engine.massCancel(7), desk.shown(Side.BUY)]).toEqual([0, '5@9']);
  });
});
