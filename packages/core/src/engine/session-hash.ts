/**
 * A rolling hash over records: four lanes of multiply-xor over their 32-bit words (FNV-1a's step, on words instead of bytes), so that
 * a record costs a few nanoseconds. Two sessions with the same hash had the same records in the same order. Not cryptographic.
 */
import { EVENT_STRIDE } from '../market/event.ts';

const PRIME = 0x0100_0193;

export class SessionHash {
  /** Records so far. */
  count = 0;
  readonly #lanes = Int32Array.of(0x811c_9dc5, 0x1234_5677, 0x2468_ace1, 0x7f4a_7c15);
  /** The memory of the last two arrays that were given, as 32-bit words: records come from few arrays in turn. */
  #data: Float64Array = new Float64Array(0);
  #words: Int32Array = new Int32Array(0);
  #otherData = this.#data;
  #otherWords = this.#words;

  /** Takes in the record at `data[offset, offset + EVENT_STRIDE)`; `data` begins where its buffer does. */
  add(data: Float64Array, offset: number): void {
    if (data !== this.#data) this.#use(data);
    const words = this.#words;
    const lanes = this.#lanes;
    let a = lanes[0];
    let b = lanes[1];
    let c = lanes[2];
    let d = lanes[3];
    const end = (offset + EVENT_STRIDE) << 1;
    for (let i = offset << 1; i < end; i += 4) {
      a = Math.imul(a ^ words[i], PRIME);
      b = Math.imul(b ^ words[i + 1], PRIME);
      c = Math.imul(c ^ words[i + 2], PRIME);
      d = Math.imul(d ^ words[i + 3], PRIME);
    }
    lanes[0] = a ^ (a >>> 15);
    lanes[1] = b ^ (b >>> 15);
    lanes[2] = c ^ (c >>> 15);
    lanes[3] = d ^ (d >>> 15);
    this.count++;
  }

  /** 32 hexadecimal digits. */
  digest(): string {
    return Array.from(this.#lanes, (lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }

  #use(data: Float64Array): void {
    const words = this.#otherWords;
    const isOther = data === this.#otherData;
    this.#otherData = this.#data;
    this.#otherWords = this.#words;
    this.#data = data;
    this.#words = isOther ? words : new Int32Array(data.buffer);
  }
}
