/** Reads a whole journal for its faults. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../data/report.ts';
import type { Damage } from './damage.ts';
import { type JournalReader, readJournal } from './reader.ts';

export interface Verification {
  readonly journal: string;
  readonly segments: number;
  readonly bytes: number;
  /** Records that are there, and those that are known to be missing. */
  readonly records: number;
  readonly missing: number;
  readonly sessions: number;
  readonly marks: number;
  /** Empty when the journal is sound. */
  readonly damages: readonly Damage[];
  /** Files beside the journal with what was once cut from a torn end. */
  readonly cuts: readonly string[];
}

/** @throws InputError when the folder is not there, or holds nothing of a journal */
export function verifyJournal(dir: string): Verification {
  const reader = openFilled(dir);
  let records = 0;
  let missing = 0;
  let sessions = 0;
  let marks = 0;
  for (const item of reader) {
    if (item.kind === 'records') records += item.count;
    else if (item.kind === 'gap') missing += item.missing;
    else if (item.kind === 'session') sessions++;
    else marks++;
  }
  const cuts = readdirSync(dir)
    .filter((name) => /\.qwj\.cut-\d+-\d+$/.test(name))
    .map((name) => join(dir, name));
  const { journal, segments, bytes } = reader;
  const damages = reader.damages.filter((damage) => !isBeingWritten(damage));
  return { journal, segments: segments.length, bytes, records, missing, sessions, marks, damages, cuts };
}

/** The end of a file that has grown since it was read: its writer was in the middle of a frame. */
function isBeingWritten({ file, offset, bytes, kind }: Damage): boolean {
  return (kind === 'torn-tail' || kind === 'zero-tail') && statSync(file).size > offset + bytes;
}

/** A reader of a journal that there is. @throws InputError when the folder holds nothing of a journal */
export function openFilled(dir: string): JournalReader {
  const reader = readJournal(dir);
  if (reader.segments.length > 0 || reader.damages.length > 0) return reader;
  throw new InputError(`${dir}: found no segment of a journal (files named 00000001.qwj and so on)`);
}
