/** hftbacktest records → events, as the trader saw them: rows for the venue's side alone are counted and left out. */
import { EVENT_STRIDE, type EventBatch, EventFlag, EventKind, Field } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { L2Book } from '@quotewright/core/market/l2-book';
import { L3Replica } from '@quotewright/core/market/l3-replica';
import { Side } from '@quotewright/core/market/side';
import { type EpochWords, epochWords, getInt64, NO_EPOCH } from '../int64.ts';
import type { ReadReport } from '../report.ts';
import { HftField, HftFlag, HftKind } from './layout.ts';
import { stepsOf } from './steps.ts';

const KNOWN = new Set<number>(Object.values(HftKind));

export class HftDecoder {
  readonly #instrument: Instrument;
  readonly #report: ReadReport;
  readonly #epoch: EpochWords;
  /** The book so far, to know which levels a clear of one side takes away. */
  readonly #book = new L2Book();
  /** The orders so far, to tell a change of price from one of size. */
  readonly #orders = new L3Replica();
  /** Venue and local time of the row at hand, and of the message at hand. */
  readonly #times = new Float64Array([0, 0, Number.NaN, Number.NaN]);
  #inSnapshot = false;
  #row = 0;

  constructor(instrument: Instrument, epochDay: number, report: ReadReport) {
    this.#instrument = instrument;
    this.#report = report;
    this.#epoch = epochWords(epochDay);
  }

  /** Records that `decode` may append for the next row: a one-sided clear takes away a side of the book. */
  get room(): number {
    return Math.max(this.#book.levelCount(Side.BUY), this.#book.levelCount(Side.SELL)) + 4;
  }

  /** Appends the events of the record at 64-bit word `at`. The batch has `room`. */
  decode(words: Int32Array, floats: Float64Array, at: number, batch: EventBatch): void {
    this.#report.rows++;
    this.#row++;
    const ev = words[(at + HftField.EV) * 2]!;
    const kind = ev & 0xff;
    if (!KNOWN.has(kind)) return this.#bad('unknown event kind', String(kind));
    if ((ev & HftFlag.LOCAL) === 0) {
      if ((ev & HftFlag.EXCH) === 0) return this.#bad('neither an exchange nor a local event', `ev ${ev >>> 0}`);
      return this.#report.addIgnored("row for the venue's side alone");
    }
    if (kind === HftKind.FILL) return this.#report.addIgnored('fill notice');
    const sides = ev & (HftFlag.BUY | HftFlag.SELL);
    if (sides === (HftFlag.BUY | HftFlag.SELL)) return this.#bad('both a buy and a sell', `ev ${ev >>> 0}`);
    if (sides === 0 && kind === HftKind.TRADE) return this.#report.addIgnored('trade of unknown side');
    if (sides === 0 && kind !== HftKind.DEPTH_CLEAR) return this.#bad('no side', `ev ${ev >>> 0}`);
    this.#times[0] = getInt64(words, at + HftField.EXCH_TS, this.#epoch);
    this.#times[1] = getInt64(words, at + HftField.LOCAL_TS, this.#epoch);
    const side = sides === HftFlag.BUY ? Side.BUY : Side.SELL;

    if (kind === HftKind.DEPTH_CLEAR) {
      this.#begin(batch, false);
      if (sides === 0) this.#clearBoth(batch);
      else if (this.#orders.orderCount > 0) this.#bad('clear of one side of an order-by-order book', `ev ${ev >>> 0}`);
      else this.#clearSide(side, floats[at + HftField.PX]!, batch);
      return;
    }
    const px = floats[at + HftField.PX]!;
    const qty = floats[at + HftField.QTY]!;
    const price = stepsOf(this.#instrument.price, px);
    const size = stepsOf(this.#instrument.size, qty);
    // A cancel needs no price or size, and some writers leave rubbish there.
    if (kind !== HftKind.CANCEL_ORDER) {
      if (price !== price)
        return this.#bad(Number.isFinite(px) ? 'price off the tick grid' : 'price is no number', String(px));
      if (size !== size)
        return this.#bad(Number.isFinite(qty) ? 'size off the lot grid' : 'size is no number', String(qty));
      if (size < 0) return this.#bad('size is negative', String(qty));
    }
    const flags = side === Side.BUY ? EventFlag.BUY : 0;
    if (kind <= HftKind.DEPTH_BBO) {
      this.#begin(batch, kind === HftKind.DEPTH_SNAPSHOT);
      if (kind === HftKind.TRADE) return this.#push(batch, EventKind.TRADE, flags, price, size, 0);
      if (kind === HftKind.DEPTH_BBO) return this.#push(batch, EventKind.QUOTE, flags, price, size, 0);
      this.#book.set(side, price, size);
      const snapshot = kind === HftKind.DEPTH_SNAPSHOT ? EventFlag.SNAPSHOT : 0;
      return this.#push(batch, EventKind.LEVEL, flags | snapshot, price, size, 0);
    }
    const id = getInt64(words, at + HftField.ORDER_ID, NO_EPOCH);
    if (!Number.isSafeInteger(id) || id < 0) return this.#bad('order id above 2^53', String(id));
    this.#begin(batch, false);
    this.#order(kind, id, side, price, size, batch);
  }

  /** Marks the end of the last message. */
  finish(batch: EventBatch): void {
    if (this.#inSnapshot) this.#endSnapshot(batch);
    else batch.endMessage();
  }

  #order(kind: number, id: number, side: Side, price: number, size: number, batch: EventBatch): void {
    const orders = this.#orders;
    const flags = side === Side.BUY ? EventFlag.BUY : 0;
    if (kind === HftKind.ADD_ORDER) {
      orders.add(id, side, price, size);
      return this.#push(batch, EventKind.ORDER_ADD, flags, price, size, id);
    }
    if (kind === HftKind.CANCEL_ORDER) {
      const known = orders.priceOf(id);
      const held = orders.sizeOf(id);
      orders.remove(id);
      return this.#push(
        batch,
        EventKind.ORDER_REMOVE,
        flags,
        known === known ? known : 0,
        held === held ? held : 0,
        id,
      );
    }
    const known = orders.priceOf(id);
    if (known === known && known !== price) {
      this.#push(batch, EventKind.ORDER_REMOVE, flags, known, orders.sizeOf(id), id);
      orders.remove(id);
      orders.add(id, side, price, size);
      return this.#push(batch, EventKind.ORDER_ADD, flags, price, size, id);
    }
    orders.setSize(id, size);
    this.#push(batch, EventKind.ORDER_SET, flags, price, size, id);
  }

  /** Ends the message before when this row is of another: rows of the same two times are one. */
  #begin(batch: EventBatch, staysInSnapshot: boolean): void {
    const times = this.#times;
    const isNew = times[0] !== times[2] || times[1] !== times[3];
    if (this.#inSnapshot && !staysInSnapshot) this.#endSnapshot(batch);
    else if (isNew && !this.#inSnapshot) batch.endMessage();
    times[2] = times[0]!;
    times[3] = times[1]!;
  }

  #clearBoth(batch: EventBatch): void {
    this.#book.clear();
    this.#orders.clear();
    this.#push(batch, EventKind.SNAPSHOT_BEGIN, EventFlag.SNAPSHOT, 0, 0, 0);
    this.#inSnapshot = true;
  }

  /** Deletes the side's levels from the best one out to `px`, or all of them when it is not finite. */
  #clearSide(side: Side, px: number, batch: EventBatch): void {
    const flags = side === Side.BUY ? EventFlag.BUY : 0;
    const { price } = this.#instrument;
    const limit = Math.round(px / price.toNumber(1));
    for (let best = this.#book.bestPrice(side); best === best; best = this.#book.bestPrice(side)) {
      if (Number.isFinite(limit) && (side === Side.BUY ? best < limit : best > limit)) return;
      this.#book.set(side, best, 0);
      this.#push(batch, EventKind.LEVEL, flags, best, 0, 0);
    }
  }

  /** A snapshot's end carries the times of its last record. */
  #endSnapshot(batch: EventBatch): void {
    this.#inSnapshot = false;
    const at = (batch.length - 1) * EVENT_STRIDE;
    const venueNs = batch.data[at + Field.VENUE_NS]!;
    const localNs = batch.data[at + Field.LOCAL_NS]!;
    batch.push(EventKind.SNAPSHOT_END, EventFlag.SNAPSHOT | EventFlag.LAST, 0, venueNs, localNs, 0, 0, 0, 0, 0);
  }

  #push(batch: EventBatch, kind: number, flags: number, price: number, size: number, id: number): void {
    batch.push(kind, flags, 0, this.#times[0]!, this.#times[1]!, price, size, id, 0, 0);
  }

  #bad(kind: string, found: string): void {
    this.#report.addBad(kind, this.#row, found);
  }
}
