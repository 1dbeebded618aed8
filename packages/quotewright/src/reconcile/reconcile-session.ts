/**
 * A paper or live session beside the backtest, on the same data. Its journal is read once: the session's engine lives again (and comes to the
 * same hashes), its requests go at their times to the backtest's venues on the market data that it saw, and beside that the backtest of the
 * whole strategy runs. What the venues would have filled is laid beside what was filled, fill by fill.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import { EVENT_STRIDE, Field, headKind } from '@quotewright/core/market/event';
import { Command, InputKind, ReportKind } from '@quotewright/core/trading/records';
import type { PlannedStrategy } from '../backtest/plan.ts';
import { isObject } from '../data/json.ts';
import { InputError } from '../data/report.ts';
import { damageText } from '../journal/damage.ts';
import { absentText, readJournal } from '../journal/reader.ts';
import { headerEngine, headerStrategies } from '../journal/replay-engine.ts';
import type { SessionHeader } from '../journal/session-header.ts';
import { headerConfig, simulatedVenues } from '../session/live/header.ts';
import { type FillPair, type FillRecord, fillOf, pairFills } from './fills.ts';
import { measuredLatency } from './measured-latency.ts';
import { SimulatedPart } from './simulated-part.ts';
import { StrategyBacktest } from './strategy-backtest.ts';
import { type Totals, fillTotals } from './totals.ts';

const { HEAD, LOCAL_NS, ORDER_ID, SEQ, AUX } = Field;

export interface ReconcileOptions {
  /** Of requests and reports on their way to the simulated venues; absent: the session's, of a live one half of what it measured. */
  readonly latency?: string | undefined;
}

export interface SessionReconciliation {
  readonly header: SessionHeader;
  readonly latency: string;
  readonly isDryRun: boolean;
  readonly records: number;
  readonly requests: number;
  readonly processes: number;
  /** Inputs that a backtest does not have: commands of operators, connections, value at risk. */
  readonly commands: number;
  readonly pairs: readonly FillPair[];
  /** Why the venue did not take an order, by its number: a `Reject`. What the backtest fills of one is the refusal's doing. */
  readonly refused: ReadonlyMap<number, number>;
  /** The same of the backtest's venues: what the session filled of one. */
  readonly refusedInBacktest: ReadonlyMap<number, number>;
  /** Reports that differ from those of the simulated venues; undefined of a live session, whose venues are others. */
  readonly differentReports: number | undefined;
  readonly session: Totals;
  /** The session's requests at the backtest's venues. */
  readonly backtest: Totals;
  /** The whole strategy in the backtest, and whether it sent the very requests that the session has sent. */
  readonly strategy: Totals;
  readonly isSameStrategy: boolean;
  readonly instruments: Engine['instruments'];
  /** What is wrong with the journal: the end that a killed process has torn, for one. */
  readonly damages: readonly string[];
}

/** @throws InputError when there is no journal of such a session, it is not whole, or this program makes something else of its inputs */
export async function reconcileSession(dir: string, options: ReconcileOptions = {}): Promise<SessionReconciliation> {
  const reader = readJournal(dir);
  if (reader.first > 0)
    throw new InputError(`${dir}: ${absentText(reader.first)}: nothing can be laid beside the backtest`);
  let run: SessionRun | undefined;
  for (const item of reader) {
    if (item.kind === 'gap')
      throw new InputError(`${dir}: ${item.missing} records are missing after record ${item.sequence}`);
    if (item.kind === 'session') run ??= await SessionRun.begin(dir, item.header, options);
    else if (item.kind === 'records') run?.records(item.data, item.count);
    else run?.mark(item.sequence, item.fields);
  }
  const damages = reader.damages.map(damageText);
  if (run !== undefined) return run.end(damages);
  throw new InputError(`${dir}: holds no journal of a session${damages[0] === undefined ? '' : `: ${damages[0]}`}`);
}

class SessionRun {
  readonly #dir: string;
  readonly #header: SessionHeader;
  readonly #engine: Engine;
  readonly #latency: string;
  readonly #strategy: StrategyBacktest;
  readonly #fills: FillRecord[] = [];
  readonly #simulatedFills: FillRecord[] = [];
  readonly #refused = new Map<number, number>();
  readonly #refusedInBacktest = new Map<number, number>();
  #part: SimulatedPart;
  #processes = 1;
  #records = 0;
  #requests = 0;
  #commands = 0;
  #different = 0;
  #hasStopped = false;
  readonly #carrier = {
    send: (data: Float64Array, offset: number): void => {
      this.#requests++;
      this.#part.carrier.send(data, offset);
    },
  };

  private constructor(dir: string, header: SessionHeader, strategies: readonly PlannedStrategy[], latency: string) {
    this.#dir = dir;
    this.#header = header;
    this.#engine = headerEngine(header, { strategies });
    this.#latency = latency;
    this.#part = new SimulatedPart(this.#venues(), 1);
    this.#strategy = new StrategyBacktest(header, strategies, this.#venues());
  }

  static async begin(dir: string, header: SessionHeader, { latency }: ReconcileOptions): Promise<SessionRun> {
    const { mode } = header;
    if (mode !== 'paper' && mode !== 'live') {
      throw new InputError(`${dir}: holds a session of the mode '${mode}', expected 'paper' or 'live'`);
    }
    if (!isObject(header.config['simulated'])) {
      throw new InputError(
        `${dir}: found no 'simulated' in its header, expected a session of this version of the program`,
      );
    }
    const { isDryRun, simulated } = headerConfig(header.config);
    const strategies = await headerStrategies(header);
    // A dry run was answered here, in no time.
    const isMeasured = mode === 'live' && !isDryRun;
    const used =
      latency ?? (isMeasured ? measuredLatency(dir, header, strategies, simulated.latency) : simulated.latency);
    return new SessionRun(dir, header, strategies, used);
  }

  records(data: Float64Array, count: number): void {
    const engine = this.#engine;
    for (let row = 0; row < count; row++) {
      const at = row * EVENT_STRIDE;
      this.#before(data, at);
      engine.input(data, at);
      if (engine.hasRequests) engine.takeRequests(this.#carrier);
    }
    this.#records += count;
    this.#part.run(engine.nowNs);
    this.#strategy.run(engine.nowNs);
  }

  /** @throws InputError when the engine has not come to where the session's was: nothing can be said of requests that it did not make */
  mark(sequence: number, fields: Readonly<Record<string, unknown>>): void {
    const written = fields['outputs'];
    if (sequence !== this.#records || typeof written !== 'string') return;
    if (this.#engine.outputs.digest() === written) return;
    throw new InputError(
      `${this.#dir}: until record ${sequence} the session's requests were others than this program makes of its inputs: another version of it, or of a strategy's file`,
    );
  }

  end(damages: readonly string[]): SessionReconciliation {
    const { mode } = this.#header;
    const engine = this.#engine;
    this.#endPart(this.#hasStopped ? undefined : engine.nowNs);
    this.#strategy.run(engine.nowNs);
    const { engine: again, fills: strategyFills } = this.#strategy;
    const { instruments } = engine;
    const marks = instruments.map((_, market) => engine.seats[0]!.markets[market]!.midTicks);
    return {
      header: this.#header,
      latency: this.#latency,
      isDryRun: headerConfig(this.#header.config).isDryRun,
      records: this.#records,
      requests: this.#requests,
      processes: this.#processes,
      commands: this.#commands,
      pairs: pairFills(this.#fills, this.#simulatedFills),
      refused: this.#refused,
      refusedInBacktest: this.#refusedInBacktest,
      differentReports: mode === 'paper' ? this.#different : undefined,
      session: fillTotals(this.#fills, instruments, marks),
      backtest: fillTotals(this.#simulatedFills, instruments, marks),
      strategy: fillTotals(strategyFills, instruments, marks),
      isSameStrategy:
        again.outputs.digest() === engine.outputs.digest() && again.inputs.digest() === engine.inputs.digest(),
      instruments,
      damages,
    };
  }

  /** What the record means to the simulated venues, before the engine has it. */
  #before(data: Float64Array, at: number): void {
    const kind = headKind(data[at + HEAD]! | 0);
    if (kind < ReportKind.ACK) {
      this.#part.market(data, at);
      this.#strategy.market(data, at);
    } else if (kind === ReportKind.FILL) {
      this.#part.run(data[at + LOCAL_NS]!);
      this.#fills.push(fillOf(data, at, this.#part.aheadLots(data, at)));
      this.#part.reported(data, at);
    } else if (kind < ReportKind.STATUS) {
      if (kind === ReportKind.REJECT) this.#refused.set(data[at + ORDER_ID]!, data[at + AUX]!);
      this.#part.reported(data, at);
    } else if (kind === InputKind.COMMAND) this.#command(data, at);
    else if (kind !== InputKind.WAKE && kind !== ReportKind.STATUS) this.#commands++;
  }

  #command(data: Float64Array, at: number): void {
    const command = data[at + SEQ]!;
    if (command === Command.START) this.#strategy.start(data[at + LOCAL_NS]!);
    else if (command === Command.STOP) {
      this.#hasStopped = true;
      this.#strategy.stop(data[at + LOCAL_NS]!);
    } else this.#commands++;
    if (command !== Command.RESTART) return;
    this.#endPart(this.#engine.nowNs);
    this.#processes++;
    this.#part = new SimulatedPart(this.#venues(), data[at + ORDER_ID]!);
  }

  #endPart(killedNs: number | undefined): void {
    this.#different += this.#part.end(killedNs);
    this.#simulatedFills.push(...this.#part.fills);
    for (const [orderId, reason] of this.#part.refused) this.#refusedInBacktest.set(orderId, reason);
  }

  #venues() {
    return { ...simulatedVenues(this.#header), latency: this.#latency };
  }
}
