/** Cases about books whose truth is known from something else: another snapshot, and the best quote as a stream of its own. */
import type { L2Book } from '@quotewright/core/market/l2-book';
import { L3Replica } from '@quotewright/core/market/l3-replica';
import { Side } from '@quotewright/core/market/side';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { ConformanceCase } from './case.ts';
import type { Session } from './session.ts';

/** Levels a side whose queues are compared. */
const DEPTH = 20;
const QUOTES = 80;

/** The sizes of the orders at the best levels of a side, each level from its front. */
function queuesOf(session: Session, side: Side): [number, number[]][] {
  const { book } = session.builder;
  if (!(book instanceof L3Replica)) throw new Error('a book of levels');
  const prices = new Float64Array(DEPTH);
  const count = book.top(side, DEPTH, prices, new Float64Array(DEPTH));
  return Array.from(prices.subarray(0, count), (price) => {
    const sizes: number[] = [];
    for (let id = book.frontAt(side, price); !Number.isNaN(id); id = book.behind(id)) sizes.push(book.sizeOf(id));
    return [price, sizes];
  });
}

export const TRUST: readonly ConformanceCase[] = [
  {
    name: 'order by order: changes give the queues of a later snapshot',
    needs: ({ hasL3 }) => hasL3,
    run: async (bench) => {
      const session = bench.session({ isL3: true });
      const isRefused = (): boolean => session.told('refused').length > 0;
      await session.until(() => session.builder.book.isWhole || isRefused(), 'a whole book, or a refusal');
      // This exchange does not have it.
      if (isRefused()) return 'none';
      const before = session.orders;
      await session.until(() => session.orders > before + 200, 'some orders');
      bench.pause();
      await session.pass(200);
      const later = await bench.session({ isL3: true }).reading();
      for (const side of [Side.BUY, Side.SELL]) {
        const expected = queuesOf(later, side);
        expect(expected).toHaveLength(DEPTH);
        await session.until(() => isDeepStrictEqual(queuesOf(session, side), expected), 'the same queues');
      }
      expect([session.builder.unknownIds, session.builder.duplicateIds, session.gaps]).toEqual([0, 0, 0]);
      return undefined;
    },
  },
  {
    name: 'a level that is wrong in silence: the best quote tells, resync, right again',
    needs: ({ bestQuote }) => bestQuote !== 'none',
    run: async (bench) => {
      const session = await bench.session({ settings: { quoteLagMs: 200 } }).reading();
      bench.pause();
      await session.until(() => session.isRight, 'a book at rest');
      bench.widen(4);
      await session.until(() => session.isRight, 'a book at rest, with room between its sides');
      const { snapshots } = session;
      // What no message has brought: a bid that nobody has made.
      const book: L2Book = session.connector.book(0)!;
      book.set(Side.BUY, bench.best(Side.BUY) + 1, 7);
      for (let i = 0; i < QUOTES && session.faults().length === 0; i++) {
        bench.other(Side.BUY, bench.best(Side.SELL), bench.bestLots(Side.SELL));
        await session.pass(20);
      }
      // Where there is a checksum it is sooner.
      expect(['quote', 'checksum']).toContain(session.faults()[0]);
      await session.until(() => session.snapshots > snapshots, 'another snapshot', 15_000);
      await session.until(() => session.isRight, 'a book like the exchange’s');
    },
  },
];
