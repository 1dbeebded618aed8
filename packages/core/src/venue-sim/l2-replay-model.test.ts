/** The L2 replay venue against the slow one, on random markets and requests, for every model and rule; and its laws. */
import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { EventKind, TradingStatus } from '../market/event.ts';
import { OrderFlag, ReportKind } from '../trading/records.ts';
import type { SelfTradeRule } from './own-order-venue.ts';
import { QUEUE_MODELS, type QueueModelName, queueModel } from './queue-model.ts';
import { NaiveL2Venue } from './testing/l2-naive-venue.ts';
import { L2Driver, type PlainReport } from './testing/l2-venue-driver.ts';

const { POST_ONLY, IOC, FOK, REDUCE_ONLY } = OrderFlag;
const STEPS = 3000;
const SELF_TRADE: readonly SelfTradeRule[] = ['cancel-newest', 'cancel-oldest', 'cancel-both', 'none'];

function pick(random: Random, values: readonly number[]): number {
  return values[random.below(values.length)] ?? 0;
}

interface Run {
  readonly model: QueueModelName;
  readonly whole: boolean;
  readonly selfTrade: SelfTradeRule;
  readonly exponent: number;
  readonly seed: number;
}

/** Plays a random session to both, comparing all reports, and shows each step's reports to `check`. */
function play(run: Run, check: (step: string, size: number, reports: PlainReport[]) => void): number {
  const { model, whole, selfTrade, exponent } = run;
  const random = Random.stream(run.seed, `${model} ${whole} ${selfTrade}`);
  const queue = queueModel(model, exponent);
  const fast = new L2Driver({ queue, fillRule: whole ? 'whole' : 'partial', selfTrade }, '300');
  const rules = { makerPpb: -100_000, takerPpb: 500_000, minSize: 1, maxSize: 1000, minNotional: 300 };
  const slow = new NaiveL2Venue({ whole, model, exponent, selfTrade, ...rules });
  let ns = 0;
  let middle = 1000;
  let id = 0;
  let fills = 0;
  for (let step = 0; step < STEPS; step++) {
    if (random.below(3) > 0) ns++;
    if (random.below(40) === 0) middle += random.below(3) - 1;
    const buy = random.below(2) === 0;
    const off = random.below(6) - (random.below(12) === 0 ? 3 : 0);
    const price = buy ? middle - off : middle + 1 + off;
    const lots = 1 + random.below(12);
    slow.reports = [];
    let what = '';
    let got: PlainReport[];
    const dice = random.below(100);
    if (dice < 45) {
      what = 'level';
      const size = random.below(4) === 0 ? 0 : lots * 2;
      got = fast.level(buy, price, size, ns);
      slow.level(buy, price, size, ns);
    } else if (dice < 62) {
      what = 'trade';
      got = fast.trade(!buy, price, lots, ns);
      slow.trade(!buy, price, lots, ns);
    } else if (dice < 82) {
      what = 'enter';
      let flags: number = (buy ? 1 : 0) | pick(random, [0, POST_ONLY, POST_ONLY, IOC, FOK]);
      if (random.below(6) === 0) flags |= REDUCE_ONLY;
      const isOdd = random.below(30) === 0;
      const odd = pick(random, [0.5, 0, 1001, Number.NaN]);
      const limit = isOdd && buy ? odd : price;
      const size = isOdd && !buy ? odd : lots;
      const orderId = random.below(40) === 0 ? Math.max(1, id - 1) : ++id;
      got = fast.enter(orderId, flags, limit, size, ns);
      slow.enter(orderId, flags, limit, size, ns);
    } else if (dice < 90) {
      what = 'cancel';
      const target = Math.max(1, id - random.below(12));
      got = fast.cancel(target, ns);
      slow.cancel(target, 0, 0, 0, ns);
    } else if (dice < 98) {
      what = 'amend';
      const target = Math.max(1, id - random.below(12));
      const size = random.below(25) === 0 ? 0 : lots;
      const old = slow.orders.find((order) => order.id === target);
      const to = old !== undefined && random.below(2) === 0 ? old.price : price;
      got = fast.amend(target, to, size, ns);
      slow.amend(target, 0, to, size, ns);
    } else if (random.below(3) === 0) {
      what = 'status';
      const isTrading = random.below(4) > 0;
      got = fast.mark(EventKind.STATUS, ns, isTrading ? TradingStatus.TRADING : TradingStatus.HALTED);
      slow.trading = isTrading;
    } else {
      what = 'snapshot';
      got = [...fast.mark(EventKind.GAP, ns), ...fast.mark(EventKind.SNAPSHOT_BEGIN, ns)];
      slow.beginSnapshot();
      for (let i = 1; i < 6; i++) {
        for (const isBid of [true, false]) {
          const at = isBid ? middle - i : middle + i;
          const size = 1 + random.below(15);
          got.push(...fast.level(isBid, at, size, ns));
          slow.level(isBid, at, size, ns);
        }
      }
      got.push(...fast.mark(EventKind.SNAPSHOT_END, ns));
      slow.endSnapshot(ns);
    }
    expect(got, `step ${step}: ${what} ${buy} ${price} ${lots} at ${ns}`).toEqual(slow.reports);
    for (const report of got) if (report.kind === ReportKind.FILL) fills++;
    check(what, lots, got);
  }
  expect(fast.venue.positionLots).toBe(slow.position);
  return fills;
}

describe.each(QUEUE_MODELS)('%s', (model) => {
  it.each([false, true])('agrees with the slow venue (whole: %s)', (whole) => {
    for (const selfTrade of whole ? (['none'] as const) : SELF_TRADE) {
      for (const exponent of model.startsWith('power') ? [3, 2, 1.5] : [3]) {
        const fills = play({ model, whole, selfTrade, exponent, seed: 5 }, () => {});
        expect(fills).toBeGreaterThan(100);
      }
    }
  });
});

describe('laws of the rule partial', () => {
  it.each(QUEUE_MODELS)('a print fills no more than it printed (%s)', (model) => {
    play({ model, whole: false, selfTrade: 'cancel-newest', exponent: 3, seed: 11 }, (what, lots, reports) => {
      if (what !== 'trade') return;
      let filled = 0;
      for (const report of reports) filled += report.size;
      expect(filled).toBeLessThanOrEqual(lots);
    });
  });

  it('a level that is shown fills makers by no more than its size', () => {
    play({ model: 'power3', whole: false, selfTrade: 'none', exponent: 3, seed: 12 }, (what, lots, reports) => {
      if (what !== 'level') return;
      let filled = 0;
      for (const report of reports) filled += report.size;
      expect(filled).toBeLessThanOrEqual(2 * lots);
    });
  });

  it('every lot of an order is filled, cut off or open, and executions are numbered from 1', () => {
    const accounts = new Map<number, { size: number; filled: number; isOver: boolean }>();
    let executions = 0;
    play(
      { model: 'power3', whole: false, selfTrade: 'cancel-both', exponent: 3, seed: 13 },
      (_what, _lots, reports) => {
        for (const { kind, id, size, seq } of reports) {
          if (kind === ReportKind.ACK) accounts.set(id, { size, filled: 0, isOver: false });
          const account = accounts.get(id);
          if (account === undefined) continue;
          if (kind === ReportKind.FILL) {
            account.filled += size;
            expect(seq).toBe(++executions);
          }
          if (kind === ReportKind.AMENDED) account.size = size;
          expect(account.filled).toBeLessThanOrEqual(account.size);
          if (kind === ReportKind.CANCELLED) {
            expect(account.filled + size).toBe(account.size);
            account.isOver = true;
          }
        }
      },
    );
    expect(executions).toBeGreaterThan(0);
  });

  it('an order fills no later the better its place in the queue is thought to be', () => {
    const random = Random.stream(14, 'order');
    const scale = (['touch', 'power3', 'risk-averse', 'through'] as const).map((model) => queueModel(model));
    let ahead = 0;
    for (let session = 0; session < 200; session++) {
      const venues = scale.map((queue) => ({ desk: new L2Driver({ queue }), filled: 0 }));
      for (const { desk } of venues) {
        desk.level(true, 100, 20, 0);
        desk.enter(1, OrderFlag.BUY, 100, 10, 1);
      }
      for (let ns = 2; ns < 30; ns++) {
        const isLevel = random.below(2) === 0;
        const price = random.below(15) === 0 ? 99 : 100 + random.below(2);
        const lots = random.below(8) + 1;
        let best = Infinity;
        for (const venue of venues) {
          const reports = isLevel
            ? venue.desk.level(true, 100, lots * 3, ns)
            : venue.desk.trade(false, price, lots, ns);
          for (const report of reports) venue.filled += report.size;
          expect(venue.filled).toBeLessThanOrEqual(best);
          if (venue.filled < best) ahead++;
          best = venue.filled;
        }
      }
    }
    expect(ahead).toBeGreaterThan(1000);
  });
});
