import { describe, expect, it } from 'vitest';
import { Side } from '../market/side.ts';
import type { Context, Handlers } from '../strategies/strategy.ts';
import { OrderState } from '../trading/order-state.ts';
import { DelayLatency } from '../venue-sim/latency.ts';
import { MarketRows } from './testing/market-rows.ts';
import { ScriptedVenue } from './testing/scripted-venue.ts';
import { LINEAR, SPOT, TestSession, strategyOf } from './testing/session-kit.ts';

const STATES = Object.fromEntries(Object.entries(OrderState).map(([name, state]) => [state, name]));

/** Writes down what it hears, and buys when the bid is one of `buyAt`. */
function recorder(log: string[], buyAt: readonly number[], onStart: (ctx: Context) => void = () => {}) {
  return strategyOf((ctx): Handlers => {
    const say = (text: string): void => void log.push(`${ctx.nowNs} ${text}`);
    return {
      onStart: () => onStart(ctx),
      onBook: (market) => {
        say(`book ${market.instrument.symbol} ${market.bidTicks}`);
        if (buyAt.includes(market.bidTicks)) ctx.buy(market, market.bidTicks, 1);
      },
      onTrade: (_market, { priceTicks }) => say(`trade ${priceTicks}`),
      onOrder: (_market, { id, state }) => say(`order ${id} ${STATES[state]}`),
      onTimer: (timer) => say(`timer ${timer}`),
    };
  });
}

/** The lines, orders numbered from 1 as they appear. */
function numbered(log: readonly string[]): string[] {
  const ids: string[] = [];
  return log.map((line) =>
    line.replace(/(order|NEW) (\d+)/, (_, word: string, id: string) => {
      if (!ids.includes(id)) ids.push(id);
      return `${word} ${ids.indexOf(id) + 1}`;
    }),
  );
}

describe('the order of what happens at one time', () => {
  it('is: rows received, reports, rows at the venue, requests arriving, timers', () => {
    const log: string[] = [];
    const rows = new MarketRows()
      .level(Side.BUY, 100, 5, { venueNs: 100, localNs: 900 })
      .level(Side.BUY, 101, 5, { venueNs: 200, localNs: 950 })
      .level(Side.BUY, 102, 5, { venueNs: 300, localNs: 1000 })
      .trade(Side.BUY, 110, 1, { venueNs: 1000, localNs: 2000 });
    // The order of 900 arrives at 950, its answer at 1000; the order of 950 arrives at 1000.
    new TestSession({
      strategies: [recorder(log, [100, 101], (ctx) => ctx.after(950, 7))],
      venue: () => new ScriptedVenue(log),
      latency: new DelayLatency({ request: 50, report: 50 }),
      startNs: 50,
    }).play(rows);
    expect(numbered(log).filter((line) => line.startsWith('1000 '))).toEqual([
      '1000 book LINEAR 102',
      '1000 order 1 LIVE',
      '1000 venue row 4',
      '1000 NEW 2 arrives',
      '1000 timer 7',
    ]);
  });

  it('holds with no latency at all: a request and its answer happen at once, after the rows of that time', () => {
    const log: string[] = [];
    const rows = new MarketRows()
      .level(Side.BUY, 100, 5, { venueNs: 500, localNs: 500 })
      .level(Side.BUY, 101, 5, { venueNs: 500, localNs: 500 })
      .level(Side.BUY, 102, 5, { venueNs: 600, localNs: 600 });
    new TestSession({
      strategies: [recorder(log, [100])],
      venue: () => new ScriptedVenue(log),
      latency: new DelayLatency({ request: 0, report: 0 }),
    }).play(rows, 1);
    expect(numbered(log).slice(0, 8)).toEqual([
      '500 book LINEAR 100',
      '500 book LINEAR 101',
      '500 venue row 1',
      '500 venue row 2',
      '500 NEW 1 arrives',
      '500 order 1 LIVE',
      '600 book LINEAR 102',
      '600 venue row 3',
    ]);
  });

  it('is, between instruments, that of receipt', () => {
    const log: string[] = [];
    const rows = new MarketRows()
      .level(Side.BUY, 200, 5, { venueNs: 400, localNs: 700, market: 1 })
      .level(Side.BUY, 100, 5, { venueNs: 400, localNs: 700, market: 0 })
      .level(Side.BUY, 201, 5, { venueNs: 300, localNs: 700, market: 1 });
    new TestSession({
      instruments: [LINEAR, SPOT],
      strategies: [recorder(log, [])],
      venue: (_instrument, index) => new ScriptedVenue(log, index),
    }).play(rows);
    expect(log).toEqual([
      '300 venue row 3',
      '400 venue row 1',
      '400 venue row 2',
      '700 book SPOT 200',
      '700 book LINEAR 100',
      '700 book SPOT 201',
    ]);
  });

  it('lets rows before the start build the books, and nobody hear of them', () => {
    const log: string[] = [];
    const rows = new MarketRows()
      .level(Side.BUY, 100, 5, { venueNs: 10, localNs: 20 })
      .trade(Side.BUY, 101, 5, { venueNs: 30, localNs: 40 })
      .level(Side.BUY, 102, 5, { venueNs: 50, localNs: 60 });
    const start = (ctx: Context): void => void log.push(`${ctx.nowNs} start at a bid of ${ctx.market.bidTicks}`);
    new TestSession({ strategies: [recorder(log, [], start)], venue: () => new ScriptedVenue(), startNs: 60 }).play(
      rows,
    );
    expect(log).toEqual(['60 start at a bid of 100', '60 book LINEAR 102']);
  });
});
