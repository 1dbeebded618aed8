/**
 * Finds the engine as it was when its process ended, however that was: the newest sound snapshot, and the journal's records after it
 * replayed. What the process did beyond the journal's end (at most what its durability puts at risk) is found when the venue is
 * asked (`reconcile.ts` of the core).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '@quotewright/core/engine/engine';
import { RESTORING } from '../backup/session-files.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import { damageText } from './damage.ts';
import { absentText, readJournal } from './reader.ts';
import { InputGate } from './replay-engine.ts';
import { type Replayed, replayJournal } from './replay.ts';
import type { SessionHeader } from './session-header.ts';
import type { Snapshot } from './snapshot-format.ts';
import type { SnapshotStore } from './snapshots.ts';
import { endJournal } from './tail.ts';
import { VENUE_LOG } from './venue-log.ts';

/** What the host keeps in a snapshot beside the engine. */
export interface HostState {
  /** Venue time of the last reconciliation that found no difference; executions before it are booked. */
  readonly reconciledNs: number;
}

export interface Recovered {
  readonly engine: Engine;
  readonly header: SessionHeader;
  /** To be opened when the engine goes on. */
  readonly gate: InputGate;
  /** Records of the journal, and those of them that were in the snapshot; 0 = there was none. */
  readonly sequence: number;
  readonly snapshot: number;
  readonly host: HostState;
  /** The last mark says that the session has ended. */
  readonly end: Readonly<Record<string, unknown>> | undefined;
  /** Wall time that it took. */
  readonly ms: number;
  /** What was found that should not be, a line each. */
  readonly complaints: readonly string[];
}

/**
 * The header of the session that a folder holds; undefined when it holds none.
 * @throws InputError when a restore has left the folder half of one thing, half of another, or a session's journal is gone
 */
export function sessionIn(dir: string): SessionHeader | undefined {
  if (!existsSync(dir)) return undefined;
  if (existsSync(join(dir, RESTORING))) {
    throw new InputError(`${dir}: a restore has not come to its end; run quotewright backup restore again`);
  }
  for (const item of readJournal(dir)) if (item.kind === 'session') return item.header;
  if (existsSync(join(dir, VENUE_LOG))) {
    throw new InputError(`${dir}: a session was there, and its journal is gone; restore a backup`);
  }
  return undefined;
}

/** @throws InputError when the journal cannot be replayed to its end, or is not replayed as it was */
export async function recoverSession(dir: string, store: SnapshotStore): Promise<Recovered> {
  const began = performance.now();
  const complaints: string[] = [];
  const { sequence, cut } = endJournal(dir);
  for (const { path, offset, bytes, kept } of cut) {
    complaints.push(`${path}: ${bytes} bytes from byte ${offset} on are no whole record, kept in ${kept}`);
  }
  await store.setAsideAfter(sequence);
  const snapshot = store.newestAtOrBefore(sequence);
  complaints.push(...store.report);
  const gate = new InputGate();
  const { replayed, used } = await replayFrom(dir, snapshot, gate, complaints);
  const { engine, header, damages, missing, difference, last } = replayed;
  complaints.push(...damages.map(damageText));
  if (missing > 0) {
    throw new InputError(`${dir}: ${missing} records are missing after record ${replayed.sequence}; restore a backup`);
  }
  if (difference !== undefined) {
    const { sequence: at, what, written, found } = difference;
    throw new InputError(
      `${dir}: a replay differs at record ${at}: ${what} ${found}, the session had ${written}; is a strategy or the program another one?`,
    );
  }
  const end = last.get('end');
  return {
    engine,
    header,
    gate,
    sequence: replayed.sequence,
    snapshot: used?.sequence ?? 0,
    host: { reconciledNs: reconciledNs(used, last.get('reconciled')) },
    end: end !== undefined && end['sequence'] === replayed.sequence ? end : undefined,
    ms: performance.now() - began,
    complaints,
  };
}

/**
 * From the snapshot, or from the first record when the engine does not take it.
 * @throws InputError when the first record is not there any more
 */
async function replayFrom(
  dir: string,
  snapshot: Snapshot | undefined,
  journal: InputGate,
  complaints: string[],
): Promise<{ replayed: Replayed; used: Snapshot | undefined }> {
  if (snapshot !== undefined) {
    try {
      return { replayed: await replayJournal(dir, { snapshot, journal }), used: snapshot };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      complaints.push(`the snapshot of ${snapshot.sequence} records is left out: ${reasonOf(error)}`);
    }
  }
  const { first } = readJournal(dir);
  if (first === 0) return { replayed: await replayJournal(dir, { journal }), used: undefined };
  const what = `${dir}: ${absentText(first)}, and no snapshot of a later one can be used; restore a backup`;
  throw new InputError([...complaints, what].join('; '));
}

function reconciledNs(snapshot: Snapshot | undefined, mark: Readonly<Record<string, unknown>> | undefined): number {
  if (typeof mark?.['venueNs'] === 'number') return mark['venueNs'];
  const host = snapshot?.host;
  const isOurs = typeof host === 'object' && host !== null && 'reconciledNs' in host;
  return isOurs && typeof host.reconciledNs === 'number' ? host.reconciledNs : Number.NEGATIVE_INFINITY;
}
