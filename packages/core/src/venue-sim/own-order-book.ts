/**
 * Own orders at a simulated venue of one instrument, and the reports on them. Nothing here knows the market: who trades with
 * whom is the venue's affair (`own-order-venue.ts` and its children, `living/own-desk.ts`).
 *
 * An order has a slot from its acknowledgement to its end. Slots are found by our number of the order through a table of its low
 * bits: the engine's numbers are a generation and a small slot of its desk, so that numbers that are open at once differ there, and
 * those that do not are chained. Nothing is allocated unless more orders are open than ever before.
 *
 * Prices in ticks, sizes in lots, times in nanoseconds since the epoch day.
 */
import { Field, packHead } from '../market/event.ts';
import type { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import { RecordQueue } from '../trading/record-queue.ts';
import { OrderFlag, Reject, ReportKind } from '../trading/records.ts';
import { OwnSide } from './own-queue.ts';
import type { OwnImpact } from './own-impact.ts';

const { HEAD, VENUE_NS, LOCAL_NS, SEQ, AUX } = Field;
const { BUY, MAKER, KEPT_PLACE } = OrderFlag;

/** Prices beyond are refused. */
const LARGEST_TICKS = 2 ** 46;

/** Fields of an order at `values[(slot << OWN_SHIFT) + …]`. */
export const Own = {
  ORDER_ID: 0,
  PRICE_TICKS: 1,
  /** Total size, filled included. */
  TOTAL_LOTS: 2,
  OPEN_LOTS: 3,
  /** From here on the venue keeps what it must know of an order's place in the queue. */
  VENUE: 4,
} as const;
export const OWN_SHIFT = 4;
const { ORDER_ID, PRICE_TICKS, TOTAL_LOTS, OPEN_LOTS } = Own;

/** Int32 fields of an order. */
const WORDS_SHIFT = 2;
const FLAGS = 0;
/** 1 while the order is in its side's list. */
const STANDS = 1;
/** The next order of the same low bits; of a free slot, the next free one. */
const NEXT = 2;

const FIRST_SLOTS = 64;

export class OwnOrderBook {
  readonly instrument: Instrument;
  readonly reports = new RecordQueue();
  /** Standing orders by side. */
  readonly sides: readonly [OwnSide, OwnSide] = [new OwnSide(), new OwnSide()];
  /** The venue's time, which reports bear. */
  nowNs = Number.NaN;
  /** Signed; own fills only. */
  positionLots = 0;
  /** Another array after an `open` that had to grow it. */
  values = new Float64Array(FIRST_SLOTS << OWN_SHIFT);
  readonly #index: number;
  readonly #makerPpb: number;
  readonly #takerPpb: number;
  #words = new Int32Array(FIRST_SLOTS << WORDS_SHIFT);
  /** Slot by the low bits of the order's number; 0, which is nobody's slot, where there is none. */
  #table = new Int32Array(FIRST_SLOTS);
  /** An order's number on its way from the small methods, which V8 inlines, to the large ones: numbers beyond 2^31 would be boxed. */
  readonly #id = new Float64Array(1);
  #free = 0;
  #fresh = 1;
  #executions = 0;

  readonly #impact: OwnImpact | undefined;

  /**
   * @param index the instrument's index in the records; fees are those of the instrument's first tier, or none
   * @param impact what own takers pay beyond the prices that the venue fills them at
   */
  constructor(instrument: Instrument, index: number, impact?: OwnImpact) {
    this.#impact = impact;
    this.instrument = instrument;
    this.#index = index;
    this.#makerPpb = instrument.fees?.makerPpb[0] ?? 0;
    this.#takerPpb = instrument.fees?.takerPpb[0] ?? 0;
  }

  /** Slot of an order by its number; 0 when it is not open. */
  find(orderId: number): number {
    this.#id[0] = orderId;
    return this.#find();
  }

  /** Best standing order of a side, 0 = none. */
  first(side: Side): number {
    const list = this.sides[side];
    return list.count === 0 ? 0 : list.slots[0];
  }

  priceOf(slot: number): number {
    return this.values[(slot << OWN_SHIFT) + PRICE_TICKS];
  }

  /** Total size, filled included. */
  totalOf(slot: number): number {
    return this.values[(slot << OWN_SHIFT) + TOTAL_LOTS];
  }

  /** 0 for the order that the last `fill` has filled. */
  openOf(slot: number): number {
    return this.values[(slot << OWN_SHIFT) + OPEN_LOTS];
  }

  sideOf(slot: number): Side {
    return (this.flagsOf(slot) & BUY) === 0 ? Side.SELL : Side.BUY;
  }

  /** The request's flags. */
  flagsOf(slot: number): number {
    return this.#words[(slot << WORDS_SHIFT) + FLAGS];
  }

  /**
   * Why an order of this price and size cannot be; `Reject.NONE` when it can.
   * @param worthTicks the price at which its value is judged: that of the other side's best when it takes
   */
  judge(priceTicks: number, worthTicks: number, sizeLots: number): Reject {
    const { minSizeLots, maxSizeLots, minNotionalAtoms } = this.instrument;
    if (!Number.isInteger(priceTicks) || Math.abs(priceTicks) > LARGEST_TICKS) return Reject.BAD_PRICE;
    if (!Number.isInteger(sizeLots) || sizeLots < minSizeLots || sizeLots > maxSizeLots) return Reject.BAD_SIZE;
    return this.instrument.notionalAtoms(worthTicks, sizeLots) < minNotionalAtoms ? Reject.BAD_NOTIONAL : Reject.NONE;
  }

  /** Lots that an order of this side can trade before the position turns. */
  reducible(side: Side): number {
    return Math.max(0, side === Side.BUY ? -this.positionLots : this.positionLots);
  }

  /** Opens an order that stands in no queue yet, and acknowledges it. The number must not be open. */
  open(orderId: number, flags: number, priceTicks: number, sizeLots: number): number {
    this.#id[0] = orderId;
    return this.#open(flags, priceTicks, sizeLots);
  }

  #find(): number {
    const orderId = this.#id[0];
    const table = this.#table;
    let slot = table[orderId & (table.length - 1)];
    while (slot !== 0 && this.values[slot << OWN_SHIFT] !== orderId) slot = this.#words[(slot << WORDS_SHIFT) + NEXT];
    return slot;
  }

  #open(flags: number, priceTicks: number, sizeLots: number): number {
    let slot = this.#free;
    if (slot === 0) {
      slot = this.#fresh++;
      if (slot << WORDS_SHIFT === this.#words.length) this.#grow();
    } else this.#free = this.#words[(slot << WORDS_SHIFT) + NEXT];
    const { values } = this;
    const at = slot << OWN_SHIFT;
    values[at + ORDER_ID] = this.#id[0];
    values[at + PRICE_TICKS] = priceTicks;
    values[at + TOTAL_LOTS] = sizeLots;
    values[at + OPEN_LOTS] = sizeLots;
    this.#words[(slot << WORDS_SHIFT) + FLAGS] = flags;
    this.#words[(slot << WORDS_SHIFT) + STANDS] = 0;
    this.#enter(slot);
    this.#tell(ReportKind.ACK, flags & BUY, slot);
    return slot;
  }

  /** Whether an order is in its side's list. */
  stands(slot: number): boolean {
    return this.#words[(slot << WORDS_SHIFT) + STANDS] !== 0;
  }

  /** Puts an open order into its side's list, behind those of its price. */
  stand(slot: number): void {
    this.#words[(slot << WORDS_SHIFT) + STANDS] = 1;
    const side = this.sideOf(slot);
    this.sides[side].insert(this.#keyOf(slot, side), slot);
  }

  /** Takes an order out of its side's list if it is there; it stays open. */
  leave(slot: number): void {
    if (!this.stands(slot)) return;
    this.#words[(slot << WORDS_SHIFT) + STANDS] = 0;
    const side = this.sideOf(slot);
    this.sides[side].remove(this.#keyOf(slot, side), slot);
  }

  /** Gives an open order another price and total size (above what is filled), and says so. Its place is the caller's affair. */
  amend(slot: number, priceTicks: number, totalLots: number, keepsPlace: boolean): void {
    const { values } = this;
    const at = slot << OWN_SHIFT;
    values[at + OPEN_LOTS] += totalLots - values[at + TOTAL_LOTS];
    values[at + PRICE_TICKS] = priceTicks;
    values[at + TOTAL_LOTS] = totalLots;
    const to = this.#tell(ReportKind.AMENDED, (this.flagsOf(slot) & BUY) | (keepsPlace ? KEPT_PLACE : 0), slot);
    this.reports.data[to + Field.SIZE_LOTS] = totalLots;
  }

  /** Up to `lots` of the order trade; answers how many did. An order that is filled is gone. */
  fill(slot: number, lots: number, priceTicks: number, isMaker: boolean): number {
    const { values } = this;
    const at = slot << OWN_SHIFT;
    const open = values[at + OPEN_LOTS];
    const size = lots < open ? lots : open;
    const buy = this.flagsOf(slot) & BUY;
    this.positionLots += buy === 0 ? -size : size;
    values[at + OPEN_LOTS] = open - size;
    const to = this.#tell(ReportKind.FILL, isMaker ? buy | MAKER : buy, slot);
    const { data } = this.reports;
    data[to + Field.PRICE_TICKS] = isMaker ? priceTicks : this.#pushed(slot, priceTicks, size);
    data[to + Field.SIZE_LOTS] = size;
    data[to + SEQ] = ++this.#executions;
    data[to + AUX] = isMaker ? this.#makerPpb : this.#takerPpb;
    if (size === open) this.#close(slot);
    return size;
  }

  /** How far an order gets when it takes: its limit, less what own takers have pushed the prices before it. */
  takeLimit(slot: number): number {
    const price = this.priceOf(slot);
    const side = this.sideOf(slot);
    return side === Side.BUY ? price - this.pushedTicks(side) : price + this.pushedTicks(side);
  }

  /** Ticks by which own takers have pushed prices against a taker of a side. */
  pushedTicks(side: Side): number {
    return this.#impact === undefined ? 0 : this.#impact.shiftTicks(side, this.nowNs);
  }

  /** The price that a taker pays where the recording shows another, and the push that it leaves. */
  #pushed(slot: number, priceTicks: number, lots: number): number {
    if (this.#impact === undefined) return priceTicks;
    const side = this.sideOf(slot);
    const ticks = this.pushedTicks(side);
    this.#impact.add(side, lots, this.nowNs);
    return side === Side.BUY ? priceTicks + ticks : priceTicks - ticks;
  }

  /** Ends an order; what was open is cut off. */
  cancel(slot: number, reason: Reject): void {
    const to = this.#tell(ReportKind.CANCELLED, this.flagsOf(slot) & BUY, slot);
    this.reports.data[to + AUX] = reason;
    this.#close(slot);
  }

  /** Answers a request that changes nothing, in its own terms; of the flags, the side is told. */
  refuse(kind: ReportKind, flags: number, priceTicks: number, sizeLots: number, orderId: number, reason: Reject): void {
    const to = this.#report(kind, flags & BUY);
    const { data } = this.reports;
    data[to + Field.PRICE_TICKS] = priceTicks;
    data[to + Field.SIZE_LOTS] = sizeLots;
    data[to + Field.ORDER_ID] = orderId;
    data[to + AUX] = reason;
  }

  /** Reports an order as it is, at the offset that it answers. */
  #tell(kind: ReportKind, flags: number, slot: number): number {
    const to = this.#report(kind, flags);
    const { data } = this.reports;
    const { values } = this;
    const at = slot << OWN_SHIFT;
    data[to + Field.PRICE_TICKS] = values[at + PRICE_TICKS];
    data[to + Field.SIZE_LOTS] = values[at + OPEN_LOTS];
    data[to + Field.ORDER_ID] = values[at + ORDER_ID];
    data[to + AUX] = 0;
    return to;
  }

  /** Begins a report at the offset that it answers; price, size, number and AUX are the caller's. */
  #report(kind: ReportKind, flags: number): number {
    const to = this.reports.reserve();
    const { data } = this.reports;
    data[to + HEAD] = packHead(kind, flags, this.#index);
    data[to + VENUE_NS] = this.nowNs;
    data[to + LOCAL_NS] = Number.NaN;
    data[to + SEQ] = 0;
    return to;
  }

  #keyOf(slot: number, side: Side): number {
    const price = this.values[(slot << OWN_SHIFT) + PRICE_TICKS];
    return side === Side.BUY ? -price : price;
  }

  /** Makes the order of a slot known by its number. */
  #enter(slot: number): void {
    const table = this.#table;
    const at = this.values[slot << OWN_SHIFT] & (table.length - 1);
    this.#words[(slot << WORDS_SHIFT) + NEXT] = table[at];
    table[at] = slot;
  }

  #close(slot: number): void {
    this.leave(slot);
    const words = this.#words;
    const table = this.#table;
    const next = words[(slot << WORDS_SHIFT) + NEXT];
    const at = this.values[slot << OWN_SHIFT] & (table.length - 1);
    if (table[at] === slot) table[at] = next;
    else {
      let before = table[at];
      while (words[(before << WORDS_SHIFT) + NEXT] !== slot) before = words[(before << WORDS_SHIFT) + NEXT];
      words[(before << WORDS_SHIFT) + NEXT] = next;
    }
    words[(slot << WORDS_SHIFT) + NEXT] = this.#free;
    this.#free = slot;
  }

  /** Every slot is taken: twice as many, and a table of as many entries. */
  #grow(): void {
    const values = new Float64Array(this.values.length * 2);
    values.set(this.values);
    this.values = values;
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    const slots = this.#table.length;
    this.#table = new Int32Array(slots * 2);
    for (let slot = 1; slot < slots; slot++) this.#enter(slot);
  }
}
