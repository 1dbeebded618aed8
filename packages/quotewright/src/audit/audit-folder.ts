/** The files of an audit log: numbered segments of lines, the head that anchors their end, and the lock of its writers. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { InputError } from '../data/report.ts';

/** Folder of the audit log within that of a session. */
const FOLDER = 'audit';
const HEAD = 'audit.head.json';
const LOCK = 'audit.lock';
const SEGMENT = /^audit-(\d{6})\.jsonl$/;

/** A writer holds the lock for about two writes to the disk. */
const LOCK_WAIT_MS = 5000;

/**
 * The end of the log. It is written before the line that it tells of, and holds that line in full: a writer that died in between
 * leaves a line that the next one can finish, and a line that is cut off is missed.
 */
export const auditHead = z.strictObject({
  /** Lines, the last one included; its hash. */
  count: z.number().int().positive(),
  hash: z.string(),
  /** The segment that the last line is in, and the bytes before it. */
  segment: z.number().int().positive(),
  offset: z.number().int().nonnegative(),
  line: z.string(),
});
export type AuditHead = z.output<typeof auditHead>;

export interface Segment {
  readonly number: number;
  readonly path: string;
  readonly bytes: number;
}

/** Folder of the audit log of a session's folder. */
export function auditFolder(dir: string): string {
  return join(dir, FOLDER);
}

export function segmentPath(folder: string, number: number): string {
  return join(folder, `audit-${String(number).padStart(6, '0')}.jsonl`);
}

/** By their numbers. */
export function segmentsOf(folder: string): Segment[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const found = SEGMENT.exec(name);
      const path = join(folder, name);
      return found === null ? [] : [{ number: Number(found[1]), path, bytes: statSync(path).size }];
    })
    .toSorted((a, b) => a.number - b.number);
}

/** Undefined when there is none. @throws InputError when it is none of ours */
export function readHead(folder: string): AuditHead | undefined {
  const path = join(folder, HEAD);
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new InputError(`${path}: found no JSON, expected the head of an audit log`);
  }
  const head = auditHead.safeParse(value);
  if (head.success) return head.data;
  throw new InputError(`${path}: found other fields, expected the head of an audit log`);
}

/** Durable when it returns; a reader sees the old one or the new one. */
export function writeHead(folder: string, head: AuditHead): void {
  const path = join(folder, HEAD);
  const part = `${path}.part`;
  writeDurably(part, 'w', `${JSON.stringify(head)}\n`);
  renameSync(part, path);
  syncFolder(folder);
}

export function writeDurably(path: string, flags: 'a' | 'w', text: string): void {
  const file = openSync(path, flags, 0o600);
  try {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the names in a folder durable. */
export function syncFolder(folder: string): void {
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Does something while no other process or thread writes. The lock is SQLite's on a file that stays empty: the operating system
 * frees it when its holder dies, which a lock file cannot promise.
 */
export function whileLocked<T>(folder: string, work: () => T, name = LOCK, waitMs = LOCK_WAIT_MS): T {
  const path = join(folder, name);
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(path, { timeout: waitMs });
    lock.exec('BEGIN IMMEDIATE');
  } catch (error) {
    lock?.close();
    throw new InputError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    return work();
  } finally {
    // Closing it ends the transaction.
    lock.close();
  }
}

/** The same for a reader: a copy that has no lock, or may not be written, has no writers either. */
export function whileStill<T>(folder: string, work: () => T): T {
  if (!existsSync(join(folder, LOCK))) return work();
  return whileLocked(folder, work);
}
