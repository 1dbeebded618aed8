/**
 * Parquet recordings: one file, or a directory of `venue=…/symbol=…/date=…` partitions read as one recording. The files of
 * an instrument follow each other by date; instruments are merged by the time of receipt (else the venue's), and
 * events of equal time by their number in the recording they came from. A file's own order is never changed.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EVENT_STRIDE, EventBatch, Field } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import type { Head } from '../source.ts';
import { InputError, ReadReport } from '../report.ts';
import type { Source } from '../source.ts';
import { type EventFile, type EventGroup, eventGroups, openEventFile } from './cursor.ts';

export const parquetFormat: Format = {
  name: 'parquet',
  description: 'Parquet in the schema that data convert writes: a file, or a directory of partitions',
  recognise: (head: Head): number => (head.text.startsWith('PAR1') ? 1 : 0),
  open: async (source: Source, options: OpenOptions): Promise<Recording> =>
    recordingOf(source.path, [await openEventFile(source.path)], options),
};

/** Opens a directory of partitions. @throws InputError when it holds no event files, or files that contradict. */
export async function openPartitions(directory: string, options: OpenOptions): Promise<Recording> {
  const names = await readdir(directory, { recursive: true });
  const paths = names.filter((name) => name.endsWith('.parquet')).toSorted();
  if (paths.length === 0) throw new InputError(`${directory}: is a directory without .parquet files`);
  const files: EventFile[] = [];
  for (const path of paths) files.push(await openEventFile(join(directory, path)));
  return recordingOf(directory, files, options);
}

function recordingOf(path: string, files: readonly EventFile[], options: OpenOptions): Recording {
  const report = new ReadReport(path, options.strict);
  const epochDay = Math.min(...files.map((file) => file.facts.epochDay));
  const instruments: Instrument[] = [];
  // Files of the same instruments form a chain, in the order of their names, which is that of their dates.
  const chains = new Map<string, Chain>();
  for (const file of files) {
    const key = JSON.stringify(file.facts.instruments.map(({ venue, symbol }) => [venue, symbol]));
    const indexes = file.facts.instruments.map((each) => indexIn(instruments, each, file.path));
    const chain = chains.get(key);
    if (chain === undefined) chains.set(key, new Chain([file], indexes, epochDay));
    else chain.files.push(file);
  }
  return {
    format: 'parquet',
    epochDay,
    instruments,
    report,
    isL3: files.some((file) => file.facts.isL3),
    batches: () => merged([...chains.values()], report),
  };
}

/** Index of an instrument in the recording, which it joins when it is new. */
function indexIn(instruments: Instrument[], instrument: Instrument, path: string): number {
  const { venue, symbol, spec } = instrument;
  const index = instruments.findIndex((each) => each.venue === venue && each.symbol === symbol);
  if (index < 0) return instruments.push(instrument) - 1;
  const first = instruments[index]!.spec;
  if (first.tick !== spec.tick || first.lot !== spec.lot) {
    throw new InputError(
      `${path}: ${venue} ${symbol}: found tick ${spec.tick} and lot ${spec.lot}, expected ${first.tick} and ${first.lot} as in the files before`,
    );
  }
  return index;
}

/** The events of one instrument's files, with the next one at hand. */
class Chain {
  readonly files: EventFile[];
  readonly #indexes: readonly number[];
  readonly #epochDay: number;
  #groups: AsyncGenerator<EventGroup, void, undefined> | undefined;
  #nextFile = 0;
  #group: EventGroup = { length: 0, data: new Float64Array(0), rows: new Float64Array(0) };
  #at = 0;
  /** Time that the event at hand is merged by, and its number. An event without a time stays with the one before. */
  time = Number.NEGATIVE_INFINITY;
  row = 0;

  constructor(files: EventFile[], indexes: readonly number[], epochDay: number) {
    this.files = files;
    this.#indexes = indexes;
    this.#epochDay = epochDay;
  }

  /** True when the events in memory are used up, and `load` must be awaited. */
  get isSpent(): boolean {
    return this.#at >= this.#group.length;
  }

  /** Brings the next row group to hand; false at the end of the last file. */
  async load(): Promise<boolean> {
    for (;;) {
      if (this.#groups === undefined) {
        const file = this.files[this.#nextFile++];
        if (file === undefined) return false;
        this.#groups = eventGroups(file, this.#epochDay);
      }
      const next = await this.#groups.next();
      if (next.done === true) this.#groups = undefined;
      else if (next.value.length > 0) {
        this.#group = next.value;
        this.#at = 0;
        this.#see();
        return true;
      }
    }
  }

  /** Copies the event at hand to the batch and steps to the next one in memory. */
  take(batch: EventBatch): void {
    const { data } = this.#group;
    const from = this.#at * EVENT_STRIDE;
    const to = batch.length++ * EVENT_STRIDE;
    for (let i = 0; i < EVENT_STRIDE; i++) batch.data[to + i] = data[from + i]!;
    const head = data[from + Field.HEAD]!;
    batch.data[to + Field.HEAD] = (head & 0xffff) | (this.#indexes[head >> 16]! << 16);
    if (++this.#at < this.#group.length) this.#see();
  }

  #see(): void {
    const { data, rows } = this.#group;
    const from = this.#at * EVENT_STRIDE;
    const local = data[from + Field.LOCAL_NS]!;
    const time = local === local ? local : data[from + Field.VENUE_NS]!;
    if (time > this.time) this.time = time;
    this.row = rows[this.#at]!;
  }
}

async function* merged(chains: Chain[], report: ReadReport): AsyncGenerator<EventBatch, void, undefined> {
  const batch = new EventBatch();
  const live: Chain[] = [];
  for (const chain of chains) if (await chain.load()) live.push(chain);
  while (live.length > 0) {
    let first = live[0]!;
    for (let i = 1; i < live.length; i++) {
      const chain = live[i]!;
      if (chain.time < first.time || (chain.time === first.time && chain.row < first.row)) first = chain;
    }
    report.rows++;
    first.take(batch);
    if (first.isSpent && !(await first.load())) live.splice(live.indexOf(first), 1);
    if (batch.isFull) {
      yield batch;
      batch.clear();
    }
  }
  if (batch.length > 0) yield batch;
}
