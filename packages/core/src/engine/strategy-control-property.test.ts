/** Random commands on strategies and random parameters, at random times, in a session that goes on. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { BREAKERS_OFF } from '../risk/breaker/settings.ts';
import type { Observer } from '../strategies/observer.ts';
import { OrderMark, OrderWord } from '../trading/order-layout.ts';
import { Command, RequestKind } from '../trading/records.ts';
import { StrategyState } from '../trading/strategy-state.ts';
import { Engine } from './engine.ts';
import type { EngineSetup } from './engine-setup.ts';
import type { EngineState } from './engine-state.ts';
import { tunedTrader } from './testing/random-trader.ts';
import { clonedState, feedInputs, fingerprint, recordedSession, seatOf, setupOf } from './testing/recorded-session.ts';
import { LINEAR, SPOT } from './testing/session-kit.ts';

const { RUNNING, STOPPED } = StrategyState;
const { START_STRATEGY, STOP_STRATEGY, PAUSE_STRATEGY } = Command;
const MS = 1e6;
/** By then the venue has answered, with an order that was on its way and its cancel one after the other. */
const SETTLED_NS = 50 * MS;
const STEPS = 150;

function setupWith(observers: readonly Observer[]): EngineSetup {
  const strategies = ['one', 'other'].map((name) => {
    const { definition, params } = seatOf(tunedTrader(name));
    return { definition, params, observers };
  });
  return setupOf([LINEAR, SPOT], strategies, { risk: { breaker: BREAKERS_OFF, gate: { rates: { EUR: 1 } } } });
}

/** What of a strategy's orders must not be there. */
function ordersLeft({ desk, seats }: Engine, strategy: number): number {
  const { state, markets } = seats[strategy]!;
  let left = 0;
  for (const { index } of markets) {
    for (let slot = desk.firstSlot(strategy, index); slot >= 0; slot = desk.nextSlot(slot)) {
      const isQuote = (desk.table.words[(slot << 5) | OrderWord.FLAGS]! & OrderMark.QUOTE) !== 0;
      if (isQuote || state === STOPPED) left++;
    }
  }
  return left;
}

describe('strategies that are started, stopped, paused and tuned at random', () => {
  it.each([1, 2, 3, 4, 5, 6])('keep what a state promises, and the books (seed %i)', (seed) => {
    const random = Random.stream(seed, 'commands');
    const faults: string[] = [];
    let requests = 0;
    let held: Engine | undefined;
    const observer: Observer = {
      onBook: () => {},
      onFill: () => {},
      onOrder: () => {},
      onFunding: () => {},
      onRequest(_market, kind, order) {
        if (kind === RequestKind.CANCEL || held === undefined) return;
        requests++;
        const slot = held.desk.slotOf(order.id);
        const { state } = held.seats[held.desk.strategyAt(slot)]!;
        if (state !== RUNNING) faults.push(`a request of kind ${kind} while ${state}`);
      },
    };
    const { engine, session, log } = recordedSession(setupWith([observer]), seed);
    held = engine;
    const since = [0, 0];
    const states: { at: number; state: EngineState }[] = [];
    let nowNs = 0;
    for (let step = 0; step < STEPS; step++) {
      session.run((nowNs += random.below(40) * MS));
      const index = random.below(2);
      const before = engine.seats[index]!.state;
      const what = random.below(8);
      if (what < 3) engine.strategy(index, START_STRATEGY, nowNs);
      else if (what === 3) engine.strategy(index, STOP_STRATEGY, nowNs);
      else if (what === 4) engine.strategy(index, PAUSE_STRATEGY, nowNs);
      else if (what === 5) {
        const luck = { parameter: 0, value: random.below(23) - 1 };
        const mood = { parameter: 1, value: random.below(2) };
        const refusal = engine.parameters(index, random.below(2) === 0 ? [luck] : [luck, mood], nowNs);
        expect(refusal !== '').toBe(luck.value < 0 || luck.value > 20 || luck.value === 13);
      }
      session.carry();
      if (engine.seats[index]!.state !== before) since[index] = nowNs;
      for (const strategy of [0, 1]) {
        const { state, ledger } = engine.seats[strategy]!;
        if (ledger.check() !== '') faults.push(ledger.check());
        const isSettled = nowNs - since[strategy]! > SETTLED_NS;
        if (state !== RUNNING && isSettled && ordersLeft(engine, strategy) > 0) {
          faults.push(`step ${step}: ${ordersLeft(engine, strategy)} orders while ${state}`);
        }
      }
      if (random.below(STEPS / 4) === 0) states.push({ at: log.count, state: clonedState(engine) });
    }
    session.finish(nowNs);
    held = undefined;
    expect(faults).toEqual([]);
    expect(requests).toBeGreaterThan(100);
    expect(engine.seats.reduce((sum, { fills }) => sum + fills, 0)).toBeGreaterThan(5);
    for (const { index, ledger } of engine.seats) {
      expect(ledger.check()).toBe('');
      expect(ordersLeft(engine, index)).toBe(0);
    }
    const end = clonedState(engine);
    const replayed = new Engine(setupWith([]));
    feedInputs(replayed, log, 0, log.count);
    expect(fingerprint(replayed)).toEqual(fingerprint(engine));
    expect(isDeepStrictEqual(replayed.save(), end)).toBe(true);
    for (const { at, state } of states) {
      const restored = new Engine(setupWith([]));
      restored.restore(state);
      feedInputs(restored, log, at, log.count);
      expect(fingerprint(restored), `from ${at}`).toEqual(fingerprint(engine));
      expect(isDeepStrictEqual(restored.save(), end), `state from ${at}`).toBe(true);
    }
  });
});
