/**
 * Where a journal ends, for who goes on writing it. What lies behind the last sound frame (half a frame that a killed process left,
 * or damage) is moved into a file beside it, so that the segment ends cleanly and nothing is lost that somebody may want to look at.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, truncateSync, writeSync } from 'node:fs';
import { InputError } from '../data/report.ts';
import { HEADER_BYTES, paddedBytes } from './format.ts';
import { scanFrames } from './scan.ts';
import { syncFolder } from './segment-writer.ts';
import { listSegments } from './segments.ts';

export interface CutTail {
  readonly path: string;
  /** Where the cut was made. */
  readonly offset: number;
  readonly bytes: number;
  /** The file that has the bytes now. */
  readonly kept: string;
}

export interface JournalEnd {
  /** Sixteen hexadecimal digits; empty when there is no journal yet. */
  readonly journal: string;
  /** Number of the next segment. */
  readonly segment: number;
  /** Records in the journal. */
  readonly sequence: number;
  readonly cut: readonly CutTail[];
}

/** Finds the end and cuts what lies behind it. @throws InputError when a later version of the program wrote it */
export function endJournal(dir: string): JournalEnd {
  const { journal, segments } = listSegments(dir);
  const cut: CutTail[] = [];
  let next = (segments.at(-1)?.segment ?? 0) + 1;
  for (const { path, segment, bytes } of segments.toReversed()) {
    const { end, sequence } = lastFrame(path, journal, segment);
    if (end < bytes || end === 0) cut.push(cutAt(path, end, bytes));
    if (end > 0) {
      if (cut.length > 0) syncFolder(dir);
      return { journal, segment: next, sequence, cut };
    }
    next = segment;
  }
  return { journal, segment: next, sequence: 0, cut };
}

function lastFrame(path: string, journal: string, segment: number): { end: number; sequence: number } {
  let end = 0;
  let sequence = 0;
  for (const scanned of scanFrames(readFileSync(path), journal, segment)) {
    if (scanned.type === 'newer') {
      throw new InputError(`${path}: at byte ${scanned.offset}: found journal format ${scanned.version}, expected 1`);
    }
    if (scanned.type === 'bad') continue;
    const { header, offset } = scanned;
    end = offset + HEADER_BYTES + paddedBytes(header.payloadBytes);
    sequence = header.sequence + header.count;
  }
  return { end, sequence };
}

function cutAt(path: string, offset: number, size: number): CutTail {
  const kept = `${path}.cut-${offset}-${Date.now()}`;
  if (offset === 0) renameSync(path, kept);
  else {
    const file = openSync(kept, 'wx');
    try {
      writeSync(file, readFileSync(path), offset);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    truncateSync(path, offset);
  }
  return { path, offset, bytes: size - offset, kept };
}
