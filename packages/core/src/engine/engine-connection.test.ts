import { describe, expect, it } from 'vitest';
import { Side } from '../market/side.ts';
import { OrderState } from '../trading/order-state.ts';
import { RequestKind } from '../trading/records.ts';
import { MarketRows } from './testing/market-rows.ts';
import { TestSession, strategyOf } from './testing/session-kit.ts';

const MS = 1e6;
const STATES = Object.fromEntries(Object.entries(OrderState).map(([name, state]) => [state, name]));
const REQUESTS = Object.fromEntries(Object.entries(RequestKind).map(([name, kind]) => [kind, name]));
const DOWN = 1;
const UP = 2;
const at = (ms: number) => ({ venueNs: (ms - 1) * MS, localNs: ms * MS });

describe('a connection that goes and comes', () => {
  it('makes orders UNKNOWN, stops quoting until it is back, and then finds out what became of them', () => {
    const log: string[] = [];
    const strategy = strategyOf((ctx) => ({
      onStart: () => {
        log.push('start');
        ctx.after(15 * MS, DOWN);
        ctx.after(35 * MS, UP);
      },
      // Stands for a driver, which tells the engine and then takes its requests.
      onTimer: (timer) => session.engine.connection(0, timer === UP, ctx.nowNs),
      onBook: (market) => {
        log.push(`book ${market.isReady ? 'good' : 'bad'}`);
        if (market.bidTicks > 0) ctx.quote(market).bid(market.bidTicks, 5);
      },
      onOrder: (_market, { state }) => void log.push(`order ${STATES[state]}`),
    }));
    const session: TestSession = new TestSession({
      strategies: [strategy],
      startNs: 5 * MS,
      engine: { ackTimeoutNs: 5 * MS },
      observers: [
        [
          {
            onBook: () => {},
            onFill: () => {},
            onOrder: () => {},
            onFunding: () => {},
            onRequest: (_market, kind, { priceTicks }) => void log.push(`${REQUESTS[kind]} ${priceTicks}`),
          },
        ],
      ],
    });
    const { engine, window, replay } = session;
    const said = (): string[] => log.splice(0);
    // Before the start nobody hears of it.
    engine.connection(0, false, 1 * MS);
    engine.connection(0, true, 2 * MS);
    expect(said()).toEqual([]);

    const rows = new MarketRows()
      .level(Side.BUY, 100, 9, { ...at(10), isOpen: true })
      .level(Side.SELL, 102, 9, at(10))
      .level(Side.BUY, 101, 9, at(30))
      .level(Side.BUY, 101, 8, at(60));
    window.append(rows.batch(0, 4), 4);
    replay.run(20 * MS);
    expect(said()).toEqual(['start', 'book good', 'NEW 100', 'order LIVE']);

    replay.run(40 * MS);
    expect(said()).toEqual(['order UNKNOWN', 'book bad', 'book bad']);

    replay.run(50 * MS);
    // The replay venue still had the order: the cancel is the question, and its answer the evidence.
    expect(said()).toEqual(['book good', 'CANCEL 100', 'order CANCELLED', 'NEW 101', 'order LIVE']);
    replay.finish(70 * MS);
    expect(said()).toEqual(['book good', 'CANCEL 101', 'order CANCELLED']);
    expect(engine.faults).toMatchObject({ duplicates: 0, unknownOrders: 0, overfills: 0 });
  });
});
