/**
 * A feed under test, and the host around it: what it sends, asks and tells is kept, its records are laid into books of their own, and what the
 * contract promises of every record is checked as it comes (`venues/contract/feed.ts`). A breach is an Error that says what and where.
 */
import { BookBuilder } from '@quotewright/core/market/book-builder';
import { EventFlag, EventKind, Field, headFlags, headInstrument, headKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { Feed, FeedEvent, FeedHost, FeedSetup } from '../contract/feed.ts';
import type { RestRequest } from '../contract/rest.ts';
import type { VenueAddresses } from '../contract/addresses.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS } = Field;
const { LEVEL, TRADE, QUOTE, GAP, SNAPSHOT_BEGIN, SNAPSHOT_END } = EventKind;
/** Levels a side in which the feed's own book and the one built from its records are compared after each message. */
const COMPARED = 5;

export interface ProbeSetup {
  readonly feed: (setup: FeedSetup) => Feed;
  readonly instruments: readonly Instrument[];
  readonly addresses: VenueAddresses;
  readonly epochDay: number;
  readonly isL3?: boolean;
  readonly random?: () => number;
}

/** Messages by what they carried, as `reference/wire_expected_counts.json` counts them. */
export interface ProbeCounts {
  /** Snapshots and updates of books. */
  books: number;
  trades: number;
  quotes: number;
  gaps: number;
  snapshots: number;
}

export class FeedProbe implements FeedHost {
  readonly out = new RecordQueue();
  readonly feed: Feed;
  readonly instruments: readonly Instrument[];
  /** By instrument. Their index in HEAD is `indexOf(i)`, which is not `i`, so that a feed that mixes them up shows. */
  readonly builders: readonly BookBuilder[];
  readonly counts: ProbeCounts = { books: 0, trades: 0, quotes: 0, gaps: 0, snapshots: 0 };
  readonly events: FeedEvent[] = [];
  /** Frames that the feed has sent, and requests that nobody has answered, oldest first: whoever drives takes them out. */
  readonly sent: string[] = [];
  readonly fetches: { readonly request: RestRequest; readonly tag: number }[] = [];
  readonly reconnects: string[] = [];
  /** Instruments whose books the last `settle` changed. */
  readonly touched = new Set<number>();
  readonly #isL3: boolean;
  readonly #random: () => number;
  readonly #believed: boolean[];
  readonly #mine = new Float64Array(2 * COMPARED);
  readonly #theirs = new Float64Array(2 * COMPARED);

  constructor({ feed, instruments, addresses, epochDay, isL3 = false, random = () => 0.5 }: ProbeSetup) {
    this.#isL3 = isL3;
    this.instruments = instruments;
    this.#random = random;
    this.#believed = instruments.map(() => false);
    this.builders = instruments.map(() => new BookBuilder(isL3));
    const indices = instruments.map((_, i) => FeedProbe.indexOf(i));
    this.feed = feed({ instruments, indices, epochDay, addresses, isL3, credentials: undefined, host: this });
  }

  /** The index in HEAD of an instrument. */
  static indexOf(instrument: number): number {
    return 3 + 2 * instrument;
  }

  isBelieved(instrument: number): boolean {
    return this.#believed[instrument]!;
  }

  /** Takes the records of one message (or call) that came at `nowNs`. @throws Error when one breaks the contract */
  settle(nowNs: number): void {
    const { out } = this;
    this.touched.clear();
    let flags: number = EventFlag.LAST;
    while (out.length > 0) {
      const at = out.peek();
      flags = this.#take(out.data, at, nowNs);
      out.shift();
    }
    if ((flags & EventFlag.LAST) === 0) throw new Error('the last record of a message is not flagged LAST');
    for (const i of this.touched) this.#checkBook(i);
  }

  send(frame: string): void {
    this.sent.push(frame);
  }

  fetch(request: RestRequest, tag: number): void {
    this.fetches.push({ request, tag });
  }

  reconnect(reason: string): void {
    this.reconnects.push(reason);
  }

  tell(event: FeedEvent): void {
    this.events.push(event);
  }

  random(): number {
    return this.#random();
  }

  #take(data: Float64Array, at: number, nowNs: number): number {
    const head = data[at + HEAD]!;
    const kind = headKind(head);
    const flags = headFlags(head);
    const i = (headInstrument(head) - 3) / 2;
    const builder = this.builders[i];
    const fail = (what: string) => {
      const fields = Array.from(data.subarray(at, at + 8)).join(' ');
      throw new Error(`record of kind ${kind}, instrument ${i}: ${what} (${fields})`);
    };
    if (builder === undefined) return fail('no instrument of this feed');
    if (data[at + LOCAL_NS] !== nowNs) return fail(`LOCAL_NS is not ${nowNs}`);
    if (Math.abs(data[at + VENUE_NS]!) === Number.POSITIVE_INFINITY) return fail('VENUE_NS is infinite');
    const { counts } = this;
    const isLast = (flags & EventFlag.LAST) !== 0;
    if (kind === TRADE || kind === QUOTE) {
      const price = data[at + PRICE_TICKS]!;
      const size = data[at + SIZE_LOTS]!;
      const isEmptySide = kind === QUOTE && Number.isNaN(price) && size === 0;
      if (!isEmptySide && !(Number.isSafeInteger(price) && Number.isSafeInteger(size) && size >= 0)) {
        return fail('no whole ticks and lots');
      }
      if (isLast && kind === TRADE) counts.trades++;
      if (isLast && kind === QUOTE) counts.quotes++;
      return flags;
    }
    if (kind === EventKind.STATUS) return flags;
    if (kind === SNAPSHOT_BEGIN) this.#believed[i] = true;
    else if (!this.#believed[i]) return fail('of a book that is not believed');
    if (kind === GAP) {
      this.#believed[i] = false;
      counts.gaps++;
    } else if (kind === LEVEL && !(Number.isSafeInteger(data[at + PRICE_TICKS]!) && isSize(data[at + SIZE_LOTS]!))) {
      return fail('no whole ticks and lots');
    }
    if (kind === SNAPSHOT_END) counts.snapshots++;
    if (isLast && kind !== GAP) counts.books++;
    builder.apply(data, at);
    this.touched.add(i);
    return flags;
  }

  #checkBook(i: number): void {
    const { book } = this.builders[i]!;
    if (!this.#believed[i] || this.#isL3) return;
    if (!book.isWhole) throw new Error(`instrument ${i}: a message ends within a snapshot`);
    if (book.isCrossed) throw new Error(`instrument ${i}: the book is crossed`);
    const own = this.feed.book(FeedProbe.indexOf(i));
    if (own === undefined) return;
    for (const side of [Side.BUY, Side.SELL]) {
      if (own.levelCount(side) !== book.levelCount(side)) throw new Error(`instrument ${i}: records lack levels`);
      const count = book.top(side, COMPARED, this.#mine, this.#mine.subarray(COMPARED));
      own.top(side, COMPARED, this.#theirs, this.#theirs.subarray(COMPARED));
      for (let k = 0; k < count; k++) {
        if (this.#mine[k] !== this.#theirs[k] || this.#mine[COMPARED + k] !== this.#theirs[COMPARED + k]) {
          throw new Error(`instrument ${i}: the book that records build is not the feed's, level ${k} of side ${side}`);
        }
      }
    }
  }
}

function isSize(lots: number): boolean {
  return Number.isSafeInteger(lots) && lots >= 0;
}
