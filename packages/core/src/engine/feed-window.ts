/**
 * The part of a recording that a replay has at hand, under its two clocks: rows in the order of local time, as they came, and
 * the same rows in the order of venue time, as they happened. Constant memory: what both clocks have passed is dropped.
 *
 * Clocks are repaired while rows come in, and what was repaired is counted: a missing time is made from the other one and
 * the assumed feed latency; the local clock is shifted by a constant; a row is never received before it happened, nor before
 * the row that was received before it; a row whose venue time the replay has passed happens at once.
 */
import { EVENT_STRIDE, Field } from '../market/event.ts';

const { VENUE_NS, LOCAL_NS } = Field;

export interface ClockRepair {
  /**
   * Rows happen at the venue when they are received, as in a paper session, whose simulated venue knows what we know when we know it.
   * Their venue times are left as they are. Default: they happen at their venue times.
   */
  readonly happensLocally?: boolean;
  /** Added to every local time, nanoseconds. */
  readonly shiftNs: number;
  /** Feed latency of rows that carry one clock only, nanoseconds. */
  readonly assumedLatencyNs: number;
}

export class FeedWindow {
  /** Rows at hand, EVENT_STRIDE values each, in the order of local time. */
  data = new Float64Array(FIRST_ROWS * EVENT_STRIDE);
  /** Offsets in `data` of the rows by venue time. */
  venueOrder = new Int32Array(FIRST_ROWS);
  /** Rows at hand. */
  length = 0;
  /** The next row that is received, and the next entry of `venueOrder` that happens; moved by the replay. */
  localNext = 0;
  venueNext = 0;
  /** Rows appended so far. */
  rows = 0;
  /** Local time of the row appended last. */
  lastLocalNs = Number.NEGATIVE_INFINITY;
  /** Rows whose time of one clock was missing. */
  missingTimes = 0;
  /** Rows that would have been received before they happened, or before the row in front of them. */
  receivedEarly = 0;
  /** Rows that came in venue time behind what the replay had passed, and happen late. */
  lateRows = 0;
  /** Of a row: when it happens at the venue. */
  readonly venueField: number;
  readonly #repair: ClockRepair;
  #lastVenueNs = Number.NEGATIVE_INFINITY;
  /** Venue time of the entry that the replay consumed last when rows were dropped. */
  #passedNs = Number.NEGATIVE_INFINITY;

  constructor(repair: ClockRepair) {
    this.#repair = repair;
    this.venueField = repair.happensLocally === true ? LOCAL_NS : VENUE_NS;
  }

  /** Takes in the records `[0, count)` of a batch, which are in the order in which they were received. */
  append(batch: Float64Array, count: number): void {
    this.#makeRoom(count);
    if (this.venueField === LOCAL_NS) return this.#appendLocal(batch, count);
    const { shiftNs, assumedLatencyNs } = this.#repair;
    const data = this.data;
    const order = this.venueOrder;
    data.set(batch.subarray(0, count * EVENT_STRIDE), this.length * EVENT_STRIDE);
    let lastLocalNs = this.lastLocalNs;
    let lastVenueNs = this.#lastVenueNs;
    let row = this.length;
    this.rows += count;
    for (const end = row + count; row < end; row++) {
      const at = row * EVENT_STRIDE;
      let venueNs = data[at + VENUE_NS];
      let localNs = data[at + LOCAL_NS] + shiftNs;
      if (localNs !== localNs || venueNs !== venueNs) {
        this.missingTimes++;
        if (venueNs === venueNs) localNs = venueNs + assumedLatencyNs;
        else if (localNs === localNs) venueNs = localNs - assumedLatencyNs;
        else {
          localNs = Math.max(lastLocalNs, 0);
          venueNs = localNs;
        }
        data[at + VENUE_NS] = venueNs;
      }
      if (localNs < venueNs || localNs < lastLocalNs) {
        this.receivedEarly++;
        localNs = Math.max(venueNs, lastLocalNs);
      }
      data[at + LOCAL_NS] = localNs;
      lastLocalNs = localNs;
      if (venueNs >= lastVenueNs) {
        order[row] = at;
        lastVenueNs = venueNs;
      } else this.#insert(row, at, venueNs);
    }
    this.length = row;
    this.lastLocalNs = lastLocalNs;
    this.#lastVenueNs = lastVenueNs;
  }

  #appendLocal(batch: Float64Array, count: number): void {
    const { data, venueOrder } = this;
    const { shiftNs } = this.#repair;
    data.set(batch.subarray(0, count * EVENT_STRIDE), this.length * EVENT_STRIDE);
    this.rows += count;
    for (let row = this.length, end = row + count; row < end; row++) {
      const at = row * EVENT_STRIDE;
      let localNs = data[at + LOCAL_NS] + shiftNs;
      if (!(localNs >= this.lastLocalNs)) {
        this.receivedEarly++;
        localNs = this.lastLocalNs;
      }
      data[at + LOCAL_NS] = localNs;
      this.lastLocalNs = localNs;
      venueOrder[row] = at;
    }
    this.length += count;
  }

  /** Puts a row that happened before the one in front of it into its place; among equal times, behind. */
  #insert(row: number, at: number, venueNs: number): void {
    const { data, venueOrder } = this;
    const passedNs = this.venueNext > 0 ? data[venueOrder[this.venueNext - 1] + VENUE_NS] : this.#passedNs;
    let ns = venueNs;
    if (ns < passedNs) {
      this.lateRows++;
      ns = passedNs;
      data[at + VENUE_NS] = ns;
    }
    let place = row;
    while (place > this.venueNext && data[venueOrder[place - 1] + VENUE_NS] > ns) {
      venueOrder[place] = venueOrder[place - 1];
      place--;
    }
    venueOrder[place] = at;
  }

  #makeRoom(count: number): void {
    const rowsHeld = this.venueOrder.length;
    if (this.length + count <= rowsHeld) return;
    // Rows stand in `data` in local order, and each is needed until both clocks have passed it.
    let firstRow = this.localNext;
    for (let i = this.venueNext; i < this.length; i++) firstRow = Math.min(firstRow, this.venueOrder[i] / EVENT_STRIDE);
    const kept = this.length - firstRow;
    const needed = (kept + count) * 2;
    const from = this.data.subarray(firstRow * EVENT_STRIDE, this.length * EVENT_STRIDE);
    if (this.venueNext > 0) this.#passedNs = this.data[this.venueOrder[this.venueNext - 1] + VENUE_NS];
    const order = this.venueOrder.subarray(this.venueNext, this.length);
    // Entries of the venue's order that stay; the rows in front of them in it are passed but may still wait to be received.
    const waiting = order.length;
    const pad = kept - waiting;
    const data = needed > rowsHeld ? new Float64Array(needed * EVENT_STRIDE) : this.data;
    const venueOrder = needed > rowsHeld ? new Int32Array(needed) : this.venueOrder;
    if (data === this.data) data.copyWithin(0, firstRow * EVENT_STRIDE, this.length * EVENT_STRIDE);
    else data.set(from);
    const shift = firstRow * EVENT_STRIDE;
    // Downwards in memory, so that in place each entry is read before it is overwritten; `pad` is never above where it came from.
    for (let i = 0; i < waiting; i++) venueOrder[pad + i] = order[i] - shift;
    this.data = data;
    this.venueOrder = venueOrder;
    this.localNext -= firstRow;
    this.venueNext = pad;
    this.length = kept;
  }
}

const FIRST_ROWS = 16_384;
