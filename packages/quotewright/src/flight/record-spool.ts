/**
 * The inputs of a flight, one after the other in a file of its own: any of them is one read away, whatever the recording's format is
 * and whatever becomes of the journal meanwhile. The file has no name once it is open, so nothing is left behind, not even by a kill.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { makeFolder } from '../data/make-folder.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';

const RECORD_BYTES = EVENT_STRIDE * 8;
/** Records that are written, and read ahead, at once. */
const BLOCK = 4096;

export class RecordSpool {
  /** Records in it. */
  length = 0;
  readonly #dir: string;
  readonly #file: number;
  readonly #block = new Float64Array(BLOCK * EVENT_STRIDE);
  readonly #bytes = new Uint8Array(this.#block.buffer);
  /** First record of the block, and how many it holds; while writing those that are not in the file yet. */
  #first = 0;
  #held = 0;
  #isWriting = true;

  /** @param dir folder for the file, made when it is not there. @throws InputError when no file can be made there */
  constructor(dir: string) {
    this.#dir = dir;
    makeFolder(dir, 0o700);
    const path = join(dir, `${process.pid}-${crypto.randomUUID()}.records`);
    try {
      this.#file = openSync(path, 'wx+', 0o600);
    } catch (error) {
      throw new InputError(`${dir}: ${reasonOf(error)}`);
    }
    rmSync(path);
  }

  /** Takes the record at `data[offset]`. @throws InputError when the disk does not take it */
  append(data: Float64Array, offset: number): void {
    if (this.#held === BLOCK) this.#flush();
    const to = this.#held++ * EVENT_STRIDE;
    for (let i = 0; i < EVENT_STRIDE; i++) this.#block[to + i] = data[offset + i]!;
    this.length++;
  }

  /** All records are there; from here on they are read. */
  seal(): void {
    this.#flush();
    this.#isWriting = false;
    this.#held = 0;
  }

  /** Offset in `data` of a record that is there; valid until the next one is asked for. */
  at(record: number): number {
    if (!(record >= this.#first && record < this.#first + this.#held)) this.#load(record);
    return (record - this.#first) * EVENT_STRIDE;
  }

  get data(): Float64Array {
    return this.#block;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** The block that the record lies in: who goes back through the records reads each block once as well. */
  #load(record: number): void {
    if (this.#isWriting || !(record >= 0 && record < this.length)) {
      throw new RangeError(`record ${record} of ${this.length}`);
    }
    this.#first = record - (record % BLOCK);
    const wanted = Math.min(BLOCK, this.length - this.#first) * RECORD_BYTES;
    for (let read = 0; read < wanted;) {
      const more = readSync(this.#file, this.#bytes, read, wanted - read, this.#first * RECORD_BYTES + read);
      if (more === 0) throw new Error(`the records of a flight end before record ${record}`);
      read += more;
    }
    this.#held = wanted / RECORD_BYTES;
  }

  #flush(): void {
    const end = this.#held * RECORD_BYTES;
    try {
      for (let done = 0; done < end;) done += writeSync(this.#file, this.#bytes, done, end - done);
    } catch (error) {
      throw new InputError(`${this.#dir}: ${reasonOf(error)}`);
    }
    this.#held = 0;
  }
}
