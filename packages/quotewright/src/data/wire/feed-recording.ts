/**
 * Frames that `quotewright record` has written, played through the feed of the venue that they are of: the same sync, checksums and resyncs
 * as when they came, so that the events are those of the Parquet that was written beside them. A file that begins in the middle of a
 * connection, as all but the first of a run do, has no book before the next snapshot; files read together have no such holes.
 *
 * What was found wrong with a book from outside of its feed (by its age, or by the other stream of best quotes) is not in the frames.
 */
import type { EventBatch } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { FeedStats } from '../../venues/contract/feed.ts';
import type { RestResponse } from '../../venues/contract/rest.ts';
import { Arbiter } from '../../venues/runtime/arbiter.ts';
import { textLines } from '../lines.ts';
import type { OpenOptions, Recording } from '../recording.ts';
import { InputError, ReadReport } from '../report.ts';
import type { Source } from '../source.ts';
import { FrameLog } from './frame-log.ts';
import { readFrame, type WireFrame } from './frame.ts';
import { type PlayedHeader, readHeader } from './header.ts';
import { PlayedFeed } from './played-feed.ts';
import { EventSink } from './sink.ts';

/** A connector polls its feeds so often. */
const POLL_NS = 50e6;
const MOST_EARLY = 16;
/** The second of two connections with the same data. */
const SECOND = 'feed-b';

export class FeedRecording implements Recording {
  readonly format = 'wire';
  readonly isL3: boolean;
  readonly epochDay: number;
  readonly report: ReadReport;
  readonly instruments: Instrument[] = [];
  readonly log: FrameLog;
  readonly #source: Source;
  readonly #options: OpenOptions;
  readonly #sink = new EventSink();
  #header: PlayedHeader;
  /** None before the first frame of a connection. */
  #feeds: readonly PlayedFeed[] = [];
  #arbiter: Arbiter | undefined;
  /** Pages from before the first connection. */
  readonly #early: WireFrame[] = [];
  /** Counts of feeds that have made way for others. */
  readonly #before: FeedStats[] = [];
  #bytes = Buffer.allocUnsafe(65_536);
  #localNs = Number.NaN;
  #polledNs = Number.NaN;
  #backSteps = 0;
  /** That frames came over a connection whose beginning is not in the recording. */
  #hasTold = false;

  constructor(source: Source, options: OpenOptions, epochDay: number, header: PlayedHeader) {
    this.#source = source;
    this.#options = options;
    this.#header = header;
    this.epochDay = epochDay;
    this.isL3 = header.isL3;
    this.report = new ReadReport(source.path, options.strict);
    this.log = new FrameLog(this.report, this.instruments);
    this.#indices(header);
  }

  get venue(): PlayedHeader['venue'] {
    return this.#header.venue;
  }

  /** Of all feeds that the recording was played to. */
  get stats(): readonly FeedStats[] {
    return [...this.#before, ...this.#feeds.map(({ feed }) => feed.stats)];
  }

  async *batches(): AsyncGenerator<EventBatch, void, undefined> {
    for await (const { lines, firstLine } of textLines(this.#source)) {
      for (let i = 0; i < lines.length; i++) {
        this.log.line = firstLine + i;
        if (this.log.line > 1 && lines[i] !== '') this.#line(lines[i]!);
      }
      yield* this.#sink.drain(false);
    }
    if (this.#backSteps > 0) this.report.notes.push(`receive times step back ${this.#backSteps} times`);
    yield* this.#sink.drain(true);
  }

  #line(line: string): void {
    this.report.rows++;
    const frame = readFrame(line, this.epochDay);
    if (typeof frame === 'string') return this.report.addBad(frame, this.log.line, line);
    if (frame.kind === 'header') return this.#nextHeader(line);
    const { localNs } = frame;
    if (localNs < this.#localNs) this.#backSteps++;
    this.#localNs = localNs;
    // The other way around: a clock that was put back.
    if (!(Math.abs(localNs - this.#polledNs) < POLL_NS)) this.#poll(localNs);
    if (frame.kind === 'http') this.#page(frame);
    else if (frame.kind === 'send') this.report.addIgnored('send frame');
    else this.#ofConnection(frame);
  }

  #ofConnection(frame: WireFrame): void {
    const { kind, connection, localNs, url, data } = frame;
    if (this.#feeds.length === 0 && kind !== 'close') this.#begin(url);
    const at = connection === SECOND ? 1 : 0;
    const feed = this.#feeds[at];
    if (feed === undefined) return this.report.addIgnored('frame of a connection that is not read');
    const { log } = this;
    const { stats } = feed.feed;
    log.begin(stats);
    if (kind !== 'recv') {
      if (kind === 'connect') feed.opened(localNs);
      else feed.closed(localNs);
      this.#settle(localNs);
      return this.report.addIgnored(`${kind} frame`);
    }
    if (!feed.isOpen && !this.#hasTold) {
      this.#hasTold = true;
      this.report.notes.push(
        `line ${log.line}: begins in the middle of a connection: no book is whole before its next snapshot`,
      );
    }
    feed.message(this.#bytesOf(data), localNs);
    const hasRecords = feed.out.length > 0;
    this.#settle(localNs);
    log.end(stats, data, hasRecords);
  }

  #page(frame: WireFrame): void {
    if (this.#feeds.length === 0 && this.#early.push(frame) > MOST_EARLY) this.#early.shift();
    const { url, localNs } = frame;
    const response = responseOf(frame);
    for (const feed of this.#feeds) {
      this.log.begin(feed.feed.stats);
      if (!feed.page(url, response, localNs)) continue;
      this.#settle(localNs);
      return this.log.end(feed.feed.stats, url, true);
    }
    for (const feed of this.#feeds) feed.keep(url, response, localNs);
    this.report.addIgnored('page that no book waits for');
  }

  #poll(nowNs: number): void {
    this.#polledNs = nowNs;
    for (const feed of this.#feeds) {
      this.log.begin(feed.feed.stats);
      feed.poll(nowNs);
      this.#settle(nowNs);
      this.log.end(feed.feed.stats, '', true);
    }
  }

  /** Of a file that goes on where the one before ends, or of another recorder's run. */
  #nextHeader(line: string): void {
    const where = `${this.#source.path}:${this.log.line}`;
    const { played } = readHeader(line, where, this.#options);
    const { venue, isL3, isRedundant, instruments } = this.#header;
    if (played?.venue !== venue || played.isL3 !== isL3) {
      throw new InputError(`${where}: found ${nameOf(played)}, expected ${nameOf(this.#header)} as before`);
    }
    this.report.addIgnored('header frame');
    this.#indices(played);
    if (isRedundant === played.isRedundant && symbolsOf(instruments) === symbolsOf(played.instruments)) return;
    for (const feed of this.#feeds) feed.closed(this.#localNs);
    this.#settle(this.#localNs);
    this.#before.push(...this.#feeds.map(({ feed }) => feed.stats));
    this.#feeds = [];
    this.#header = played;
  }

  /** Of the header's instruments; those that are new join the recording's. @throws InputError when one has other steps than before */
  #indices({ instruments }: PlayedHeader): number[] {
    return instruments.map((instrument) => {
      const { symbol, spec } = instrument;
      const index = this.instruments.findIndex((each) => each.symbol === symbol);
      if (index < 0) return this.instruments.push(instrument) - 1;
      const before = this.instruments[index]!.spec;
      if (before.tick === spec.tick && before.lot === spec.lot) return index;
      throw new InputError(
        `${this.#source.path}:${this.log.line}: ${symbol}: found tick ${spec.tick} and lot ${spec.lot}, expected ${before.tick} and ${before.lot} as before`,
      );
    });
  }

  #begin(url: string): void {
    const { venue, isL3, isRedundant, instruments } = this.#header;
    const indices = this.#indices(this.#header);
    const one = () =>
      new PlayedFeed({
        venue,
        instruments,
        indices,
        epochDay: this.epochDay,
        isL3,
        url,
        tell: (event) => this.log.tell(event),
      });
    this.#feeds = isRedundant ? [one(), one()] : [one()];
    for (const early of this.#early.splice(0)) {
      for (const feed of this.#feeds) feed.keep(early.url, responseOf(early), early.localNs);
    }
    const isGlobal = venue.abilities.hasGlobalSequence;
    this.#arbiter = isRedundant
      ? new Arbiter({ isGlobal, indices, lines: this.#feeds, switched: () => {} })
      : undefined;
  }

  #settle(nowNs: number): void {
    const arbiter = this.#arbiter;
    for (const [line, feed] of this.#feeds.entries()) {
      if (feed.out.length === 0) continue;
      if (arbiter !== undefined) arbiter.take(line, nowNs);
      this.#sink.take(arbiter?.out ?? feed.out);
    }
  }

  /** Valid until the next one. */
  #bytesOf(text: string): Uint8Array {
    // A character is at most three bytes of UTF-8 for each of its UTF-16 units.
    if (this.#bytes.length < text.length * 3) this.#bytes = Buffer.allocUnsafe(text.length * 4);
    return this.#bytes.subarray(0, this.#bytes.write(text));
  }
}

function symbolsOf(instruments: readonly Instrument[]): string {
  return instruments.map(({ symbol }) => symbol).join(' ');
}

function nameOf(header: PlayedHeader | undefined): string {
  return `${header?.venue.name ?? 'another recorder’s frames'}${header?.isL3 === true ? ' (orders)' : ''}`;
}

function responseOf({ status, data }: WireFrame): RestResponse {
  return { status, headers: {}, text: data };
}
