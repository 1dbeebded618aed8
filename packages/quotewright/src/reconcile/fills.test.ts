import { Side } from '@quotewright/core/market/side';
import { array, assert, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FillRecord, pairFills } from './fills.ts';

const fill = (orderId: number, sizeLots: number, localNs: number, priceTicks = 100): FillRecord => ({
  orderId,
  market: 0,
  side: Side.BUY,
  priceTicks,
  sizeLots,
  isMaker: true,
  feePpb: 0,
  venueNs: localNs,
  localNs,
  aheadLots: Number.NaN,
});

const fills = array(tuple(integer({ min: 1, max: 4 }), integer({ min: 1, max: 9 })), { maxLength: 20 }).map((list) =>
  list.map(([order, lots], index) => fill(order, lots, index)),
);

/** Lots by order. */
function lotsOf(list: readonly FillRecord[]): Record<number, number> {
  const of: Record<number, number> = {};
  for (const { orderId, sizeLots } of list) of[orderId] = (of[orderId] ?? 0) + sizeLots;
  return of;
}

describe('fills side by side', () => {
  it('hold every lot of both, once, and leave over on one side of an order only', () => {
    assert(
      property(fills, fills, (session, backtest) => {
        const pairs = pairFills(session, backtest);
        for (const { sizeLots } of pairs) expect(sizeLots).toBeGreaterThan(0);
        for (const [side, list] of [
          ['session', session],
          ['backtest', backtest],
        ] as const) {
          const of = pairs.flatMap((pair) => {
            const found = pair[side];
            return found === undefined ? [] : [{ ...found, sizeLots: pair.sizeLots }];
          });
          expect(lotsOf(of)).toEqual(lotsOf(list));
        }
        for (const orderId of [1, 2, 3, 4]) {
          const lacking = new Set(
            pairs
              .filter((pair) => pair.orderId === orderId)
              .map((pair) => [pair.session === undefined, pair.backtest === undefined].join(' ')),
          );
          expect(lacking.has('true false') && lacking.has('false true')).toBe(false);
        }
      }),
    );
  });

  it('are the same when they are the same', () => {
    assert(
      property(fills, (list) => {
        for (const { session, backtest } of pairFills(list, list)) expect(session).toBe(backtest);
      }),
    );
  });

  it('lay one fill of three lots beside three of one', () => {
    const whole = fill(1, 3, 50);
    const parts = [fill(1, 1, 10), fill(1, 1, 20), fill(1, 1, 60, 101)];
    expect(pairFills([whole], parts).map(({ sizeLots, session, backtest }) => [sizeLots, session, backtest])).toEqual(
      parts.map((part) => [1, whole, part]),
    );
  });
});
