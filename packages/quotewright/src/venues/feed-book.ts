/**
 * One instrument's book within a feed, and the records that leave it. The levels of a message are staged, laid into the book, checked, and
 * only then put out: so a message that breaks the book is never seen by who trades on it.
 *
 *     book.begin(); book.level(…)…; if (book.lay() …) book.put(…) else book.lose(…)
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, packHead } from '@quotewright/core/market/event';
import { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { BUY, LAST, SNAPSHOT } = EventFlag;
const { LEVEL, GAP, SNAPSHOT_BEGIN, SNAPSHOT_END } = EventKind;
/** Fields of a staged level. */
const STRIDE = 3;
/** Made part of a HEAD. */
const LAST_OF_MESSAGE = packHead(0, LAST, 0);

export class FeedBook {
  readonly book = new L2Book();
  /** A snapshot was put out, and nothing has gone wrong since. */
  isBelieved = false;
  /** Levels staged, by three: price in ticks, size in lots, 1 = bid. May be written to directly by a scanner, then `count` set. */
  staged = new Float64Array(64 * STRIDE);
  count = 0;
  /** Index of the instrument in HEAD. */
  readonly market: number;
  readonly #out: RecordQueue;

  constructor(market: number, out: RecordQueue) {
    this.market = market;
    this.#out = out;
  }

  /** A message begins. */
  begin(): void {
    this.count = 0;
  }

  /** Stages a level; size 0 removes it. */
  level(side: Side, priceTicks: number, sizeLots: number): void {
    const at = this.count * STRIDE;
    if (at === this.staged.length) this.grow();
    const { staged } = this;
    staged[at] = priceTicks;
    staged[at + 1] = sizeLots;
    staged[at + 2] = side === Side.BUY ? 1 : 0;
    this.count++;
  }

  /** Makes room in `staged`, which is another array afterwards. */
  grow(): void {
    const grown = new Float64Array(this.staged.length * 2);
    grown.set(this.staged);
    this.staged = grown;
  }

  /** Lays what is staged into the book. @returns false when the book is crossed or locked now */
  lay(): boolean {
    const { bids, asks } = this.book;
    const { staged } = this;
    const end = this.count * STRIDE;
    for (let at = 0; at < end; at += STRIDE) {
      if (staged[at + 2] === 1) bids.set(staged[at]!, staged[at + 1]!);
      else asks.set(staged[at]!, staged[at + 1]!);
    }
    // NaN, of a side that is empty, is not above anything.
    return !(bids.bestPrice() >= asks.bestPrice());
  }

  /** Empties the book and lays what is staged as the whole of it. @returns false when it is crossed or locked */
  layWhole(): boolean {
    this.book.beginSnapshot();
    const isSound = this.lay();
    this.book.endSnapshot(0);
    return isSound;
  }

  /** Puts out what was laid, one message. Nothing when the book is not believed, or nothing was staged. */
  put(venueNs: number, localNs: number, seq: number): void {
    if (!this.isBelieved) return;
    const out = this.#out;
    const { staged, market } = this;
    const bid = packHead(LEVEL, BUY, market);
    const ask = packHead(LEVEL, 0, market);
    const end = (this.count * STRIDE) | 0;
    for (let from = 0; from < end; from = (from + STRIDE) | 0) {
      const at = out.reserve();
      const { data } = out;
      data[at + HEAD] = (staged[from + 2] === 1 ? bid : ask) | (from + STRIDE === end ? LAST_OF_MESSAGE : 0);
      data[at + VENUE_NS] = venueNs;
      data[at + LOCAL_NS] = localNs;
      data[at + PRICE_TICKS] = staged[from]!;
      data[at + SIZE_LOTS] = staged[from + 1]!;
      data[at + ORDER_ID] = 0;
      data[at + SEQ] = seq;
      data[at + AUX] = 0;
    }
  }

  /** Puts out the whole book as a snapshot: it is believed from here on. */
  putWhole(venueNs: number, localNs: number, seq: number): void {
    this.isBelieved = true;
    this.#mark(SNAPSHOT_BEGIN, SNAPSHOT, venueNs, localNs, seq);
    this.#putSide(Side.BUY, SNAPSHOT | BUY, venueNs, localNs, seq);
    this.#putSide(Side.SELL, SNAPSHOT, venueNs, localNs, seq);
    this.#mark(SNAPSHOT_END, SNAPSHOT | LAST, venueNs, localNs, seq);
  }

  /** The book is not believed any more: one GAP, unless that was said before. @returns whether it was believed until now */
  lose(localNs: number, seq: number): boolean {
    const wasBelieved = this.isBelieved;
    this.isBelieved = false;
    this.book.noteGap();
    if (wasBelieved) this.#mark(GAP, LAST, Number.NaN, localNs, seq);
    return wasBelieved;
  }

  /** Stages and lays the removal of what lies deeper than `depth` levels a side, as who subscribes to a depth has to. */
  trim(depth: number): void {
    for (const side of [Side.BUY, Side.SELL]) {
      const levels = side === Side.BUY ? this.book.bids : this.book.asks;
      if (levels.count <= depth) continue;
      const from = this.count;
      let place = 0;
      for (let level = levels.best(); level >= 0; level = levels.next(level)) {
        if (++place > depth) this.level(side, levels.priceOf(level), 0);
      }
      for (let i = from; i < this.count; i++) levels.set(this.staged[i * STRIDE]!, 0);
    }
  }

  #putSide(side: Side, flags: number, venueNs: number, localNs: number, seq: number): void {
    const levels = side === Side.BUY ? this.book.bids : this.book.asks;
    const out = this.#out;
    const head = packHead(LEVEL, flags, this.market);
    for (let level = levels.best(); level >= 0; level = levels.next(level)) {
      const at = out.reserve();
      const { data } = out;
      data.fill(0, at, at + EVENT_STRIDE);
      data[at + HEAD] = head;
      data[at + VENUE_NS] = venueNs;
      data[at + LOCAL_NS] = localNs;
      data[at + PRICE_TICKS] = levels.priceOf(level);
      data[at + SIZE_LOTS] = levels.sizeOf(level);
      data[at + SEQ] = seq;
    }
  }

  #mark(kind: number, flags: number, venueNs: number, localNs: number, seq: number): void {
    const out = this.#out;
    const at = out.reserve();
    const { data } = out;
    data.fill(0, at, at + EVENT_STRIDE);
    data[at + HEAD] = packHead(kind, flags, this.market);
    data[at + VENUE_NS] = venueNs;
    data[at + LOCAL_NS] = localNs;
    data[at + SEQ] = seq;
  }
}
