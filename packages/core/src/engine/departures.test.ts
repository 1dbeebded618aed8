import { describe, expect, it } from 'vitest';
import { EVENT_STRIDE, Field, headKind, packHead } from '../market/event.ts';
import { Side } from '../market/side.ts';
import { OrderState } from '../trading/order-state.ts';
import { Command, OrderFlag, Reject, ReportKind, RequestKind } from '../trading/records.ts';
import { Engine } from './engine.ts';
import { MarketRows } from './testing/market-rows.ts';
import { clonedState, fingerprint, setupOf } from './testing/recorded-session.ts';
import { LINEAR, strategyOf } from './testing/session-kit.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const MS = 1e6;
const RISK = { limits: {} };

/** A venue that answers in the same instant, and refuses every cancel as long as it is told to. */
class StubbornVenue {
  readonly engine: Engine;
  isStubborn = true;
  cancels = 0;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** @throws Error when it is asked without end */
  carry(): void {
    for (let rounds = 0; this.engine.hasRequests; rounds++) {
      if (rounds > 50) throw new Error('it is asked for ever');
      const requests: number[][] = [];
      this.engine.takeRequests({ send: (data, at) => requests.push([...data.subarray(at, at + EVENT_STRIDE)]) });
      for (const request of requests) this.#answer(request);
    }
  }

  #answer(request: readonly number[]): void {
    const record = new Float64Array(EVENT_STRIDE);
    const isCancel = headKind(request[HEAD]! | 0) === RequestKind.CANCEL;
    if (isCancel) this.cancels++;
    const refusal = this.isStubborn ? ReportKind.CANCEL_REJECT : ReportKind.CANCELLED;
    record[HEAD] = packHead(isCancel ? refusal : ReportKind.ACK, OrderFlag.BUY, 0);
    record[VENUE_NS] = this.engine.nowNs;
    record[LOCAL_NS] = this.engine.nowNs;
    record[PRICE_TICKS] = request[PRICE_TICKS]!;
    record[SIZE_LOTS] = 5;
    record[ORDER_ID] = request[ORDER_ID]!;
    record[SEQ] = 0;
    record[AUX] = isCancel ? Reject.OVERLOADED : Reject.NONE;
    this.engine.report(record, 0);
  }
}

/** One order of a strategy's own stands at 100. */
function scene() {
  const strategy = strategyOf((ctx) => {
    let hasSent = false;
    return {
      onBook: (market) => {
        if (!hasSent) ctx.buy(market, 100, 5);
        hasSent = true;
      },
      save: () => ({ hasSent }),
      restore: (state: { hasSent: boolean }) => void ({ hasSent } = state),
    };
  });
  const engine = new Engine(setupOf([LINEAR], [{ definition: strategy, params: {}, observers: [] }], { risk: RISK }));
  const venue = new StubbornVenue(engine);
  engine.start(0);
  const times = { venueNs: MS, localNs: MS };
  const rows = new MarketRows()
    .level(Side.BUY, 99, 9, { ...times, isOpen: true })
    .level(Side.SELL, 102, 9, times)
    .batch(0, 2);
  engine.market(rows, 0);
  engine.market(rows, EVENT_STRIDE);
  venue.carry();
  const slot = engine.desk.firstSlot(0, 0);
  expect(engine.desk.stateAt(slot)).toBe(OrderState.LIVE);
  return { engine, venue, slot };
}

describe('an order that has to go at a venue that refuses its cancel', () => {
  const orders: Readonly<Record<string, (engine: Engine) => void>> = {
    'because trading is halted': (engine) => engine.operate(Command.HALT, -1, 0, 10 * MS),
    'because its breaker is open': (engine) => engine.operate(Command.TRIP, 0, 0, 10 * MS),
    'because its strategy is stopped': (engine) => void engine.strategy(0, Command.STOP_STRATEGY, 10 * MS),
  };

  it.each(Object.keys(orders))('is asked for again after a while, until it is gone: %s', (why) => {
    const { engine, venue, slot } = scene();
    orders[why]!(engine);
    venue.carry();
    expect(venue.cancels).toBe(1);
    for (let again = 2; again < 5; again++) {
      expect(engine.wakeNs).toBe(10 * MS + (again - 1) * 250 * MS);
      engine.wake(engine.wakeNs);
      venue.carry();
      expect(venue.cancels).toBe(again);
    }
    venue.isStubborn = false;
    engine.wake(engine.wakeNs);
    venue.carry();
    expect(engine.desk.stateAt(slot)).toBe(OrderState.CANCELLED);
    const { cancels } = venue;
    engine.wake(engine.nowNs + 1000 * MS);
    expect([venue.cancels, engine.hasRequests]).toEqual([cancels, false]);
  });

  it('is left alone while the venue is away, and asked for when it is back', () => {
    const { engine, venue, slot } = scene();
    engine.connection(0, false, 5 * MS);
    engine.operate(Command.HALT, -1, 0, 10 * MS);
    venue.carry();
    expect(venue.cancels).toBe(1);
    engine.wake(300 * MS);
    venue.carry();
    expect(venue.cancels).toBe(1);
    venue.isStubborn = false;
    engine.connection(0, true, 400 * MS);
    venue.carry();
    expect(engine.desk.stateAt(slot)).toBe(OrderState.CANCELLED);
  });

  it('is asked for no more than once when the session is over', () => {
    const { engine, venue } = scene();
    engine.stop(10 * MS);
    venue.carry();
    expect([venue.cancels, engine.wakeNs]).toEqual([1, Number.POSITIVE_INFINITY]);
  });

  it('is asked for at the same time by an engine that was brought back', () => {
    const { engine, venue } = scene();
    engine.operate(Command.HALT, -1, 0, 10 * MS);
    venue.carry();
    const again = scene().engine;
    again.restore(clonedState(engine));
    expect(again.wakeNs).toBe(260 * MS);
    for (const each of [engine, again]) each.wake(260 * MS);
    expect(fingerprint(again)).toEqual(fingerprint(engine));
  });
});
