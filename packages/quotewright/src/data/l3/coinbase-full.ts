/**
 * Coinbase Exchange's full channel (L3) as recorded in lines of `YYYY-MM-DD HH:MM:SS,mmm {json}`: the orders of a REST
 * snapshot first, as `open` with an empty time, then the live messages. Source: Coinbase's documentation of the `full`
 * channel. `received` never touches the book; `done` may name orders that never rested; `match.side` is the maker's.
 */
import { EventBatch } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { parseIsoDay, parseIsoNs } from '@quotewright/core/base/time';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import type { Head } from '../source.ts';
import { InputError, ReadReport } from '../report.ts';
import { firstBytes, HEAD_BYTES } from '../source.ts';
import type { Source } from '../source.ts';
import { CoinbaseFeed } from './coinbase-feed.ts';
import { BadRow, parseObject } from './decimals.ts';
import { lineBatches } from './line-batches.ts';

const LINE = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),(\d{3}) (\{.*\})$/;
const TYPED = /"type": ?"(received|open|done|match|change)"/;
const QUARTER_HOUR_NS = 900e9;

export const coinbaseFullFormat: Format = {
  name: 'coinbase-full',
  description: 'Coinbase full channel (L3): lines of `date,ms {json}`, the snapshot first',
  recognise(head: Head): number {
    const lines = head.text.split('\n', 3).slice(0, 2);
    return lines.every((line) => LINE.test(line.trimEnd()) && TYPED.test(line) && line.includes('"sequence"')) ? 1 : 0;
  },
  async open(source: Source, options: OpenOptions): Promise<Recording> {
    const text = Buffer.from(await firstBytes(source, HEAD_BYTES)).toString('latin1');
    const first = text
      .split('\n')
      .map((line) => LINE.exec(line.trimEnd()))
      .find((match) => match !== null);
    const day = first === undefined ? Number.NaN : parseIsoDay(first?.[1] ?? '');
    if (Number.isNaN(day)) throw new InputError(`${source.path}: holds no line of 'YYYY-MM-DD HH:MM:SS,mmm {json}'`);
    return new CoinbaseFullRecording(source, options, day);
  },
};

class CoinbaseFullRecording implements Recording {
  readonly format = 'coinbase-full';
  readonly isL3 = true;
  /** The local day of the first line. */
  readonly epochDay: number;
  readonly report: ReadReport;
  readonly #source: Source;
  readonly #feed: CoinbaseFeed;
  /** What to add to the local clock's time to have UTC; NaN until a message with a venue time tells. */
  #zoneNs = Number.NaN;

  constructor(source: Source, options: OpenOptions, epochDay: number) {
    this.epochDay = epochDay;
    this.#source = source;
    this.report = new ReadReport(source.path, options.strict);
    this.#feed = new CoinbaseFeed(this.report, options, epochDay);
  }

  get instruments(): readonly Instrument[] {
    return this.#feed.instruments;
  }

  async *batches(): AsyncGenerator<EventBatch, void, undefined> {
    const read = (line: string, number: number, batch: EventBatch): void => this.#line(line, number, batch);
    yield* lineBatches(this.#source, this.report, CoinbaseFeed.MAX_EVENTS, read);
    const rest = new EventBatch(this.instruments.length);
    this.#feed.end(rest);
    if (rest.length > 0) yield rest;
  }

  #line(line: string, number: number, batch: EventBatch): void {
    const match = LINE.exec(line);
    if (match === null) throw new BadRow("line is not 'YYYY-MM-DD HH:MM:SS,mmm {json}'");
    const message = parseObject(match[4]!);
    const clockNs = parseIsoNs(`${match[1]}T${match[2]}.${match[3]}Z`, this.epochDay);
    if (Number.isNaN(clockNs)) throw new BadRow('malformed local time');
    this.#feed.apply(message, this.#localNs(clockNs, message['time']), number, batch);
  }

  /**
   * The local clock in UTC. Lines do not name their time zone, so it is taken from the first message that carries the
   * venue's time, to the quarter of an hour; before that the local time is not known.
   */
  #localNs(clockNs: number, time: unknown): number {
    if (Number.isNaN(this.#zoneNs) && typeof time === 'string' && time !== '') {
      const venueNs = parseIsoNs(time, this.epochDay);
      this.#zoneNs = Math.round((venueNs - clockNs) / QUARTER_HOUR_NS) * QUARTER_HOUR_NS;
    }
    return clockNs + this.#zoneNs;
  }
}
