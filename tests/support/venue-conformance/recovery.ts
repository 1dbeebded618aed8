/** Cases about what is not known, and is learnt from evidence; and about keeping below the venue's limits. */
import { Side } from '@quotewright/core/market/side';
import { OrderFlag, Reject, ReportKind } from '@quotewright/core/trading/records';
import { expect } from 'vitest';
import type { ConformanceCase } from './case.ts';
import { openOf, quietBid, sinceNow, soundLots, trader } from './orders.ts';

const { ACK, REJECT, FILL, CANCELLED, CANCEL_REJECT } = ReportKind;
/** Venues end the orders of who is not heard of within a minute at most. */
const SILENCE_MS = 75_000;

export const RECOVERY: readonly ConformanceCase[] = [
  {
    name: 'an answer that is lost: the account tells of the order',
    run: async (bench) => {
      const session = await trader(bench, { answerMs: 1500 });
      const [price, lots] = [quietBid(bench), soundLots(bench)];
      bench.fault({ fault: 'lost-ack', count: 1 });
      const id = session.place(Side.BUY, price, lots);
      await session.until(() => openOf(bench).length === 1, 'the order at the exchange');
      await session.pass(100);
      bench.faults.clear();
      const { orders } = await session.connector.account(0);
      expect(orders).toMatchObject([{ orderId: id, priceTicks: price, openLots: lots }]);
      expect(session.of(id, REJECT)).toEqual([]);
      session.cancel(id);
      await session.report(id, CANCELLED);
      expect(openOf(bench)).toEqual([]);
    },
  },
  {
    name: 'the account after a break: what happened meanwhile, by the same numbers',
    run: async (bench) => {
      const session = await trader(bench);
      bench.widen(4);
      const sinceNs = sinceNow(bench);
      const lots = soundLots(bench);
      const price = bench.best(Side.BUY) + 1;
      const id = session.place(Side.BUY, price, lots, OrderFlag.POST_ONLY);
      await session.report(id, ACK);
      const { length } = session.told('connected');
      bench.fault({ fault: 'drop', count: 2 });
      bench.other(Side.SELL, price, lots / 2);
      await session.until(() => bench.desk.fills('ours').some(({ ns }) => ns >= sinceNs), 'a fill at the exchange');
      await session.until(() => session.told('disconnected').length > 0, 'a break');
      bench.faults.clear();
      await session.until(
        () => session.told('connected').length > length && session.connector.areOrdersUp,
        'orders again',
        15_000,
      );
      const { orders, executions } = await session.connector.account(sinceNs);
      expect(executions).toMatchObject([{ orderId: id, priceTicks: price, sizeLots: lots / 2, isMaker: true }]);
      // Where orders end with the connection it may be gone, and is nothing that we believe to be open.
      expect(orders.map(({ orderId, filledLots }) => [orderId, filledLots])).toEqual(
        openOf(bench).map(() => [id, lots / 2]),
      );
      const told = session.reports.filter(({ kind }) => kind === FILL);
      for (const { seq } of told) expect(seq).toBe(executions[0]?.execution);
    },
  },
  {
    name: 'an order of another program: the account tells of it, and it can be cancelled',
    run: async (bench) => {
      const session = await trader(bench);
      const [price, lots] = [quietBid(bench), soundLots(bench)];
      bench.stranger(Side.BUY, price, lots);
      const { orders } = await session.connector.account(sinceNow(bench));
      expect(orders).toMatchObject([{ market: 0, side: Side.BUY, priceTicks: price, openLots: lots, filledLots: 0 }]);
      const { orderId } = orders[0]!;
      session.cancel(orderId);
      expect(await session.report(orderId, CANCELLED, CANCEL_REJECT)).toMatchObject({ kind: CANCELLED });
      expect(openOf(bench)).toEqual([]);
    },
  },
  {
    name: 'orders end with the connection',
    needs: ({ hasCancelOnDisconnect }) => hasCancelOnDisconnect,
    run: async (bench) => {
      // On an exchange whose time can pass.
      const own = await bench.another();
      try {
        const session = await trader(own);
        const id = session.place(Side.BUY, quietBid(own), soundLots(own));
        await session.report(id, ACK);
        // What asks for it may be sent some time after the order.
        await session.pass(300);
        session.close();
        await session.pass(50);
        own.jump(SILENCE_MS);
        await session.until(() => openOf(own).length === 0, 'no order at the exchange');
      } finally {
        await own.close();
      }
    },
  },
  // The last one: what is used of the limits stays used for a while.
  {
    name: 'requests stay below the limits, and cancels go first',
    run: async (bench) => {
      const session = await trader(bench);
      const lots = soundLots(bench);
      const price = quietBid(bench);
      const standing = session.place(Side.BUY, price, lots);
      await session.report(standing, ACK);
      const ids = Array.from({ length: 400 }, (_, i) => session.place(Side.BUY, price - 1 - (i % 50), lots));
      session.cancel(standing);
      expect(await session.report(standing, CANCELLED, CANCEL_REJECT)).toMatchObject({ kind: CANCELLED });
      await session.until(() => ids.every((id) => session.of(id, ACK, REJECT).length > 0), 'an answer to each', 25_000);
      const refused = ids.flatMap((id) => session.of(id, REJECT));
      expect(new Set(refused.map(({ aux }) => aux))).toEqual(new Set(refused.length > 0 ? [Reject.OVERLOADED] : []));
      // What was refused was refused here: the venue never had to.
      const told = session.events.flatMap(({ error }) => (error === undefined ? [] : [error]));
      expect(told.filter(({ status, venueCode }) => status !== undefined || venueCode !== '')).toEqual([]);
      expect(openOf(bench).length).toBe(ids.length - refused.length);
    },
  },
];
