/**
 * Two connections with the same market data become one stream.
 *
 * Where the venue's numbers are the same on every connection, of each message the first to come wins: a book message goes on when its
 * number is above the last one that did, and the message before it on its own line is not: so it goes on without a gap from what went
 * on before, whichever line that came from. Otherwise one line leads, instrument by instrument, and the other one stands by.
 *
 * In both cases a book that one line has lost is not lost as long as the other one has it. Where a line takes the lead by its book as a
 * whole, the book goes out as a snapshot; an order-by-order feed, which keeps none, is asked for one.
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
import type { L2Book } from '@quotewright/core/market/l2-book';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { putSnapshot } from './book-snapshot.ts';

const { HEAD, VENUE_NS, SEQ } = Field;
const { LAST } = EventFlag;

/** One of the connections: its records, and its books. */
export interface ArbitratedLine {
  readonly out: RecordQueue;
  book(market: number): L2Book | undefined;
  /** Begins from the snapshot again. */
  resync(market: number, nowNs: number): void;
}

/** What the arbiter knows of one instrument on one line. */
interface LineMarket {
  isBelieved: boolean;
  /** Of the last book message: number and venue time. */
  seq: number;
  venueNs: number;
}

interface Market {
  readonly lines: readonly LineMarket[];
  /** The line whose book went out last as a whole, or leads; -1: nobody has one. */
  leader: number;
  /** Numbers of the last messages that went on: of the book, prints, best quotes. */
  bookSeq: number;
  /** The line that the book message came from. */
  bookLine: number;
  tradeSeq: number;
  quoteSeq: number;
}

export interface ArbiterSetup {
  /** `VenueAbilities.hasGlobalSequence`. */
  readonly isGlobal: boolean;
  readonly indices: readonly number[];
  readonly lines: readonly ArbitratedLine[];
  /** Another line leads an instrument's book. */
  readonly switched: (market: number, line: number, nowNs: number) => void;
}

export class Arbiter {
  readonly out = new RecordQueue(1024);
  /** Messages that came over both lines, of which the second was left out. */
  duplicates = 0;
  readonly #setup: ArbiterSetup;
  readonly #markets: readonly (Market | undefined)[];

  constructor(setup: ArbiterSetup) {
    this.#setup = setup;
    const markets: (Market | undefined)[] = [];
    for (const index of setup.indices) {
      markets[index] = {
        lines: setup.lines.map(() => ({ isBelieved: false, seq: 0, venueNs: Number.NaN })),
        leader: -1,
        bookSeq: 0,
        bookLine: -1,
        tradeSeq: 0,
        quoteSeq: 0,
      };
    }
    this.#markets = markets;
  }

  /** The book that leads; undefined when there is none. */
  book(market: number): L2Book | undefined {
    const of = this.#markets[market];
    if (of === undefined) return undefined;
    let { leader } = of;
    // By number the book that went on is the one that is furthest.
    if (this.#setup.isGlobal && leader >= 0) {
      for (const [line, { isBelieved, seq }] of of.lines.entries()) {
        if (isBelieved && seq >= of.lines[leader]!.seq) leader = line;
      }
    }
    return this.#setup.lines[leader]?.book(market);
  }

  /** Takes what a line has put out. */
  take(line: number, nowNs: number): void {
    const from = this.#setup.lines[line]!.out;
    while (from.length > 0) {
      const count = messageLength(from);
      const at = from.peek();
      const market = this.#markets[headInstrument(from.data[at + HEAD]!)];
      const goesOn = market !== undefined && this.#decide(market, line, from, at, count, nowNs);
      for (let i = 0; i < count; i++) {
        if (goesOn) this.#copy(from.data, from.peek());
        from.shift();
      }
    }
  }

  /** Whether the message at `at` goes on. */
  #decide(market: Market, line: number, from: RecordQueue, at: number, count: number, nowNs: number): boolean {
    const { data } = from;
    const head = data[at + HEAD]!;
    const seq = data[at + SEQ]!;
    const index = headInstrument(head);
    switch (headKind(head)) {
      case EventKind.TRADE: {
        const isNew = this.#isFirst(market, line, seq, market.tradeSeq);
        if (isNew) market.tradeSeq = seq;
        return isNew;
      }
      case EventKind.QUOTE: {
        const isNew = this.#isFirst(market, line, seq, market.quoteSeq);
        if (isNew) market.quoteSeq = seq;
        return isNew;
      }
      case EventKind.GAP:
        return this.#lost(market, line, index, nowNs);
      case EventKind.SNAPSHOT_BEGIN:
        return this.#snapshot(market, line, seq, data[at + VENUE_NS]!);
      default:
        return this.#bookMessage(
          market,
          line,
          seq,
          data[((at + (count - 1) * EVENT_STRIDE) % data.length) + VENUE_NS]!,
        );
    }
  }

  /** Of prints and quotes: whether this one is the first of its number, or of who leads where they have none. */
  #isFirst(market: Market, line: number, seq: number, last: number): boolean {
    if (this.#setup.isGlobal && seq > 0) {
      if (seq > last) return true;
      this.duplicates++;
      return false;
    }
    return market.leader === line || (market.leader < 0 && line === 0);
  }

  #bookMessage(market: Market, line: number, seq: number, venueNs: number): boolean {
    const own = market.lines[line]!;
    const before = own.seq;
    own.seq = seq;
    own.venueNs = venueNs;
    if (!this.#setup.isGlobal || seq === 0) return market.leader === line;
    if (!own.isBelieved || market.leader < 0) return false;
    // A venue may number several messages alike; they come one after the other over one line.
    const isNext = seq > market.bookSeq ? before <= market.bookSeq : seq === market.bookSeq && line === market.bookLine;
    if (!isNext) {
      if (seq <= market.bookSeq) this.duplicates++;
      return false;
    }
    market.bookSeq = seq;
    market.bookLine = line;
    return true;
  }

  #snapshot(market: Market, line: number, seq: number, venueNs: number): boolean {
    const own = market.lines[line]!;
    own.isBelieved = true;
    own.seq = seq;
    own.venueNs = venueNs;
    // Who has a book keeps it: this line stands by, or joins by its numbers.
    if (market.leader >= 0 && market.leader !== line) return false;
    if (this.#setup.isGlobal && market.leader === line && this.#other(market, line) >= 0) return false;
    if (seq < market.bookSeq / 2) {
      // Not an older snapshot: the venue counts anew.
      market.tradeSeq = 0;
      market.quoteSeq = 0;
    }
    this.#lead(market, line);
    return true;
  }

  #lead(market: Market, line: number): void {
    market.leader = line;
    market.bookSeq = market.lines[line]!.seq;
    market.bookLine = line;
  }

  #lost(market: Market, line: number, index: number, nowNs: number): boolean {
    market.lines[line]!.isBelieved = false;
    const other = this.#other(market, line);
    if (other < 0) {
      const hadOne = market.leader >= 0;
      market.leader = -1;
      return hadOne;
    }
    if (market.leader !== line) return false;
    this.#setup.switched(index, other, nowNs);
    const { seq, venueNs } = market.lines[other]!;
    // By number the other line's messages go on from where this one's ended, unless it is ahead of what went on.
    if (this.#setup.isGlobal && seq <= market.bookSeq) {
      market.leader = other;
      return false;
    }
    const book = this.#setup.lines[other]!.book(index);
    if (book !== undefined) {
      this.#lead(market, other);
      putSnapshot(this.out, index, book, venueNs, nowNs, seq);
      return false;
    }
    market.leader = -1;
    market.lines[other]!.isBelieved = false;
    this.#setup.lines[other]!.resync(index, nowNs);
    return true;
  }

  #other(market: Market, line: number): number {
    return market.lines.findIndex(({ isBelieved }, other) => other !== line && isBelieved);
  }

  #copy(data: Float64Array, at: number): void {
    const to = this.out.reserve();
    this.out.data.set(data.subarray(at, at + EVENT_STRIDE), to);
  }
}

/** Records of the oldest message in the queue: up to the first that is flagged LAST. */
function messageLength(queue: RecordQueue): number {
  const { data, length } = queue;
  const start = queue.peek();
  for (let i = 0; i < length; i++) {
    if ((headFlags(data[(start + i * EVENT_STRIDE) % data.length]!) & LAST) !== 0) return i + 1;
  }
  return length;
}
