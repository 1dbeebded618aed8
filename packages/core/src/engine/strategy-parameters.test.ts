import { describe, expect, it } from 'vitest';
import { EVENT_STRIDE } from '../market/event.ts';
import { paramCode, paramValue } from '../strategies/param-codes.ts';
import { type Handlers, type ParamSpec, type StrategyDefinition, defineStrategy } from '../strategies/strategy.ts';
import { Command } from '../trading/records.ts';
import { Engine } from './engine.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { ParamChange } from './seat-parameters.ts';
import { InputLog, feedInputs, fingerprint, recordedSession, seatOf, setupOf } from './testing/recorded-session.ts';
import { LINEAR } from './testing/session-kit.ts';

/** Places in the schema of `definitionOf`. */
const WIDTH = 0;
const MODE = 1;
const IS_ON = 2;
const NAME = 3;
const LEVELS = 4;

interface Seen {
  readonly calls: string[];
  /** What the strategy that is at work knows. */
  count: number;
}

interface Options {
  readonly seen?: Seen;
  readonly keepsState?: boolean;
  /** What `restore` throws. */
  readonly refusal?: Error;
}

/** A strategy that counts its timer, and refuses a width that is a multiple of 13. */
function definitionOf({ seen = { calls: [], count: 0 }, keepsState = true, refusal }: Options): StrategyDefinition {
  return defineStrategy({
    name: 'schema',
    description: 'for a test',
    params: {
      width: { type: 'number', default: 2, min: 0.5, max: 100, description: '' },
      mode: { type: 'choice', default: 'slow', choices: ['slow', 'fast'], description: '' },
      isOn: { type: 'boolean', default: true, description: '' },
      name: { type: 'text', default: 'x', description: '' },
      levels: { type: 'integer', default: 1, min: 1, description: '' },
    },
    create(ctx, { width, mode, isOn, levels }): Handlers {
      if (width % 13 === 0) throw new RangeError(`width: found ${width}, expected no multiple of 13`);
      seen.calls.push(`create ${width} ${mode} ${isOn} ${levels}`);
      let count = 0;
      return {
        onStart() {
          seen.calls.push('onStart');
          ctx.every(1e9, 1);
        },
        onResume: () => seen.calls.push('onResume'),
        onBook(market) {
          if (market.isReady) ctx.quote(market).bid(market.bidTicks - Math.round(width) * 10, levels);
        },
        onTimer: () => (seen.count = ++count),
        ...(keepsState
          ? {
              save: () => count,
              restore(state: unknown) {
                if (refusal !== undefined && count === 0) throw refusal;
                count = Number(state);
              },
            }
          : {}),
      };
    },
  });
}

const setupWith = (options: Options): EngineSetup => setupOf([LINEAR], [seatOf(definitionOf(options))]);
const newSeen = (): Seen => ({ calls: [], count: 0 });

describe('parameters of a strategy that runs', () => {
  it('change all at once, and the strategy goes on with what it knew', () => {
    const seen = newSeen();
    const { engine, session, log } = recordedSession(setupWith({ seen }), 1);
    session.run(2.5e9);
    expect(seen.count).toBe(2);
    const inputs = log.count;
    const changes: ParamChange[] = [
      { parameter: WIDTH, value: 7.25 },
      { parameter: MODE, value: 1 },
      { parameter: IS_ON, value: 0 },
    ];
    seen.calls.length = 0;
    expect(engine.parameters(0, changes, engine.nowNs)).toBe('');
    expect(seen.calls).toEqual(['create 7.25 fast false 1', 'onResume']);
    expect(engine.seats[0]!.params).toEqual({ width: 7.25, mode: 'fast', isOn: false, name: 'x', levels: 1 });
    expect(log.count).toBe(inputs + 3);
    session.run(3.5e9);
    expect(seen.count).toBe(3);
    // At the next book its quotes are those of the new parameters.
    const { desk, seats } = engine;
    const slot = desk.firstSlot(0, 0);
    expect(seats[0]!.markets[0]!.bidTicks - desk.priceTicksAt(slot)).toBe(70);
  });

  it.each([
    ['keeps nothing', { keepsState: false }],
    ['does not take what was kept', { refusal: new RangeError('another layout') }],
    ['fails to take it', { refusal: new TypeError('no such thing') }],
  ])('begin it anew when it %s', (_what, options) => {
    const seen = newSeen();
    const { engine, session } = recordedSession(setupWith({ seen, ...options }), 1);
    session.run(2.5e9);
    seen.calls.length = 0;
    expect(engine.parameters(0, [{ parameter: WIDTH, value: 3 }], engine.nowNs)).toBe('');
    expect(seen.calls.at(-1)).toBe('onStart');
    session.carry();
    session.run(3.4e9);
    // Its timer began with it, at 2.5 s.
    expect(seen.count).toBe(2);
    session.run(3.6e9);
    expect(seen.count).toBe(1);
  });

  it('stay as they are when one of them is not right, or the strategy does not take them', () => {
    const seen = newSeen();
    const { engine, session } = recordedSession(setupWith({ seen }), 1);
    session.run(1e9);
    const before = engine.seats[0]!.params;
    seen.calls.length = 0;
    const wrong: readonly [number, number][] = [
      [WIDTH, 0.25],
      [WIDTH, 101],
      [WIDTH, Number.NaN],
      [WIDTH, Infinity],
      [MODE, 2],
      [MODE, -1],
      [MODE, 0.5],
      [IS_ON, 2],
      [NAME, 0],
      [LEVELS, 1.5],
      [9, 1],
      [-1, 1],
      [Number.NaN, 1],
    ];
    for (const [parameter, value] of wrong) {
      const changes = [
        { parameter: LEVELS, value: 2 },
        { parameter, value },
      ];
      expect(engine.parameters(0, changes, 1e9)).toBe('not its parameters');
      expect(engine.parameters(0, changes.toReversed(), 1e9)).toBe('not its parameters');
    }
    expect(engine.parameters(1, [{ parameter: LEVELS, value: 2 }], 1e9)).toBe('not its parameters');
    expect(seen.calls).toEqual([]);
    expect(engine.parameters(0, [{ parameter: WIDTH, value: 26 }], 1e9)).toBe(
      'width: found 26, expected no multiple of 13',
    );
    expect(engine.seats[0]!.params).toBe(before);
    expect(engine.faults.malformed).toBe(2 * wrong.length + 2);
    expect(engine.parameters(0, [], 1e9)).toBe('');
    session.run(2e9);
    expect(engine.desk.count(0, 0)).toBe(1);
  });

  it('of one that is stopped are those that it begins with', () => {
    const seen = newSeen();
    const { engine, session } = recordedSession(setupWith({ seen }), 1);
    session.run(1e9);
    engine.strategy(0, Command.STOP_STRATEGY, 1e9);
    seen.calls.length = 0;
    engine.parameters(0, [{ parameter: WIDTH, value: 4 }], 1e9);
    expect(seen.calls).toEqual(['create 4 slow true 1']);
    session.run(2e9);
    expect(engine.desk.count(0, 0)).toBe(0);
    engine.strategy(0, Command.START_STRATEGY, 2e9);
    expect(seen.calls.slice(1)).toEqual(['create 4 slow true 1', 'onStart']);
  });
});

describe('changes that are broken off', () => {
  it('have no effect, also after a restart, and are forgotten when others come', () => {
    const { engine, session, log } = recordedSession(setupWith({}), 1);
    session.run(1e9);
    const from = log.count;
    const two = [
      { parameter: WIDTH, value: 9 },
      { parameter: LEVELS, value: 3 },
    ];
    engine.parameters(0, two, 1e9);
    // Without the last of them.
    const cut = new Engine(setupWith({}));
    feedInputs(cut, log, 0, from + 1);
    expect(cut.seats[0]!.params).toMatchObject({ width: 2, levels: 1 });
    const restored = new Engine(setupWith({}));
    restored.restore(structuredClone(cut.save()));
    for (const each of [cut, restored]) {
      each.restart(1, 2e9);
      each.parameters(0, [{ parameter: IS_ON, value: 0 }], 2e9);
      expect(each.seats[0]!.params).toMatchObject({ width: 2, levels: 1, isOn: false });
    }
    // The last of them alone is none.
    const last = new Engine(setupWith({}));
    feedInputs(last, log, 0, from);
    last.input(log.data, (from + 1) * EVENT_STRIDE);
    expect(last.seats[0]!.params).toMatchObject({ width: 2, levels: 1 });
    expect(last.faults.malformed).toBe(1);
  });

  it('are in a state between two of them', () => {
    const { engine, session, log } = recordedSession(setupWith({}), 2);
    session.run(1e9);
    const middle = log.count + 1;
    engine.parameters(
      0,
      [
        { parameter: WIDTH, value: 9.5 },
        { parameter: LEVELS, value: 3 },
      ],
      1e9,
    );
    session.run(2e9);
    const first = new Engine(setupWith({}));
    feedInputs(first, log, 0, middle);
    const restored = new Engine(setupWith({}));
    restored.restore(structuredClone(first.save()));
    feedInputs(restored, log, middle, log.count);
    expect(fingerprint(restored)).toEqual(fingerprint(engine));
    expect(restored.save()).toEqual(engine.save());
    // And after both: what is restored has the new ones, though it was set up with the old.
    const after = new Engine({ ...setupWith({}), journal: new InputLog() });
    after.restore(structuredClone(engine.save()));
    expect(after.seats[0]!.params).toMatchObject({ width: 9.5, levels: 3 });
    expect(after.save()).toEqual(engine.save());
  });
});

describe('the number of a parameter', () => {
  const specs: readonly [ParamSpec, readonly (number | boolean | string)[]][] = [
    [{ type: 'number', default: 1, min: -2, max: 5, description: '' }, [-2, 0, 0.1, 5]],
    [{ type: 'integer', default: 1, description: '' }, [-9, 0, 2 ** 40]],
    [{ type: 'boolean', default: true, description: '' }, [true, false]],
    [{ type: 'choice', default: 'a', choices: ['a', 'b', 'toString'], description: '' }, ['a', 'b', 'toString']],
  ];

  it('says the value, and what does not fit has none', () => {
    for (const [spec, values] of specs) {
      for (const value of values) expect(paramValue(spec, paramCode(spec, value))).toBe(value);
      for (const code of [Number.NaN, Infinity, -Infinity]) expect(paramValue(spec, code)).toBe(undefined);
    }
    for (const [spec] of specs.slice(1)) expect(paramValue(spec, 0.5)).toBe(undefined);
    const text: ParamSpec = { type: 'text', default: '', description: '' };
    expect([paramCode(text, '5'), paramValue(text, 0)]).toEqual([Number.NaN, undefined]);
    expect(paramCode(specs[3]![0], 'c')).toBe(Number.NaN);
  });
});
