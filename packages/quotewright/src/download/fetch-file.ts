/**
 * Fetches one file so that it is whole or not there. What has come stands in `….part` and is gone on with after a break, also by another
 * process, as long as the server says that the file is still the same (RFC 9110, sections 13.1.5 and 14).
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { request } from 'undici';
import { makeFolder } from '../data/make-folder.ts';
import { reasonOf } from '../data/reason.ts';
import type { ArchiveFile } from './archive.ts';

const TRIES = 6;
const FIRST_WAIT_MS = 500;
/** A server that asks for more patience than this is not waited for longer. */
const LONGEST_WAIT_MS = 60_000;
const SILENCE_MS = 30_000;
const MAX_CHECKSUM_BYTES = 4096;
/** A body that brings less than this in so long is given up: it need never end. */
const SLOW_BYTES = 64 * 1024;
const SLOW_MS = 60_000;
/** No archive has files beyond this. */
const MOST_BYTES = 64 * 1024 ** 3;
/** CSV becomes ten or twenty times as long again; what becomes more is made to fill somebody's machine. */
const MOST_RATIO = 200;
/** The disk's errors: another try would end as this one did. */
const LOCAL_CODES = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EFBIG', 'EIO', 'EMFILE', 'EISDIR']);

export interface FetchOptions {
  readonly signal?: AbortSignal;
  /** Bytes that are there, and of how many; NaN when the server does not tell. */
  readonly progress?: (done: number, total: number) => void;
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** Bounds on what a server may do, instead of the usual ones. */
  readonly slowMs?: number;
  readonly mostBytes?: number;
}

/** `absent`: the archive does not have it. */
export type Fetched = 'fetched' | 'already' | 'absent';

/** @throws FetchError when it cannot be had; what has come stays, to be gone on with */
export async function fetchFile(file: ArchiveFile, path: string, options: FetchOptions = {}): Promise<Fetched> {
  const { signal } = options;
  const { sleep = async (ms: number) => sleepFor(ms, undefined, signal === undefined ? {} : { signal }) } = options;
  makeFolder(dirname(path));
  let failure = '';
  let askedMs = 0;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await sleep(Math.max(FIRST_WAIT_MS * 2 ** (attempt - 1), Math.min(askedMs, LONGEST_WAIT_MS)));
    try {
      return await attemptFile(file, path, options);
    } catch (error) {
      if (signal?.aborted === true || isLocal(error)) throw error;
      if (error instanceof FetchError && !error.mayPass) throw error;
      failure = reasonOf(error);
      askedMs = error instanceof FetchError ? error.waitMs : 0;
    }
  }
  throw new FetchError(`${file.url}: ${failure} (${TRIES} times)`, false);
}

export class FetchError extends Error {
  /** It may be otherwise the next time. */
  readonly mayPass: boolean;
  /** The server wants to be left alone for so long. */
  readonly waitMs: number;

  constructor(text: string, mayPass: boolean, waitMs = 0) {
    super(text);
    this.mayPass = mayPass;
    this.waitMs = waitMs;
  }
}

async function attemptFile(file: ArchiveFile, path: string, options: FetchOptions): Promise<Fetched> {
  const expected = file.checksumUrl === '' ? '' : await checksumOf(file.checksumUrl, options);
  if (expected === undefined) return 'absent';
  if (existsSync(path)) {
    if (await isWhole(path, expected, options.signal)) return 'already';
    rmSync(path);
  }
  const part = `${path}.part`;
  if (!(await download(file.url, part, options))) return 'absent';
  if (!(await isWhole(part, expected, options.signal))) {
    drop(part);
    throw new FetchError(expected === '' ? 'what came is no whole gzip' : 'what came has another checksum', true);
  }
  renameSync(part, path);
  rmSync(tagOf(part), { force: true });
  return 'fetched';
}

/** Goes on with what is there. @returns false when the archive does not have it */
async function download(url: string, part: string, options: FetchOptions): Promise<boolean> {
  const { signal, progress, slowMs = SLOW_MS, mostBytes = MOST_BYTES } = options;
  const tag = existsSync(tagOf(part)) ? readFileSync(tagOf(part), 'utf8') : '';
  const has = existsSync(part) && tag !== '' ? statSync(part).size : 0;
  const headers = has > 0 ? { range: `bytes=${has}-`, 'if-range': tag } : {};
  const answer = await request(url, {
    headers: { 'user-agent': 'quotewright', ...headers },
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  const { statusCode: status, body } = answer;
  if (status !== 200 && status !== 206) {
    await body.dump({ limit: MAX_CHECKSUM_BYTES });
    if (status === 404 || status === 403) return false;
    // All of it is there already, or the file is another one: from the beginning.
    if (status === 416) drop(part);
    const to = status >= 300 && status < 400 ? ', which leads elsewhere and is not followed' : '';
    throw new FetchError(
      `the server answers ${status}${to}`,
      status >= 500 || status === 429 || status === 416 || status === 408,
      waitOf(answer.headers),
    );
  }
  const from = status === 206 ? startOf(headerOf(answer.headers, 'content-range')) : 0;
  if (status === 206 && from !== has) {
    abandon(body);
    drop(part);
    throw new FetchError(`the server sends from byte ${from}, asked for ${has}`, true);
  }
  const length = Number(headerOf(answer.headers, 'content-length') || Number.NaN);
  if (from + length > mostBytes) {
    abandon(body);
    throw new FetchError(`the server tells of ${from + length} bytes, expected at most ${mostBytes}`, false);
  }
  writeFileSync(tagOf(part), headerOf(answer.headers, 'etag') || headerOf(answer.headers, 'last-modified'));
  const target = await open(part, from > 0 ? 'a' : 'w');
  let done = from;
  let [lookedMs, looked] = [performance.now(), from];
  try {
    for await (const chunk of body) {
      await target.writeFile(chunk);
      done += chunk.length;
      progress?.(done, from + length);
      if (done > mostBytes) throw new FetchError(`the server does not end after ${mostBytes} bytes`, false);
      if (performance.now() - lookedMs < slowMs) continue;
      if (done - looked < SLOW_BYTES)
        throw new FetchError(`the server sent ${done - looked} bytes in ${slowMs / 1000} s`, true);
      [lookedMs, looked] = [performance.now(), done];
    }
    await target.sync();
  } finally {
    await target.close();
  }
  if (done < from + length) throw new FetchError(`the connection ended at byte ${done} of ${from + length}`, true);
  return true;
}

/** Undefined when the archive does not have it. @throws FetchError */
async function checksumOf(url: string, { signal }: FetchOptions): Promise<string | undefined> {
  const {
    statusCode: status,
    body,
    headers,
  } = await request(url, {
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await startOfBody(body);
  if (status === 404 || status === 403) return undefined;
  if (status !== 200)
    throw new FetchError(
      `the server answers ${status} for the checksum`,
      status >= 500 || status === 429,
      waitOf(headers),
    );
  const found = /^([0-9a-f]{64})\b/u.exec(text);
  if (found === null) throw new FetchError('what came for the checksum is none', true);
  return found[1]!;
}

/** Nobody waits for the error that ends it. */
function abandon(body: Readable): void {
  body.on('error', () => {});
  body.destroy();
}

/** What does not end is not read to its end. */
async function startOfBody(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    parts.push(part);
    length += part.length;
    if (length > MAX_CHECKSUM_BYTES) break;
  }
  return Buffer.concat(parts).toString();
}

/** @param expected empty: a gzip, whose own checksum has to do */
async function isWhole(path: string, expected: string, signal: AbortSignal | undefined): Promise<boolean> {
  const options = signal === undefined ? {} : { signal };
  if (expected !== '') {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash, options);
    return hash.digest('hex') === expected;
  }
  let left = MOST_RATIO * (statSync(path).size + SLOW_BYTES);
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, next) => {
      left -= chunk.length;
      next(left < 0 ? new FetchError(`what came becomes more than ${MOST_RATIO} times as long`, false) : null);
    },
  });
  try {
    await pipeline(createReadStream(path), createGunzip(), sink, options);
    return true;
  } catch (error) {
    if (signal?.aborted === true || error instanceof FetchError) throw error;
    return false;
  }
}

function isLocal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && 'syscall' in error && LOCAL_CODES.has(String(error.code));
}

function drop(part: string): void {
  rmSync(part, { force: true });
  rmSync(tagOf(part), { force: true });
}

/** Beside a part: what the server called the version that it is of. */
function tagOf(part: string): string {
  return `${part}.tag`;
}

function startOf(range: string): number {
  return Number(/^bytes (\d+)-/u.exec(range)?.[1] ?? Number.NaN);
}

/** `Retry-After` in seconds (RFC 9110, section 10.2.3); a date is taken for none. */
function waitOf(headers: Parameters<typeof headerOf>[0]): number {
  const text = headerOf(headers, 'retry-after');
  return /^\d{1,9}$/u.test(text) ? Number(text) * 1000 : 0;
}

function headerOf(headers: Readonly<Record<string, string | string[] | undefined>>, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
