/**
 * The memory of a simulated venue, which outlives us as a real one does: the requests that arrived at it, each written before it has
 * its effect. The venue is deterministic, so it is rebuilt by living again from its seed with the same requests at the same
 * times. The file is records of `market/event.ts`, 64 bytes each, with their CRC32C as a ninth word, and zeros; what a killed process
 * has written is there (it is not forced to the disk: the machine does not fail with us). Room is made ahead, so that orders can be
 * cancelled when the disk is full.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_STRIDE, Field, headKind, packHead } from '@quotewright/core/market/event';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import { InputKind } from '@quotewright/core/trading/records';
import type { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import type { LivingVenue } from '@quotewright/core/venue-sim/venue';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import { crc32c } from './crc32c.ts';

const { HEAD, VENUE_NS, LOCAL_NS } = Field;
const DATA_BYTES = EVENT_STRIDE * 8;
const RECORD_BYTES = DATA_BYTES + 8;
const ROOM_BYTES = 256 * RECORD_BYTES;

/** In the folder of the session. */
export const VENUE_LOG = 'venue.log';

export class VenueLog {
  /** What was there when it was opened. */
  readonly records: Float64Array;
  /** Why no more room can be made; empty = it can. There is room for some requests then. */
  failure = '';
  readonly #file: number;
  readonly #record = new Float64Array(EVENT_STRIDE + 1);
  readonly #bytes = new Uint8Array(this.#record.buffer, 0, DATA_BYTES);
  /** Where the next record goes, and where the room ends. */
  #at: number;
  #end: number;

  /** @throws InputError when it is damaged before its end, and the system's error when it cannot be opened */
  constructor(dir: string) {
    const path = join(dir, VENUE_LOG);
    // Made when it is missing, never cut.
    closeSync(openSync(path, 'a'));
    this.#file = openSync(path, 'r+');
    const bytes = readFileSync(this.#file);
    const words = new Float64Array(Math.floor(bytes.length / RECORD_BYTES) * EVENT_STRIDE);
    let count = 0;
    while ((count + 1) * RECORD_BYTES <= bytes.length && this.#read(bytes, count * RECORD_BYTES)) {
      words.set(this.#record.subarray(0, EVENT_STRIDE), count++ * EVENT_STRIDE);
    }
    this.records = words.subarray(0, count * EVENT_STRIDE);
    this.#at = count * RECORD_BYTES;
    // Half a record of a process that was killed while it wrote is written over; nothing is behind it.
    if (bytes.subarray(this.#at + RECORD_BYTES).some((byte) => byte !== 0)) {
      closeSync(this.#file);
      throw new InputError(
        `${path}: the record at byte ${this.#at} is damaged: the simulated venue cannot be lived again; put the file of a backup in its place`,
      );
    }
    this.#end = this.#at;
    this.#makeRoom();
  }

  /** When the last of `records` arrived; -Infinity when there is none. */
  get lastNs(): number {
    const { records } = this;
    return records.length === 0 ? Number.NEGATIVE_INFINITY : records[records.length - EVENT_STRIDE + VENUE_NS]!;
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    this.#record.set(data.subarray(offset, offset + EVENT_STRIDE));
    this.#record[VENUE_NS] = nowNs;
    this.#write();
  }

  /** Somebody subscribes to market data: the venue publishes its books anew. */
  subscribe(nowNs: number): void {
    this.#note(InputKind.CONNECTION, nowNs);
  }

  /** The session ends: the market stands still while its orders are cancelled. */
  stand(nowNs: number): void {
    this.#note(InputKind.COMMAND, nowNs);
  }

  close(): void {
    closeSync(this.#file);
  }

  #note(kind: number, nowNs: number): void {
    this.#record.fill(0);
    this.#record[HEAD] = packHead(kind, 0, 0);
    this.#record[VENUE_NS] = nowNs;
    this.#record[LOCAL_NS] = nowNs;
    this.#write();
  }

  /** @returns whether a sound record is there */
  #read(bytes: Uint8Array, at: number): boolean {
    new Uint8Array(this.#record.buffer).set(bytes.subarray(at, at + RECORD_BYTES));
    return this.#record[HEAD] !== 0 && this.#record[EVENT_STRIDE] === crc32c(this.#bytes);
  }

  #write(): void {
    this.#record[EVENT_STRIDE] = crc32c(this.#bytes);
    writeSync(this.#file, this.#record, 0, RECORD_BYTES, this.#at);
    this.#at += RECORD_BYTES;
    if (this.#end - this.#at < ROOM_BYTES) this.#makeRoom();
  }

  #makeRoom(): void {
    try {
      writeSync(this.#file, new Uint8Array(2 * ROOM_BYTES), 0, 2 * ROOM_BYTES, this.#end);
      this.#end += 2 * ROOM_BYTES;
    } catch (error) {
      this.failure = `the memory of the simulated venue cannot be written: ${reasonOf(error)}`;
    }
  }
}

/** Between two pauses of a venue that lives again: some milliseconds. */
const STEPS = 8192;

/** A venue that writes down what it is asked for. */
export class LoggedVenue implements LivingVenue {
  readonly #venue: LivingVenue;
  readonly #log: VenueLog;
  readonly #mayAct: () => boolean;

  /** @param mayAct asked before a request has its effect; false: it never arrives */
  constructor(venue: LivingVenue, log: VenueLog, mayAct: () => boolean) {
    this.#venue = venue;
    this.#log = log;
    this.#mayAct = mayAct;
  }

  get reports(): RecordQueue {
    return this.#venue.reports;
  }

  get feed(): RecordQueue {
    return this.#venue.feed;
  }

  get nextNs(): number {
    return this.#venue.nextNs;
  }

  step(): void {
    this.#venue.step();
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    if (!this.#mayAct()) return;
    this.#log.request(data, offset, nowNs);
    this.#venue.request(data, offset, nowNs);
  }
}

/**
 * Lives the venue's life again, and on to `untilNs` while nobody watches. That takes its time: it pauses every few milliseconds.
 * @param venue the market, or what stands before it and has to see its reports
 */
export function* relive(
  records: Float64Array,
  market: LivingMarket,
  venue: LivingVenue,
  untilNs: number,
): Generator<undefined, void> {
  let isStill = false;
  let steps = 0;
  for (let at = 0; at < records.length; at += EVENT_STRIDE) {
    const ns = records[at + VENUE_NS]!;
    const kind = headKind(records[at + HEAD]! | 0);
    if (kind === InputKind.CONNECTION) isStill = false;
    if (kind === InputKind.COMMAND) {
      for (; venue.nextNs < ns; steps++) {
        if (steps % STEPS === 0) yield;
        step(venue);
      }
      isStill = true;
      continue;
    }
    // The session's order at one time: what happens in the market, then requests.
    if (!isStill) {
      for (; venue.nextNs <= ns; steps++) {
        if (steps % STEPS === 0) yield;
        step(venue);
      }
    }
    if (kind === InputKind.CONNECTION) market.subscribe(ns);
    else venue.request(records, at, ns);
    forget(venue);
  }
  for (; venue.nextNs < untilNs; steps++) {
    if (steps % STEPS === 0) yield;
    step(venue);
  }
}

function step(venue: LivingVenue): void {
  venue.step();
  forget(venue);
}

function forget({ feed, reports }: LivingVenue): void {
  feed.clear();
  reports.clear();
}
