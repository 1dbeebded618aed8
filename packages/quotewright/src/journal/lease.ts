/**
 * The right to trade an account: a lease with an epoch, so that two processes can never trade one. The folder holds one file for
 * each epoch, `lease-<epoch>.json`; who creates the next one (exclusively: of two that try, one succeeds) is the holder, and it
 * touches its file as a sign of life. Another process takes over when the holder is gone or silent for longer than the lease lasts,
 * by the next epoch. A holder may trade only while its own last renewal is younger than the lease: one that was suspended and
 * wakes finds its time over, looks, sees the higher epoch, and stops.
 *
 * Signs of life are read from the file system's clock (the folder's, one for both sides); the holder's own time is monotonic.
 */
import { existsSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../data/make-folder.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import { isAlive } from './process-life.ts';

const TTL_MS = 3000;
const NAME = /^lease-(\d{1,15})\.json$/;

const leaseFile = z.object({ pid: z.number(), host: z.string(), since: z.string() });

export interface LeaseOptions {
  /** A holder that has given no sign of life for so long has lost it, milliseconds. Default: 3 s. */
  readonly ttlMs?: number;
  /** Monotonic milliseconds. */
  readonly clock?: () => number;
}

export class Lease {
  readonly epoch: number;
  readonly #folder: string;
  readonly #path: string;
  readonly #ttlMs: number;
  readonly #clock: () => number;
  #renewedMs: number;
  #loss = '';

  private constructor(folder: string, epoch: number, ttlMs: number, clock: () => number) {
    this.#folder = folder;
    this.epoch = epoch;
    this.#path = pathOf(folder, epoch);
    this.#ttlMs = ttlMs;
    this.#clock = clock;
    this.#renewedMs = clock();
  }

  /**
   * Takes the lease of a folder, which is made when it is missing.
   * @throws InputError when another process holds it; the system's error when the folder cannot be written
   */
  static acquire(folder: string, options: LeaseOptions = {}): Lease {
    const { ttlMs = TTL_MS, clock = () => performance.now() } = options;
    makeFolder(folder);
    const last = lastEpoch(folder);
    if (last > 0) refuseIfHeld(folder, last, ttlMs);
    const epoch = last + 1;
    // Before the file, so that the lease is never believed to be younger than it is.
    const lease = new Lease(folder, epoch, ttlMs, clock);
    const text = JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() });
    try {
      writeFileSync(lease.#path, `${text}\n`, { flag: 'wx' });
    } catch (error) {
      if (!isExisting(error)) throw error;
      throw tooLate(folder);
    }
    // Others may have taken and cleared away this epoch and come further since the folder was read.
    if (lastEpoch(folder) !== epoch) throw tooLate(folder);
    for (const old of epochs(folder)) if (old < epoch) rmSync(pathOf(folder, old), { force: true });
    return lease;
  }

  /** Gives a sign of life when it is time; to be called often. @returns false when the lease is lost: stop trading */
  renew(): boolean {
    if (this.#loss !== '') return false;
    const nowMs = this.#clock();
    if (nowMs - this.#renewedMs < this.#ttlMs / 4) return true;
    try {
      if (lastEpoch(this.#folder) !== this.epoch) this.#loss = 'another process has taken the session over';
      else {
        const seconds = Date.now() / 1000;
        utimesSync(this.#path, seconds, seconds);
        this.#renewedMs = nowMs;
      }
    } catch (error) {
      // As when the folder is gone: nobody would see who trades.
      this.#loss = `the lease of the session cannot be renewed: ${reasonOf(error)}`;
    }
    return this.#loss === '';
  }

  /** Why it is lost; empty = it is not. */
  get loss(): string {
    return this.#loss;
  }

  /** Gives it back: the next process need not wait. The epoch stays known. */
  release(): void {
    // One whose folder is gone is nobody's.
    if (existsSync(this.#folder) && lastEpoch(this.#folder) === this.epoch) utimesSync(this.#path, 0, 0);
    this.#loss = 'it was given back';
  }
}

function tooLate(folder: string): InputError {
  return new InputError(`${folder}: another process took the session at this moment; only one may trade it`);
}

function refuseIfHeld(folder: string, epoch: number, ttlMs: number): void {
  const holder = holderOf(folder, epoch, ttlMs);
  if (holder === undefined) return;
  throw new InputError(
    `${folder}: process ${holder.pid} on ${holder.host} trades this session since ${holder.since}; only one may`,
  );
}

/** Who holds an epoch's lease, if somebody alive does. A file that cannot be read counts by its age only. */
function holderOf(folder: string, epoch: number, ttlMs: number): z.output<typeof leaseFile> | undefined {
  const path = pathOf(folder, epoch);
  // Half as much again, for clocks of file systems that are coarse or a little apart.
  if (Date.now() - statSync(path).mtimeMs > ttlMs * 1.5) return undefined;
  const parsed = leaseFile.safeParse(parseOrNull(readFileSync(path, 'utf8')));
  const holder = parsed.data ?? { pid: 0, host: 'an unknown machine', since: 'a moment ago' };
  return holder.host === hostname() && holder.pid > 0 && !isAlive(holder.pid) ? undefined : holder;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Written by a process that was killed in the middle of it.
    return null;
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function lastEpoch(folder: string): number {
  return Math.max(0, ...epochs(folder));
}

function epochs(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => {
    const match = NAME.exec(name);
    return match === null ? [] : [Number(match[1])];
  });
}

const pathOf = (folder: string, epoch: number): string => join(folder, `lease-${epoch}.json`);
