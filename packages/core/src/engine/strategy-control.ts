/** Strategies that are started, stopped and paused, and get other parameters, while the session runs. */
import type { OrderDesk } from '../trading/order-desk.ts';
import { Command } from '../trading/records.ts';
import { StrategyState } from '../trading/strategy-state.ts';
import type { ParamRecord } from './seat-parameters.ts';
import type { StrategySeat } from './strategy-seat.ts';
import type { Timers } from './timers.ts';

const { RUNNING, PAUSED, STOPPED } = StrategyState;

/** What commands and parameters act on. */
export interface ControlParts {
  readonly desk: OrderDesk;
  readonly timers: Timers;
  /** Between the session's start and its stop: before and after it nobody is called. */
  readonly isRunning: boolean;
  readonly nowNs: number;
}

/**
 * START, STOP or PAUSE of one strategy. One that was stopped is made anew when it starts, also when it starts paused: what it knew of
 * the market is too old. One that was paused goes on with all it knows.
 * @returns why it cannot be made anew: it stays stopped; empty when it did as it was told
 */
export function commandStrategy(seat: StrategySeat, command: Command, parts: ControlParts): string {
  const { state } = seat;
  if (command === Command.STOP_STRATEGY) {
    stop(seat, parts);
    return '';
  }
  const next = command === Command.START_STRATEGY ? RUNNING : PAUSED;
  if (next === state) return '';
  if (state === STOPPED) {
    try {
      seat.renew(seat.params);
    } catch (error) {
      return reasonOf(error);
    }
  }
  seat.state = next;
  if (next === PAUSED) pullQuotes(seat);
  if (!parts.isRunning) return '';
  if (state === STOPPED) seat.handlers.onStart?.();
  else if (next === RUNNING) seat.handlers.onResume?.();
  return '';
}

/**
 * A strategy goes on with other parameters and all it knows. One that knows nothing that the new one takes begins anew: its quotes are
 * pulled, its timers gone, `onStart`.
 * @returns what the strategy has against these parameters: nothing was changed; empty when it took them
 */
export function changeParameters(seat: StrategySeat, params: ParamRecord, parts: ControlParts): string {
  const isCalled = parts.isRunning && seat.state !== STOPPED;
  let goesOn: boolean;
  try {
    goesOn = isCalled && seat.succeed(params);
    if (!isCalled) seat.renew(params);
  } catch (error) {
    return reasonOf(error);
  }
  if (!isCalled) return '';
  if (goesOn) {
    if (seat.state === RUNNING) seat.handlers.onResume?.();
  } else {
    parts.timers.drop(seat.index);
    pullQuotes(seat);
    seat.handlers.onStart?.();
  }
  return '';
}

/** Quotes are pulled, and every order is cancelled; one with a request under way when that is answered. */
export function withdraw({ index, quoters }: StrategySeat, desk: OrderDesk, nowNs: number): void {
  for (const [market, { wanted }] of quoters.entries()) {
    wanted.clear();
    withdrawFrom(index, market, desk, nowNs);
  }
}

/** The connection to an instrument's venue is there again: orders of strategies that are stopped are still to be cancelled. */
export function withdrawStopped(seats: readonly StrategySeat[], market: number, desk: OrderDesk, nowNs: number): void {
  for (const { index, state } of seats) if (state === STOPPED) withdrawFrom(index, market, desk, nowNs);
}

/** Nobody but the engine cancels for a strategy that is stopped. */
export function cancelIfStopped(seats: readonly StrategySeat[], slot: number, desk: OrderDesk, nowNs: number): void {
  if (seats[desk.strategyAt(slot)].state === STOPPED) desk.cancel(desk.idAt(slot), nowNs);
}

function withdrawFrom(strategy: number, market: number, desk: OrderDesk, nowNs: number): void {
  let next = -1;
  for (let slot = desk.firstSlot(strategy, market); slot >= 0; slot = next) {
    next = desk.nextSlot(slot);
    desk.cancel(desk.idAt(slot), nowNs);
  }
}

function stop(seat: StrategySeat, { desk, timers, isRunning, nowNs }: ControlParts): void {
  if (seat.state === STOPPED) return;
  if (isRunning) seat.handlers.onStop?.();
  seat.state = STOPPED;
  timers.drop(seat.index);
  withdraw(seat, desk, nowNs);
}

function pullQuotes({ quoters }: StrategySeat): void {
  for (const { wanted } of quoters) wanted.clear();
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
