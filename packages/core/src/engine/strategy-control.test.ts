import { describe, expect, it } from 'vitest';
import type { Context, Handlers, Market } from '../strategies/strategy.ts';
import { Command } from '../trading/records.ts';
import { StrategyState } from '../trading/strategy-state.ts';
import { Engine } from './engine.ts';
import type { EngineSetup } from './engine-setup.ts';
import {
  type RecordedSession,
  clonedState,
  feedInputs,
  fingerprint,
  recordedSession,
  seatOf,
  setupOf,
} from './testing/recorded-session.ts';
import { LINEAR, strategyOf } from './testing/session-kit.ts';

const { START_STRATEGY, STOP_STRATEGY, PAUSE_STRATEGY } = Command;
const { RUNNING, PAUSED, STOPPED } = StrategyState;
const MS = 1e6;

/** What a strategy was called with, over all that were made of it. */
class Calls {
  readonly counts: Record<string, number> = {};

  add(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** How often since the last time that was asked. */
  take(): Record<string, number> {
    const taken = { ...this.counts };
    for (const what of Object.keys(this.counts)) delete this.counts[what];
    return taken;
  }
}

/** Quotes both sides of the touch once after each `onStart` and `onResume`, rests one order of its own, and has a timer. */
function onceQuoter(calls: Calls): EngineSetup {
  const definition = strategyOf((ctx: Context): Handlers => {
    calls.add('create');
    let isDue = false;
    const due = (what: string) => (): void => {
      calls.add(what);
      isDue = true;
    };
    return {
      onStart() {
        due('onStart')();
        ctx.every(10 * MS, 1);
      },
      onResume: due('onResume'),
      onStop: () => calls.add('onStop'),
      onTimer: () => calls.add('onTimer'),
      onBook(market: Market) {
        calls.add('onBook');
        if (!isDue || !market.isReady) return;
        isDue = false;
        ctx
          .quote(market)
          .bid(market.bidTicks - 50, 1)
          .ask(market.askTicks + 50, 1);
        if (ctx.buy(market, market.bidTicks - 100, 1) === 0) calls.add('refused');
      },
      onTrade: () => calls.add('onTrade'),
      save: () => isDue,
      restore: (state) => (isDue = state === true),
    };
  });
  return setupOf([LINEAR], [seatOf(definition)]);
}

/** Lets market time pass. */
function run({ engine, session }: RecordedSession, ms: number): void {
  session.run(Math.max(0, engine.nowNs) + ms * MS);
}

function command({ engine, session }: RecordedSession, what: Command, strategy = 0): void {
  engine.strategy(strategy, what, engine.nowNs);
  session.carry();
}

describe('a strategy that is paused', () => {
  it('sees the market, has no quotes, sends no orders, and quotes again when it is started', () => {
    const calls = new Calls();
    const at = recordedSession(onceQuoter(calls), 1);
    const { desk, seats } = at.engine;
    run(at, 3000);
    expect(desk.count(0, 0)).toBe(3);
    command(at, PAUSE_STRATEGY);
    run(at, 50);
    expect(seats[0]!.state).toBe(PAUSED);
    // Its quotes are gone, its own order is not.
    expect(desk.count(0, 0)).toBe(1);
    calls.take();
    run(at, 1000);
    const seen = calls.take();
    expect(seen['onTimer']).toBeGreaterThan(90);
    expect(seen['onBook']).toBeGreaterThan(0);
    command(at, START_STRATEGY);
    run(at, 1000);
    expect(calls.take()).toMatchObject({ onResume: 1 });
    expect(calls.counts).not.toHaveProperty('create');
    expect(desk.count(0, 0)).toBe(4);
  });

  it('may cancel its orders, and neither amend them nor send others', () => {
    let ctx: Context | undefined;
    const answers: unknown[] = [];
    const definition = strategyOf((given) => {
      ctx = given;
      return {
        onBook(market) {
          if (!market.isReady || market.orderCount > 0) return;
          if (given.buy(market, market.bidTicks - 500, 5) === 0) answers.push('refused');
        },
      };
    });
    const at = recordedSession(setupOf([LINEAR], [seatOf(definition)]), 2);
    run(at, 3000);
    const { id, priceTicks } = ctx!.market.order(0);
    command(at, PAUSE_STRATEGY);
    expect(ctx!.amend(id, priceTicks - 1, 5)).toBe(false);
    expect(ctx!.cancel(id)).toBe(true);
    at.session.carry();
    run(at, 500);
    expect(at.engine.desk.count(0, 0)).toBe(0);
    expect(answers.length).toBeGreaterThan(0);
    expect(at.engine.seats[0]!.refused).toBe(answers.length);
  });
});

describe('a strategy that is stopped', () => {
  it('is told, loses its orders and timers, is not called any more, and begins anew when it is started', () => {
    const calls = new Calls();
    const at = recordedSession(onceQuoter(calls), 3);
    const { desk, seats } = at.engine;
    run(at, 3000);
    calls.take();
    command(at, STOP_STRATEGY);
    run(at, 50);
    expect(seats[0]!.state).toBe(STOPPED);
    expect(desk.count(0, 0)).toBe(0);
    run(at, 1000);
    expect(calls.take()).toEqual({ onStop: 1 });
    expect(at.engine.save().timers).toEqual([]);
    command(at, START_STRATEGY);
    expect(calls.take()).toEqual({ create: 1, onStart: 1 });
    run(at, 1000);
    expect(desk.count(0, 0)).toBe(3);
    expect(calls.take()['onTimer']).toBeGreaterThan(90);
  });

  it('is not told of fills, which are booked', () => {
    const told: number[] = [];
    const definition = strategyOf((ctx) => ({
      onBook(market) {
        if (market.isReady && market.orderCount === 0) ctx.buy(market, market.askTicks + 20, 3);
      },
      onFill: (_market, fill) => told.push(fill.sizeLots),
    }));
    const at = recordedSession(setupOf([LINEAR], [seatOf(definition)]), 4);
    while (at.engine.desk.count(0, 0) === 0) run(at, 0.1);
    expect(at.engine.seats[0]!.fills).toBe(0);
    command(at, STOP_STRATEGY);
    run(at, 100);
    const [seat] = at.engine.seats;
    expect(seat!.fills).toBeGreaterThan(0);
    expect(told).toEqual([]);
    expect(seat!.ledger.positionLots(0)).toBe(3);
    expect(seat!.ledger.check()).toBe('');
  });

  it('begins anew, without quotes, when it is paused', () => {
    const calls = new Calls();
    const at = recordedSession(onceQuoter(calls), 3);
    run(at, 2000);
    command(at, STOP_STRATEGY);
    calls.take();
    command(at, PAUSE_STRATEGY);
    run(at, 500);
    expect(calls.take()).toMatchObject({ create: 1, onStart: 1, refused: 1 });
    expect(at.engine.desk.count(0, 0)).toBe(0);
    command(at, START_STRATEGY);
    run(at, 500);
    expect(at.engine.desk.count(0, 0)).toBe(3);
  });

  it('is stopped from the beginning when it was before the session, and once only', () => {
    const calls = new Calls();
    const setup = onceQuoter(calls);
    const engine = new Engine(setup);
    engine.strategy(0, STOP_STRATEGY, -1);
    engine.strategy(0, STOP_STRATEGY, -1);
    engine.start(0);
    expect(calls.take()).toEqual({ create: 1 });
    engine.strategy(0, START_STRATEGY, 1);
    engine.strategy(0, START_STRATEGY, 1);
    expect(calls.take()).toEqual({ create: 1, onStart: 1 });
    engine.stop(2);
    engine.strategy(0, STOP_STRATEGY, 3);
    engine.strategy(0, START_STRATEGY, 4);
    expect(calls.take()).toEqual({ onStop: 1, create: 1 });
  });
});

describe('commands on a strategy', () => {
  it('leave it stopped when it cannot be made anew', () => {
    let made = 0;
    const definition = strategyOf(() => {
      if (made++ > 0) throw new RangeError('found a second one, expected one');
      return {};
    });
    const engine = new Engine(setupOf([LINEAR], [seatOf(definition)]));
    engine.start(0);
    expect(engine.strategy(0, STOP_STRATEGY, 1)).toBe('');
    expect(engine.strategy(0, START_STRATEGY, 2)).toBe('found a second one, expected one');
    expect(engine.seats[0]!.state).toBe(STOPPED);
    expect(engine.faults.malformed).toBe(1);
  });

  it('of another one are its own, and of none are counted', () => {
    const calls = new Calls();
    const { strategies } = onceQuoter(calls);
    const at = recordedSession(setupOf([LINEAR], [strategies[0]!, strategies[0]!]), 5);
    run(at, 2000);
    command(at, STOP_STRATEGY, 1);
    run(at, 100);
    const { desk, faults, seats } = at.engine;
    expect([desk.count(0, 0), desk.count(1, 0)]).toEqual([3, 0]);
    expect(seats.map(({ state }) => state)).toEqual([RUNNING, STOPPED]);
    for (const index of [2, -1, 0.5, Number.NaN]) command(at, STOP_STRATEGY, index);
    expect(faults.malformed).toBe(4);
  });

  it('are inputs: a replay, and a state in the middle, do the same', () => {
    for (const last of [PAUSE_STRATEGY, STOP_STRATEGY]) {
      const at = recordedSession(onceQuoter(new Calls()), 6);
      run(at, 1000);
      command(at, last);
      run(at, 1);
      const middle = at.log.count;
      const state = clonedState(at.engine);
      run(at, 500);
      command(at, START_STRATEGY);
      at.session.finish(at.engine.nowNs + 500 * MS);
      const replayed = new Engine(onceQuoter(new Calls()));
      feedInputs(replayed, at.log, 0, at.log.count);
      expect(fingerprint(replayed)).toEqual(fingerprint(at.engine));
      const restored = new Engine(onceQuoter(new Calls()));
      restored.restore(state);
      expect(restored.save()).toEqual(state);
      expect(restored.seats[0]!.state).toBe(last === PAUSE_STRATEGY ? PAUSED : STOPPED);
      feedInputs(restored, at.log, middle, at.log.count);
      expect(fingerprint(restored)).toEqual(fingerprint(at.engine));
    }
  });
});
