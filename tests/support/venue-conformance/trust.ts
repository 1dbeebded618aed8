/** Cases about books whose truth is known from something else: the exchange's own queues, and the best quote as a stream of its own. */
import type { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { exchangeQueues, replicaQueues } from '../../../packages/quotewright/src/exchange/testing/queues.ts';
import type { ConformanceCase } from './case.ts';

const QUOTES = 80;

export const TRUST: readonly ConformanceCase[] = [
  {
    name: 'order by order: the queues are the exchange’s, each order in its place',
    needs: ({ hasL3 }) => hasL3,
    run: async (bench) => {
      const session = await bench.session({ isL3: true }).reading();
      const before = session.orders;
      await session.until(() => session.orders > before + 200, 'some orders');
      bench.pause();
      await session.pass(200);
      const queues = bench.desk.queues(0)!;
      for (const side of [Side.BUY, Side.SELL]) {
        const expected = exchangeQueues(queues, side);
        expect(expected.length).toBeGreaterThan(20);
        await session.until(
          () => isDeepStrictEqual(replicaQueues(session.builder.book, side), expected),
          'the same queues',
        );
      }
      expect([session.builder.unknownIds, session.builder.duplicateIds, session.gaps]).toEqual([0, 0, 0]);
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
