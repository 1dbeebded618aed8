/**
 * Writes a recording as a directory `venue=V/symbol=S/date=YYYY-MM-DD/events.parquet` (the layout that DuckDB, Spark and
 * pandas know), in memory that is bounded whatever the number of instruments. An event's date is the UTC day of its receipt, or
 * of the venue's time when that is all there is; it never goes back, so that a file is written once, from start to end.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { NS_PER_DAY, isoDay } from '@quotewright/core/base/time';
import { EVENT_STRIDE, type EventBatch, Field, headInstrument } from '@quotewright/core/market/event';
import type { Recording } from '../recording.ts';
import { EventFileWriter } from './writer.ts';

/** Rows staged over all partitions before the fullest is written: 72 MiB. */
const MAX_STAGED = 1024 * 1024;

/** The day's file of one instrument. */
interface Partition {
  readonly instrument: number;
  readonly day: number;
  readonly writer: EventFileWriter;
}

export class PartitionWriter {
  files = 0;
  readonly #directory: string;
  readonly #recording: Pick<Recording, 'epochDay' | 'isL3' | 'instruments'>;
  /** By instrument. */
  readonly #open: (Partition | undefined)[] = [];
  readonly #fileName: string;
  #row: number;
  #staged = 0;

  /** @param fileName and number of the first event, of a part of a longer recording that shares its partitions */
  constructor(
    directory: string,
    recording: Pick<Recording, 'epochDay' | 'isL3' | 'instruments'>,
    fileName = 'events.parquet',
    firstRow = 0,
  ) {
    this.#directory = directory;
    this.#recording = recording;
    this.#fileName = fileName;
    this.#row = firstRow;
  }

  async write(batch: EventBatch): Promise<void> {
    const { data, length } = batch;
    for (let i = 0; i < length; i++) {
      const at = i * EVENT_STRIDE;
      const instrument = headInstrument(data[at + Field.HEAD]!);
      const local = data[at + Field.LOCAL_NS]!;
      const time = local === local ? local : data[at + Field.VENUE_NS]!;
      let partition = this.#open[instrument];
      if (partition === undefined || time >= (partition.day + 1) * NS_PER_DAY) {
        partition = await this.#begin(instrument, Math.floor((time === time ? time : 0) / NS_PER_DAY));
      }
      partition.writer.append(data, at, this.#row++, 0);
      this.#staged++;
      if (partition.writer.isFull) await this.#flush(partition);
      else if (this.#staged >= MAX_STAGED) await this.#flush(this.#fullest());
    }
  }

  async finish(): Promise<void> {
    for (const partition of this.#open) if (partition !== undefined) await this.#close(partition);
  }

  /** Starts the file of a day, counted from the recording's epoch day, after closing the day before. */
  async #begin(instrument: number, day: number): Promise<Partition> {
    const before = this.#open[instrument];
    if (before !== undefined) await this.#close(before);
    const { epochDay, instruments } = this.#recording;
    const { venue, symbol } = instruments[instrument]!;
    const directory = join(
      this.#directory,
      `venue=${encodeURIComponent(venue)}`,
      `symbol=${encodeURIComponent(symbol)}`,
      `date=${isoDay(epochDay + day)}`,
    );
    mkdirSync(directory, { recursive: true });
    const writer = new EventFileWriter(join(directory, this.#fileName), epochDay);
    const partition = { instrument, day, writer };
    this.#open[instrument] = partition;
    this.files++;
    return partition;
  }

  async #flush({ writer }: Partition): Promise<void> {
    this.#staged -= writer.staged;
    await writer.flush();
  }

  async #close(partition: Partition): Promise<void> {
    this.#staged -= partition.writer.staged;
    const { epochDay, isL3, instruments } = this.#recording;
    await partition.writer.finish({ epochDay, isL3, instruments: [instruments[partition.instrument]!] });
  }

  #fullest(): Partition {
    let fullest: Partition | undefined;
    for (const partition of this.#open) {
      if (partition !== undefined && partition.writer.staged > (fullest?.writer.staged ?? -1)) fullest = partition;
    }
    return fullest!;
  }
}
