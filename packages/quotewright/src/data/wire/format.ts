/**
 * Venues' own frames as recorded one JSON object a line: `{t: header|http|connect|send|recv, conn, ts, url, data}`.
 * The header names the venue, whose decoder reads the rest. Receive times are decimal Unix seconds, taken digit by digit.
 *
 * The frames of each connection are in order; a recording of several connections may hold one after the other, so that
 * receive times step back between them. The report notes it; the order of the file is the order of the events.
 */
import { NS_PER_DAY, unixTextToNs, UnixUnit } from '@quotewright/core/base/time';
import type { EventBatch } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { textLines } from '../lines.ts';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import { InputError, ReadReport } from '../report.ts';
import { firstBytes, HEAD_BYTES } from '../source.ts';
import type { Source } from '../source.ts';
import { BinanceWire } from './binance.ts';
import { BitstampWire } from './bitstamp.ts';
import { CoinbaseWire } from './coinbase.ts';
import type { WireDecoder } from './decoder.ts';
import { Feed } from './feed.ts';
import { GeminiWire } from './gemini.ts';
import { asDecimal, asObject, asText, parseJson, type JsonObject } from '../json.ts';
import { KrakenWire } from './kraken.ts';

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
  description: 'Venues’ own frames as JSON lines: Binance, Bitstamp, Coinbase, Gemini, Kraken',
  recognise: (head) => (HEADER.test(head.text) ? 0.99 : 0),
  open: openWire,
};

export async function openWire(source: Source, options: OpenOptions): Promise<WireRecording> {
  const head = Buffer.from(await firstBytes(source, HEAD_BYTES)).toString('utf8');
  const first = head.replace('\uFEFF', '').split('\n', 1)[0]!;
  const header = asObject(parseJson(first));
  if (header?.['t'] !== 'header') {
    throw new InputError(
      `${source.path}:1: found '${first.slice(0, 60)}', expected a header frame {"t":"header","exchange":…}`,
    );
  }
  const exchange = asText(header['exchange']);
  if (!Object.hasOwn(DECODERS, exchange)) {
    throw new InputError(
      `${source.path}:1: exchange: found '${exchange}', expected one of ${Object.keys(DECODERS).join(', ')}`,
    );
  }
  const recorded = unixTextToNs(asDecimal(header['recorded']), UnixUnit.SECONDS, 0);
  if (!(recorded >= 0)) {
    throw new InputError(`${source.path}:1: recorded: found '${asDecimal(header['recorded'])}', expected Unix seconds`);
  }
  return new WireRecording(source, options, Math.floor(recorded / NS_PER_DAY), DECODERS[exchange]!);
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
    const frame = asObject(parseJson(line));
    if (frame === undefined) return this.#feed.bad('not a JSON object', line);
    // The shortest decimal of the float64 is the text as the recorder wrote it, so no digit is lost on the way.
    const localNs = unixTextToNs(asDecimal(frame['ts']), UnixUnit.SECONDS, this.epochDay);
    if (localNs !== localNs) return this.#feed.bad('ts is not Unix seconds', line);
    if (localNs < this.#feed.localNs) this.#backSteps++;
    this.#feed.localNs = localNs;
    this.#frame(frame, line);
  }

  #frame(frame: JsonObject, line: string): void {
    const feed = this.#feed;
    const kind = frame['t'];
    const connection = asText(frame['conn']);
    if (kind === 'connect') {
      if (this.#connections.has(connection)) this.decoder.reconnected(connection);
      this.#connections.add(connection);
      return feed.report.addIgnored('connect frame');
    }
    if (kind !== 'http' && kind !== 'send' && kind !== 'recv') return feed.bad('unknown kind of frame', line);
    const data = parseJson(asText(frame['data']));
    if (data === undefined) return feed.bad('data is not JSON text', line);
    if (kind === 'recv') this.decoder.receive(data, connection);
    else if (kind === 'http') this.decoder.http(asText(frame['url']), data);
    else feed.report.addIgnored('send frame');
  }

  #addNotes(): void {
    if (this.#backSteps > 0) {
      this.report.notes.push(
        `receive times step back ${this.#backSteps} times: the file holds connections one after the other`,
      );
    }
  }
}
