/**
 * A journal as recorded market data: its market records, so that a session can be played again through the replay venue with other
 * parameters or another strategy.
 */
import { NS_PER_DAY } from '@quotewright/core/base/time';
import { EVENT_STRIDE, EventBatch, EventFlag, EventKind, Field, headKind } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { ReportKind } from '@quotewright/core/trading/records';
import type { Format, OpenOptions, Recording } from '../data/recording.ts';
import { InputError, ReadReport } from '../data/report.ts';
import type { Head } from '../data/source.ts';
import { type Damage, damageText } from './damage.ts';
import { type JournalReader, type RecordsItem, absentText, readJournal } from './reader.ts';
import { kindName } from './record-names.ts';
import type { SessionHeader } from './session-header.ts';

const { HEAD, VENUE_NS, LOCAL_NS } = Field;

export const journalFormat: Format = {
  name: 'journal',
  description: 'market records of a journal: the folder that --journal was given',
  recognise: (head: Head): number => (head.text.startsWith('QWJF') ? 1 : 0),
  open: ({ path }): Promise<Recording> =>
    Promise.reject(new InputError(`${path}: is one segment of a journal; give the folder that it is in`)),
};

/** Opens a journal's folder; undefined when it holds no segments. @throws InputError when no session header is readable */
export function openJournalRecording(dir: string, { strict }: OpenOptions): JournalRecording | undefined {
  const reader = readJournal(dir);
  return reader.segments.length === 0 ? undefined : new JournalRecording(dir, reader, strict);
}

export class JournalRecording implements Recording {
  readonly format = 'journal';
  readonly epochDay: number;
  readonly instruments: Instrument[] = [];
  readonly report: ReadReport;
  readonly isL3: boolean;
  readonly #dir: string;
  readonly #reader: JournalReader;
  /** Index in `instruments` by that in the session at hand. */
  #indexes: readonly number[] = [];
  /** From the session's epoch day to that of the recording. */
  #shiftNs = 0;
  #lastNs = Number.NaN;
  /** Records that are no market data, by kind. */
  readonly #others = new Float64Array(256);

  constructor(dir: string, reader: JournalReader, strict: boolean) {
    this.#dir = dir;
    this.#reader = reader;
    this.report = new ReadReport(dir, strict);
    const header = firstHeader(dir);
    this.epochDay = header.epochDay;
    this.isL3 = header.isL3.some(Boolean);
    this.#begin(header);
    if (reader.first > 0) {
      this.report.notes.push(`${absentText(reader.first)}: books are unknown until their next snapshot`);
    }
    if (header.mode !== 'backtest') {
      this.report.notes.push("the books are as the venue showed them: the session's own orders are part of them");
    }
  }

  get bytes(): number {
    return this.#reader.bytes;
  }

  get bytesRead(): number {
    return this.#reader.bytesRead;
  }

  // oxlint-disable-next-line require-await -- the contract of all recordings
  async *batches(): AsyncGenerator<EventBatch, void, undefined> {
    const batch = new EventBatch();
    let sessions = 0;
    let damages = 0;
    for (const item of this.#reader) {
      if (item.kind === 'session') {
        sessions++;
        this.#begin(item.header);
      } else if (item.kind === 'gap') {
        this.report.addGap(item.sequence, `record ${item.sequence}`, `record ${item.sequence + item.missing}`);
        yield* this.#breakBooks(batch);
      } else if (item.kind === 'records') yield* this.#take(item, batch);
      for (; damages < this.#reader.damages.length; damages++) this.#report(this.#reader.damages[damages]!);
    }
    if (batch.length > 0) yield batch;
    for (const damage of this.#reader.damages.slice(damages)) this.#report(damage);
    for (const [kind, count] of this.#others.entries()) {
      if (count > 0) this.report.ignored.set(kindName(kind), count);
    }
    if (sessions > 1) {
      this.report.notes.push(`${sessions} processes wrote it one after the other; in between nobody watched`);
    }
  }

  *#take({ data, count }: RecordsItem, batch: EventBatch): Generator<EventBatch, void, undefined> {
    this.report.rows += count;
    for (let at = 0; at < count * EVENT_STRIDE; at += EVENT_STRIDE) {
      const head = data[at + HEAD]! | 0;
      const kind = headKind(head);
      if (kind >= ReportKind.ACK) {
        this.#others[kind] = this.#others[kind]! + 1;
        continue;
      }
      if (batch.isFull) {
        yield batch;
        batch.clear();
      }
      const to = batch.length++ * EVENT_STRIDE;
      for (let i = 0; i < EVENT_STRIDE; i++) batch.data[to + i] = data[at + i]!;
      batch.data[to + HEAD] = (head & 0xffff) | (this.#indexes[head >>> 16]! << 16);
      batch.data[to + VENUE_NS]! += this.#shiftNs;
      batch.data[to + LOCAL_NS]! += this.#shiftNs;
      this.#lastNs = batch.data[to + LOCAL_NS]!;
    }
  }

  /** Records are missing: no book is what it seems until its next snapshot. */
  *#breakBooks(batch: EventBatch): Generator<EventBatch, void, undefined> {
    for (let index = 0; index < this.instruments.length; index++) {
      if (batch.isFull) {
        yield batch;
        batch.clear();
      }
      batch.push(EventKind.GAP, EventFlag.LAST, index, Number.NaN, this.#lastNs, 0, 0, 0, 0, 0);
    }
  }

  /** Another process's part: its instruments may have other numbers, its times another midnight. */
  #begin(header: SessionHeader): void {
    if (header.isL3.some((isL3) => isL3 !== this.isL3)) {
      throw new InputError(`${this.#dir}: holds books of levels and books of orders; one run takes one kind`);
    }
    this.#shiftNs = (header.epochDay - this.epochDay) * NS_PER_DAY;
    this.#indexes = header.instruments.map((spec) => {
      const index = this.instruments.findIndex(({ venue, symbol }) => venue === spec.venue && symbol === spec.symbol);
      if (index < 0) return this.instruments.push(new Instrument(spec)) - 1;
      const { tick, lot } = this.instruments[index]!.spec;
      if (tick === spec.tick && lot === spec.lot) return index;
      throw new InputError(
        `${this.#dir}: ${spec.venue} ${spec.symbol}: found tick ${spec.tick} and lot ${spec.lot}, expected ${tick} and ${lot} as before`,
      );
    });
  }

  #report(damage: Damage): void {
    if (damage.kind !== 'missing-records') this.report.addBad(damage.kind, damage.sequence, damageText(damage));
  }
}

function firstHeader(dir: string): SessionHeader {
  for (const item of readJournal(dir)) if (item.kind === 'session') return item.header;
  throw new InputError(`${dir}: no session header of the journal is readable`);
}
