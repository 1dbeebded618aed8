/**
 * Binance combined streams as recorded line by line: `<receive time, Unix ns> {"stream":…,"data":…}`, with REST depth
 * snapshots `<receive time> {"lastUpdateId":…,"bids":…,"asks":…}` between them, gzip or not.
 */
import { NS_PER_DAY, unixNsTextToNs } from '@quotewright/core/base/time';
import type { EventBatch } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { textLines } from '../lines.ts';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import { InputError, ReadReport } from '../report.ts';
import { firstBytes, HEAD_BYTES, sourceName } from '../source.ts';
import type { Source } from '../source.ts';
import { Feed } from '../wire/feed.ts';
import { asObject, parseJson } from '../json.ts';
import { ChainState } from './chain.ts';
import { BinanceDecoder } from './decoder.ts';

/** Nineteen digits: the years 2001 to 2286 in nanoseconds. */
const TIME_DIGITS = 19;
const LINE = /^(?:ï»¿)?\d{19} \{"(?:stream|lastUpdateId)":/m;

export const binanceFormat: Format = {
  name: 'binance',
  description: 'Binance combined streams (spot, USD-M, COIN-M): `<ns> {json}` lines with REST snapshots between them',
  recognise: (head) => (LINE.test(head.text) ? 0.95 : 0),
  open: openBinance,
};

export async function openBinance(source: Source, options: OpenOptions): Promise<BinanceRecording> {
  const head = Buffer.from(await firstBytes(source, HEAD_BYTES)).toString('latin1');
  const time = /^(?:ï»¿)?(\d{19}) /m.exec(head)?.[1];
  if (time === undefined) {
    const found = head.slice(0, 60).split('\n', 1)[0]!;
    throw new InputError(`${source.path}:1: found '${found}', expected a receive time of 19 digits and a space`);
  }
  return new BinanceRecording(source, options, Math.floor(unixNsTextToNs(time, 0) / NS_PER_DAY));
}

export class BinanceRecording implements Recording {
  readonly format = 'binance';
  readonly isL3 = false;
  readonly epochDay: number;
  readonly report: ReadReport;
  readonly instruments: readonly Instrument[];
  readonly decoder: BinanceDecoder;
  readonly #source: Source;
  readonly #feed: Feed;

  constructor(source: Source, options: OpenOptions, epochDay: number) {
    this.#source = source;
    this.epochDay = epochDay;
    this.report = new ReadReport(source.path, options.strict);
    this.#feed = new Feed(this.report, epochDay, options);
    this.instruments = this.#feed.instruments.all;
    this.decoder = new BinanceDecoder(this.#feed);
  }

  /** The file's name, for notes. */
  get sourceName(): string {
    return sourceName(this.#source);
  }

  async *batches(): AsyncGenerator<EventBatch, void, undefined> {
    const feed = this.#feed;
    for await (const { lines, firstLine } of textLines(this.#source)) {
      for (let i = 0; i < lines.length; i++) {
        feed.line = firstLine + i;
        this.#line(lines[i]!);
      }
      yield* feed.sink.drain(false);
    }
    this.decoder.finish();
    this.#addNotes();
    yield* feed.sink.drain(true);
  }

  #line(line: string): void {
    if (line === '') return;
    const feed = this.#feed;
    this.report.rows++;
    feed.localNs = line[TIME_DIGITS] === ' ' ? unixNsTextToNs(line.slice(0, TIME_DIGITS), this.epochDay) : Number.NaN;
    if (feed.localNs !== feed.localNs) return feed.bad('receive time is not 19 digits and a space', line);
    const message = asObject(parseJson(line.slice(TIME_DIGITS + 1)));
    if (message === undefined) feed.bad('not a JSON object', line.slice(TIME_DIGITS + 1));
    else if ('stream' in message) this.decoder.stream(message);
    else if ('lastUpdateId' in message) this.decoder.snapshot(message);
    else feed.bad('neither a stream message nor a snapshot', line.slice(TIME_DIGITS + 1));
  }

  #addNotes(): void {
    const { notes } = this.report;
    for (const { symbol, snapshots, chain } of this.decoder.depths.values()) {
      if (snapshots > 0 || chain.state === ChainState.SYNCED || chain.lastId !== chain.lastId) continue;
      notes.push(
        `${symbol}: no snapshot in the recording; its book is from diffs only, partial until levels have been seen`,
      );
    }
  }
}
