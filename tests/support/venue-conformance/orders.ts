/** Cases about orders that stand, and those that are refused. */
import { Side } from '@quotewright/core/market/side';
import { OrderFlag, Reject, ReportKind } from '@quotewright/core/trading/records';
import { expect } from 'vitest';
import type { Bench } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import type { Session, SessionOptions } from './session.ts';

const { ACK, REJECT, CANCELLED, CANCEL_REJECT, AMENDED } = ReportKind;
/** A size that every venue takes, and of which a half can be taken too: worth more than the smallest order. */
export function soundLots({ instrument, desk }: Bench): number {
  const prices = new Float64Array(1);
  desk.top(0, Side.BUY, 1, prices, new Float64Array(1));
  const worth = instrument.minNotionalAtoms / (instrument.contract === 'inverse' ? 1 : prices[0]!);
  return 4 * Math.ceil(Math.max(instrument.minSizeLots, worth * 1.2));
}

/** A bid that nobody will reach: a hundredth below the best one. */
export function quietBid(bench: Bench): number {
  return Math.floor(bench.best(Side.BUY) * 0.99);
}

export async function trader(bench: Bench, options: Partial<SessionOptions> = {}): Promise<Session> {
  const session = await (await bench.session({ hasOrders: true, ...options }).trading()).reading();
  bench.pause();
  return session;
}

/** The exchange's time, to the millisecond, in which some venues tell theirs. */
export function sinceNow({ desk }: Bench): number {
  return Math.floor(desk.nowNs() / 1e6) * 1e6;
}

/** What the exchange has open of ours, as [price, size, filled]. */
export function openOf({ desk }: Bench): [number | undefined, number, number][] {
  return desk.openOrders('ours').map(({ priceTicks, sizeLots, filledLots }) => [priceTicks, sizeLots, filledLots]);
}

export const ORDERS: readonly ConformanceCase[] = [
  {
    name: 'login; a wrong signature does not get in',
    run: async (bench) => {
      await bench.session({ hasOrders: true }).trading();
      const stranger = bench.session({ hasOrders: true, credentials: bench.credentials(true), tag: 'strang' });
      const isRefused = (): boolean =>
        stranger.events.some(({ error, type }) => error?.code === 'AUTH' || type === 'refused');
      await stranger.until(() => isRefused() || stranger.connector.areOrdersUp, 'a refusal');
      // Where a connection asks for the key alone, each signed request shows it.
      if (!stranger.connector.areOrdersUp) return;
      await expect(stranger.connector.account(0)).rejects.toMatchObject({ code: 'AUTH' });
    },
  },
  {
    name: 'a new order stands, and is cancelled',
    run: async (bench) => {
      const session = await trader(bench);
      const [price, lots] = [quietBid(bench), soundLots(bench)];
      const id = session.place(Side.BUY, price, lots, OrderFlag.POST_ONLY);
      const ack = await session.report(id, ACK, REJECT);
      expect(ack).toMatchObject({ kind: ACK, priceTicks: price, sizeLots: lots });
      expect(openOf(bench)).toEqual([[price, lots, 0]]);
      const { orders } = await session.connector.account(0);
      expect(orders).toMatchObject([
        { orderId: id, market: 0, side: Side.BUY, priceTicks: price, openLots: lots, filledLots: 0 },
      ]);
      session.cancel(id);
      expect(await session.report(id, CANCELLED, CANCEL_REJECT)).toMatchObject({
        kind: CANCELLED,
        sizeLots: lots,
        aux: Reject.REQUESTED,
      });
      expect(openOf(bench)).toEqual([]);
      // An order is told of once.
      await session.pass(100);
      expect(session.of(id).map(({ kind }) => kind)).toEqual([ACK, CANCELLED]);
    },
  },
  {
    name: 'amended in place: price and size',
    needs: ({ canAmend }) => canAmend,
    run: async (bench) => {
      const session = await trader(bench);
      const [price, lots] = [quietBid(bench), soundLots(bench)];
      const id = session.place(Side.BUY, price, lots);
      await session.report(id, ACK);
      session.amend(id, Side.BUY, price - 5, lots * 2);
      expect(await session.report(id, AMENDED, ReportKind.AMEND_REJECT)).toMatchObject({
        kind: AMENDED,
        priceTicks: price - 5,
        sizeLots: lots * 2,
      });
      expect(openOf(bench)).toEqual([[price - 5, lots * 2, 0]]);
      session.cancel(id);
      expect(await session.report(id, CANCELLED, CANCEL_REJECT)).toMatchObject({ kind: CANCELLED, sizeLots: lots * 2 });
    },
  },
  {
    name: 'all of ours are cancelled at once',
    run: async (bench) => {
      const session = await trader(bench);
      const ids = [0, 1, 2].map((i) => session.place(Side.BUY, quietBid(bench) - i, soundLots(bench)));
      for (const id of ids) await session.report(id, ACK);
      // Nobody is to ask at the end whose an order is that still stands.
      bench.stranger(Side.BUY, quietBid(bench) - 3, soundLots(bench));
      await session.connector.cancelAll();
      for (const id of ids) await session.report(id, CANCELLED);
      expect(openOf(bench)).toEqual([]);
    },
  },
  {
    name: 'refused: post-only that would take',
    run: async (bench) => {
      const session = await trader(bench);
      const id = session.place(Side.BUY, bench.best(Side.SELL), soundLots(bench), OrderFlag.POST_ONLY);
      expect(await session.report(id, REJECT, CANCELLED)).toMatchObject({ aux: Reject.POST_ONLY_WOULD_TAKE });
      expect(session.of(id, ReportKind.FILL)).toEqual([]);
    },
  },
  {
    name: 'refused: more than the account has',
    run: async (bench) => {
      const session = await trader(bench);
      const { instrument } = bench;
      const price = quietBid(bench);
      // As much as two hundred million are worth, where the venue takes such a size at all.
      const lots = Math.floor(
        200e6 /
          instrument.price.toNumber(price) /
          Number(instrument.spec.lot) /
          Number(instrument.spec.multiplier ?? 1),
      );
      const id = session.place(Side.BUY, price, Math.min(lots, instrument.maxSizeLots));
      expect(await session.report(id, REJECT, ACK)).toMatchObject({ kind: REJECT, aux: Reject.INSUFFICIENT_BALANCE });
    },
  },
  {
    name: 'refused: a size below the smallest',
    run: async (bench) => {
      const { instrument } = bench;
      if (instrument.minSizeLots === 1 && instrument.minNotionalAtoms <= bench.best(Side.BUY)) return 'none';
      const session = await trader(bench);
      const id = session.place(Side.BUY, quietBid(bench), 1);
      const { kind, aux } = await session.report(id, REJECT, ACK);
      expect(kind).toBe(REJECT);
      expect([Reject.BAD_SIZE, Reject.BAD_NOTIONAL]).toContain(aux);
      return undefined;
    },
  },
  {
    name: 'refused: a price that is none',
    run: async (bench) => {
      const session = await trader(bench);
      const id = session.place(Side.BUY, -1, soundLots(bench));
      const { kind, aux } = await session.report(id, REJECT, ACK);
      expect(kind).toBe(REJECT);
      // Some venues say no more than that the request cannot be read.
      expect([Reject.BAD_PRICE, Reject.OTHER]).toContain(aux);
    },
  },
  {
    name: 'refused: the cancel of an order that there is not',
    run: async (bench) => {
      const session = await trader(bench);
      const id = session.place(Side.BUY, quietBid(bench), soundLots(bench));
      await session.report(id, ACK);
      session.cancel(id);
      await session.report(id, CANCELLED);
      session.cancel(id);
      session.cancel(id + 1_000_000);
      expect(await session.report(id, CANCEL_REJECT)).toMatchObject({ aux: Reject.UNKNOWN_ORDER });
      expect(await session.report(id + 1_000_000, CANCEL_REJECT)).toMatchObject({ aux: Reject.UNKNOWN_ORDER });
    },
  },
];
