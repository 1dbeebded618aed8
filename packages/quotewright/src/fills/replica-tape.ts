/**
 * Full order feeds (Coinbase, Bitstamp): a book rebuilt from the orders is what an L2 feed would have shown. Orders from before
 * the start of a recording without a snapshot (Bitstamp) are unseen, in the levels too: the L2 view is that of the known orders.
 */
import { L3Replica } from '@quotewright/core/market/l3-replica';
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
import type { Recording } from '../data/recording.ts';
import { RowKind, Tape } from './tape.ts';

/** A print's order message is looked for in so many rows and so much time before it. */
const MATCH_ROWS = 32;
const MATCH_NS = 2e9;

/** Reads the first instrument of a recording whole. */
export async function readReplicaTape(recording: Recording): Promise<Tape> {
  const reader = new ReplicaTape();
  for await (const batch of recording.batches()) {
    const { data } = batch;
    for (let offset = 0; offset < batch.length * EVENT_STRIDE; offset += EVENT_STRIDE) {
      if (headInstrument(data[offset + Field.HEAD]!) === 0) reader.apply(data, offset);
    }
  }
  return reader.tape;
}

class ReplicaTape {
  readonly tape = new Tape();
  readonly #book = new L3Replica();
  /** True between the start and the end of a snapshot: what is laid then is no event. */
  #isLaying = false;
  /** Ids of orders that may be in the book, for the levels that a break hides. */
  readonly #ids = new Set<number>();

  apply(data: Float64Array, offset: number): void {
    const head = data[offset + Field.HEAD]!;
    const kind = headKind(head);
    const flagged: Side = (headFlags(head) & EventFlag.BUY) === 0 ? Side.SELL : Side.BUY;
    const venueNs = data[offset + Field.VENUE_NS]!;
    const timeNs = Number.isNaN(venueNs) ? data[offset + Field.LOCAL_NS]! : venueNs;
    const price = data[offset + Field.PRICE_TICKS]!;
    const lots = data[offset + Field.SIZE_LOTS]!;
    const id = data[offset + Field.ORDER_ID]!;
    if (kind === EventKind.SNAPSHOT_BEGIN || kind === EventKind.GAP) {
      this.#hideAll(timeNs);
      if (kind === EventKind.SNAPSHOT_BEGIN) {
        this.#isLaying = true;
        this.#book.clear();
      }
    } else if (kind === EventKind.SNAPSHOT_END) this.#isLaying = false;
    else if (kind === EventKind.ORDER_ADD) this.#add(id, flagged, price, lots, timeNs);
    else if (kind === EventKind.TRADE) this.#print(flagged === Side.BUY ? Side.SELL : Side.BUY, price, lots, timeNs);
    else if (this.#book.has(id)) this.#change(kind, id, lots, timeNs);
  }

  #change(kind: number, id: number, lots: number, timeNs: number): void {
    const open = this.#book.sizeOf(id);
    if (kind === EventKind.ORDER_REMOVE) this.#reduce(RowKind.CANCEL, id, open, timeNs);
    else if (kind === EventKind.ORDER_REDUCE) this.#reduce(RowKind.CANCEL, id, Math.min(lots, open), timeNs);
    else if (kind === EventKind.ORDER_EXEC) this.#reduce(RowKind.EXEC, id, Math.min(lots, open), timeNs);
    else if (kind === EventKind.ORDER_SET && lots < open) this.#reduce(RowKind.CANCEL, id, open - lots, timeNs);
    else if (kind === EventKind.ORDER_SET && lots > open) {
      // A larger order goes to the back of the queue.
      const side: Side = this.#book.sideOf(id) === Side.BUY ? Side.BUY : Side.SELL;
      const price = this.#book.priceOf(id);
      this.#reduce(RowKind.CANCEL, id, open, timeNs);
      this.#add(id, side, price, lots, timeNs);
    }
  }

  #add(id: number, side: Side, price: number, lots: number, timeNs: number): void {
    const before = this.#book.sizeAt(side, price);
    const opposite = this.#book.bestPrice(side === Side.BUY ? Side.SELL : Side.BUY);
    if (this.#book.add(id, side, price, lots) !== 0) return;
    this.#ids.add(id);
    if (!this.#isLaying) {
      this.tape.push(RowKind.ADD, side, timeNs, price, lots, id, before, before + lots, opposite);
    }
  }

  #reduce(kind: RowKind, id: number, lots: number, timeNs: number): void {
    const book = this.#book;
    const side: Side = book.sideOf(id) === Side.BUY ? Side.BUY : Side.SELL;
    const price = book.priceOf(id);
    const before = book.sizeAt(side, price);
    const opposite = book.bestPrice(side === Side.BUY ? Side.SELL : Side.BUY);
    book.reduce(id, lots);
    if (!book.has(id)) this.#ids.delete(id);
    this.tape.push(kind, side, timeNs, price, lots, id, before, before - lots, opposite);
  }

  /**
   * A print without an order's number. Venues that do not link the two (Bitstamp in 2015) tell the order's smaller size first: then
   * that was an execution and no cancel.
   */
  #print(side: Side, price: number, lots: number, timeNs: number): void {
    const { tape } = this;
    const first = Math.max(0, tape.length - MATCH_ROWS);
    for (let row = tape.length - 1; row >= first && timeNs - tape.timeNs[row]! <= MATCH_NS; row--) {
      const isIt = tape.kind[row] === RowKind.CANCEL && tape.side[row] === side && tape.lots[row] === lots;
      if (!isIt || tape.priceTicks[row] !== price) continue;
      tape.kind[row] = RowKind.EXEC;
      return;
    }
    const book = this.#book;
    const shown = book.sizeAt(side, price);
    const opposite = book.bestPrice(side === Side.BUY ? Side.SELL : Side.BUY);
    tape.push(RowKind.PRINT, side, timeNs, price, lots, 0, shown, shown, opposite);
  }

  #hideAll(timeNs: number): void {
    const hidden = new Set<number>();
    for (const id of this.#ids) {
      const side: Side = this.#book.sideOf(id) === Side.BUY ? Side.BUY : Side.SELL;
      const price = this.#book.priceOf(id);
      const key = side === Side.BUY ? price : -price;
      if (hidden.has(key)) continue;
      hidden.add(key);
      this.tape.push(RowKind.HIDE, side, timeNs, price, 0, 0, Number.NaN, Number.NaN, Number.NaN);
    }
    this.#ids.clear();
  }
}
