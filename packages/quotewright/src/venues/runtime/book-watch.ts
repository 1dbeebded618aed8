/**
 * Finds out about books that are wrong without looking it: one of which nothing was heard for too long, one that contradicts the best quote
 * which the venue publishes beside it. The feed is told, which puts out a GAP and begins from the snapshot again; when no snapshot
 * comes it is told again, after a while that grows.
 */
import {
  EVENT_STRIDE,
  EventFlag,
  EventKind,
  Field,
  headFlags,
  headInstrument,
  headKind,
} from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { Feed, FeedFault } from '../contract/feed.ts';
import type { VenueAbilities } from '../contract/venue.ts';
import { Backoff } from '../backoff.ts';
import type { VenueSettings } from '../venue-settings.ts';
import { ExactQuoteCheck, LateQuoteCheck, newTop, type QuoteCheck, type Top } from './quote-check.ts';
import type { Told } from './venue-event.ts';

const { HEAD, PRICE_TICKS, SIZE_LOTS, SEQ } = Field;
const { BUY, LAST, SNAPSHOT } = EventFlag;
/** A snapshot is waited for so long before it is asked for again. */
const SNAPSHOT_MS = 20_000;
const LONGEST_SNAPSHOT_MS = 300_000;

interface Watched {
  readonly market: number;
  readonly check: QuoteCheck | undefined;
  /** The best quote as its records come, and the book's top. */
  readonly quoted: Top;
  readonly top: Top;
  readonly backoff: Backoff;
  /** Number of the last message of levels in this turn; NaN = there was none. */
  seq: number;
  heardNs: number;
  isBelieved: boolean;
  /** When a snapshot that has not come is asked for again. */
  askNs: number;
}

export class BookWatch {
  readonly #feed: Feed;
  readonly #ageNs: number;
  readonly #tell: (told: Omit<Told, 'line'>) => void;
  readonly #watched: readonly Watched[];
  /** By index of the engine's instrument. */
  readonly #of: readonly (Watched | undefined)[];

  constructor(
    feed: Feed,
    indices: readonly number[],
    bestQuote: VenueAbilities['bestQuote'],
    { bookAgeMs, quoteLagMs }: Pick<VenueSettings, 'bookAgeMs' | 'quoteLagMs'>,
    random: () => number,
    tell: (told: Omit<Told, 'line'>) => void,
  ) {
    this.#feed = feed;
    this.#ageNs = bookAgeMs * 1e6;
    this.#tell = tell;
    this.#watched = indices.map((market) => ({
      market,
      check:
        bestQuote === 'exact'
          ? new ExactQuoteCheck()
          : bestQuote === 'late'
            ? new LateQuoteCheck(quoteLagMs * 1e6)
            : undefined,
      quoted: newTop(),
      top: newTop(),
      backoff: new Backoff(SNAPSHOT_MS, LONGEST_SNAPSHOT_MS, random),
      seq: Number.NaN,
      heardNs: 0,
      isBelieved: false,
      askNs: Number.POSITIVE_INFINITY,
    }));
    const of: (Watched | undefined)[] = [];
    for (const watched of this.#watched) of[watched.market] = watched;
    this.#of = of;
  }

  opened(nowNs: number): void {
    for (const watched of this.#watched) this.#awaitSnapshot(watched, nowNs);
  }

  closed(): void {
    for (const watched of this.#watched) {
      watched.isBelieved = false;
      watched.askNs = Number.POSITIVE_INFINITY;
      watched.check?.reset();
    }
  }

  /** Looks at what the feed has put out in this turn, and leaves it there. */
  look(out: RecordQueue, nowNs: number): void {
    const { length, data } = out;
    if (length === 0) return;
    const start = out.peek();
    for (let i = 0; i < length; i++) {
      const at = (start + i * EVENT_STRIDE) % data.length;
      const watched = this.#of[headInstrument(data[at + HEAD]!)];
      if (watched !== undefined) this.#record(watched, data, at, nowNs);
    }
    for (const watched of this.#watched) {
      // The feed's book is as of its last message, so of several in one turn the last one alone can be compared.
      if (watched.seq === watched.seq) this.#top(watched, watched.seq, nowNs);
      watched.seq = Number.NaN;
      this.#judge(watched, nowNs);
    }
  }

  poll(nowNs: number): void {
    for (const watched of this.#watched) {
      if (watched.isBelieved) {
        const silentNs = nowNs - watched.heardNs;
        this.#judge(watched, nowNs);
        if (watched.isBelieved && silentNs > this.#ageNs) {
          this.#doubt(watched, 'age', `nothing was heard of it for ${Math.round(silentNs / 1e6)} ms`, nowNs);
        }
      } else if (nowNs >= watched.askNs) {
        this.#doubt(watched, 'age', `no snapshot has come, asked for ${watched.backoff.tries} times`, nowNs);
      }
    }
  }

  #record(watched: Watched, data: Float64Array, at: number, nowNs: number): void {
    watched.heardNs = nowNs;
    const head = data[at + HEAD]!;
    const flags = headFlags(head);
    switch (headKind(head)) {
      case EventKind.QUOTE:
        if (watched.check !== undefined) this.#quote(watched, watched.check, data, at, flags, nowNs);
        return;
      case EventKind.LEVEL:
        if ((flags & (LAST | SNAPSHOT)) === LAST) watched.seq = data[at + SEQ]!;
        return;
      case EventKind.SNAPSHOT_END:
        watched.isBelieved = true;
        watched.askNs = Number.POSITIVE_INFINITY;
        watched.backoff.reset();
        watched.check?.reset();
        watched.seq = Number.NaN;
        return;
      case EventKind.GAP:
        watched.check?.reset();
        watched.seq = Number.NaN;
        this.#awaitSnapshot(watched, nowNs);
        return;
      default:
    }
  }

  #quote(watched: Watched, check: QuoteCheck, data: Float64Array, at: number, flags: number, nowNs: number): void {
    const { quoted } = watched;
    const side = (flags & BUY) === 0 ? 3 : 1;
    quoted[side] = data[at + PRICE_TICKS]!;
    quoted[side + 1] = data[at + SIZE_LOTS]!;
    if ((flags & LAST) === 0) return;
    quoted[0] = data[at + SEQ]!;
    check.quote(quoted, nowNs);
  }

  #top(watched: Watched, seq: number, nowNs: number): void {
    const book = this.#feed.book(watched.market);
    if (watched.check === undefined || book === undefined) return;
    const { top } = watched;
    top[0] = seq;
    top[1] = book.bestPrice(Side.BUY);
    top[2] = book.bestSize(Side.BUY);
    top[3] = book.bestPrice(Side.SELL);
    top[4] = book.bestSize(Side.SELL);
    watched.check.book(top, nowNs);
  }

  #judge(watched: Watched, nowNs: number): void {
    const text = watched.check?.wrong(nowNs) ?? '';
    if (text === '') return;
    watched.check?.reset();
    this.#doubt(watched, 'quote', text, nowNs);
  }

  #doubt(watched: Watched, fault: FeedFault, text: string, nowNs: number): void {
    this.#tell({ type: 'notice', market: watched.market, text });
    this.#awaitSnapshot(watched, nowNs);
    this.#feed.resync(watched.market, fault, nowNs);
  }

  #awaitSnapshot(watched: Watched, nowNs: number): void {
    watched.isBelieved = false;
    watched.askNs = nowNs + watched.backoff.nextMs() * 1e6;
  }
}
