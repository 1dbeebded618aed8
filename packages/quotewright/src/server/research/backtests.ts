/** Backtests that the server runs: a few at a time, the others wait, each with a folder of its own in the home. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findStrategy } from '@quotewright/core/strategies/registry';
import { resolveParams } from '../../backtest/load-strategy.ts';
import { makeFolder } from '../../data/make-folder.ts';
import { reasonOf } from '../../data/reason.ts';
import { InputError } from '../../data/report.ts';
import { type RunResult, readResult } from '../../reports/run-result.ts';
import { Problem } from '../http/problems.ts';
import type { BacktestInfo, backtestRequest } from '../protocol/research.ts';
import type { z } from 'zod';
import {
  type KeptEnd,
  type KeptRequest,
  doneEnd,
  failedEnd,
  infoOf,
  keepEnd,
  keepRequest,
  readKept,
} from './backtest-folder.ts';
import { BacktestProcess } from './backtest-process.ts';
import type { Sources } from './sources.ts';
import { storedEntries, storedPath } from './stored.ts';

/** At a time; the machine trades as well. */
const MOST_RUNNING = 1;
const MOST_WAITING = 50;

/** One that waits or runs. */
interface Job {
  readonly id: string;
  readonly folder: string;
  readonly data: string;
  readonly request: KeptRequest;
  process: BacktestProcess | undefined;
  /** Fulfilled when it has ended, and its end is written. */
  ended: Promise<void> | undefined;
  progress: number | null;
  isCancelled: boolean;
}

export class Backtests {
  readonly #folder: string;
  readonly #sources: Sources;
  /** Oldest first. */
  readonly #jobs = new Map<string, Job>();
  #isClosed = false;

  constructor(folder: string, sources: Sources) {
    this.#folder = folder;
    this.#sources = sources;
  }

  /** Newest first. */
  list(): BacktestInfo[] {
    const kept = storedEntries(this.#folder).flatMap(({ name, path, isFolder }) => {
      const info = isFolder && !this.#jobs.has(name) ? readKept(path, name) : undefined;
      return info === undefined ? [] : [info];
    });
    return [...[...this.#jobs.values()].map(jobInfo), ...kept].toSorted((a, b) => b.createdMs - a.createdMs);
  }

  /** @throws Problem when there is none */
  info(id: string): BacktestInfo {
    const job = this.#jobs.get(id);
    if (job !== undefined) return jobInfo(job);
    const path = storedPath(this.#folder, id);
    const info = path === undefined ? undefined : readKept(path, id);
    if (info === undefined) throw new Problem('not-found', `found '${id}', expected the id of a backtest`);
    return info;
  }

  /** @throws Problem that names the field that is wrong, or when too many wait */
  start(asked: z.output<typeof backtestRequest>): BacktestInfo {
    const data = this.#sources.path(asked.source);
    const request: KeptRequest = { ...asked, params: checkedParams(asked), createdMs: Date.now() };
    if (this.#jobs.size >= MOST_RUNNING + MOST_WAITING) {
      throw new Problem('not-possible', `${this.#jobs.size} backtests run or wait already`);
    }
    const id = idOf(request.createdMs, request.strategy);
    const folder = join(this.#folder, id);
    try {
      makeFolder(folder, 0o700);
      keepRequest(folder, request);
    } catch (error) {
      throw new Problem('not-possible', `the request cannot be kept: ${reasonOf(error).replaceAll(this.#folder, '')}`);
    }
    const job: Job = {
      id,
      folder,
      data,
      request,
      process: undefined,
      ended: undefined,
      progress: null,
      isCancelled: false,
    };
    this.#jobs.set(id, job);
    this.#next();
    return jobInfo(job);
  }

  /** @throws Problem when there is none, or it is not done */
  async result(id: string): Promise<RunResult> {
    const { state } = this.info(id);
    if (state !== 'done') throw new Problem('not-possible', `the backtest is ${state}, expected one that is done`);
    try {
      return await readResult(storedPath(this.#folder, id) ?? '');
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new Problem('not-found', 'the result of the backtest is not there any more, or is none');
    }
  }

  /** Whether it waits or runs: it can be cancelled, and not yet be deleted. @throws Problem when there is none */
  isUnderWay(id: string): boolean {
    const { state } = this.info(id);
    return state === 'waiting' || state === 'running';
  }

  /** Ends one that waits or runs. Answers when it has ended. */
  async cancel(id: string): Promise<BacktestInfo> {
    const job = this.#jobs.get(id);
    if (job !== undefined) {
      job.isCancelled = true;
      if (job.ended === undefined) this.#end(job, failedEnd('cancelled', '', Date.now()));
      else {
        job.process?.stop();
        await job.ended;
      }
    }
    return this.info(id);
  }

  /** Removes one that has ended, with all its files. @throws Problem when there is none */
  remove(id: string): void {
    this.info(id);
    const path = storedPath(this.#folder, id);
    if (path !== undefined) rmSync(path, { recursive: true, force: true });
  }

  /** The server ends. */
  close(): void {
    this.#isClosed = true;
    for (const { process: running } of this.#jobs.values()) running?.kill();
  }

  #next(): void {
    if (this.#isClosed) return;
    const jobs = [...this.#jobs.values()];
    let running = jobs.filter((job) => job.ended !== undefined).length;
    for (const job of jobs) {
      if (running >= MOST_RUNNING) return;
      if (job.ended !== undefined) continue;
      running++;
      job.ended = this.#run(job);
    }
  }

  async #run(job: Job): Promise<void> {
    const { strategy, params, seed } = job.request;
    let failure: string;
    try {
      job.process = new BacktestProcess({
        strategy,
        params,
        seed,
        data: job.data,
        out: job.folder,
        onProgress: (progress) => (job.progress = progress),
      });
      failure = await job.process.ended;
    } catch (error) {
      // A text with what no argument of a process can hold.
      failure = `the program could not be started: ${reasonOf(error)}`;
      // Who has started it is still at it.
      await Promise.resolve();
    }
    this.#end(job, await this.#endOf(job, failure));
  }

  async #endOf({ folder, data, request, isCancelled }: Job, failure: string): Promise<KeptEnd> {
    const nowMs = Date.now();
    if (isCancelled) return failedEnd('cancelled', '', nowMs);
    // Where the home lies is nobody's business.
    if (failure !== '') return failedEnd('failed', failure.replaceAll(data, request.source.id), nowMs);
    return doneEnd(folder, nowMs).catch((error: unknown) =>
      failedEnd('failed', reasonOf(error).replaceAll(`${folder}/`, ''), nowMs),
    );
  }

  #end(job: Job, end: KeptEnd): void {
    // Who is killed with the server leaves no end: it is told as what the server has interrupted.
    if (!this.#isClosed) {
      try {
        keepEnd(job.folder, end);
      } catch {
        // A full disk: it will be told as interrupted.
      }
    }
    this.#jobs.delete(job.id);
    this.#next();
  }
}

/** All parameters, as the strategy takes them. @throws Problem that names the field */
function checkedParams({ strategy, params }: Pick<KeptRequest, 'strategy' | 'params'>): KeptRequest['params'] {
  const definition = findStrategy(strategy);
  if (definition === undefined)
    throw badField('strategy', `found '${strategy}', expected the name of a built-in strategy`);
  try {
    return resolveParams(definition, params);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const name = /^parameter ([^:]+): /u.exec(error.message)?.[1];
    throw badField(name === undefined ? 'params' : `params.${name}`, error.message.replace(/^parameter [^:]+: /u, ''));
  }
}

function badField(field: string, detail: string): Problem {
  return new Problem('bad-request', `${field}: ${detail}`, { errors: [{ field, detail }] });
}

function jobInfo({ folder, id, request, process: running, progress }: Job): BacktestInfo {
  const info = infoOf(folder, id, request, undefined);
  return running === undefined ? info : { ...info, state: 'running', progress };
}

/** Sorts by time; two of one moment are told apart. */
function idOf(ms: number, strategy: string): string {
  const stamp = new Date(ms).toISOString().replaceAll(/[-:]/gu, '').slice(0, 15);
  return `${stamp}-${strategy}-${crypto.randomUUID().slice(0, 4)}`;
}
