import { describe, expect, it } from 'vitest';
import { EVENT_STRIDE, Field, packHead } from '../market/event.ts';
import { Side } from '../market/side.ts';
import { AlertField, AlertType } from '../risk/alert.ts';
import { OrderState } from '../trading/order-state.ts';
import { InputKind, OrderFlag, ReportKind, RequestKind } from '../trading/records.ts';
import { RiskState } from '../trading/risk-state.ts';
import type { VenueAccount, VenueExecution, VenueOrder } from '../trading/venue-account.ts';
import { Engine } from './engine.ts';
import type { EngineSetup } from './engine-setup.ts';
import { Mark } from './local-market.ts';
import { Reconciler, differenceTable } from './reconcile.ts';
import { LINEAR, strategyOf } from './testing/session-kit.ts';

const SECOND = 1e9;
const { BUY, SELL } = Side;

interface Sent {
  readonly kind: number;
  readonly orderId: number;
}

/** An engine that has bought nothing yet: two orders of its strategy are LIVE, at 100 and 99. */
function begun(setup: Partial<EngineSetup> = {}) {
  const heard: string[] = [];
  const definition = strategyOf((ctx) => ({
    onStart: () => {
      ctx.buy(ctx.market, 100, 10);
      ctx.buy(ctx.market, 99, 10);
    },
    save: () => null,
    restore: () => {},
    onFill: (_market, { orderId, sizeLots }) => heard.push(`fill ${sizeLots} of ${orderId}`),
    onOrder: (_market, { id, state, openLots }) => heard.push(`order ${id}: ${state}, ${openLots} open`),
  }));
  const engine = new Engine({
    instruments: [LINEAR],
    isL3: [false],
    venueOf: [0],
    strategies: [{ definition, params: {}, observers: [] }],
    seed: 1,
    mark: Mark.MID,
    ...setup,
  });
  engine.start(0);
  const sent = take(engine);
  for (const { orderId } of sent) tell(engine, ReportKind.ACK, orderId, orderId === sent[0]!.orderId ? 100 : 99, 10);
  return { engine, heard, ids: sent.map(({ orderId }) => orderId) };
}

function take(engine: Engine): Sent[] {
  const sent: Sent[] = [];
  engine.takeRequests({
    send: (data, at) => sent.push({ kind: data[at + Field.HEAD]! & 0xff, orderId: data[at + Field.ORDER_ID]! }),
  });
  return sent;
}

function tell(engine: Engine, kind: number, orderId: number, price: number, size: number, seq = 0, aux = 0): void {
  const record = new Float64Array(EVENT_STRIDE);
  record.set([packHead(kind, OrderFlag.BUY, 0), engine.nowNs, engine.nowNs, price, size, orderId, seq, aux]);
  engine.input(record, 0);
}

const order = (orderId: number, priceTicks: number, openLots: number, filledLots = 0): VenueOrder => ({
  orderId,
  market: 0,
  side: BUY,
  priceTicks,
  openLots,
  filledLots,
});

const execution = (number: number, orderId: number, priceTicks: number, sizeLots: number): VenueExecution => ({
  execution: number,
  orderId,
  market: 0,
  side: BUY,
  priceTicks,
  sizeLots,
  feePpb: 0,
  isMaker: true,
  venueNs: SECOND,
});

function account(orders: VenueOrder[], executions: VenueExecution[] = [], lots = Number.NaN): VenueAccount {
  return { orders, executions, positionLots: [lots] };
}

/** Asks until nothing is news, as often as `answers` allow; the last answer is given again and again. */
function reconcile(engine: Engine, answers: readonly VenueAccount[], unknownOrders: 'cancel' | 'adopt' = 'cancel') {
  engine.connection(0, false, 2 * SECOND);
  engine.restart(2, 2 * SECOND);
  const reconciler = new Reconciler(engine, { unknownOrders });
  for (let i = 0; i < 6 && !reconciler.isSettled; i++) {
    reconciler.answer(answers[Math.min(i, answers.length - 1)]!, (2 + i / 2) * SECOND);
  }
  return reconciler.conclude(6 * SECOND);
}

/** What differs when the venue tells of a balance, after an execution of 0.04 USDT. */
function differencesOf(balance: string, costs: readonly string[] | undefined): string[] {
  const { engine, ids } = begun({ ledger: { cash: { USDT: '1000' } } });
  const orders = [order(ids[0]!, 100, 6), order(ids[1]!, 99, 10)];
  const told = { ...account(orders, [execution(1, ids[0]!, 100, 4)], 4), balances: { USDT: balance } };
  return reconcile(engine, [costs === undefined ? told : { ...told, costs }]).differences.map(({ what }) => what);
}

/** Twelve answers, each half a second and (of the first `most`) a fill after the one before, whose position is off by `lag(i)`. */
function flow(most: number, lag: (i: number) => number, isLast = false) {
  const { engine, ids } = begun({ risk: {} });
  // It was amended.
  tell(engine, ReportKind.STATUS, ids[0]!, 100, 20);
  const reconciler = new Reconciler(engine, { graceNs: 0.4 * SECOND });
  for (let i = 0; i < 12; i++) {
    if (i < most) tell(engine, ReportKind.FILL, ids[0]!, 100, 1, 100 + i);
    const filled = engine.portfolioLots(0);
    const open = [order(ids[0]!, 100, 20 - filled, filled), order(ids[1]!, 99, 10)];
    reconciler.answer(account(open, [], filled + lag(i)), (2 + i / 2) * SECOND);
  }
  const report = reconciler.conclude(8 * SECOND, isLast);
  return { report, isHalted: engine.riskState === RiskState.HALTED };
}

describe('reconciliation', () => {
  it('leaves what is as it was', () => {
    const { engine, ids } = begun();
    const report = reconcile(engine, [account([order(ids[0]!, 100, 10), order(ids[1]!, 99, 10)], [], 0)]);
    expect(report).toMatchObject({ booked: 0, open: 2, gone: 0, adopted: 0, cancelled: 0, differences: [] });
    expect(ids.map((id) => engine.desk.stateAt(engine.desk.slotOf(id)))).toEqual([OrderState.LIVE, OrderState.LIVE]);
    expect(take(engine)).toEqual([]);
  });

  it('books each missed execution once, and ends the orders that are gone', () => {
    const { engine, ids, heard } = begun();
    const [first, second] = [ids[0]!, ids[1]!];
    tell(engine, ReportKind.FILL, first, 100, 3, 71);
    heard.length = 0;
    const executions = [execution(71, first, 100, 3), execution(72, first, 100, 7), execution(72, first, 100, 7)];
    const report = reconcile(engine, [account([], executions, 10)]);
    expect(report).toMatchObject({ booked: 1, bookedLots: 7, gone: 1, differences: [], pending: 0 });
    expect(heard.filter((line) => line.startsWith('fill'))).toEqual([`fill 7 of ${first}`]);
    expect(engine.portfolioLots(0)).toBe(10);
    expect(engine.desk.stateAt(engine.desk.slotOf(second))).toBe(OrderState.CANCELLED);
    // The report that was on its way all the time.
    tell(engine, ReportKind.FILL, first, 100, 7, 72);
    expect([engine.portfolioLots(0), engine.faults.duplicates]).toEqual([10, 1]);
  });

  it('is not led astray by a list that is wrong for a moment', () => {
    const { engine, ids } = begun();
    const whole = [order(ids[0]!, 100, 10), order(ids[1]!, 99, 10)];
    const strange = order(4_000_000, 98, 5);
    const report = reconcile(engine, [account([strange]), account(whole)]);
    expect(report).toMatchObject({ open: 2, gone: 0, cancelled: 0, pending: 0 });
    expect(engine.desk.count(0, 0)).toBe(2);
  });

  it('cancels an order that we do not know by the number that the venue has for it', () => {
    const { engine, ids } = begun();
    const known = [order(ids[0]!, 100, 10), order(ids[1]!, 99, 10)];
    const report = reconcile(engine, [account([...known, order(4_000_000, 98, 5)])]);
    expect(report.cancelled).toBe(1);
    expect(report.lines).toEqual(['order 4000000: unknown, cancelled: LINEAR buy 0.005 at 9.8']);
    expect(take(engine)).toEqual([{ kind: RequestKind.CANCEL, orderId: 4_000_000 }]);
    const slot = engine.desk.slotAtVenue(4_000_000);
    expect(engine.desk.stateAt(slot)).toBe(OrderState.PENDING_CANCEL);
    tell(engine, ReportKind.CANCELLED, 4_000_000, 98, 5, 0, 1);
    expect(engine.desk.stateAt(slot)).toBe(OrderState.CANCELLED);
  });

  it('adopts one by policy: its executions are ours, it can be amended, and it survives a snapshot', () => {
    const { engine, ids, heard } = begun();
    const known = [order(ids[0]!, 100, 10), order(ids[1]!, 99, 10)];
    const strange = order(4_000_000, 98, 5, 2);
    reconcile(engine, [account([...known, strange], [execution(9, 4_000_000, 98, 2)], 2)], 'adopt');
    const slot = engine.desk.slotAtVenue(4_000_000);
    const id = engine.desk.idAt(slot);
    expect(id).not.toBe(4_000_000);
    expect([engine.desk.openLotsAt(slot), engine.desk.filledLotsAt(slot), engine.portfolioLots(0)]).toEqual([5, 2, 2]);
    expect(heard).toContain(`fill 2 of ${id}`);
    expect(take(engine)).toEqual([]);

    const { engine: again } = begun();
    again.restore(structuredClone(engine.save()));
    for (const each of [engine, again]) {
      expect(each.amend(id, 97, 7)).toBe(true);
      expect(take(each)).toEqual([{ kind: RequestKind.AMEND, orderId: 4_000_000 }]);
      tell(each, ReportKind.FILL, 4_000_000, 98, 5, 10);
      expect(each.portfolioLots(0)).toBe(7);
    }
    expect(again.inputs.digest()).toBe(engine.inputs.digest());
  });

  it('gives an order that nobody knows to the strategy that has traded most in its instrument', () => {
    const idle = strategyOf(() => ({}));
    const busy = strategyOf((ctx) => ({ onStart: () => ctx.buy(ctx.market, 100, 10) }));
    const { engine } = begun({
      strategies: [idle, busy].map((definition) => ({ definition, params: {}, observers: [] })),
    });
    const { orderId } = { orderId: engine.desk.idAt(engine.desk.firstSlot(1, 0)) };
    tell(engine, ReportKind.FILL, orderId, 100, 10, 1);
    reconcile(engine, [account([order(4_000_000, 98, 5)], [execution(1, orderId, 100, 10)], 10)]);
    expect(engine.desk.strategyAt(engine.desk.slotAtVenue(4_000_000))).toBe(1);
  });

  it('gives back an order that we had given up', () => {
    const { engine, ids } = begun();
    const [first, second] = [ids[0]!, ids[1]!];
    tell(engine, ReportKind.CANCELLED, second, 99, 10);
    reconcile(engine, [account([order(first, 100, 10), order(second, 99, 10)])]);
    expect(take(engine)).toEqual([{ kind: RequestKind.CANCEL, orderId: second }]);
    expect(engine.desk.stateAt(engine.desk.slotAtVenue(second))).toBe(OrderState.PENDING_CANCEL);
  });

  it('believes executions beyond the size that it knows of an order, which was amended', () => {
    const { engine, ids } = begun();
    const executions = [execution(1, ids[0]!, 101, 10), execution(2, ids[0]!, 101, 5)];
    const report = reconcile(engine, [account([order(ids[1]!, 99, 10)], executions, 15)]);
    expect([report.booked, report.differences, engine.faults.overfills]).toEqual([2, [], 0]);
    expect(engine.desk.stateAt(engine.desk.slotOf(ids[0]!))).toBe(OrderState.FILLED);
  });

  it('gives no number twice after a restart', () => {
    const { engine, ids } = begun();
    const lost = engine.desk.place(0, 0, BUY, 98, 1, 0, SECOND);
    const { engine: other } = begun();
    other.restart(2, 2 * SECOND);
    const next = other.desk.place(0, 0, BUY, 98, 1, 0, 2 * SECOND);
    expect(next).toBeGreaterThan(lost + 2 ** 30);
    // Brought back to before that, by a later process.
    const { engine: third } = begun();
    third.restart(3, 2 * SECOND);
    expect(third.desk.place(0, 0, SELL, 198, 1, 0, 2 * SECOND)).toBeGreaterThan(next + 2 ** 30);
    expect(ids.map((id) => third.desk.slotOf(id))).toEqual([0, 1]);
  });

  it('halts with an alarm and a readable difference when positions are not the same', () => {
    const { engine, ids } = begun({ risk: {} });
    const report = reconcile(engine, [account([order(ids[0]!, 100, 10)], [execution(1, ids[0]!, 100, 4)], 9)]);
    expect(report.differences).toEqual([{ what: 'position test:LINEAR, lots', market: 0, ours: 4, venues: 9 }]);
    expect(differenceTable(report.differences)).toBe(
      [
        "what                        ours  venue's  difference",
        'position test:LINEAR, lots     4        9          -5',
      ].join('\n'),
    );
    expect(engine.riskState).toBe(RiskState.HALTED);
    const { outbox } = engine.risk!.alerts;
    const types: number[] = [];
    for (; outbox.length > 0; outbox.shift()) types.push(outbox.data[outbox.peek() + AlertField.TYPE]!);
    expect(types).toContain(AlertType.RECONCILIATION_DRIFT);
    engine.connection(0, true, 7 * SECOND);
    expect(take(engine).every(({ kind }) => kind === RequestKind.CANCEL)).toBe(true);
  });

  describe('under an unceasing flow of fills', () => {
    it('takes an answer that is a fill behind, or ahead, for no drift', () => {
      const { report, isHalted } = flow(12, (i) => (i % 3) - 1);
      expect([report.differences, report.unsettled, isHalted]).toEqual([[], [], false]);
    });

    it('says that it cannot tell when every answer is as far behind, and does not halt', () => {
      const { report, isHalted } = flow(12, () => -1);
      expect([report.differences, report.unsettled.length, isHalted]).toEqual([[], 1, false]);
    });

    it('believes the last answer when nobody asks again', () => {
      const { report, isHalted } = flow(12, () => -1, true);
      expect([report.differences.length, report.unsettled, isHalted]).toEqual([1, [], true]);
    });

    it('believes a difference that stays while nothing trades', () => {
      const { report, isHalted } = flow(7, (i) => 3 + (i < 7 ? i % 2 : 0));
      expect([report.differences.map(({ ours, venues }) => venues - ours), isHalted]).toEqual([[3], true]);
    });
  });

  it('takes balances with what positions have cost, and within ε', () => {
    expect(differencesOf('1000', ['0.04'])).toEqual([]);
    // Another lot was closed first, so more was gained and what is left has cost more.
    expect(differencesOf('1000.5', ['0.54'])).toEqual([]);
    expect(differencesOf('1001', ['0.04'])).toEqual(['balance USDT (less cost of positions)']);
    expect(differencesOf('1000.0000001', ['0.04'])).toEqual([]);
    // Not told, it cannot be compared while there is a position.
    expect(differencesOf('1001', undefined)).toEqual([]);
  });

  it('takes an unknown order only when it is sound', () => {
    const { engine } = begun();
    const adopt = (market: number, price: number, size: number, strategy: number): void => {
      const record = new Float64Array(EVENT_STRIDE);
      record.set([packHead(InputKind.ADOPT, 0, market), 0, SECOND, price, size, 5_000_000, strategy, 0]);
      engine.input(record, 0);
    };
    for (const [market, price, size, strategy] of [
      [1, 100, 1, 0],
      [0, Number.NaN, 1, 0],
      [0, 100, 0, 0],
      [0, 100, Number.NaN, 0],
      [0, 100, 1, 1],
      [0, 100, 1, -1],
      [0, 100, 1, 0.5],
    ] as const) {
      adopt(market, price, size, strategy);
    }
    expect([engine.faults.malformed, engine.desk.count(0, 0)]).toEqual([7, 2]);
    adopt(0, 100, 1, 0);
    expect(engine.desk.count(0, 0)).toBe(3);
  });
});
