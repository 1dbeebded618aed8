/** Sessions whose inputs are kept, as a journal does, and fed again to other engines. */
import { EVENT_STRIDE } from '../../market/event.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { StrategyDefinition } from '../../strategies/strategy.ts';
import type { InputSink } from '../../trading/input-sink.ts';
import { DelayLatency } from '../../venue-sim/latency.ts';
import { LivingMarket } from '../../venue-sim/living/living-market.ts';
import { DEFAULT_PARAMS } from '../../venue-sim/living/params.ts';
import { Engine } from '../engine.ts';
import type { EngineSetup } from '../engine-setup.ts';
import type { EngineState } from '../engine-state.ts';
import { LivingSession } from '../living-session.ts';
import { Mark } from '../local-market.ts';
import type { SeatSetup } from '../strategy-seat.ts';

type Params = SeatSetup['params'];

/** Every input so far. */
export class InputLog implements InputSink {
  count = 0;
  data = new Float64Array(EVENT_STRIDE * 1024);

  append(data: Float64Array, offset: number): void {
    const at = this.count++ * EVENT_STRIDE;
    if (at === this.data.length) {
      const grown = new Float64Array(2 * at);
      grown.set(this.data);
      this.data = grown;
    }
    for (let i = 0; i < EVENT_STRIDE; i++) this.data[at + i] = data[offset + i]!;
  }
}

/** A strategy of the run with its parameters, the defaults where none are given. */
export function seatOf(definition: StrategyDefinition, params: Params = {}): SeatSetup {
  const values: Record<string, number | boolean | string> = {};
  for (const [name, spec] of Object.entries(definition.params)) values[name] = params[name] ?? spec.default;
  return { definition, params: values, observers: [] };
}

export function setupOf(
  instruments: readonly Instrument[],
  strategies: readonly SeatSetup[],
  more: Partial<EngineSetup> = {},
): EngineSetup {
  const isL3 = instruments.map(() => false);
  return { instruments, isL3, venueOf: instruments.map(() => 0), strategies, seed: 7, mark: Mark.MID, ...more };
}

/** An engine in a living market, whose inputs are kept. */
export interface RecordedSession {
  readonly engine: Engine;
  readonly session: LivingSession;
  readonly log: InputLog;
}

/** Started at 0. */
export function recordedSession(setup: EngineSetup, seed: number): RecordedSession {
  const log = new InputLog();
  const engine = new Engine({ ...setup, journal: log });
  const market = new LivingMarket(
    setup.instruments.map((instrument) => ({ instrument, params: DEFAULT_PARAMS })),
    seed,
  );
  const times = { floorNs: 2e5, exponentialMeanNs: 5e5 };
  const session = new LivingSession(engine, market, new DelayLatency({ request: times, report: times }, seed));
  session.start(0);
  return { engine, session, log };
}

/** Runs an engine in a living market for some seconds. */
export function liveThrough(setup: EngineSetup, seed: number, seconds: number): { engine: Engine; log: InputLog } {
  const { engine, session, log } = recordedSession(setup, seed);
  session.finish(seconds * 1e9);
  return { engine, log };
}

/** Feeds inputs `[from, to)` to an engine, and takes its requests away. */
export function feedInputs(engine: Engine, log: InputLog, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    engine.input(log.data, i * EVENT_STRIDE);
    engine.takeRequests({ send: () => {} });
  }
}

/** What two engines that went through the same have in common, in words and numbers that a failing test can show. */
export function fingerprint(engine: Engine): unknown {
  const { inputs, outputs, seats, desk, faults } = engine;
  return {
    inputs: `${inputs.count} ${inputs.digest()}`,
    outputs: `${outputs.count} ${outputs.digest()}`,
    wakeNs: engine.wakeNs,
    nowNs: engine.nowNs,
    requests: desk.requests,
    orders: desk.table.count,
    faults: { ...faults },
    riskState: engine.riskState,
    seats: seats.map(({ ledger, fills, refused, random }) => ({
      fills,
      refused,
      random: random.save(),
      cash: ledger.currencies.map((currency) => ledger.cashText(currency)),
      equity: ledger.currencies.map((currency) => ledger.equityText(currency)),
      positions: engine.instruments.map((_, i) => [ledger.positionLots(i), ledger.realisedText(i), ledger.feesText(i)]),
      check: ledger.check(),
    })),
  };
}

/** Through a clone, as it is stored: whatever shares memory with the engine or cannot be stored would show. */
export function clonedState(engine: Engine): EngineState {
  return structuredClone(engine.save());
}
