/**
 * Venues' own frames as recorded one JSON object a line: `{t: header|http|connect|send|recv, conn, ts, url, data}`.
 * The header names the venue, whose feed (of what `quotewright record` wrote) or decoder (of others' recordings) reads the rest. Receive times
 * are decimal Unix seconds, taken digit by digit.
 *
 * The frames of each connection are in order; a recording of several connections may hold one after the other, so that
 * receive times step back between them. The report notes it; the order of the file is the order of the events.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventBatch } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { parseJson } from '../json.ts';
import { textLines } from '../lines.ts';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import { InputError, ReadReport } from '../report.ts';
import { joinedSource, openSource, type Source } from '../source.ts';
import { BinanceWire } from './binance.ts';
import { BitstampWire } from './bitstamp.ts';
import { CoinbaseWire } from './coinbase.ts';
import type { WireDecoder } from './decoder.ts';
import { FeedRecording } from './feed-recording.ts';
import { Feed } from './feed.ts';
import { readFrame } from './frame.ts';
import { GeminiWire } from './gemini.ts';
import { readHeader, type WireHeader } from './header.ts';
import { KrakenWire } from './kraken.ts';

const NEWLINE = 10;
/** The header of a run with hundreds of instruments is shorter. */
const HEADER_BYTES = 4 * 1024 * 1024;
const RAW_FILE = /\.jsonl(?:\.zst|\.gz|\.xz)?$/u;

/** Decoders by the name of the exchange in the header. */
const DECODERS: Readonly<Record<string, (feed: Feed) => WireDecoder>> = {
  BINANCE: (feed) => new BinanceWire(feed, 'binance'),
  BINANCE_FUTURES: (feed) => new BinanceWire(feed, 'binance-usdm'),
  BINANCE_DELIVERY: (feed) => new BinanceWire(feed, 'binance-coinm'),
  BITSTAMP: (feed) => new BitstampWire(feed),
  COINBASE: (feed) => new CoinbaseWire(feed),
  GEMINI: (feed) => new GeminiWire(feed),
  KRAKEN: (feed) => new KrakenWire(feed),
};

const HEADER = /^(?:ï»¿)?\{(?=[^\n]*"t":\s*"header")(?=[^\n]*"exchange":)/;

export const wireFormat: Format = {
  name: 'wire',
  description: 'Venues’ own frames as JSON lines: those of `record`, and Binance, Bitstamp, Coinbase, Gemini, Kraken',
  recognise: (head) => (HEADER.test(head.text) ? 0.99 : 0),
  open: openFrames,
};

/** Frames that our own recorder wrote are played through the venue's feed, others are decoded here. */
export async function openFrames(source: Source, options: OpenOptions): Promise<WireRecording | FeedRecording> {
  const header = await headerOf(source, options);
  return header.played === undefined
    ? decoded(source, options, header)
    : new FeedRecording(source, options, header.epochDay, header.played);
}

/** Frames of any recorder, as the decoders read them. */
export async function openWire(source: Source, options: OpenOptions): Promise<WireRecording> {
  return decoded(source, options, await headerOf(source, options));
}

/** A folder of raw files, in the order of their names, is one recording; undefined when there are none in it. */
export async function openRawFolder(folder: string): Promise<Source | undefined> {
  const names = await readdir(folder);
  const raw = names.filter((name) => RAW_FILE.test(name)).toSorted();
  if (raw.length === 0) return undefined;
  return joinedSource(folder, await Promise.all(raw.map((name) => openSource(join(folder, name)))));
}

async function headerOf(source: Source, options: OpenOptions): Promise<WireHeader> {
  return readHeader((await headLine(source)).replace('\uFEFF', ''), `${source.path}:1`, options);
}

/** Without reading further than it has to. */
async function headLine(source: Source): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source.chunks()) {
    const end = chunk.indexOf(NEWLINE);
    parts.push(chunk.slice(0, end < 0 ? chunk.length : end));
    length += chunk.length;
    if (end >= 0 || length >= HEADER_BYTES) break;
  }
  return Buffer.concat(parts).toString('utf8').replace(/\r$/u, '');
}

function decoded(source: Source, options: OpenOptions, { exchange, epochDay }: WireHeader): WireRecording {
  if (!Object.hasOwn(DECODERS, exchange)) {
    throw new InputError(
      `${source.path}:1: exchange: found '${exchange}', expected one of ${Object.keys(DECODERS).join(', ')}`,
    );
  }
  return new WireRecording(source, options, epochDay, DECODERS[exchange]!);
}

export class WireRecording implements Recording {
  readonly format = 'wire';
  readonly isL3 = false;
  readonly epochDay: number;
  readonly report: ReadReport;
  readonly instruments: readonly Instrument[];
  readonly decoder: WireDecoder;
  readonly #source: Source;
  readonly #feed: Feed;
  readonly #connections = new Set<string>();
  #backSteps = 0;

  constructor(source: Source, options: OpenOptions, epochDay: number, makeDecoder: (feed: Feed) => WireDecoder) {
    this.#source = source;
    this.epochDay = epochDay;
    this.report = new ReadReport(source.path, options.strict);
    this.#feed = new Feed(this.report, epochDay, options);
    this.instruments = this.#feed.instruments.all;
    this.decoder = makeDecoder(this.#feed);
  }

  async *batches(): AsyncGenerator<EventBatch, void, undefined> {
    const feed = this.#feed;
    for await (const { lines, firstLine } of textLines(this.#source)) {
      for (let i = 0; i < lines.length; i++) {
        feed.line = firstLine + i;
        if (feed.line > 1) this.#line(lines[i]!);
      }
      yield* feed.sink.drain(false);
    }
    this.#addNotes();
    yield* feed.sink.drain(true);
  }

  #line(line: string): void {
    if (line === '') return;
    this.report.rows++;
    const frame = readFrame(line, this.epochDay);
    if (typeof frame === 'string') return this.#feed.bad(frame, line);
    const { kind, connection, localNs, url, data } = frame;
    if (localNs < this.#feed.localNs) this.#backSteps++;
    this.#feed.localNs = localNs;
    const { report } = this.#feed;
    if (kind === 'connect') {
      if (this.#connections.has(connection)) this.decoder.reconnected(connection);
      this.#connections.add(connection);
      return report.addIgnored('connect frame');
    }
    // Of a recording in several files: each begins with a header, and a connection that ends may say so.
    if (kind === 'header' || kind === 'close') return report.addIgnored(`${kind} frame`);
    const message = parseJson(data);
    if (message === undefined) return this.#feed.bad('data is not JSON text', line);
    if (kind === 'recv') this.decoder.receive(message, connection);
    else if (kind === 'http') this.decoder.http(url, message);
    else report.addIgnored('send frame');
  }

  #addNotes(): void {
    if (this.#backSteps > 0) {
      this.report.notes.push(
        `receive times step back ${this.#backSteps} times: the file holds connections one after the other`,
      );
    }
  }
}
