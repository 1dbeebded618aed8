import { describe, expect, it } from 'vitest';
import { EventKind, TradingStatus } from '../market/event.ts';
import { Side } from '../market/side.ts';
import type { Observer } from '../strategies/observer.ts';
import { RequestKind } from '../trading/records.ts';
import { MarketRows, randomMarket } from './testing/market-rows.ts';
import { LINEAR, SPOT, TestSession, strategyOf } from './testing/session-kit.ts';

const MS = 1e6;
const NAMES = Object.fromEntries(Object.entries(RequestKind).map(([name, kind]) => [kind, name]));

/** Quotes after every change of a book, whether the book may be trusted or not. */
const reckless = strategyOf((ctx) => ({
  onBook: (market) => {
    const quotes = ctx.quote(market);
    if (market.bidTicks > 0) quotes.bid(market.bidTicks, 5);
    if (market.askTicks > 0) quotes.ask(market.askTicks, 5);
  },
}));

/** Requests, with the time and whether the book was good. */
function watcher(log: string[]): Observer {
  return {
    onBook: () => {},
    onFill: () => {},
    onOrder: () => {},
    onFunding: () => {},
    onRequest: (market, kind, { side, priceTicks }, nowNs) =>
      log.push(
        `${nowNs / MS} ${market.instrument.symbol} ${NAMES[kind]} ${side === Side.BUY ? 'bid' : 'ask'} ${priceTicks}${market.isReady ? '' : ' NOT READY'}`,
      ),
  };
}

const at = (ms: number, market = 0) => ({ venueNs: (ms - 1) * MS, localNs: ms * MS, market });

function quotesOf(rows: MarketRows, instruments = [LINEAR]): string[] {
  const log: string[] = [];
  new TestSession({ instruments, strategies: [reckless], observers: [[watcher(log)]] }).play(rows, 1);
  return log;
}

/** A book of one level a side, at 10 ms. */
const opened = (): MarketRows =>
  new MarketRows().level(Side.BUY, 100, 9, { ...at(10), isOpen: true }).level(Side.SELL, 102, 9, at(10));

const OPENING = ['10 LINEAR NEW bid 100', '10 LINEAR NEW ask 102'];
const PULL = (ms: number): string[] => [`${ms} LINEAR CANCEL bid 100`, `${ms} LINEAR CANCEL ask 102`];

describe('a book that falls', () => {
  it('has its quotes pulled at a gap, and none until the next snapshot is complete', () => {
    const rows = opened()
      .mark(EventKind.GAP, at(20))
      .level(Side.BUY, 101, 9, at(30))
      .mark(EventKind.SNAPSHOT_BEGIN, { ...at(40), isOpen: true })
      .level(Side.BUY, 90, 9, { ...at(40), isOpen: true })
      .level(Side.SELL, 92, 9, at(40))
      .mark(EventKind.SNAPSHOT_END, at(50))
      .level(Side.BUY, 80, 9, at(60));
    expect(quotesOf(rows).slice(0, 6)).toEqual([
      ...OPENING,
      '20 LINEAR CANCEL bid 100 NOT READY',
      '20 LINEAR CANCEL ask 102 NOT READY',
      '50 LINEAR NEW bid 90',
      '50 LINEAR NEW ask 92',
    ]);
  });

  it('has them pulled when it crosses, and quoted again when it does not any more', () => {
    const rows = opened()
      .level(Side.BUY, 103, 9, at(20))
      .level(Side.BUY, 103, 0, at(30))
      .level(Side.BUY, 99, 1, at(40));
    expect(quotesOf(rows).slice(0, 6)).toEqual([
      ...OPENING,
      ...PULL(20).map((line) => `${line} NOT READY`),
      '30 LINEAR NEW bid 100',
      '30 LINEAR NEW ask 102',
    ]);
  });

  it('has them pulled when a side empties, or trading halts', () => {
    const emptied = opened().level(Side.SELL, 102, 0, at(20)).level(Side.BUY, 99, 1, at(40));
    expect(quotesOf(emptied)).toEqual([...OPENING, ...PULL(20).map((line) => `${line} NOT READY`)]);
    const halted = opened().mark(EventKind.STATUS, at(20), TradingStatus.HALTED).level(Side.BUY, 99, 1, at(40));
    expect(quotesOf(halted)).toEqual([...OPENING, ...PULL(20).map((line) => `${line} NOT READY`)]);
  });

  it('leaves the quotes of other instruments alone', () => {
    const rows = opened()
      .level(Side.BUY, 500, 9, { ...at(11, 1), isOpen: true })
      .level(Side.SELL, 502, 9, at(11, 1))
      .mark(EventKind.GAP, at(20));
    const log = quotesOf(rows, [LINEAR, SPOT]);
    expect(log.filter((line) => line.startsWith('20 '))).toEqual(PULL(20).map((line) => `${line} NOT READY`));
    expect(log.filter((line) => line.includes('SPOT NEW'))).toEqual(['11 SPOT NEW bid 500', '11 SPOT NEW ask 502']);
  });

  it.each([1, 2, 3])('is not quoted on in a random market by a strategy that would (seed %i)', (seed) => {
    const log = quotesOf(randomMarket(seed, 3000, 2), [LINEAR, SPOT]);
    expect(log.length).toBeGreaterThan(500);
    expect(log.filter((line) => line.endsWith('NOT READY') && !line.includes('CANCEL'))).toEqual([]);
  });
});

describe('an engine that is paused', () => {
  it('pulls all quotes, sends nothing, and quotes again after it is resumed', () => {
    const log: string[] = [];
    const strategy = strategyOf((ctx) => ({
      onBook: (market) => {
        ctx.quote(market).bid(market.bidTicks, 5);
        log.push(`${ctx.nowNs / MS} buys order ${Math.min(1, ctx.buy(market, 50, 1))}`);
      },
    }));
    const session = new TestSession({ strategies: [strategy], observers: [[watcher(log)]] });
    const rows = opened();
    session.window.append(rows.batch(0, 2), 2);
    session.replay.run(15 * MS);
    session.engine.pause(15 * MS);
    const more = new MarketRows().level(Side.BUY, 99, 1, at(20)).level(Side.BUY, 98, 1, at(30));
    session.window.append(more.batch(0, 1), 1);
    session.replay.run(25 * MS);
    session.engine.resume(25 * MS);
    session.window.append(more.batch(1, 2), 1);
    session.replay.run(40 * MS);
    expect(log).toEqual([
      '10 buys order 1',
      '10 LINEAR NEW bid 50',
      '10 LINEAR NEW bid 100',
      '20 buys order 0',
      '15 LINEAR CANCEL bid 100',
      '30 buys order 1',
      '30 LINEAR NEW bid 50',
      '30 LINEAR NEW bid 100',
    ]);
    expect(session.engine.seats[0]!.refused).toBe(1);
  });
});

describe('orders that are none', () => {
  it('are not sent and are counted: prices between ticks, sizes below a lot, before the start and after the end', () => {
    const ids: number[] = [];
    const strategy = strategyOf((ctx) => ({
      onStop: () => {
        const { market } = ctx;
        for (const [price, size] of [
          [100.5, 1],
          [Number.NaN, 1],
          [Infinity, 1],
          [2 ** 53, 1],
          [100, 0.5],
          [100, 0],
          [100, -1],
          [100, Number.NaN],
        ] as const) {
          ids.push(ctx.buy(market, price, size));
        }
        ids.push(ctx.amend(1, 100, 1) ? 1 : 0, ctx.cancel(-1) ? 1 : 0, ctx.cancel(Number.NaN) ? 1 : 0);
      },
    }));
    const { engine } = new TestSession({ strategies: [strategy] }).play(opened());
    expect(ids).toEqual(Array.from({ length: 11 }, () => 0));
    expect(engine.outputs.count).toBe(0);
    expect(engine.seats[0]!.refused).toBe(8);
  });
});
