/**
 * Events → hftbacktest records. Kept: kinds, sides, times, prices, sizes, order ids. Not kept, because the layout has no room
 * for them: sequence numbers, takers' ids, checksums, gaps and trading states (the last three are counted).
 */
import { EventFlag, EventKind, Field, headFlags, headInstrument, headKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { L3Replica } from '@quotewright/core/market/l3-replica';
import { Side } from '@quotewright/core/market/side';
import { type EpochWords, epochWords, NO_EPOCH, putInt64 } from '../int64.ts';
import { HftField, HftFlag, HftKind, ROW_BYTES } from './layout.ts';

const WORDS = ROW_BYTES / 8;

export class HftEncoder {
  /** Records written so far. */
  rows = 0;
  /** Events left out, by what they are. */
  readonly dropped = new Map<string, number>();
  /** Records whose venue's or receipt's time was not known, and is filled in from the other or from the record before. */
  filledTimes = 0;
  /** Records whose venue time is before that of an earlier one, and records received before the venue's time. */
  backwards = 0;
  negativeLatency = 0;
  readonly #words: Int32Array;
  readonly #floats: Float64Array;
  readonly #epoch: EpochWords;
  readonly #instrument: Instrument;
  /** Venue and local time of the record before, and the latest venue time. */
  readonly #times = new Float64Array([0, 0, Number.NEGATIVE_INFINITY]);
  /** Orders so far: hftbacktest wants to hear what is left of an order, not only what traded. */
  readonly #orders = new L3Replica();
  #at = 0;

  /** Writes records into `buffer`, which the caller empties with `take` before every event that has no room for two. */
  constructor(buffer: ArrayBuffer, instrument: Instrument, epochDay: number) {
    this.#words = new Int32Array(buffer);
    this.#floats = new Float64Array(buffer);
    this.#instrument = instrument;
    this.#epoch = epochWords(epochDay);
  }

  /** Bytes in the buffer. */
  get length(): number {
    return this.#at * 8;
  }

  get isFull(): boolean {
    return this.#at + 2 * WORDS > this.#floats.length;
  }

  clear(): void {
    this.#at = 0;
  }

  /** False when the event is of another instrument than the first. */
  encode(data: Float64Array, offset: number): boolean {
    const head = data[offset + Field.HEAD]!;
    if (headInstrument(head) !== 0) return false;
    const flags = headFlags(head);
    const isBuy = (flags & EventFlag.BUY) !== 0;
    const side = isBuy ? HftFlag.BUY : HftFlag.SELL;
    const id = data[offset + Field.ORDER_ID]!;
    const price = data[offset + Field.PRICE_TICKS]!;
    const size = data[offset + Field.SIZE_LOTS]!;
    this.#setTimes(data[offset + Field.VENUE_NS]!, data[offset + Field.LOCAL_NS]!);
    switch (headKind(head)) {
      case EventKind.LEVEL:
        this.#put((flags & EventFlag.SNAPSHOT) === 0 ? HftKind.DEPTH : HftKind.DEPTH_SNAPSHOT, side, price, size, 0);
        break;
      case EventKind.TRADE:
        this.#put(HftKind.TRADE, side, price, size, 0);
        break;
      case EventKind.QUOTE:
        // A best price of unknown size is written with size 0.
        this.#put(HftKind.DEPTH_BBO, side, price, size === size ? size : 0, 0);
        break;
      case EventKind.SNAPSHOT_BEGIN:
        this.#orders.clear();
        this.#put(HftKind.DEPTH_CLEAR, 0, 0, 0, 0);
        break;
      case EventKind.SNAPSHOT_END:
        break;
      case EventKind.ORDER_ADD:
        this.#orders.add(id, isBuy ? Side.BUY : Side.SELL, price, size);
        this.#put(HftKind.ADD_ORDER, side, price, size, id);
        break;
      case EventKind.ORDER_SET:
        this.#orders.setSize(id, size);
        this.#put(HftKind.MODIFY_ORDER, side, price, size, id);
        break;
      case EventKind.ORDER_REMOVE:
        this.#orders.remove(id);
        this.#put(HftKind.CANCEL_ORDER, side, price, size, id);
        break;
      case EventKind.ORDER_REDUCE:
        this.#take(side, price, size, id);
        break;
      case EventKind.ORDER_EXEC:
        this.#put(HftKind.FILL, side, price, size, id);
        this.#take(side, price, size, id);
        break;
      case EventKind.GAP:
        this.#drop('gap');
        break;
      case EventKind.CHECKSUM:
        this.#drop('checksum');
        break;
      default:
        this.#drop('trading state');
    }
    return true;
  }

  /** Takes lots out of an order and writes what is left of it. */
  #take(side: number, price: number, lots: number, id: number): void {
    this.#orders.reduce(id, lots);
    if (this.#orders.has(id)) this.#put(HftKind.MODIFY_ORDER, side, price, this.#orders.sizeOf(id), id);
    else this.#put(HftKind.CANCEL_ORDER, side, price, 0, id);
  }

  #setTimes(venueNs: number, localNs: number): void {
    const times = this.#times;
    if (venueNs !== venueNs || localNs !== localNs) this.filledTimes++;
    if (venueNs === venueNs) times[0] = venueNs;
    else if (localNs === localNs) times[0] = localNs;
    if (localNs === localNs) times[1] = localNs;
    else if (venueNs === venueNs) times[1] = venueNs;
    if (times[0]! < times[2]!) this.backwards++;
    else times[2] = times[0]!;
    if (times[1]! < times[0]!) this.negativeLatency++;
  }

  #put(kind: number, side: number, priceTicks: number, sizeLots: number, id: number): void {
    const at = this.#at;
    const words = this.#words;
    const floats = this.#floats;
    words[(at + HftField.EV) * 2] = kind | side | HftFlag.EXCH | HftFlag.LOCAL;
    words[(at + HftField.EV) * 2 + 1] = 0;
    putInt64(words, at + HftField.EXCH_TS, this.#times[0]!, this.#epoch);
    putInt64(words, at + HftField.LOCAL_TS, this.#times[1]!, this.#epoch);
    floats[at + HftField.PX] = this.#instrument.price.toNumber(priceTicks);
    floats[at + HftField.QTY] = this.#instrument.size.toNumber(sizeLots);
    putInt64(words, at + HftField.ORDER_ID, id, NO_EPOCH);
    words.fill(0, (at + HftField.IVAL) * 2, (at + WORDS) * 2);
    this.#at = at + WORDS;
    this.rows++;
  }

  #drop(what: string): void {
    this.dropped.set(what, (this.dropped.get(what) ?? 0) + 1);
  }
}
