/**
 * The snapshots of a session, in an LMDB database under its journal's folder: a put is there completely or not at all, also when the
 * process is killed within it. A snapshot that is damaged is reported, and the one before it is used; a database that
 * cannot be opened is set aside, as the journal holds everything.
 */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Engine } from '@quotewright/core/engine/engine';
import { type RootDatabase, open } from 'lmdb';
import { makeFolder } from '../data/make-folder.ts';
import { InputError } from '../data/report.ts';
import { lmdbDamage } from './lmdb-file.ts';
import { syncFolder } from './segment-writer.ts';
import { type Snapshot, decodeSnapshot, encodeSnapshot, snapshotDamage } from './snapshot-format.ts';

/** Folder of the snapshots in that of the journal. */
export const SNAPSHOTS = 'snapshots';

/**
 * When a write fails (a full disk): a batch of an event turn begins with a write of its own, whose rejection nobody could catch, so that it
 * would end the process; and an overlapping sync would never be over, and `close` wait for it for ever.
 */
const FAILING_WELL = { eventTurnBatching: false, overlappingSync: false };

export interface SnapshotEntry {
  /** Inputs of the journal that are in it. */
  readonly sequence: number;
  readonly bytes: number;
  /** Empty when it is sound. */
  readonly damage: string;
}

export class SnapshotStore {
  /** What was found damaged since it was opened, a line each. */
  readonly report: string[] = [];
  readonly #path: string;
  readonly #database: RootDatabase<Buffer, number>;

  /**
   * Opens the snapshots of a journal's folder, or begins them.
   * @param isReader changes nothing, also while another process writes
   * @throws InputError when a reader finds none
   */
  constructor(journal: string, isReader = false) {
    this.#path = join(journal, SNAPSHOTS);
    const file = join(this.#path, 'data.mdb');
    const damage = lmdbDamage(file);
    if (isReader) {
      if (damage !== '' || !existsSync(file)) throw new InputError(damage || `${this.#path}: found no snapshots`);
    } else {
      makeFolder(journal);
      if (damage !== '') this.report.push(`${damage}; set aside as ${setAside(this.#path)}`);
    }
    this.#database = open({ path: this.#path, encoding: 'binary', readOnly: isReader, ...FAILING_WELL });
  }

  /** Files a snapshot under the number of inputs in it; it is on the disk when the promise is fulfilled. */
  async put(sequence: number, bytes: Buffer): Promise<void> {
    try {
      await this.#database.put(sequence, bytes);
      await this.#database.flushed;
    } catch (error) {
      throw await reasonOfCommit(error);
    }
  }

  /** The newest sound snapshot of at most so many inputs; undefined when there is none. */
  newestAtOrBefore(sequence: number): Snapshot | undefined {
    for (const key of this.#database.getKeys({ start: sequence, reverse: true })) {
      const bytes = this.#database.get(key);
      if (bytes === undefined) continue;
      const damage = snapshotDamage(bytes, key);
      if (damage === '') return decodeSnapshot(bytes);
      this.report.push(`${this.#path}: the snapshot of ${key} inputs is damaged (${damage}) and was left out`);
    }
    return undefined;
  }

  /** The oldest sound snapshot of so many inputs or more; undefined when there is none. */
  oldestFrom(sequence: number): Snapshot | undefined {
    for (const key of this.#database.getKeys({ start: sequence })) {
      const bytes = this.#database.get(key);
      if (bytes !== undefined && snapshotDamage(bytes, key) === '') return decodeSnapshot(bytes);
    }
    return undefined;
  }

  /** Every snapshot, oldest first, looked through. */
  list(): SnapshotEntry[] {
    return [...this.#database.getKeys()].map((sequence) => {
      const bytes = this.#database.get(sequence) ?? Buffer.alloc(0);
      return { sequence, bytes: bytes.length, damage: snapshotDamage(bytes, sequence) };
    });
  }

  /** What is damaged, a line each. */
  verify(): string[] {
    return this.list()
      .filter(({ damage }) => damage !== '')
      .map(({ sequence, damage }) => `${this.#path}: the snapshot of ${sequence} inputs is damaged: ${damage}`);
  }

  /** Removes all but the newest sound ones, and damaged ones older than those. @returns how many are gone */
  async prune(keep: number): Promise<number> {
    const entries = this.list();
    const sound = entries.filter(({ damage }) => damage === '');
    const oldest = sound.at(-keep) ?? sound[0];
    if (oldest === undefined) return 0;
    const old = entries.filter(({ sequence }) => sequence < oldest.sequence);
    await Promise.all(old.map(({ sequence }) => this.#database.remove(sequence)));
    return old.length;
  }

  /**
   * Takes those away that hold more inputs than the journal turned out to: what is journalled from there on is not in them. Each
   * is kept in a file beside the database, and is a line of the report.
   */
  async setAsideAfter(sequence: number): Promise<void> {
    const later = [...this.#database.getKeys({ start: sequence, exclusiveStart: true })];
    for (const key of later) {
      const path = `${this.#path}-ahead-${key}-${Date.now()}.qwsn`;
      writeFileSync(path, this.#database.get(key) ?? '', { flag: 'wx', flush: true });
      this.report.push(
        `${this.#path}: the snapshot of ${key} inputs is ahead of the journal, which ends at ${sequence}; set aside as ${path}`,
      );
    }
    if (later.length > 0) syncFolder(dirname(this.#path));
    await Promise.all(later.map((key) => this.#database.remove(key)));
  }

  async close(): Promise<void> {
    await this.#database.close();
  }
}

/**
 * Saves the engine as it is at this call, between two inputs, and files it. `sequence`: inputs that its journal was given.
 * @returns why it could not be; empty when it is on the disk
 */
export async function takeSnapshot(
  engine: Engine,
  store: SnapshotStore,
  sequence: number,
  host: unknown = null,
): Promise<string> {
  try {
    const { count } = engine.inputs;
    if (count !== sequence) return `the engine has taken ${count} inputs, and its journal ${sequence}`;
    const state = engine.save();
    if (state.unsaved.length > 0) return `${state.unsaved.join(', ')} cannot be saved: no save and restore`;
    const digests = { inputs: engine.inputs.digest(), outputs: engine.outputs.digest() };
    await store.put(sequence, encodeSnapshot({ sequence, ...digests, engine: state, host }));
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** LMDB rejects a write with an error whose own reason is in a promise, which is rejected as well. */
async function reasonOfCommit(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  try {
    await error.commitError;
    return error;
  } catch (reason) {
    return reason;
  }
}

/** Gives a folder another name, which nothing has. */
function setAside(path: string): string {
  for (let i = 1; ; i++) {
    const name = `${path}-damaged-${i}`;
    if (existsSync(name)) continue;
    renameSync(path, name);
    return name;
  }
}
