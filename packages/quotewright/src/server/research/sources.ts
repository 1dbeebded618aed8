/** What backtests and flights can be of, by name: journals of sessions, recordings of the home. */
import type { Home } from '../../home/home.ts';
import { Problem } from '../http/problems.ts';
import type { Source, StoredRecording } from '../protocol/research.ts';
import { SessionStore } from './session-store.ts';
import { storedEntries, wholePath } from './stored.ts';

export class Sources {
  readonly sessions: SessionStore;
  readonly #recordings: string;

  /** @param current folder of this session's journal */
  constructor(home: Pick<Home, 'sessions' | 'recordings'>, current: string | undefined) {
    this.sessions = new SessionStore(home.sessions, current);
    this.#recordings = home.recordings;
  }

  /** Newest first. */
  recordings(): StoredRecording[] {
    return storedEntries(this.#recordings).flatMap(({ name: id, bytes, isFolder, modifiedMs }) =>
      wholePath(this.#recordings, id) === undefined ? [] : [{ id, bytes, isFolder, modifiedMs }],
    );
  }

  /** @throws Problem when there is no such thing */
  path({ kind, id }: Source): string {
    const path = kind === 'session' ? this.sessions.path(id) : wholePath(this.#recordings, id);
    if (path !== undefined) return path;
    throw new Problem('not-found', `source.id: found '${id}', expected the name of a ${kind}`);
  }
}
