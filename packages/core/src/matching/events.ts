/**
 * What the matching engine did, as 32-byte records in a buffer that the caller owns. When the buffer is full in the middle of an
 * operation its owner is called to take the records out, so no event is ever lost and none allocates.
 */
import type { Reason } from './codes.ts';

export const MatchEvent = {
  /** The order is valid. PRICE, LOTS as entered (a slid post-only order: as it rests). SLOT 0: it will never rest. */
  ACCEPTED: 1,
  /** The order, cancel or amendment was refused for its reason; nothing changed. */
  REJECTED: 2,
  /**
   * LOTS traded at PRICE between REF, the taker, and MAKER_REF, whose slot SLOT is. GONE: nothing more of the maker is shown or
   * hidden. What is left of the taker is its size less its trades.
   */
  TRADED: 3,
  /** LOTS were taken out of the order for its reason. GONE: nothing is left of it. */
  CANCELLED: 4,
  /** A GTD or DAY order's time came; LOTS were open. GONE. */
  EXPIRED: 5,
  /** The order stands at PRICE with LOTS open, hidden ones included (before it trades, if it now crosses). */
  AMENDED: 6,
  /** A conditional order of LOTS enters the market: the last trade, at PRICE, reached its trigger. */
  TRIGGERED: 7,
} as const;
export type MatchEvent = (typeof MatchEvent)[keyof typeof MatchEvent];

/** Fields of a record: int32 are `ints[(record << 3) | …]`, float64 (PRICE, LOTS) are `doubles[(record << 2) | …]`. */
export const EventField = {
  /** Kind (8 bits), reason (8 bits), side (1 bit), GONE. */
  HEAD: 0,
  /** The caller's number of the order; of the taker in TRADED. */
  REF: 1,
  SLOT: 2,
  GENERATION: 3,
  /** TRADED, in the place of the generation. */
  MAKER_REF: 3,
  PRICE: 2,
  LOTS: 3,
} as const;

/** Bit of HEAD. */
export const EVENT_GONE = 1 << 17;

const { HEAD, REF, SLOT, GENERATION, PRICE, LOTS } = EventField;

export const eventKind = (head: number): number => head & 0xff;
/** A `Reason`; `REASON_TEXT` has its words. */
export const eventReason = (head: number): number => (head >> 8) & 0xff;
/** Side of the order; of the taker in TRADED. */
export const eventSide = (head: number): number => (head >> 16) & 1;
export const isGone = (head: number): boolean => (head & EVENT_GONE) !== 0;

export class MatchEventBuffer {
  readonly capacity: number;
  readonly ints: Int32Array;
  /** The same memory as float64. */
  readonly doubles: Float64Array;
  /** Records written since the last flush. */
  length = 0;
  readonly #take: (buffer: MatchEventBuffer) => void;

  /**
   * @param capacity records; a few hundred stay in the nearest cache
   * @param take reads the records `[0, length)`; called by `flush` and whenever the buffer is full. It must not call the engine
   */
  constructor(capacity: number, take: (buffer: MatchEventBuffer) => void) {
    const bytes = new ArrayBuffer(capacity * 32);
    this.capacity = capacity;
    this.ints = new Int32Array(bytes);
    this.doubles = new Float64Array(bytes);
    this.#take = take;
  }

  /** Hands the records to the owner and starts anew. */
  flush(): void {
    if (this.length === 0) return;
    this.#take(this);
    this.length = 0;
  }

  /**
   * Starts a record with its int32 fields and answers its number. The caller stores the float64 fields itself: float64
   * arguments of a call that is not inlined would be boxed.
   */
  begin(head: number, ref: number, slot: number, generation: number): number {
    let record = this.length;
    if (record === this.capacity) {
      this.flush();
      record = 0;
    }
    this.length = record + 1;
    const ints = this.ints;
    const at = record << 3;
    ints[at | HEAD] = head | 0;
    ints[at | REF] = ref | 0;
    ints[at | SLOT] = slot | 0;
    ints[at | GENERATION] = generation | 0;
    return record;
  }

  /** Writes a whole record, off the hot path. */
  write(head: number, ref: number, slot: number, generation: number, price: number, lots: number): void {
    const record = this.begin(head, ref, slot, generation);
    this.doubles[(record << 2) | PRICE] = price;
    this.doubles[(record << 2) | LOTS] = lots;
  }
}

/** Head of a record. */
export function eventHead(kind: MatchEvent, reason: Reason, side: number): number {
  return kind | (reason << 8) | (side << 16);
}
