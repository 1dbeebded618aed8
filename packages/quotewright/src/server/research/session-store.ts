/** Journals that can be looked at: those of the home, and the one of this session wherever it is. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { reasonOf } from '../../data/reason.ts';
import { type StoredSession, safeName } from '../protocol/research.ts';
import { peekHeader } from './peek-header.ts';
import { type StoredEntry, entryOf, storedEntries, wholePath } from './stored.ts';

/** In place of a folder's name that cannot be asked for. */
const CURRENT = 'current';

export class SessionStore {
  readonly #folder: string;
  readonly #current: string | undefined;
  readonly #currentId: string;

  /** @param current folder of this session's journal; undefined: it has none */
  constructor(folder: string, current: string | undefined) {
    this.#folder = folder;
    this.#current = current;
    const name = basename(current ?? '');
    this.#currentId = safeName.safeParse(name).success ? name : CURRENT;
  }

  /** This one first, then the newest. */
  list(): StoredSession[] {
    const others = storedEntries(this.#folder)
      .filter(({ name, isFolder }) => isFolder && !this.#isCurrent(name) && this.path(name) !== undefined)
      .map((entry) => storedSession(entry, false));
    const current = this.#current === undefined ? undefined : this.find(this.#currentId);
    return current === undefined ? others : [current, ...others];
  }

  /** undefined when there is no such folder. */
  find(id: string): StoredSession | undefined {
    const path = this.path(id);
    const entry = path === undefined ? undefined : entryOf(id, path);
    return entry?.isFolder === true ? storedSession(entry, this.#isCurrent(id)) : undefined;
  }

  /** The journal's folder. */
  path(id: string): string | undefined {
    if (!this.#isCurrent(id)) return wholePath(this.#folder, id);
    return existsSync(this.#current!) ? this.#current : undefined;
  }

  #isCurrent(id: string): boolean {
    return this.#current !== undefined && id === this.#currentId;
  }
}

function storedSession({ name: id, path, bytes, modifiedMs }: StoredEntry, isCurrent: boolean): StoredSession {
  try {
    const { header, bytes: ofJournal } = peekHeader(path);
    return {
      id,
      mode: header.mode,
      strategies: header.strategies.map(({ strategy }) => basename(strategy)),
      instruments: header.instruments.map(({ venue, symbol }) => `${venue}:${symbol}`),
      startedMs: header.startedMs,
      bytes: ofJournal,
      isCurrent,
      fault: '',
    };
  } catch (error) {
    // Where the home lies is nobody's business.
    const fault = reasonOf(error).replaceAll(path, id);
    return { id, mode: '', strategies: [], instruments: [], startedMs: modifiedMs, bytes, isCurrent, fault };
  }
}
