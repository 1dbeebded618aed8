/**
 * Fills that wait for their markouts: a growing ring of rows (`fill-rows.ts`), oldest first, with one pointer per horizon.
 *
 * A markout is the mid that held at the time of the fill plus the horizon. It is taken at the first event at or after that time,
 * before the event counts; since mids change at events only, that is the mid at that time. All fills have the same horizons,
 * so each pointer only moves forward.
 */
import { FillField } from './fill-rows.ts';

const { LOCAL_NS, MARKOUT_MID_TICKS } = FillField;

export class FillQueue {
  /** Float64 values in one row. */
  readonly stride: number;
  data: Float64Array;
  /** When the next markout is due; Infinity when none is. */
  nextNs = Number.POSITIVE_INFINITY;
  readonly #horizonsNs: Float64Array;
  /** Fills so far whose markout at the horizon is known. */
  readonly #known: Float64Array;
  #mask: number;
  /** Fills so far that have left, and that came. */
  #head = 0;
  #tail = 0;

  /** @throws RangeError when horizons are not positive and rising. */
  constructor(horizonsNs: readonly number[], capacity = 64) {
    horizonsNs.forEach((ns, i) => {
      if (!(ns > (i === 0 ? 0 : horizonsNs[i - 1]) && ns < Number.POSITIVE_INFINITY)) {
        throw new RangeError(`horizonsNs [${horizonsNs.join(', ')}] are not positive and rising`);
      }
    });
    if (horizonsNs.length === 0) throw new RangeError('horizonsNs is empty');
    this.#horizonsNs = Float64Array.from(horizonsNs);
    this.#known = new Float64Array(horizonsNs.length);
    this.stride = MARKOUT_MID_TICKS + horizonsNs.length;
    this.data = new Float64Array(capacity * this.stride);
    this.#mask = capacity - 1;
  }

  /** Fills that wait. */
  get length(): number {
    return this.#tail - this.#head;
  }

  /** Appends a row with markouts NaN and answers its offset in `data`; the caller writes the other fields and calls `arm`. */
  push(): number {
    if (this.#tail - this.#head > this.#mask) this.#grow();
    const at = (this.#tail++ & this.#mask) * this.stride;
    this.data.fill(Number.NaN, at + MARKOUT_MID_TICKS, at + this.stride);
    return at;
  }

  /**
   * Offset of a row whose markout at the horizon is due by now, NaN-marked, or -1. The caller writes the mid into the row's
   * `MARKOUT_MID_TICKS + horizon`; the next call goes on to the next row.
   */
  due(horizon: number, nowNs: number): number {
    const known = this.#known[horizon];
    if (known === this.#tail) return -1;
    const at = (known & this.#mask) * this.stride;
    if (!(this.data[at + LOCAL_NS] + this.#horizonsNs[horizon] <= nowNs)) return -1;
    this.#known[horizon] = known + 1;
    return at;
  }

  /** Works out `nextNs` anew. */
  arm(): void {
    let next = Number.POSITIVE_INFINITY;
    for (let horizon = 0; horizon < this.#known.length; horizon++) {
      const known = this.#known[horizon];
      if (known === this.#tail) continue;
      const ns = this.data[(known & this.#mask) * this.stride + LOCAL_NS] + this.#horizonsNs[horizon];
      if (ns < next) next = ns;
    }
    this.nextNs = next;
  }

  /** Takes out the oldest row if its last markout is known, or in any case; answers its offset, valid until the next `push`, or -1. */
  shift(inAnyCase: boolean): number {
    if (this.#head === (inAnyCase ? this.#tail : this.#known[this.#known.length - 1])) return -1;
    const at = (this.#head++ & this.#mask) * this.stride;
    // Those that leave early are over for every horizon.
    for (let horizon = 0; horizon < this.#known.length; horizon++) {
      if (this.#known[horizon] < this.#head) this.#known[horizon] = this.#head;
    }
    return at;
  }

  #grow(): void {
    const { stride } = this;
    const grown = new Float64Array(this.data.length * 2);
    const mask = this.#mask * 2 + 1;
    for (let i = this.#head; i < this.#tail; i++) {
      const from = (i & this.#mask) * stride;
      grown.set(this.data.subarray(from, from + stride), (i & mask) * stride);
    }
    this.data = grown;
    this.#mask = mask;
  }
}
