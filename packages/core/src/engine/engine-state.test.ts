import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { EVENT_STRIDE, EventFlag, EventKind, packHead } from '../market/event.ts';
import { Instrument } from '../market/instrument.ts';
import { MessageBudget } from '../trading/message-budget.ts';
import { DelayLatency } from '../venue-sim/latency.ts';
import { BREAKERS_OFF } from '../risk/breaker/settings.ts';
import type { RiskSettings } from '../risk/risk.ts';
import { STRATEGIES } from '../strategies/registry.ts';
import { Engine } from './engine.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { EngineState } from './engine-state.ts';
import { randomMarket } from './testing/market-rows.ts';
import { randomTrader } from './testing/random-trader.ts';
import {
  InputLog,
  clonedState,
  feedInputs,
  fingerprint,
  liveThrough,
  seatOf,
  setupOf,
} from './testing/recorded-session.ts';
import { INVERSE, LINEAR, SPOT, TestSession, strategyOf } from './testing/session-kit.ts';

/** Quick to begin and to trade, with every part of the frame in use. */
const QUICK: Readonly<Record<string, number | string>> = {
  warmup: 1,
  halfLife: 5,
  refresh: 0.2,
  maxPosition: 5,
  minSpread: 0,
  spread: 0,
  levels: 2,
  adverseLimit: 0.5,
  adversePause: 1,
  stopLoss: 5,
  takeProfit: 5,
  trailing: 3,
  cooldown: 1,
  intensityHalfLife: 10,
  interval: 0.2,
  entry: 0.2,
  exit: 0.1,
  hold: 3,
  window: 10,
  maxHalfLife: 1000,
  participation: 1,
};

/** Settles in what LINEAR does: the hedge of one is the other. */
const TWIN = new Instrument({ ...LINEAR.spec, symbol: 'TWIN' });

/** Limits as they are when nobody says anything, and breakers that do not stop the session. */
const LIMITED: RiskSettings = { breaker: BREAKERS_OFF };
/** With rates for the currencies that no instrument converts: without them nothing that raises risk goes out there. */
const CONVERTED: RiskSettings = { ...LIMITED, gate: { rates: { USD: 1, EUR: 1 } } };

/** The same inputs, whole and from a snapshot at each of some random places, give the same engine. */
function expectSameFromEverywhere(setup: () => EngineSetup, engine: Engine, log: InputLog, seed: number): void {
  const random = Random.stream(seed, 'cuts');
  const cuts = [0, ...Array.from({ length: 3 }, () => random.below(log.count))].toSorted((a, b) => a - b);
  const whole = fingerprint(engine);
  const end = clonedState(engine);
  const replayed = new Engine(setup());
  let at = 0;
  for (const cut of cuts) {
    feedInputs(replayed, log, at, cut);
    at = cut;
    const state = clonedState(replayed);
    const restored = new Engine(setup());
    restored.restore(state);
    expectEqual(restored.save(), state, `saved again at ${cut}`);
    feedInputs(restored, log, cut, log.count);
    expect(fingerprint(restored), `from ${cut} of ${log.count}`).toEqual(whole);
    expectEqual(restored.save(), end, `state from ${cut}`);
  }
  feedInputs(replayed, log, at, log.count);
  expect(fingerprint(replayed), 'replayed without a snapshot').toEqual(whole);
}

const randomSetup = (): EngineSetup => setupOf([LINEAR, SPOT], [seatOf(randomTrader())], { risk: {} });
const makerSetup = (): EngineSetup => setupOf([LINEAR, SPOT], [seatOf(STRATEGIES[0]!)], { risk: {} });
const orderBookSetup = (): EngineSetup => ({ ...randomSetup(), isL3: [true, true], ackTimeoutNs: 5e6 });
const silentSetup = (): EngineSetup => setupOf([LINEAR], [seatOf(strategyOf(() => ({}), 'silent'))]);

function refusal(setup: EngineSetup, found: unknown): () => void {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what a file may hold
  return () => new Engine(setup).restore(found as EngineState);
}

/** As `toEqual`, which takes long over states. */
function expectEqual(found: EngineState, expected: EngineState, what: string): void {
  if (!isDeepStrictEqual(found, expected)) expect(found, what).toEqual(expected);
}

describe('an engine that is saved and restored between any two inputs', () => {
  it.each([
    [1, undefined, 20],
    [2, CONVERTED, 20],
    [3, {}, 1],
    [4, {}, 1],
  ])('goes on as if nothing had been: random orders, all contract types (seed %i)', (seed, risk, fills) => {
    const instruments = [LINEAR, INVERSE, SPOT];
    const definitions = [randomTrader(), randomTrader('other')];
    const setup = (): EngineSetup => ({
      ...setupOf(
        instruments,
        definitions.map((each) => seatOf(each)),
      ),
      venueOf: [0, 1, 2],
      budgets: instruments.map(() => new MessageBudget({ perSecond: 100, burst: 10 })),
      ackTimeoutNs: 3e6,
      ...(risk === undefined ? {} : { risk }),
    });
    const log = new InputLog();
    const { engine } = new TestSession({
      instruments,
      strategies: definitions,
      latency: new DelayLatency({ request: { floorNs: 3e5, exponentialMeanNs: 1e6 }, report: 1e6 }, seed),
      engine: { ...setup(), journal: log },
      funding: [{ ns: 3e8, instrument: 0, ratePpb: 100_000 }],
    }).play(randomMarket(seed, 3000, instruments.length));
    expect(engine.seats.reduce((sum, seat) => sum + seat.fills, 0)).toBeGreaterThanOrEqual(fills);
    expectSameFromEverywhere(setup, engine, log, seed);
  });

  it.each(STRATEGIES.map((definition) => [definition.name, definition] as const))(
    'goes on as if nothing had been: %s in a living market, with risk',
    (_name, definition) => {
      const params = Object.fromEntries(Object.entries(QUICK).filter(([name]) => name in definition.params));
      const instruments = [LINEAR, TWIN];
      const setup = (): EngineSetup =>
        setupOf(instruments, [seatOf(definition, params), seatOf(randomTrader())], { risk: LIMITED });
      const { engine, log } = liveThrough(setup(), 3, 15);
      expect(engine.seats[0]!.fills).toBeGreaterThan(1);
      expectSameFromEverywhere(setup, engine, log, 3);
    },
  );

  it('is paused, disconnected, limited and halted as it was', () => {
    const setup = randomSetup;
    const { log } = liveThrough(setup(), 5, 3);
    const middle = log.count >> 1;
    const live = new Engine({ ...setup(), journal: new InputLog() });
    const inputs = new InputLog();
    const engine = new Engine({ ...setup(), journal: inputs });
    feedInputs(engine, log, 0, middle);
    const { nowNs } = engine;
    engine.pause(nowNs);
    engine.connection(1, false, nowNs);
    engine.setLimit(1, 0, 0, 5, nowNs);
    engine.valueAtRisk(10, 12, nowNs);
    engine.operate(7, -1, 0, nowNs);
    engine.takeRequests({ send: () => {} });
    const state = clonedState(engine);
    live.restore(state);
    const record = inputs.count;
    for (const each of [engine, live]) {
      feedInputs(each, log, middle, middle + 500);
      each.resume(each.nowNs);
      each.operate(5, -1, 0, each.nowNs);
      each.connection(1, true, each.nowNs);
      feedInputs(each, log, middle + 500, log.count);
    }
    expect(fingerprint(live)).toEqual(fingerprint(engine));
    // And all of it again from the record alone.
    const again = new Engine(setup());
    feedInputs(again, inputs, 0, record);
    expect(again.save()).toEqual(state);
    feedInputs(again, inputs, record, inputs.count);
    expect(fingerprint(again)).toEqual(fingerprint(engine));
  });
});

describe('an engine on order books', () => {
  it('is brought back order by order, and its unanswered requests go on being overdue', () => {
    const setup = orderBookSetup;
    const random = Random.stream(11, 'orders');
    const log = new InputLog();
    const engine = new Engine({ ...setup(), journal: log });
    engine.start(0);
    const row = new Float64Array(EVENT_STRIDE);
    const { ORDER_ADD, ORDER_SET, ORDER_REMOVE, ORDER_EXEC } = EventKind;
    for (let i = 1; i < 3000; i++) {
      const nowNs = i * 1e5;
      while (engine.wakeNs <= nowNs) engine.wake(engine.wakeNs);
      const kind = [ORDER_ADD, ORDER_ADD, ORDER_SET, ORDER_REMOVE, ORDER_EXEC][random.below(5)]!;
      const isBuy = random.below(2) === 1;
      const price = 10_000 + (isBuy ? -1 : 1) * (1 + random.below(8));
      const head = packHead(
        kind,
        (isBuy ? EventFlag.BUY : 0) | (random.below(3) > 0 ? EventFlag.LAST : 0),
        random.below(2),
      );
      row.set([head, nowNs, nowNs, price, 1 + random.below(50), 1 + random.below(60), i, 0]);
      engine.market(row, 0);
      engine.takeRequests({ send: () => {} });
    }
    expect(engine.outputs.count).toBeGreaterThan(50);
    expectSameFromEverywhere(setup, engine, log, 11);
  });
});

describe('requests that nobody has taken yet', () => {
  it('are in the state, and go out after it', () => {
    const { engine, log } = liveThrough(randomSetup(), 8, 2);
    const first = new Engine(randomSetup());
    let at = 0;
    for (let saved = 0; saved < 5; at++) {
      first.input(log.data, at * EVENT_STRIDE);
      if (!first.hasRequests) continue;
      saved++;
      const restored = new Engine(randomSetup());
      restored.restore(clonedState(first));
      restored.takeRequests({ send: () => {} });
      feedInputs(restored, log, at + 1, log.count);
      expect(fingerprint(restored)).toEqual(fingerprint(engine));
      first.takeRequests({ send: () => {} });
    }
  });
});

describe('a state that does not fit', () => {
  const setup = makerSetup;
  const state = (): EngineState => clonedState(new Engine(setup()));

  it('is refused, and what differs is said', () => {
    const cases: [EngineSetup, unknown, RegExp][] = [
      [setup(), { ...state(), version: 4 }, /version 4, expected 3/],
      [setupOf([LINEAR], [seatOf(STRATEGIES[0]!)]), state(), /instrument|strategy 0/],
      [setupOf([LINEAR], [seatOf(STRATEGIES[0]!)], { risk: {} }), state(), /found instrument 1 test SPOT/],
      [setupOf([SPOT, LINEAR], [seatOf(STRATEGIES[0]!)], { risk: {} }), state(), /instrument 0 test LINEAR/],
      [setupOf([LINEAR, SPOT], [seatOf(STRATEGIES[1]!)], { risk: {} }), state(), /strategy 0 basic-maker/],
      [setupOf([LINEAR, SPOT], [seatOf(STRATEGIES[0]!, { size: 2 })], { risk: {} }), state(), /size=0/],
      [{ ...setup(), seed: 8 }, state(), /seed 7.*expected seed 8/],
      [setup(), undefined, /found undefined, expected an object/],
      [setup(), [], /found array, expected an object/],
      [setup(), { ...state(), timers: undefined }, /timers is undefined, expected array/],
      [setup(), { ...state(), more: 1 }, /found 'more'/],
      [setup(), { ...state(), seats: [] }, /found 0 entries, expected an array of 1/],
      [setup(), { ...state(), desk: { ...state().desk, requests: '1' } }, /requests is string, expected number/],
      [setup(), { ...state(), inputs: { count: 1, lanes: new Int32Array(3) } }, /lanes has 3 entries, expected 4/],
    ];
    for (const [other, found, words] of cases) expect(refusal(other, found)).toThrow(words);
  });

  it('is one of a strategy that saves nothing', () => {
    const saved = clonedState(new Engine(silentSetup()));
    expect(saved.unsaved).toEqual(['silent']);
    expect(refusal(silentSetup(), saved)).toThrow(/nothing was saved of silent/);
  });
});
