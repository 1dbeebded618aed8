/** The backtest of a session's whole strategy on the market data that the session saw: nothing of what the session did is in it. */
import type { Engine } from '@quotewright/core/engine/engine';
import { EVENT_STRIDE, Field, headKind } from '@quotewright/core/market/event';
import { ReportKind } from '@quotewright/core/trading/records';
import { type LocalReplay, type SimulatedVenues, localReplay } from '../backtest/local-replay.ts';
import type { PlannedStrategy } from '../backtest/plan.ts';
import { headerEngine } from '../journal/replay-engine.ts';
import type { SessionHeader } from '../journal/session-header.ts';
import { type FillRecord, fillOf } from './fills.ts';

export class StrategyBacktest {
  readonly #venues: SimulatedVenues;
  #replay: LocalReplay | undefined;
  #stopNs = Number.NaN;
  /** Rows before the start. */
  readonly #before: Float64Array[] = [];

  readonly fills: FillRecord[] = [];
  readonly engine: Engine;

  /** @throws InputError when a strategy refuses its parameters */
  constructor(header: SessionHeader, strategies: readonly PlannedStrategy[], venues: SimulatedVenues) {
    this.#venues = venues;
    const append = (data: Float64Array, at: number): void => {
      if (headKind(data[at + Field.HEAD]! | 0) === ReportKind.FILL) this.fills.push(fillOf(data, at, Number.NaN));
    };
    this.engine = headerEngine(header, { strategies, journal: { append } });
  }

  market(data: Float64Array, offset: number): void {
    const row = data.subarray(offset, offset + EVENT_STRIDE);
    if (this.#replay === undefined) this.#before.push(row.slice());
    else this.#replay.window.append(row, 1);
  }

  /** The session's strategies started. */
  start(nowNs: number): void {
    this.#replay = localReplay(this.engine, this.#venues, 1, nowNs);
    for (const row of this.#before.splice(0)) this.#replay.window.append(row, 1);
  }

  /** The session was ended. */
  stop(nowNs: number): void {
    this.run(nowNs);
    this.#stopNs = nowNs;
    this.#replay?.session.finish(nowNs);
  }

  /** Everything before a local time happens, once the strategies have started. */
  run(untilNs: number): void {
    if (this.#stopNs !== this.#stopNs) this.#replay?.session.run(untilNs);
  }
}
