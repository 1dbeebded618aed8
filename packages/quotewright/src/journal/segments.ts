/** Which segment files a folder holds, what each says of itself, and what lies there that does not belong. */
import { closeSync, openSync, readFileSync, readSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../data/report.ts';
import type { Damage } from './damage.ts';
import {
  type FrameHeader,
  HEADER_BYTES,
  MAX_SEGMENT_BYTES,
  VERSION,
  headerFault,
  readHeader,
  segmentOfName,
} from './format.ts';
import { firstHeader } from './scan.ts';

const EXTENSION = '.qwj';

export interface SegmentFile {
  readonly path: string;
  readonly segment: number;
  readonly bytes: number;
  /** Header of its first sound frame; undefined when there is none. */
  readonly head: FrameHeader | undefined;
}

export interface SegmentList {
  /** Number of the journal that the segments belong to; empty without any that can tell. */
  readonly journal: string;
  /** In rising order, each number once. */
  readonly segments: readonly SegmentFile[];
  /** Files that are no part of it. */
  readonly damages: readonly Damage[];
}

/** @throws InputError when the folder is not there */
export function listSegments(dir: string): SegmentList {
  const damages: Damage[] = [];
  const found: SegmentFile[] = [];
  for (const name of namesOf(dir)) {
    const path = join(dir, name);
    const bytes = statSync(path).size;
    if (bytes > MAX_SEGMENT_BYTES) {
      damages.push(alien(path, bytes, 'foreign', `${bytes} bytes are more than a segment has`));
      continue;
    }
    const head = readHead(path);
    const named = segmentOfName(name);
    if (head === undefined && named === 0) {
      damages.push(alien(path, bytes, 'foreign', 'its name and its first bytes are not those of a segment'));
    } else found.push({ path, segment: head?.segment ?? named, bytes, head });
  }
  const journal = commonest(found);
  const segments: SegmentFile[] = [];
  // A file under its own name goes before a copy of it.
  for (const file of found.toSorted((a, b) => a.segment - b.segment || misnamed(a) - misnamed(b))) {
    const { head, path, bytes, segment } = file;
    if (head !== undefined && head.journal !== journal) {
      damages.push(alien(path, bytes, 'foreign', `a segment of journal ${head.journal}, expected ${journal}`));
    } else if (segments.at(-1)?.segment === segment) {
      damages.push(alien(path, bytes, 'duplicate', `segment ${segment} is there already: ${segments.at(-1)!.path}`));
    } else segments.push(file);
  }
  return { journal, segments, damages };
}

function namesOf(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith(EXTENSION) && statSync(join(dir, name)).isFile())
      .toSorted();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
      throw new InputError(
        `${dir}: expected the folder of a journal, found ${error.code === 'ENOENT' ? 'nothing' : 'no folder'}`,
      );
    }
    throw error;
  }
}

function readHead(path: string): FrameHeader | undefined {
  const bytes = new Uint8Array(HEADER_BYTES);
  const file = openSync(path, 'r');
  let length: number;
  try {
    length = readSync(file, bytes, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  const head = length === HEADER_BYTES ? readHeader(bytes, 0) : undefined;
  if (head !== undefined && head.version > VERSION) return undefined;
  // When the first frame is damaged a later one says as well whose the file is.
  return head !== undefined && headerFault(head) === '' ? head : firstHeader(readFileSync(path));
}

/** The journal that most files say they belong to; of equals the one of the lowest number. */
function commonest(files: readonly SegmentFile[]): string {
  const counts = new Map<string, number>();
  let best = '';
  for (const { head } of files) {
    if (head === undefined) continue;
    const count = (counts.get(head.journal) ?? 0) + 1;
    counts.set(head.journal, count);
  }
  for (const [journal, count] of counts) if (best === '' || count > counts.get(best)!) best = journal;
  return best;
}

function misnamed({ path, segment }: SegmentFile): number {
  return path.endsWith(`${String(segment).padStart(8, '0')}${EXTENSION}`) ? 0 : 1;
}

function alien(file: string, bytes: number, kind: Damage['kind'], text: string): Damage {
  return { kind, file, offset: 0, bytes, sequence: 0, text };
}
