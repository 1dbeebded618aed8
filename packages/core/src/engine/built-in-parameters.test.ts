/** Every strategy that comes with Quotewright goes on when its parameters change, with all it knows, and by the new ones. */
import { describe, expect, it } from 'vitest';
import { Side } from '../market/side.ts';
import { Instrument } from '../market/instrument.ts';
import { BREAKERS_OFF } from '../risk/breaker/settings.ts';
import { paramCode } from '../strategies/param-codes.ts';
import { STRATEGIES } from '../strategies/registry.ts';
import type { Context, StrategyDefinition } from '../strategies/strategy.ts';
import { Command } from '../trading/records.ts';
import { Engine } from './engine.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { ParamRecord } from './seat-parameters.ts';
import { randomTrader } from './testing/random-trader.ts';
import { clonedState, feedInputs, fingerprint, recordedSession, seatOf, setupOf } from './testing/recorded-session.ts';
import { LINEAR } from './testing/session-kit.ts';

const SECOND = 1e9;
const TWIN = new Instrument({ ...LINEAR.spec, symbol: 'TWIN' });
/** Quick to begin and to trade. */
const QUICK: ParamRecord = {
  warmup: 1,
  halfLife: 5,
  refresh: 30,
  maxPosition: 5,
  minSpread: 0,
  spread: 0,
  stopLoss: 0,
  volatilityGate: 0,
  adverseLimit: 0,
  intensityHalfLife: 10,
  interval: 0.2,
  entry: 0.2,
  exit: 0.1,
  hold: 30,
  window: 10,
  maxHalfLife: 1e6,
  holdHalfLives: 1e6,
  stop: 0,
  participation: 1,
};

/** How often one was made and began. */
interface Life {
  created: number;
  started: number;
}

function watched(definition: StrategyDefinition, life: Life): StrategyDefinition {
  return {
    ...definition,
    create(ctx: Context, params) {
      const handlers = definition.create(ctx, params);
      life.created++;
      return {
        ...handlers,
        onStart() {
          life.started++;
          handlers.onStart?.();
        },
      };
    },
  };
}

function quickSetup(definition: StrategyDefinition): EngineSetup {
  const params = Object.fromEntries(Object.entries(QUICK).filter(([name]) => name in definition.params));
  return setupOf([LINEAR, TWIN], [seatOf(definition, params), seatOf(randomTrader())], {
    risk: { breaker: BREAKERS_OFF },
  });
}

/** Alone in the market, and far from its largest position. */
function quietSetup(definition: StrategyDefinition): EngineSetup {
  return setupOf([LINEAR, TWIN], [seatOf(definition, { ...QUICK, maxPosition: 1000, refillDelay: 0 })]);
}

function change(engine: Engine, values: ParamRecord): void {
  const specs = Object.entries(engine.seats[0]!.definition.params);
  const changes = specs.flatMap(([name, spec], parameter) =>
    values[name] === undefined ? [] : [{ parameter, value: paramCode(spec, values[name]) }],
  );
  expect(changes.length).toBe(Object.keys(values).length);
  expect(engine.parameters(0, changes, engine.nowNs)).toBe('');
}

const named = (name: string): StrategyDefinition => STRATEGIES.find((each) => each.name === name)!;
const MAKERS = ['basic-maker', 'avellaneda-stoikov', 'glft', 'grid', 'microprice-maker'];

describe('parameters that change while it runs', () => {
  it.each(STRATEGIES.map((definition) => [definition.name, definition] as const))(
    'leave %s with what it knew, and are in a replay and a state in the middle',
    (_name, definition) => {
      const life: Life = { created: 0, started: 0 };
      const { engine, session, log } = recordedSession(quickSetup(watched(definition, life)), 3);
      session.run(6 * SECOND);
      const requests = engine.outputs.count;
      // Another value of each parameter that a session may change, its state's layout apart, and back again.
      const now = engine.seats[0]!.params;
      for (const [name, spec] of Object.entries(definition.params)) {
        if (spec.type === 'text' || name === 'window') continue;
        const value = now[name]!;
        if (spec.type === 'boolean') change(engine, { [name]: value !== true });
        else if (spec.type === 'choice') change(engine, { [name]: spec.choices.find((each) => each !== value)! });
        else {
          const more = spec.type === 'integer' ? Number(value) + 1 : Number(value) * 1.01 + 0.001;
          change(engine, { [name]: Math.min(more, spec.max ?? Infinity) });
        }
        session.carry();
        change(engine, { [name]: value });
      }
      expect(engine.seats[0]!.params).toEqual(now);
      expect(life.started).toBe(1);
      expect(life.created).toBeGreaterThan(20);
      session.carry();
      session.run(8 * SECOND);
      const middle = log.count;
      const state = clonedState(engine);
      engine.strategy(0, Command.PAUSE_STRATEGY, engine.nowNs);
      session.carry();
      session.run(9 * SECOND);
      engine.strategy(0, Command.START_STRATEGY, engine.nowNs);
      session.carry();
      session.finish(16 * SECOND);
      expect(engine.outputs.count).toBeGreaterThan(requests);
      const replayed = new Engine(quickSetup(definition));
      feedInputs(replayed, log, 0, log.count);
      expect(fingerprint(replayed)).toEqual(fingerprint(engine));
      const restored = new Engine(quickSetup(definition));
      restored.restore(state);
      feedInputs(restored, log, middle, log.count);
      expect(fingerprint(restored)).toEqual(fingerprint(engine));
    },
  );

  it.each(MAKERS)('have %s quote another spread and size at the next book', (name) => {
    const { engine, session } = recordedSession(quietSetup(named(name)), 5);
    session.run(5 * SECOND);
    // Its quotes stand for half a minute by themselves.
    change(engine, { spread: 400, spreadUnit: 'ticks', maxSpread: 0, levels: 1, levelSpacing: 0, size: 0.007 });
    session.run(5.1 * SECOND);
    const wanted = engine.seats[0]!.quoters.map((quoter) => quoter.wanted);
    for (const { counts, levels } of wanted) {
      expect([...counts]).toEqual([1, 1]);
      const [[bid, bidLots], [ask, askLots]] = levels;
      expect(Math.abs(ask! - bid! - 400)).toBeLessThanOrEqual(2);
      expect(Math.max(bidLots!, askLots!)).toBe(7);
    }
  });

  it.each(MAKERS)('do not keep %s from quoting again after a pause', (name) => {
    const { engine, session } = recordedSession(quietSetup(named(name)), 6);
    session.run(5 * SECOND);
    engine.strategy(0, Command.PAUSE_STRATEGY, engine.nowNs);
    session.carry();
    session.run(5.2 * SECOND);
    expect([engine.desk.count(0, 0), engine.desk.count(0, 1)]).toEqual([0, 0]);
    engine.strategy(0, Command.START_STRATEGY, engine.nowNs);
    session.carry();
    session.run(5.3 * SECOND);
    for (const market of [0, 1]) {
      expect(engine.desk.openLots(0, market, Side.BUY) + engine.desk.openLots(0, market, Side.SELL)).toBeGreaterThan(0);
    }
  });

  it.each(['liquidity-taker', 'pairs'])('make %s give up its position', (name) => {
    const { engine, session } = recordedSession(quickSetup(named(name)), 3);
    const [seat] = engine.seats;
    const isHolding = (): boolean => seat!.markets.some(({ positionLots }) => positionLots !== 0);
    while (!isHolding() && engine.nowNs < 60 * SECOND) session.run(engine.nowNs + 0.1 * SECOND);
    expect(isHolding()).toBe(true);
    change(engine, { entry: 1e9, exit: 1e9 });
    session.carry();
    session.run(engine.nowNs + 10 * SECOND);
    expect(isHolding()).toBe(false);
  });

  it('make pairs begin anew with another window, and the hedger act at another pace', () => {
    const life: Life = { created: 0, started: 0 };
    const pairs = recordedSession(quickSetup(watched(named('pairs'), life)), 3);
    pairs.session.run(3 * SECOND);
    change(pairs.engine, { window: 12 });
    expect(life.started).toBe(2);
    const { engine, session } = recordedSession(quickSetup(named('hedger')), 3);
    session.run(3 * SECOND);
    change(engine, { interval: 0.75 });
    const intervals = engine.save().timers.flatMap(({ strategy, everyNs }) => (strategy === 0 ? [everyNs] : []));
    expect(intervals.toSorted((a, b) => a - b)).toEqual([0.75 * SECOND, SECOND]);
  });
});
