/** What a run leaves behind: recorders for its figures, its output folder, its event log, and what it prints. */
import { SessionRecorder } from '@quotewright/core/analytics/recorder';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Observer } from '@quotewright/core/strategies/observer';
import { EventLog } from '../events/event-log.ts';
import { RunFolder, type SamplesOfRuns } from '../reports/run-folder.ts';
import type { RunResult } from '../reports/run-result.ts';
import type { PlannedStrategy } from './plan.ts';
import type { Recorders } from './result.ts';
import type { Bound } from './bounds.ts';

/** Horizons of the markouts. */
const HORIZONS_NS = [100e6, 1e9, 10e9, 60e9];

export interface RunOutputOptions {
  readonly instruments: readonly Instrument[];
  readonly epochDay: number;
  readonly strategies: readonly PlannedStrategy[];
  /** Starting cash by currency. */
  readonly cash: Readonly<Record<string, string>>;
  /** Interval of equity samples, nanoseconds. */
  readonly sampleNs: number;
  readonly out?: string | undefined;
  readonly logEvents?: string | undefined;
}

export class RunOutput {
  readonly recorders: Recorders = { runs: new Map(), alongside: [] };
  readonly #options: RunOutputOptions;
  readonly #folder: RunFolder | undefined;
  readonly #log: EventLog | undefined;

  /** @throws the system's error when a file cannot be written. */
  constructor(options: RunOutputOptions) {
    const { out, logEvents, instruments, epochDay, strategies } = options;
    this.#options = options;
    this.#folder = out === undefined ? undefined : new RunFolder(out, instruments, epochDay, HORIZONS_NS);
    this.#log =
      logEvents === undefined
        ? undefined
        : new EventLog({ path: logEvents, epochDay, strategy: strategies[0]!.definition.name });
  }

  /** Who watches a strategy of a run, by its index. */
  observers(bound: Bound, strategy: number): Observer[] {
    const { instruments, cash, sampleNs } = this.#options;
    const isMain = bound === 'modelled' && strategy === 0;
    const folder = isMain ? this.#folder : undefined;
    const recorder = new SessionRecorder({
      instruments,
      capital: Object.fromEntries(Object.entries(cash).map(([currency, amount]) => [currency, Number(amount)])),
      sampleNs,
      horizonsNs: HORIZONS_NS,
      ...(folder === undefined ? {} : { onFillRow: folder.onFillRow, onOrderRow: folder.onOrderRow }),
    });
    if (strategy === 0) this.recorders.runs.set(bound, recorder);
    else if (bound === 'modelled') this.recorders.alongside.push(recorder);
    const watching: Observer[] = [recorder];
    if (folder !== undefined) watching.push(folder.quotes);
    if (isMain && this.#log !== undefined) watching.push(this.#log);
    return watching;
  }

  /** The strategies start at a local time. */
  start(nowNs: number, source: Readonly<Record<string, unknown>>): void {
    this.#log?.sessionStart(nowNs, { params: this.#options.strategies[0]!.params, ...source });
    this.#connection(nowNs, true);
  }

  /** The session is over; call it before the result is made. */
  end(nowNs: number): void {
    this.#connection(nowNs, false);
    for (const recorder of [...this.recorders.runs.values(), ...this.recorders.alongside]) recorder.finish(nowNs);
  }

  /** Writes the output folder, if there is one. */
  async write(result: RunResult): Promise<void> {
    const { runs } = this.recorders;
    const samples = Object.fromEntries([...runs].map(([bound, { samples: each }]) => [bound, each]));
    const ofRuns: SamplesOfRuns = { ...samples, modelled: runs.get('modelled')!.samples };
    await this.#folder?.finish(result, ofRuns);
  }

  /** Closes the event log. Answers what a person should know of it, or an empty text. */
  async close(): Promise<string> {
    const log = this.#log;
    await log?.close();
    if (log === undefined || log.dropped === 0) return '';
    return `${this.#options.logEvents}: ${log.dropped} of ${log.lines} lines were dropped, the disk did not keep up\n`;
  }

  #connection(nowNs: number, isUp: boolean): void {
    const venues = new Set(this.#options.instruments.map(({ venue }) => venue));
    for (const venue of venues) this.#log?.connection(nowNs, venue, isUp);
  }
}
