/** LOBSTER: NASDAQ order flow, a message file and the visible book after each message. L3, in the sample archive or plain. */
import { Grid } from '@quotewright/core/base/grid';
import { EventBatch } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { guessInstrument } from '../guess-instrument.ts';
import { LineReader } from '../lines.ts';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import type { Head } from '../source.ts';
import { InputError, ReadReport } from '../report.ts';
import { openSource, sourceName } from '../source.ts';
import type { Source } from '../source.ts';
import { zipEntries } from '../zip.ts';
import { messageEntry, newYorkMidnightNs, parseLobsterName } from './files.ts';
import { LobsterParser } from './parser.ts';

const ROW = /^\d{1,6}(\.\d{1,9})?,[1-7],-?\d+,\d+,-?\d+,-?1\r?$/;

export const lobsterFormat: Format = {
  name: 'lobster',
  description:
    'LOBSTER message files (NASDAQ, L3): the sample zip, or the message CSV with the orderbook CSV beside it',
  recognise(head: Head): number {
    if (head.entries.length > 0) return messageEntry(head.entries) === undefined ? 0 : 1;
    const rows = head.text.split('\n', 20);
    if (head.text.length > 0 && rows.length > 1) rows.pop();
    return rows.length > 0 && rows.every((row) => ROW.test(row)) ? 0.95 : 0;
  },
  async open(source: Source, options: OpenOptions): Promise<Recording> {
    return new LobsterRecording(await messagesOf(source), options);
  },
};

/** The message file of an archive; a plain file is one itself. */
export async function messagesOf(source: Source): Promise<Source> {
  if (source.entry === '' || parseLobsterName(sourceName(source))?.part === 'message') return source;
  const entry = messageEntry((await zipEntries(source.path)).map((each) => each.name));
  if (entry === undefined) throw new InputError(`${source.path}: holds no LOBSTER message file (…_message_N.csv)`);
  return openSource(source.path, entry);
}

/** Price units of 0.0001 in a tick of the instrument. @throws InputError when it is no whole number of them. */
export function unitsPerTick(instrument: Instrument): number {
  const units = new Grid('0.0001').parse(instrument.spec.tick);
  if (!(units > 0)) throw new InputError(`--tick: found '${instrument.spec.tick}', expected a multiple of 0.0001`);
  return units;
}

export class LobsterRecording implements Recording {
  readonly format = 'lobster';
  readonly isL3 = true;
  /** The date in the file's name; without one, times count from the exchange's midnight as if that were day 0. */
  readonly epochDay: number;
  readonly instruments: readonly Instrument[];
  readonly report: ReadReport;
  readonly #source: Source;
  /** Turns the rows into events. */
  readonly parser: LobsterParser;

  constructor(source: Source, options: OpenOptions) {
    const name = parseLobsterName(sourceName(source));
    const symbol = options.symbol ?? name?.symbol ?? 'UNKNOWN';
    const instrument = guessInstrument('nasdaq', symbol, options, () => ({ prices: ['0.01'], sizes: ['1'] }));
    const shares = Number(instrument.spec.lot);
    if (!Number.isSafeInteger(shares)) {
      throw new InputError(`--lot: found '${instrument.spec.lot}', expected a whole number of shares`);
    }
    this.instruments = [instrument];
    this.epochDay = name?.epochDay ?? 0;
    this.report = new ReadReport(source.path, options.strict);
    this.#source = source;
    const midnightNs = name === undefined ? 0 : newYorkMidnightNs(name.epochDay);
    this.parser = new LobsterParser(this.report, midnightNs, unitsPerTick(instrument), shares);
  }

  async *batches(): AsyncGenerator<EventBatch, void, undefined> {
    const parser = this.parser;
    const batch = new EventBatch();
    for await (const block of new LineReader(this.#source).blocks()) {
      for (let at = block.start; at < block.end;) {
        at = parser.fill(block, at, batch);
        if (batch.isFull) {
          yield batch;
          batch.clear();
        }
      }
      block.lineCount = parser.line - block.firstLine + 1;
    }
    if (parser.roundedPrints > 0) {
      this.report.notes.push(
        `${parser.roundedPrints} hidden executions between two ticks: their price is rounded, buy orders down and sell orders up (--tick 0.005 keeps half ticks)`,
      );
    }
    if (batch.length > 0) yield batch;
  }
}
