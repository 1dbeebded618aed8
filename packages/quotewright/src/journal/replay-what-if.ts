/**
 * What if: a journal's market data and its operators' commands again, with other parameters or another strategy. Requests go to replay
 * venues, as in a backtest. In the books of a simulated session stand the orders that its strategies had there; they are not taken out.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import { FeedWindow } from '@quotewright/core/engine/feed-window';
import { ReplaySession } from '@quotewright/core/engine/replay-session';
import { EVENT_STRIDE, Field, headKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Command, InputKind, ReportKind } from '@quotewright/core/trading/records';
import { L2ReplayVenue } from '@quotewright/core/venue-sim/l2-replay';
import { L3ReplayVenue } from '@quotewright/core/venue-sim/l3-replay';
import type { LatencyModel } from '@quotewright/core/venue-sim/latency';
import { queueModel } from '@quotewright/core/venue-sim/queue-model';
import type { ReplayVenue } from '@quotewright/core/venue-sim/venue';
import type { Observer } from '@quotewright/core/strategies/observer';
import { InputError } from '../data/report.ts';
import { absentText, readJournal } from './reader.ts';
import { headerEngine, headerStrategies } from './replay-engine.ts';
import type { SessionHeader } from './session-header.ts';

const { HEAD, LOCAL_NS, SEQ } = Field;
/** Rows may have happened so long before rows that were received earlier. */
const LOOKAHEAD_NS = 2e9;
/** Commands that make and end a process's part of a session: the new run has its own. */
const PROCESS_COMMANDS = new Set<number>([Command.START, Command.STOP, Command.RESTART, Command.DRIFT]);

export interface WhatIfOptions {
  /** Of the journal's session, with other strategies or parameters. */
  readonly header: SessionHeader;
  /** By instrument. */
  readonly latencies: readonly LatencyModel[];
  readonly observers: (strategy: number) => readonly Observer[];
}

export interface WhatIf {
  readonly engine: Engine;
  readonly rows: number;
  readonly endNs: number;
}

/** @throws InputError when a strategy refuses its parameters, or the journal holds no market data */
export async function whatIf(dir: string, options: WhatIfOptions): Promise<WhatIf> {
  const reader = readJournal(dir);
  if (reader.first > 0) throw new InputError(`${dir}: ${absentText(reader.first)}; a what-if begins with the session`);
  const run = new WhatIfRun(options, await headerStrategies(options.header));
  for (const item of reader) if (item.kind === 'records') run.take(item.data, item.count);
  return run.end(dir);
}

class WhatIfRun {
  readonly #engine: Engine;
  readonly #window = new FeedWindow({ shiftNs: 0, assumedLatencyNs: 0 });
  readonly #session: ReplaySession;
  /** Commands that wait for their time. */
  readonly #commands: Float64Array[] = [];
  #rows = new Float64Array(0);
  #endNs = Number.NEGATIVE_INFINITY;

  constructor(
    { header, latencies, observers }: WhatIfOptions,
    strategies: Awaited<ReturnType<typeof headerStrategies>>,
  ) {
    // A replay venue has one instrument, and numbers its executions.
    const venueOf = header.instruments.map((_, index) => index);
    this.#engine = headerEngine({ ...header, venueOf }, { strategies, observers });
    const setups = this.#engine.instruments.map((instrument, index) => ({
      venue: venueFor(instrument, index, header.isL3[index] === true),
      latency: latencies[index]!,
      instruments: [index],
    }));
    this.#session = new ReplaySession(this.#engine, this.#window, setups, 0);
  }

  take(data: Float64Array, count: number): void {
    if (this.#rows.length < count * EVENT_STRIDE) this.#rows = new Float64Array(count * EVENT_STRIDE);
    let rows = 0;
    for (let at = 0; at < count * EVENT_STRIDE; at += EVENT_STRIDE) {
      const kind = headKind(data[at + HEAD]! | 0);
      const record = data.subarray(at, at + EVENT_STRIDE);
      if (kind < ReportKind.ACK) this.#rows.set(record, EVENT_STRIDE * rows++);
      else if (isCommand(kind, data[at + SEQ]!)) this.#commands.push(record.slice());
      this.#endNs = Math.max(this.#endNs, data[at + LOCAL_NS]!);
    }
    this.#window.append(this.#rows, rows);
    this.#runTo(this.#window.lastLocalNs - LOOKAHEAD_NS);
  }

  end(dir: string): WhatIf {
    const { rows } = this.#window;
    if (rows === 0) throw new InputError(`${dir}: holds no market data`);
    this.#runTo(this.#endNs + 1);
    this.#session.finish(this.#endNs + 1);
    return { engine: this.#engine, rows, endNs: this.#endNs };
  }

  #runTo(limitNs: number): void {
    while (this.#commands.length > 0 && this.#commands[0]![LOCAL_NS]! < limitNs) {
      const command = this.#commands.shift()!;
      this.#session.run(command[LOCAL_NS]!);
      this.#engine.input(command, 0);
    }
    this.#session.run(limitNs);
  }
}

function isCommand(kind: number, seq: number): boolean {
  if (kind === InputKind.COMMAND) return !PROCESS_COMMANDS.has(seq);
  return kind === InputKind.CONNECTION || kind === InputKind.LIMIT || kind === InputKind.FUNDING;
}

function venueFor(instrument: Instrument, index: number, isL3: boolean): ReplayVenue {
  if (isL3) return new L3ReplayVenue(instrument, index, 'real', 'cancel-newest');
  const unitLots = Math.max(1, Math.round(1 / instrument.size.toNumber(1)));
  return new L2ReplayVenue(instrument, index, queueModel('power3', 3, unitLots), { fillRule: 'partial' });
}
