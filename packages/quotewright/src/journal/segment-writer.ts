/** Writes frames into segment files: rolls to the next file when one is full, and never leaves half a frame behind that it knows of. */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { FrameKind, HEADER_BYTES, RECORD_BYTES, REPEATED, paddedBytes, sealFrame, segmentName } from './format.ts';

/** Frames at the head of a segment: the session's header, twice. */
const HEAD_FRAMES = 2;

export interface SegmentSettings {
  readonly dir: string;
  /** Sixteen hexadecimal digits. */
  readonly journal: string;
  /** Number of the first segment to be written; no such file may be there. */
  readonly segment: number;
  /** Records in the journal so far. */
  readonly sequence: number;
  /** The session's header, JSON. */
  readonly header: string;
  /** A segment is ended before it grows beyond this. */
  readonly segmentBytes: number;
  /** Whether anything is forced to the disk. */
  readonly isDurable: boolean;
}

export class SegmentWriter {
  /** Records in the journal so far, as far as written. */
  sequence: number;
  segment: number;
  readonly #settings: SegmentSettings;
  #file = -1;
  #path = '';
  /** End of the last whole frame. */
  #offset = 0;
  #frame = 0;
  #isDirty = false;

  constructor(settings: SegmentSettings) {
    this.#settings = settings;
    this.sequence = settings.sequence;
    this.segment = settings.segment;
  }

  /** Creates the first file with the session's header. @throws the system's error */
  open(): void {
    this.#create(0);
    this.sync();
  }

  /**
   * Writes `count` records that lie in `frame` behind 64 bytes left for the header.
   * @throws the system's error; then nothing was written, and it can be tried again
   */
  records(frame: Uint8Array, count: number): void {
    this.#makeRoom(HEADER_BYTES + count * RECORD_BYTES);
    this.#write(frame, FrameKind.RECORDS, 0, count, count * RECORD_BYTES);
    this.sequence += count;
  }

  /** Writes a mark, JSON. @throws as `records` */
  mark(text: string): void {
    const frame = jsonFrame(text);
    this.#makeRoom(frame.bytes.length);
    this.#write(frame.bytes, FrameKind.MARK, 0, 0, frame.payloadBytes);
  }

  /** Forces what was written to the disk, if this journal does so. @throws the system's error; a second try may not tell the truth */
  sync(): void {
    if (this.#file < 0 || !this.#isDirty) return;
    if (this.#settings.isDurable) fdatasyncSync(this.#file);
    this.#isDirty = false;
    // A file that was taken away still accepts everything, and all of it is lost.
    if (fstatSync(this.#file).nlink === 0) throw new Error(`${this.#path}: the file was removed while it was written`);
  }

  /** @throws the system's error */
  close(): void {
    if (this.#file < 0) return;
    this.sync();
    closeSync(this.#file);
    this.#file = -1;
  }

  #makeRoom(bytes: number): void {
    if (this.#file >= 0 && (this.#frame <= HEAD_FRAMES || this.#offset + bytes <= this.#settings.segmentBytes)) return;
    if (this.#file >= 0) {
      this.close();
      this.segment++;
    }
    this.#create(REPEATED);
  }

  #create(flags: number): void {
    const { dir, header, isDurable } = this.#settings;
    this.#path = join(dir, segmentName(this.segment));
    // Not when it exists: two processes that write one journal would overwrite each other.
    this.#file = openSync(this.#path, 'wx');
    this.#offset = 0;
    this.#frame = 0;
    const frame = jsonFrame(header);
    try {
      this.#write(frame.bytes, FrameKind.SESSION, flags, 0, frame.payloadBytes);
      // Twice: without it nothing that follows can be understood.
      this.#write(frame.bytes, FrameKind.SESSION, REPEATED, 0, frame.payloadBytes);
    } catch (error) {
      closeSync(this.#file);
      this.#file = -1;
      // Ours, and empty: another try creates it again.
      unlinkSync(this.#path);
      throw error;
    }
    if (isDurable) syncFolder(dir);
  }

  #write(frame: Uint8Array, kind: FrameKind, flags: number, count: number, payloadBytes: number): void {
    sealFrame(frame, {
      kind,
      flags,
      sequence: this.sequence,
      count,
      payloadBytes,
      journal: this.#settings.journal,
      segment: this.segment,
      frame: this.#frame,
      writtenMs: Date.now(),
    });
    const length = HEADER_BYTES + paddedBytes(payloadBytes);
    let written = 0;
    try {
      while (written < length) {
        written += writeSync(this.#file, frame, written, length - written, this.#offset + written);
      }
    } catch (error) {
      this.#cutBack();
      throw error;
    }
    this.#offset += length;
    this.#frame++;
    this.#isDirty = true;
  }

  /** Takes half a frame away, so that a reader finds a clean end. Where that fails too, the reader sees a torn tail. */
  #cutBack(): void {
    try {
      ftruncateSync(this.#file, this.#offset);
    } catch {
      // The error that led here says more.
    }
  }
}

/** A frame with a JSON payload, its header still to be written. */
function jsonFrame(text: string): { bytes: Uint8Array; payloadBytes: number } {
  const payload = Buffer.from(text);
  const bytes = new Uint8Array(HEADER_BYTES + paddedBytes(payload.length));
  bytes.set(payload, HEADER_BYTES);
  return { bytes, payloadBytes: payload.length };
}

/** Makes the names in a folder durable. Not every system can. */
export function syncFolder(dir: string): void {
  let file: number;
  try {
    file = openSync(dir, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(file);
  } catch {
    // A file system that cannot do it keeps its names in another way.
  } finally {
    closeSync(file);
  }
}
