/**
 * A rolling hash over records: four lanes of multiply-xor (FNV-1a's step, on 32-bit numbers instead of bytes), so that a record costs
 * a few nanoseconds. Fields are whole numbers below 2^53 or NaN; each enters by its low 32 bits, and what is above by the sum over
 * times, size and order number. Two sessions with the same hash had, for all practical purposes, the same records in the same
 * order. Not cryptographic.
 */
import { checkState } from '../base/state.ts';
import { Field } from '../market/event.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const PRIME = 0x0100_0193;
const HIGH = 2 ** -32;

export interface SessionHashState {
  readonly count: number;
  readonly lanes: Int32Array;
}

export class SessionHash {
  /** Records so far. */
  count = 0;
  readonly #lanes = Int32Array.of(0x811c_9dc5, 0x1234_5677, 0x2468_ace1, 0x7f4a_7c15);

  /** Takes in the record at `data[offset, offset + EVENT_STRIDE)`. */
  add(data: Float64Array, offset: number): void {
    const lanes = this.#lanes;
    const venueNs = data[offset + VENUE_NS];
    const localNs = data[offset + LOCAL_NS];
    const size = data[offset + SIZE_LOTS];
    const orderId = data[offset + ORDER_ID];
    // NaN counts as 0 here.
    const a = Math.imul(lanes[0] ^ (data[offset + HEAD] | 0), PRIME) ^ ((localNs + venueNs) * HIGH);
    const b = Math.imul(lanes[1] ^ (localNs | 0), PRIME) ^ ((size + orderId) * HIGH);
    const c = Math.imul(lanes[2] ^ (venueNs | 0), PRIME) ^ (orderId | 0);
    const d = Math.imul(lanes[3] ^ (size | 0), PRIME) ^ (data[offset + SEQ] | 0);
    const e = Math.imul(a, PRIME) ^ (data[offset + PRICE_TICKS] | 0);
    const f = Math.imul(d, PRIME) ^ (data[offset + AUX] | 0);
    lanes[0] = e ^ (e >>> 15);
    lanes[1] = Math.imul(b, PRIME) ^ (b >>> 15);
    lanes[2] = Math.imul(c, PRIME) ^ (c >>> 15);
    lanes[3] = f ^ (f >>> 15);
    this.count++;
  }

  save(): SessionHashState {
    return { count: this.count, lanes: this.#lanes.slice() };
  }

  restore(state: SessionHashState): void {
    checkState('a session hash', state, this.save());
    this.count = state.count;
    this.#lanes.set(state.lanes);
  }

  /** 32 hexadecimal digits. */
  digest(): string {
    return Array.from(this.#lanes, (lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** What the hash would not see of a number that is not whole: 31 bits behind the point. Inputs with such a number hold it beside. */
export function hashFraction(value: number): number {
  return Math.floor((value - Math.floor(value)) * 2 ** 31);
}
