/**
 * Normalised market events: what every reader and every venue connection turns its messages into, and what books,
 * engine and writers consume. A record is eight float64 (64 bytes) in an interleaved batch; all integers in it are exact.
 */

/** Float64 fields of a record, by offset. */
export const Field = {
  /** Kind, flags and instrument index, packed: see `packHead`. */
  HEAD: 0,
  /** When the venue did it; NaN when the venue gave no time. Nanoseconds since the recording's epoch day, UTC. */
  VENUE_NS: 1,
  /** When we received it; NaN when the recording does not tell. Same unit. */
  LOCAL_NS: 2,
  PRICE_TICKS: 3,
  SIZE_LOTS: 4,
  /** L3: the order's number (the venue's, or one given at the edge to a text id). Otherwise 0. */
  ORDER_ID: 5,
  /** Update id, trade id or message sequence number of the venue; 0 when there is none. CHECKSUM: the checksum. */
  SEQ: 6,
  /** TRADE and ORDER_EXEC: the taker's order number; ORDER_EXEC may leave it 0. Otherwise 0. */
  AUX: 7,
} as const;

/** Float64 values in one record. */
export const EVENT_STRIDE = 8;

export const EventKind = {
  /** L2: the level at a price now holds this size; 0 removes it. Side = the level's. */
  LEVEL: 1,
  /** A print. Side = the aggressor's. It does not change a book by itself. */
  TRADE: 2,
  /** Best bid or best ask (by side) as the venue publishes it on its own; an oracle or an L1 feed, not a book change. */
  QUOTE: 3,
  /** L3: an order joins the back of its level's queue. */
  ORDER_ADD: 4,
  /** L3: the order's open size is now SIZE_LOTS. Smaller keeps its place, larger goes to the back. */
  ORDER_SET: 5,
  /** L3: the order is gone (cancelled, or filled when the venue says no more than that). */
  ORDER_REMOVE: 6,
  /** L3: SIZE_LOTS of the resting order traded. Side = the resting order's. Gone when nothing is left. */
  ORDER_EXEC: 7,
  /** The book of the instrument is emptied; the records of a snapshot follow, each flagged SNAPSHOT. */
  SNAPSHOT_BEGIN: 8,
  /** The snapshot is complete: the book is valid from here. SEQ = the snapshot's sequence number. */
  SNAPSHOT_END: 9,
  /** A sequence gap or another break: the book is stale until the next snapshot. SEQ = the first number after the gap. */
  GAP: 10,
  /** The venue's checksum of the book as it is after the records so far. SEQ = the checksum. */
  CHECKSUM: 11,
  /** SIZE_LOTS = a TradingStatus. */
  STATUS: 12,
  /** L3: SIZE_LOTS were taken out of the order (a partial cancel); it keeps its place, and is gone when nothing is left. */
  ORDER_REDUCE: 13,
} as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

export const TradingStatus = { HALTED: 0, AUCTION: 1, TRADING: 2 } as const;

export const EventFlag = {
  /** Buy side (bid); absent = sell side (ask). */
  BUY: 1,
  /** Last record of one venue message: between this and the next record the book is consistent. */
  LAST: 2,
  /** Part of a snapshot. */
  SNAPSHOT: 4,
} as const;

/** Packs kind (8 bits), flags (8 bits) and instrument index (15 bits) into the HEAD field. */
export function packHead(kind: number, flags: number, instrument: number): number {
  return kind | (flags << 8) | (instrument << 16);
}
export const headKind = (head: number): number => head & 0xff;
export const headFlags = (head: number): number => (head >> 8) & 0xff;
export const headInstrument = (head: number): number => head >> 16;

/** A reusable batch of records. A producer fills it, a consumer reads it, and the producer clears it again. */
export class EventBatch {
  readonly capacity: number;
  readonly data: Float64Array;
  /** Records in use. */
  length = 0;

  constructor(capacity = 4096) {
    this.capacity = capacity;
    this.data = new Float64Array(capacity * EVENT_STRIDE);
  }

  get isFull(): boolean {
    return this.length === this.capacity;
  }

  clear(): void {
    this.length = 0;
  }

  /** Appends a record. The caller sees to it that the batch is not full. */
  push(
    kind: number,
    flags: number,
    instrument: number,
    venueNs: number,
    localNs: number,
    priceTicks: number,
    sizeLots: number,
    orderId: number,
    seq: number,
    aux: number,
  ): void {
    const data = this.data;
    const at = this.length++ * EVENT_STRIDE;
    data[at + Field.HEAD] = packHead(kind, flags, instrument);
    data[at + Field.VENUE_NS] = venueNs;
    data[at + Field.LOCAL_NS] = localNs;
    data[at + Field.PRICE_TICKS] = priceTicks;
    data[at + Field.SIZE_LOTS] = sizeLots;
    data[at + Field.ORDER_ID] = orderId;
    data[at + Field.SEQ] = seq;
    data[at + Field.AUX] = aux;
  }

  /** Marks the record pushed last as the last one of its venue message. */
  endMessage(): void {
    if (this.length > 0) this.data[(this.length - 1) * EVENT_STRIDE + Field.HEAD] |= EventFlag.LAST << 8;
  }
}
