/**
 * VaR on a thread of its own. The thread that trades puts prices and positions into a ring, and rings a bell when it asks; it reads
 * the newest answer when it likes (live), or waits for the one it asked for (simulation and backtest, so that a run is the same each time).
 */
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { RingWriter } from '@quotewright/core/base/ring';
import { SeqlockReader } from '@quotewright/core/base/seqlock';
import { checkVarSettings } from '@quotewright/core/risk/var/estimate';
import type { VarFigures } from '@quotewright/core/risk/var/figures';
import { reasonOf } from '../data/reason.ts';
import {
  Bell,
  COMMAND_HEAD,
  CommandKind,
  RESULT_HEAD,
  ResultStatus,
  ResultWord,
  type VarMemory,
  type VarTask,
  createVarMemory,
  levelWords,
} from './var-memory.ts';

export interface VarResult {
  /** Of the request. */
  readonly number: number;
  /** Empty, or why there are no figures. */
  readonly reason: string;
  /** Returns looked at. */
  readonly returns: number;
  /** Milliseconds of the worker. */
  readonly ms: number;
  /** See `VarEstimate`. */
  readonly repairedEigenvalue: number;
  /** By level of the settings; figures are NaN when there is a reason. */
  readonly levels: readonly VarFigures[];
}

export class VarService {
  readonly task: VarTask;
  readonly #worker: Worker;
  readonly #commands: RingWriter;
  readonly #result: SeqlockReader;
  readonly #block: Float64Array;
  readonly #command: Float64Array;
  readonly #bells: Int32Array;
  #requests = 0;
  #failure = '';
  readonly #exited: Promise<unknown>;

  /** @throws RangeError that names the setting that is out of its range */
  constructor(task: VarTask) {
    checkVarSettings(task.settings);
    const memory: VarMemory = createVarMemory(task);
    this.task = task;
    this.#commands = new RingWriter(memory.commands);
    this.#result = new SeqlockReader(memory.result);
    this.#block = new Float64Array(this.#result.words);
    this.#command = new Float64Array(COMMAND_HEAD + task.assets);
    this.#bells = new Int32Array(memory.bells);
    const isSource = import.meta.url.endsWith('.ts');
    this.#worker = new Worker(new URL(isSource ? './var-worker.ts' : './var-worker.js', import.meta.url), {
      workerData: { task, memory },
      name: 'value at risk',
      ...(isSource ? { execArgv: ['--conditions', 'source'] } : {}),
    });
    this.#worker.on('error', (error) => {
      this.#failure = `the VaR thread has ended: ${reasonOf(error)}`;
    });
    this.#exited = once(this.#worker, 'exit').catch(() => undefined);
    // A process that is otherwise done does not stay for it.
    this.#worker.unref();
  }

  /** Prices of all assets, above zero, sampled together. @returns false when the worker is so far behind that they were not taken */
  sample(prices: Float64Array): boolean {
    return this.#send(CommandKind.SAMPLE, 0, prices);
  }

  /** Half of the ring is full. */
  get isBehind(): boolean {
    return this.#commands.pending * 2 >= this.#commands.capacity;
  }

  /** Waits until the worker has taken what is in the ring. @throws Error when the thread has ended */
  async catchUp(): Promise<void> {
    while (this.#commands.pending > 0) {
      this.#checkAlive();
      await setImmediate();
    }
  }

  /** Asks for the VaR of values held. @returns the request's number; 0 when the worker is so far behind that it was not taken */
  request(values: Float64Array): number {
    return this.#send(CommandKind.REQUEST, this.#requests + 1, values) ? ++this.#requests : 0;
  }

  /** The newest answer, without waiting; undefined before the first. */
  latest(): VarResult | undefined {
    return this.#result.read(this.#block) > 0 ? this.#read() : undefined;
  }

  /** The answer to a request or a later one. @throws Error when the thread has ended, RangeError when that was no request */
  async answer(number: number): Promise<VarResult> {
    if (!(number >= 1 && number <= this.#requests)) throw new RangeError(`${number} is not the number of a request`);
    this.#worker.ref();
    try {
      for (;;) {
        const rung = Atomics.load(this.#bells, Bell.RESULTS);
        const latest = this.latest();
        if (latest !== undefined && latest.number >= number) return latest;
        this.#checkAlive();
        const waiting = Atomics.waitAsync(this.#bells, Bell.RESULTS, rung);
        if (waiting.async) await Promise.race([waiting.value, this.#exited]);
      }
    } finally {
      this.#worker.unref();
    }
  }

  /** Why there will be no more answers; empty while all is well. */
  get failure(): string {
    return this.#failure;
  }

  /** Ends the thread when it has done what was asked. */
  async close(): Promise<void> {
    this.#worker.ref();
    if (!this.#send(CommandKind.STOP, 0, this.#command.subarray(COMMAND_HEAD))) await this.#worker.terminate();
    await this.#exited;
    if (this.#failure === '') this.#failure = 'the VaR thread was closed';
  }

  #checkAlive(): void {
    if (this.#failure !== '') throw new Error(this.#failure);
  }

  #send(kind: number, number: number, words: Float64Array): boolean {
    const command = this.#command;
    command[0] = kind;
    command[1] = number;
    for (let i = 0; i < this.task.assets; i++) command[COMMAND_HEAD + i] = words[i]!;
    const commands = this.#commands;
    const isTaken = commands.push(command, 0, 1) === 1;
    // Waking a thread costs microseconds, and there is nothing to do for it before a request or a ring half full of samples.
    if (kind !== CommandKind.SAMPLE || this.isBehind) {
      Atomics.add(this.#bells, Bell.COMMANDS, 1);
      Atomics.notify(this.#bells, Bell.COMMANDS);
    }
    return isTaken;
  }

  #read(): VarResult {
    const block = this.#block;
    const { assets, settings, minReturns } = this.task;
    const status = block[ResultWord.STATUS]!;
    const returns = block[ResultWord.RETURNS]!;
    const words = levelWords(assets);
    return {
      number: block[ResultWord.NUMBER]!,
      reason:
        status === ResultStatus.DONE
          ? ''
          : status === ResultStatus.TOO_FEW_RETURNS
            ? `${returns} of ${minReturns} returns so far`
            : 'no figures can be worked out of these prices and positions',
      returns,
      ms: block[ResultWord.MS]!,
      repairedEigenvalue: block[ResultWord.REPAIRED]!,
      levels: settings.levels.map((level, i) => {
        const at = RESULT_HEAD + i * words;
        const part = (k: number): Float64Array => block.slice(at + 2 + k * assets, at + 2 + (k + 1) * assets);
        return {
          level,
          valueAtRisk: block[at]!,
          shortfall: block[at + 1]!,
          marginals: part(0),
          components: part(1),
          shortfallComponents: part(2),
        };
      }),
    };
  }
}
