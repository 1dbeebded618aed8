/** Cases about executions: each is told once, with its exact fee, and the account tells the same. */
import { Side } from '@quotewright/core/market/side';
import { OrderFlag, Reject, ReportKind } from '@quotewright/core/trading/records';
import { expect } from 'vitest';
import type { Bench } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { openOf, sinceNow, soundLots, trader } from './orders.ts';
import type { Session } from './session.ts';

const { ACK, REJECT, FILL, CANCELLED } = ReportKind;

function rates({ instrument }: Bench): { maker: number; taker: number } {
  return { maker: instrument.fees!.makerPpb[0]!, taker: instrument.fees!.takerPpb[0]! };
}

const filledOf = (session: Session, id: number): number =>
  session.of(id, FILL).reduce((sum, { sizeLots }) => sum + sizeLots, 0);

function text(fill: { priceTicks: number; sizeLots: number; isMaker: boolean }): string {
  return `${fill.priceTicks} × ${fill.sizeLots}, ${fill.isMaker ? 'maker' : 'taker'}`;
}

/** What the exchange has filled of ours. */
function filledAt(bench: Bench, sinceNs: number): number {
  const fills = bench.desk.fills('ours').filter(({ ns }) => ns >= sinceNs);
  return fills.reduce((sum, { sizeLots }) => sum + sizeLots, 0);
}

/** What was reported is what the account says, by the same numbers, and what the exchange has booked. */
async function expectSameFills(bench: Bench, session: Session, sinceNs: number): Promise<void> {
  const { executions } = await session.connector.account(sinceNs);
  const told = new Map(session.reports.filter(({ kind }) => kind === FILL).map((fill) => [fill.seq, fill]));
  expect(new Set(executions.map(({ execution }) => execution))).toEqual(new Set(told.keys()));
  for (const { execution, orderId, priceTicks, sizeLots, feePpb, isMaker } of executions) {
    expect(told.get(execution)).toMatchObject({ orderId, priceTicks, sizeLots, aux: feePpb, isMaker });
  }
  const booked = bench.desk.fills('ours').filter(({ ns }) => ns >= sinceNs);
  const [ours, theirs] = [[...told.values()].map(text), booked.map(text)];
  expect(ours.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(theirs.toSorted((a, b) => (a < b ? -1 : 1)));
}

export const FILLS: readonly ConformanceCase[] = [
  {
    name: 'taker: filled at the book’s prices, the fee exact',
    run: async (bench) => {
      const session = await trader(bench);
      const sinceNs = sinceNow(bench);
      const lots = soundLots(bench);
      const price = bench.best(Side.SELL);
      const id = session.place(Side.BUY, price + 1000, lots);
      await session.until(() => filledOf(session, id) === lots, 'all of it filled');
      for (const { aux, isMaker, priceTicks } of session.of(id, FILL)) {
        expect([aux, isMaker, priceTicks >= price]).toEqual([rates(bench).taker, false, true]);
      }
      await expectSameFills(bench, session, sinceNs);
    },
  },
  {
    name: 'maker: filled in parts, the fee exact',
    run: async (bench) => {
      const session = await trader(bench);
      bench.widen(4);
      const sinceNs = sinceNow(bench);
      const lots = soundLots(bench);
      const price = bench.best(Side.BUY) + 1;
      const id = session.place(Side.BUY, price, lots, OrderFlag.POST_ONLY);
      await session.report(id, ACK);
      bench.other(Side.SELL, price, lots / 2);
      const first = await session.report(id, FILL);
      expect(first).toMatchObject({ priceTicks: price, sizeLots: lots / 2, aux: rates(bench).maker, isMaker: true });
      expect((await session.connector.account(sinceNs)).orders).toMatchObject([
        { orderId: id, openLots: lots / 2, filledLots: lots / 2 },
      ]);
      bench.other(Side.SELL, price, lots / 2);
      await session.until(() => filledOf(session, id) === lots, 'all of it filled');
      expect(new Set(session.of(id, FILL).map(({ seq }) => seq)).size).toBe(2);
      expect(openOf(bench)).toEqual([]);
      await expectSameFills(bench, session, sinceNs);
    },
  },
  {
    name: 'positions: as many lots as the exchange says',
    run: async (bench) => {
      const session = await trader(bench);
      const lots = soundLots(bench);
      const held = (): number => bench.desk.position('ours', 0).lots;
      const before = held();
      const id = session.place(Side.BUY, bench.best(Side.SELL) + 1000, lots);
      await session.until(() => filledOf(session, id) === lots, 'all of it filled');
      const { positionLots } = await session.connector.account(0);
      // Spot accounts hold coins, whoever bought them: no venue tells how many of them are of this instrument.
      if (bench.instrument.contract === 'spot') {
        expect(positionLots).toEqual([Number.NaN]);
        return 'none';
      }
      expect(held()).toBe(before + lots);
      expect(positionLots).toEqual([held()]);
      return undefined;
    },
  },
  {
    name: 'immediate or cancelled: the rest is cut off',
    run: async (bench) => {
      const session = await trader(bench);
      const lots = soundLots(bench);
      const none = session.place(Side.BUY, bench.best(Side.BUY), lots, OrderFlag.IOC);
      await session.report(none, CANCELLED, REJECT);
      expect(filledOf(session, none)).toBe(0);
      const there = bench.bestLots(Side.SELL);
      const some = session.place(Side.BUY, bench.best(Side.SELL), there + lots, OrderFlag.IOC);
      expect(await session.report(some, CANCELLED)).toMatchObject({ sizeLots: lots });
      expect(filledOf(session, some)).toBe(there);
      expect(openOf(bench)).toEqual([]);
    },
  },
  {
    name: 'all or nothing',
    needs: ({ lacksFillOrKill = false }) => !lacksFillOrKill,
    run: async (bench) => {
      const session = await trader(bench);
      const lots = soundLots(bench);
      const price = bench.best(Side.SELL);
      const much = session.place(Side.BUY, price, bench.bestLots(Side.SELL) + lots, OrderFlag.FOK);
      const { kind, aux } = await session.report(much, REJECT, CANCELLED);
      expect([kind, [Reject.FOK_UNFILLED, Reject.UNFILLED_REST].some((each) => each === aux)]).toEqual([kind, true]);
      expect(filledOf(session, much)).toBe(0);
      const little = session.place(Side.BUY, price, Math.min(lots, bench.bestLots(Side.SELL)), OrderFlag.FOK);
      await session.until(() => filledOf(session, little) > 0, 'a fill');
      expect(openOf(bench)).toEqual([]);
    },
  },
  {
    name: 'a fill that is told twice is one fill',
    run: async (bench) => {
      const session = await trader(bench);
      const sinceNs = sinceNow(bench);
      const lots = soundLots(bench);
      bench.fault({ fault: 'duplicate-fill', count: 2 });
      const id = session.place(Side.BUY, bench.best(Side.SELL) + 1000, lots);
      await session.until(() => filledAt(bench, sinceNs) === lots, 'all of it filled at the exchange');
      await session.pass(300);
      // Where a frame that comes twice is a broken sequence, another connection is made, and the account says what was missed.
      await session.trading();
      const fills = new Map(session.of(id, FILL).map((fill) => [fill.seq, fill.sizeLots]));
      const { executions } = await session.connector.account(sinceNs);
      for (const { execution, sizeLots } of executions) fills.set(execution, sizeLots);
      // By its number who books knows it again.
      expect([...fills.values()].reduce((sum, each) => sum + each, 0)).toBe(lots);
      expect(fills.size).toBe(executions.length);
    },
  },
];
