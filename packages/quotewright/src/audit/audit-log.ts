/**
 * The audit log of a session's folder: who did what, to what, from which value to which. Each entry is on the disk when `append`
 * returns. Several processes may write: each entry is appended under a lock, from the head that the one before has left.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { makeFolder } from '../data/make-folder.ts';
import { InputError } from '../data/report.ts';
import { type Actor, thisProcess } from './actor.ts';
import {
  type AuditHead,
  auditFolder,
  readHead,
  segmentPath,
  segmentsOf,
  syncFolder,
  whileLocked,
} from './audit-folder.ts';
import { writeDurably, writeHead } from './audit-folder.ts';
import { type AuditEntry, NO_HASH, chainLine } from './audit-line.ts';
import { type Redactor, redactor } from './redactor.ts';

const MAX_BYTES = 16 * 1024 * 1024;

export interface AuditLogOptions {
  /** Folder of the session; the log is in `audit` within it. */
  readonly dir: string;
  /** What this process is. */
  readonly role: string;
  /** A segment that has reached so many bytes is followed by another. Default: 16 MiB. */
  readonly maxBytes?: number;
  /** Default: the process's. */
  readonly redactor?: Redactor;
}

export class AuditLog {
  readonly #folder: string;
  readonly #self: Actor;
  readonly #maxBytes: number;
  readonly #redactor: Redactor;

  /** @throws the system's error when the folder cannot be made. */
  constructor(options: AuditLogOptions) {
    this.#folder = auditFolder(options.dir);
    this.#self = thisProcess(options.role);
    this.#maxBytes = options.maxBytes ?? MAX_BYTES;
    this.#redactor = options.redactor ?? redactor;
    makeFolder(this.#folder, 0o700);
  }

  /** This process does something itself. */
  note(entry: Omit<AuditEntry, 'who'>): void {
    this.append({ ...entry, who: this.#self });
  }

  /** @throws InputError when the log cannot go on, and the system's error when it cannot be written */
  append(entry: AuditEntry): void {
    whileLocked(this.#folder, () => {
      const head = this.#recover() ?? this.#write({ what: 'audit.created', subject: randomUUID(), who: this.#self });
      this.#write(entry, head);
    });
  }

  /** The head, after the line that it tells of is in its segment as a whole. */
  #recover(): AuditHead | undefined {
    const folder = this.#folder;
    const head = readHead(folder);
    if (head === undefined) {
      if (segmentsOf(folder).length === 0) return undefined;
      throw new InputError(
        `${folder}: found lines without their head, expected audit.head.json (audit verify shows what is left)`,
      );
    }
    const path = segmentPath(folder, head.segment);
    const expected = Buffer.from(`${head.line}\n`);
    const bytes = existsSync(path) ? statSync(path).size : 0;
    if (bytes === head.offset + expected.length) return head;
    // The writer before died while it wrote this line.
    const found = bytes > head.offset ? readFileSync(path).subarray(head.offset) : Buffer.alloc(0);
    if (bytes < head.offset || !expected.subarray(0, found.length).equals(found)) {
      throw new InputError(
        `${path}: found ${bytes} bytes, expected the ${head.offset + expected.length} that its head tells of`,
      );
    }
    writeDurably(path, 'a', expected.subarray(found.length).toString());
    return head;
  }

  #write(entry: AuditEntry, head?: AuditHead): AuditHead {
    const { what, who, subject, before, after } = entry;
    const isOther = who.pid !== this.#self.pid || who.role !== this.#self.role;
    const fields = {
      n: (head?.count ?? 0) + 1,
      time: new Date().toISOString(),
      what,
      who,
      subject,
      before,
      after,
      by: isOther ? this.#self : undefined,
    };
    const clean = this.#redactor.value(fields);
    const { text, hash } = chainLine(Object(clean), head?.hash ?? NO_HASH);
    const end = head === undefined ? 0 : head.offset + Buffer.byteLength(head.line) + 1;
    const isFull = end >= this.#maxBytes;
    const segment = (head?.segment ?? 1) + (isFull ? 1 : 0);
    const next = { count: fields.n, hash, segment, offset: isFull ? 0 : end, line: text };
    writeHead(this.#folder, next);
    writeDurably(segmentPath(this.#folder, segment), 'a', `${text}\n`);
    if (next.offset === 0) syncFolder(this.#folder);
    return next;
  }
}
