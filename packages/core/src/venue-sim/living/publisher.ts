/**
 * Writes an instrument's feed: what one operation of the engine did is one message. Levels: TRADE records first, then the levels
 * that changed, as they are now. Orders: ORDER_EXEC, ORDER_REMOVE, ORDER_REDUCE, ORDER_ADD in the order of events.
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, packHead } from '../../market/event.ts';
import type { L3Book } from '../../market/l3-book.ts';
import { Word } from '../../market/l3-layout.ts';
import { Side } from '../../market/side.ts';
import type { RecordQueue } from '../../trading/record-queue.ts';
import type { OrderTable } from './order-table.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { BUY } = Side;
/** No order of a living market has an extension, so its record holds our number of it. */
const { REF } = Word;
const { LAST, SNAPSHOT } = EventFlag;
const { LEVEL } = EventKind;

export class Publisher {
  readonly isL3: boolean;
  /** False: nothing is published, and messages are not counted. */
  isOn = false;
  nowNs = 0;
  /** Number of the last message; a venue's numbers are those of all its instruments together. */
  readonly #sequence: { last: number };
  readonly #feed: RecordQueue;
  readonly #instrument: number;
  readonly #book: L3Book;
  /** Records of the message at hand, without levels. */
  #staged = new Float64Array(64 * EVENT_STRIDE);
  #stagedCount = 0;
  /** Levels that the message at hand changed: price and side in turn. */
  #changed = new Float64Array(64);
  #changedCount = 0;

  constructor(instrument: number, book: L3Book, feed: RecordQueue, sequence: { last: number }, isL3: boolean) {
    this.#instrument = instrument;
    this.#book = book;
    this.#feed = feed;
    this.#sequence = sequence;
    this.isL3 = isL3;
  }

  /** A level's size is another now. Changes of one level that follow each other are one. */
  levelChanged(side: number, priceTicks: number): void {
    const count = this.#changedCount;
    const changed = this.#changed;
    if (count > 0 && changed[count - 2] === priceTicks && changed[count - 1] === side) return;
    if (count === changed.length) {
      this.#changed = new Float64Array(count * 2);
      this.#changed.set(changed);
    }
    this.#changed[count] = priceTicks;
    this.#changed[count + 1] = side;
    this.#changedCount = count + 2;
  }

  /** A record of the message at hand. */
  stage(kind: number, side: number, priceTicks: number, lots: number, orderNumber: number, aux: number): void {
    const at = this.#stagedCount * EVENT_STRIDE;
    if (at === this.#staged.length) {
      const staged = new Float64Array(at * 2);
      staged.set(this.#staged);
      this.#staged = staged;
    }
    const staged = this.#staged;
    staged[at + HEAD] = packHead(kind, side === BUY ? EventFlag.BUY : 0, this.#instrument);
    staged[at + PRICE_TICKS] = priceTicks;
    staged[at + SIZE_LOTS] = lots;
    staged[at + ORDER_ID] = orderNumber;
    staged[at + AUX] = aux;
    this.#stagedCount++;
  }

  /** The operation is over: its message goes out. */
  commit(): void {
    const levels = this.isL3 ? 0 : this.#changedCount >> 1;
    const staged = this.#stagedCount;
    if (this.isOn && staged + levels > 0) {
      const seq = ++this.#sequence.last;
      this.#flushStaged(staged, seq, levels === 0);
      const changed = this.#changed;
      for (let i = 0; i < levels; i++) {
        const price = changed[i << 1];
        const side = changed[(i << 1) + 1];
        const lots = this.#book.levelLots(this.#book.findLevel(side, price));
        const flags = (side === BUY ? EventFlag.BUY : 0) | (i + 1 === levels ? LAST : 0);
        this.#write(packHead(LEVEL, flags, this.#instrument), price, lots, 0, seq, 0);
      }
    }
    this.#stagedCount = 0;
    this.#changedCount = 0;
  }

  /** Publishes the prints of the message at hand and then the whole book, as one message. */
  snapshot(orders: OrderTable): void {
    const staged = this.#stagedCount;
    this.#changedCount = 0;
    this.#stagedCount = 0;
    if (!this.isOn) return;
    const book = this.#book;
    const seq = ++this.#sequence.last;
    this.#flushStaged(staged, seq, false);
    this.#mark(EventKind.SNAPSHOT_BEGIN, SNAPSHOT, 0, seq);
    for (const side of [Side.BUY, Side.SELL]) {
      const flags = SNAPSHOT | (side === BUY ? EventFlag.BUY : 0);
      for (let level = book.best(side); level !== 0; level = book.levelAfter(level)) {
        const price = book.levelPrice(level);
        if (!this.isL3) {
          this.#write(packHead(LEVEL, flags, this.#instrument), price, book.levelLots(level), 0, seq, 0);
          continue;
        }
        const head = packHead(EventKind.ORDER_ADD, flags, this.#instrument);
        for (let slot = book.front(level); slot !== 0; slot = book.behind(slot)) {
          this.#write(
            head,
            price,
            book.openLots(slot),
            orders.doubles[(book.words[(slot << 3) | REF] << 1) | 1],
            seq,
            0,
          );
        }
      }
    }
    this.#mark(EventKind.SNAPSHOT_END, SNAPSHOT | LAST, 0, seq);
  }

  /** Publishes a trading status, a message of its own. */
  status(status: number): void {
    if (this.isOn) this.#mark(EventKind.STATUS, LAST, status, ++this.#sequence.last);
  }

  #flushStaged(count: number, seq: number, isWhole: boolean): void {
    const from = this.#staged;
    for (let i = 0; i < count; i++) {
      const at = i * EVENT_STRIDE;
      const head = from[at + HEAD] | (isWhole && i + 1 === count ? LAST << 8 : 0);
      this.#write(head, from[at + PRICE_TICKS], from[at + SIZE_LOTS], from[at + ORDER_ID], seq, from[at + AUX]);
    }
  }

  /** A record without price and side. */
  #mark(kind: number, flags: number, lots: number, seq: number): void {
    this.#write(packHead(kind, flags, this.#instrument), 0, lots, 0, seq, 0);
  }

  #write(head: number, priceTicks: number, lots: number, orderNumber: number, seq: number, aux: number): void {
    const feed = this.#feed;
    const at = feed.reserve();
    const data = feed.data;
    data[at + HEAD] = head;
    data[at + VENUE_NS] = this.nowNs;
    data[at + LOCAL_NS] = Number.NaN;
    data[at + PRICE_TICKS] = priceTicks;
    data[at + SIZE_LOTS] = lots;
    data[at + ORDER_ID] = orderNumber;
    data[at + SEQ] = seq;
    data[at + AUX] = aux;
  }
}
