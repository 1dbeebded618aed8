/**
 * The whole engine as a state and back: what it was set up with, which must be the same, and every part that inputs change. Between
 * any two inputs; a state taken there, restored into a fresh engine, and the inputs after it give what the first engine gave.
 */
import { checkState, restoreEach } from '../base/state.ts';
import type { Risk, SavedRisk } from '../risk/risk.ts';
import type { MessageBudget } from '../trading/message-budget.ts';
import type { OrderDesk, OrderDeskState } from '../trading/order-desk.ts';
import type { EngineSetup, ReportFaults } from './engine-setup.ts';
import type { LocalMarket, LocalMarketState } from './local-market.ts';
import type { SessionHash, SessionHashState } from './session-hash.ts';
import type { SeatState, StrategySeat } from './strategy-seat.ts';
import type { Timer, Timers } from './timers.ts';

/** Of the layout of states; one of another version is not taken. */
export const STATE_VERSION = 3;

/** What is in the engine itself. */
export interface EngineStanding {
  readonly nowNs: number;
  readonly wakeNs: number;
  /** Of `Departures`. */
  readonly againNs: number;
  readonly isDirty: boolean;
  readonly isPaused: boolean;
  readonly isRunning: boolean;
}

export interface EngineState {
  readonly version: number;
  /** What the engine was set up with, in words. */
  readonly setup: readonly string[];
  /** Names of strategies that save nothing: with any, the engine is brought back by a replay of the whole session only. */
  readonly unsaved: readonly string[];
  readonly standing: EngineStanding;
  readonly faults: ReportFaults;
  readonly inputs: SessionHashState;
  readonly outputs: SessionHashState;
  readonly markets: readonly LocalMarketState[];
  readonly timers: readonly Timer[];
  readonly desk: OrderDeskState;
  /** By venue. */
  readonly budgets: readonly (readonly number[])[];
  /** Empty without risk. */
  readonly risk: readonly SavedRisk[];
  readonly seats: readonly SeatState[];
}

export interface EngineParts {
  readonly setup: EngineSetup;
  readonly faults: ReportFaults;
  readonly inputs: SessionHash;
  readonly outputs: SessionHash;
  readonly locals: readonly LocalMarket[];
  readonly timers: Timers;
  readonly desk: OrderDesk;
  readonly risk: Risk | undefined;
  readonly seats: readonly StrategySeat[];
}

export function saveEngine(parts: EngineParts, standing: EngineStanding): EngineState {
  const { seats, setup } = parts;
  return {
    version: STATE_VERSION,
    setup: describe(setup),
    unsaved: seats.filter((seat) => !seat.isSaved).map((seat) => seat.name),
    standing,
    faults: { ...parts.faults },
    inputs: parts.inputs.save(),
    outputs: parts.outputs.save(),
    markets: parts.locals.map((local) => local.save()),
    timers: parts.timers.save(),
    desk: parts.desk.save(),
    budgets: budgetsOf(setup).map((budget) => budget.save()),
    risk: riskOf(parts).map((risk) => risk.save()),
    seats: seats.map((seat) => seat.save()),
  };
}

/**
 * Brings the parts of a freshly made engine to a state. One that threw is not to be used.
 * @throws RangeError that names what differs
 */
export function restoreEngine(parts: EngineParts, state: EngineState, fresh: EngineState): EngineStanding {
  checkState('the engine', state, fresh, ['setup', 'unsaved', 'timers', 'markets', 'budgets', 'risk', 'seats']);
  if (state.version !== STATE_VERSION) {
    throw new RangeError(`state of the engine: version ${state.version}, expected ${STATE_VERSION}`);
  }
  const setup = describe(parts.setup);
  for (let i = 0; i < Math.max(setup.length, state.setup.length); i++) {
    if (setup[i] !== state.setup[i]) {
      throw new RangeError(
        `state of the engine: found ${state.setup[i] ?? 'no more'}, expected ${setup[i] ?? 'no more'}`,
      );
    }
  }
  if (state.unsaved.length > 0) {
    throw new RangeError(`state of the engine: nothing was saved of ${state.unsaved.join(', ')}`);
  }
  checkState('the engine', state.standing, fresh.standing);
  checkState('faults of reports', state.faults, fresh.faults);
  Object.assign(parts.faults, state.faults);
  parts.inputs.restore(state.inputs);
  parts.outputs.restore(state.outputs);
  restoreEach('the markets', state.markets, parts.locals);
  parts.desk.restore(state.desk);
  restoreEach('the message budgets', state.budgets, budgetsOf(parts.setup));
  restoreEach('risk', state.risk, riskOf(parts));
  restoreEach('the strategies', state.seats, parts.seats);
  // A strategy that is made with other parameters than the setup's may set some.
  parts.timers.restore(state.timers);
  return state.standing;
}

function riskOf({ risk }: EngineParts): Risk[] {
  return risk === undefined ? [] : [risk];
}

/** Venues may share a budget. */
function budgetsOf(setup: EngineSetup): MessageBudget[] {
  return [...new Set(setup.budgets)];
}

/** What must be the same, a line each. */
function describe(setup: EngineSetup): string[] {
  const instruments = setup.instruments.map(({ spec }, i) => {
    const { venue, symbol, contract, tick, lot, multiplier = '1' } = spec;
    const book = setup.isL3[i] ? 'L3' : 'L2';
    return `instrument ${i} ${venue} ${symbol} ${contract} tick ${tick} lot ${lot} × ${multiplier} at venue ${setup.venueOf[i]}, ${book}`;
  });
  const strategies = setup.strategies.map(({ definition, params }, i) => {
    const values = Object.keys(params)
      .toSorted()
      .map((name) => ` ${name}=${params[name]}`);
    return `strategy ${i} ${definition.name}${values.join('')}`;
  });
  const { seed, mark, ackTimeoutNs, risk } = setup;
  const quoter = `quoter ${JSON.stringify(setup.quoter ?? {})}`;
  const run = `seed ${seed}, mark ${mark}, answers within ${ackTimeoutNs ?? 'the usual'} ns`;
  return [...instruments, ...strategies, quoter, `${run}, ${risk === undefined ? 'without risk' : 'with risk'}`];
}
