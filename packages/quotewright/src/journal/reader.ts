/**
 * Reads a journal: session headers, marks and records in order, and every fault of the files. What is sound after a damaged place is
 * found and given; a hole in the numbering comes as an item of its own, so that it cannot be overlooked. Nothing is changed on disk.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { reasonOf } from '../data/reason.ts';
import type { Damage, DamageKind } from './damage.ts';
import { type FrameHeader, FrameKind, HEADER_BYTES, REPEATED, segmentName } from './format.ts';
import { scanFrames } from './scan.ts';
import { type SegmentFile, listSegments } from './segments.ts';
import { type SessionHeader, sessionHeader } from './session-header.ts';

interface Place {
  /** Records of the journal that lie before it. */
  readonly sequence: number;
  /** When it was written, Unix milliseconds. */
  readonly writtenMs: number;
}

export interface SessionItem extends Place {
  readonly kind: 'session';
  readonly header: SessionHeader;
}

export interface MarkItem extends Place {
  readonly kind: 'mark';
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface RecordsItem extends Place {
  readonly kind: 'records';
  /** `count` records of `EVENT_STRIDE` words from word 0 on; valid until the next item is asked for. */
  readonly data: Float64Array;
  readonly count: number;
}

/** Records that are nowhere: a state built from what came before must not go on with what follows. */
export interface GapItem {
  readonly kind: 'gap';
  readonly sequence: number;
  readonly missing: number;
}

export type JournalItem = SessionItem | MarkItem | RecordsItem | GapItem;

export interface ReadJournalOptions {
  /**
   * Records before this one, and marks before it, are left out. Files that hold none of it are not read; the header of the session that
   * the record belongs to comes first, whatever its sequence. Default: the journal's first.
   */
  readonly from?: number;
}

/** @throws InputError when the folder is not there */
export function readJournal(dir: string, options: ReadJournalOptions = {}): JournalReader {
  return new JournalReader(dir, options);
}

/** Why what begins with the first record cannot be done. */
export function absentText(first: number): string {
  return `the records before ${first.toLocaleString('en-US')} are not there any more`;
}

export class JournalReader implements Iterable<JournalItem> {
  /** Faults so far; complete when the iteration has ended. */
  readonly damages: Damage[];
  /** Number of the journal; empty when it has no readable segment. */
  readonly journal: string;
  readonly segments: readonly SegmentFile[];
  /** Records of the journal before the first that is here: removed on purpose, or lost with their segments. */
  readonly first: number;
  /** Bytes of the files that are read, and those read so far. */
  readonly bytes: number;
  bytesRead = 0;
  /** Records before the place that the reading has come to; at the end, those of the journal. */
  sequence = 0;
  /** Frames of records so far: each was one write. */
  frames = 0;
  readonly #dir: string;
  readonly #from: number;
  /** The header given last, as text: its repetitions are not given again. */
  #session = '';
  /** Segments below this were removed on purpose. */
  #retained = 1;
  #buffer = new Uint8Array(0);
  #copy = new Float64Array(0);

  constructor(dir: string, { from = 0 }: ReadJournalOptions) {
    const { journal, segments, damages } = listSegments(dir);
    this.#dir = dir;
    this.#from = from;
    this.journal = journal;
    this.damages = [...damages];
    const [oldest] = segments;
    this.first = oldest === undefined || oldest.segment === 1 ? 0 : (oldest.head?.sequence ?? 0);
    // A segment whose successor starts before the wanted record holds nothing of it, nor marks at its place.
    const skip = segments.findLastIndex(({ head }) => head !== undefined && head.sequence < from);
    this.segments = skip < 0 ? segments : segments.slice(skip);
    this.bytes = this.segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  *[Symbol.iterator](): Generator<JournalItem, void, undefined> {
    const first = this.segments[0];
    if (first === undefined) return;
    let expected = first.segment;
    let isFirst = true;
    for (const [i, file] of this.segments.entries()) {
      if (file.segment > expected) this.#missing(file, expected);
      if (isFirst) this.sequence = this.#start(file);
      isFirst = false;
      yield* this.#segment(file, this.segments[i + 1]?.head?.sequence ?? Number.POSITIVE_INFINITY);
      expected = file.segment + 1;
    }
    const before = first.segment;
    if (this.#from === 0 && before > this.#retained) {
      this.damages.push({
        kind: 'missing-segment',
        file: this.#dir,
        offset: 0,
        bytes: 0,
        sequence: 0,
        text: `the journal begins with ${segmentName(before)}, expected ${segmentName(this.#retained)}`,
      });
    }
  }

  /** The record that the reading begins with. What lies before the first segment is missed only when somebody asks for it. */
  #start({ head, segment }: SegmentFile): number {
    const first = segment === 1 ? 0 : (head?.sequence ?? 0);
    return this.#from > 0 ? Math.min(this.#from, first) : first;
  }

  /**
   * @param next where the next segment begins: who has taken the session over began there. A process that was suspended and wakes
   *   may still write behind it what it had in its ring, and that has never been part of what came
   */
  *#segment(file: SegmentFile, next: number): Generator<JournalItem, void, undefined> {
    const bytes = this.#load(file);
    let frame = 0;
    for (const scanned of scanFrames(bytes, this.journal, file.segment)) {
      const { offset } = scanned;
      if (scanned.type === 'bad') {
        this.#damage(scanned.why, file, offset, scanned.bytes, scanned.text);
        continue;
      }
      if (scanned.type === 'newer') {
        const text = `a frame of format ${scanned.version}; this program reads 1`;
        this.#damage('newer-version', file, offset, bytes.length - offset, text);
        return;
      }
      const { header } = scanned;
      if (header.kind === FrameKind.RECORDS && header.sequence >= next) return;
      if (header.frame > frame && this.damages.at(-1)?.file !== file.path) {
        this.#damage('damaged', file, offset, 0, `found frame ${header.frame}, expected frame ${frame}`);
      }
      frame = Math.max(frame, header.frame + 1);
      yield* this.#frame(file, offset, header, bytes);
    }
    if (bytes.length === 0) this.#damage('torn-tail', file, 0, 0, 'the file is empty');
  }

  *#frame(
    file: SegmentFile,
    offset: number,
    header: FrameHeader,
    bytes: Uint8Array,
  ): Generator<JournalItem, void, undefined> {
    const { sequence, count, writtenMs, kind } = header;
    if (sequence < this.sequence) {
      // Of frames without records the place does not tell whether they were there already; of a repeated header it does not matter.
      if (kind === FrameKind.RECORDS && sequence >= this.#from) {
        this.#damage(
          'duplicate',
          file,
          offset,
          HEADER_BYTES + header.payloadBytes,
          `records from ${sequence} on were there already`,
        );
        return;
      }
    } else if (sequence > this.sequence) {
      const missing = sequence - this.sequence;
      this.#damage('missing-records', file, offset, 0, `${missing} records are missing before this frame`);
      yield { kind: 'gap', sequence: this.sequence, missing };
      this.sequence = sequence;
    }
    const start = offset + HEADER_BYTES;
    if (kind === FrameKind.RECORDS) {
      this.frames++;
      const skipped = Math.max(0, Math.min(count, this.#from - sequence));
      this.sequence = sequence + count;
      if (skipped === count) return;
      const data = this.#words(bytes, start + skipped * 64, (count - skipped) * 8);
      yield { kind: 'records', sequence: sequence + skipped, data, count: count - skipped, writtenMs };
      return;
    }
    const text = Buffer.from(bytes.subarray(start, start + header.payloadBytes)).toString();
    try {
      if (kind === FrameKind.SESSION) {
        if ((header.flags & REPEATED) !== 0 && text === this.#session) return;
        const parsed = sessionHeader.parse(JSON.parse(text));
        this.#session = text;
        yield { kind: 'session', sequence, header: parsed, writtenMs };
        return;
      }
      const fields = parseFields(text);
      if (fields['type'] === 'retain') this.#retained = Math.max(this.#retained, Number(fields['segment']));
      if (sequence >= this.#from) yield { kind: 'mark', sequence, fields, writtenMs };
    } catch (error) {
      this.#damage(
        'damaged',
        file,
        offset,
        HEADER_BYTES + header.payloadBytes,
        `what the frame says: ${reasonOf(error)}`,
      );
    }
  }

  #missing(file: SegmentFile, expected: number): void {
    const count = file.segment - expected;
    const text = `${segmentName(expected)}${count > 1 ? ` and ${count - 1} more` : ''} before ${segmentName(file.segment)}`;
    this.damages.push({ kind: 'missing-segment', file: this.#dir, offset: 0, bytes: 0, sequence: this.sequence, text });
  }

  #damage(kind: DamageKind, { path: file }: SegmentFile, offset: number, bytes: number, text: string): void {
    this.damages.push({ kind, file, offset, bytes, sequence: this.sequence, text });
  }

  /** All of a file, in a buffer that is used again. */
  #load({ path }: SegmentFile): Uint8Array {
    const length = statSync(path).size;
    if (this.#buffer.length < length) this.#buffer = new Uint8Array(Math.ceil(length / 8) * 8);
    const file = openSync(path, 'r');
    let read = 0;
    try {
      while (read < length) {
        const more = readSync(file, this.#buffer, read, length - read, read);
        if (more === 0) break;
        read += more;
      }
    } finally {
      closeSync(file);
    }
    this.bytesRead += read;
    return this.#buffer.subarray(0, read);
  }

  /** A view of words; a copy where they do not lie on a word's boundary (behind damage only). */
  #words(bytes: Uint8Array, start: number, count: number): Float64Array {
    if (start % 8 === 0) return new Float64Array(bytes.buffer, start, count);
    if (this.#copy.length < count) this.#copy = new Float64Array(count);
    new Uint8Array(this.#copy.buffer).set(bytes.subarray(start, start + count * 8));
    return this.#copy.subarray(0, count);
  }
}

function parseFields(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('found no fields');
  return { ...value };
}
