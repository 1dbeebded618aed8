/**
 * The records of own orders: slots, numbers, the list of unfinished orders of each lane with its totals, and the queue of
 * requests in flight. It knows nothing of requests, reports and states' meanings: `OrderDesk` drives it.
 *
 * An order's number is generation × 65,536 + slot: finding it is one look at the slot. A finished order keeps its slot until
 * at least 1,024 others have finished after it (fewer only when all 65,536 slots are taken), so that it can be read, and that a
 * late execution still finds it.
 */
import { checkNumbers, checkState } from '../base/state.ts';
import { Side } from '../market/side.ts';
import { LaneDouble, LaneWord, OrderDouble, OrderMark, OrderWord } from './order-layout.ts';

const { ID, PRICE_TICKS, WANTED_PRICE_TICKS, OPEN_LOTS, DEADLINE_NS } = OrderDouble;
const { FLAGS, LANE, NEXT, PREVIOUS, LATER, EARLIER } = OrderWord;
const { AWAITED } = OrderMark;
const { OPEN_LOTS: LANE_OPEN, BEST_TICKS, REFUSED_TICKS, REFUSED_NS } = LaneDouble;
const { FIRST, LAST, COUNT, STALE_BEST } = LaneWord;

const MAX_ORDERS = 65_536;
const FIRST_CAPACITY = 1024;
/** Finished orders that are kept readable. */
const KEPT = 1024;
/** Generations that `jump` leaves out; 2^53 has room for 131,072 jumps. */
const JUMP = 2 ** 20;

/** The arenas as they are: a slot's number is part of its order's, and the links between slots are the order of lists. */
export interface OrderTableState {
  /** 128 bytes for each slot that was ever used. */
  readonly orders: Int32Array;
  readonly lanes: Int32Array;
  /** Unfinished; oldest, youngest and number of finished ones; first and last request in flight; the least new number. */
  readonly numbers: readonly number[];
}

export class OrderTable {
  /** Both views of the orders' arena; other arrays after a `take` that had to grow. */
  doubles: Float64Array;
  words: Int32Array;
  readonly laneDoubles: Float64Array;
  readonly laneWords: Int32Array;
  /** Unfinished orders. */
  count = 0;
  /** Slots that were ever used. */
  #used = 0;
  #capacity = FIRST_CAPACITY;
  /** Finished orders, by age; -1 = none. */
  #oldest = -1;
  #youngest = -1;
  #finished = 0;
  /** The queue of requests in flight, by deadline; -1 = none. */
  #soonest = -1;
  #latest = -1;
  /** A generation × 65,536: no new number is below. */
  #leastId = MAX_ORDERS;

  constructor(lanes: number) {
    this.doubles = new Float64Array(FIRST_CAPACITY << 4);
    this.words = new Int32Array(this.doubles.buffer);
    this.laneDoubles = new Float64Array(lanes << 4);
    this.laneWords = new Int32Array(this.laneDoubles.buffer);
    for (let lane = 0; lane < lanes; lane++) {
      for (let side = 0; side < 2; side++) {
        this.laneDoubles[(lane << 4) | (BEST_TICKS + side)] = Number.NaN;
        this.laneDoubles[(lane << 4) | (REFUSED_TICKS + side)] = Number.NaN;
        this.laneDoubles[(lane << 4) | (REFUSED_NS + side)] = -Infinity;
      }
      this.laneWords[(lane << 5) | FIRST] = -1;
      this.laneWords[(lane << 5) | LAST] = -1;
    }
  }

  /** Slot of an order by its number, also of a finished one that is kept; -1 when it is not known (any more). */
  slotOf(orderId: number): number {
    const slot = orderId & 0xffff;
    return slot < this.#used && this.doubles[slot << 4] === orderId ? slot : -1;
  }

  /** Takes a slot for a new order, with a number of its own and nothing else filled in; -1 when all are taken. */
  take(): number {
    let slot = this.#oldest;
    if (this.#finished <= KEPT && this.#used < MAX_ORDERS) {
      slot = this.#used++;
      if (slot === this.#capacity) this.#grow();
      this.doubles[slot << 4] = this.#leastId + slot;
    } else if (slot >= 0) {
      this.#oldest = this.words[(slot << 5) | NEXT];
      if (this.#oldest < 0) this.#youngest = -1;
      this.#finished--;
      const id = this.doubles[(slot << 4) | ID] + MAX_ORDERS;
      this.doubles[(slot << 4) | ID] = id > this.#leastId ? id : this.#leastId + slot;
    }
    return slot;
  }

  /**
   * New numbers jump ahead of all that another process can have given out since this table was as it is: a slot would have to be
   * taken a million times.
   * @param epoch rises with every process; a table that was brought back to an older state leaves out what later ones gave out
   */
  jump(epoch: number): void {
    let least = this.#leastId;
    for (let slot = 0; slot < this.#used; slot++) least = Math.max(least, this.doubles[slot << 4] - slot);
    this.#leastId = Math.max(least + JUMP * MAX_ORDERS, epoch * JUMP * MAX_ORDERS);
  }

  /** Appends an order to its lane's list. Its OPEN_LOTS and prices count from here. */
  link(slot: number, lane: number): void {
    const words = this.words;
    const laneWords = this.laneWords;
    const last = laneWords[(lane << 5) | LAST];
    words[(slot << 5) | LANE] = lane;
    words[(slot << 5) | NEXT] = -1;
    words[(slot << 5) | PREVIOUS] = last;
    if (last < 0) laneWords[(lane << 5) | FIRST] = slot;
    else words[(last << 5) | NEXT] = slot;
    laneWords[(lane << 5) | LAST] = slot;
    laneWords[(lane << 5) | COUNT]++;
    this.count++;
    const side = ~words[(slot << 5) | FLAGS] & 1;
    this.laneDoubles[(lane << 4) | (LANE_OPEN + side)] += this.doubles[(slot << 4) | OPEN_LOTS];
    this.better(slot);
  }

  /** Takes a finished order out of its lane and puts it to the kept ones. OPEN_LOTS becomes 0. */
  finish(slot: number): void {
    const words = this.words;
    const laneWords = this.laneWords;
    const lane = words[(slot << 5) | LANE];
    const next = words[(slot << 5) | NEXT];
    const previous = words[(slot << 5) | PREVIOUS];
    if (previous < 0) laneWords[(lane << 5) | FIRST] = next;
    else words[(previous << 5) | NEXT] = next;
    if (next < 0) laneWords[(lane << 5) | LAST] = previous;
    else words[(next << 5) | PREVIOUS] = previous;
    laneWords[(lane << 5) | COUNT]--;
    this.count--;
    const side = ~words[(slot << 5) | FLAGS] & 1;
    this.laneDoubles[(lane << 4) | (LANE_OPEN + side)] -= this.doubles[(slot << 4) | OPEN_LOTS];
    this.doubles[(slot << 4) | OPEN_LOTS] = 0;
    laneWords[(lane << 5) | (STALE_BEST + side)] = 1;
    this.unawait(slot);

    words[(slot << 5) | NEXT] = -1;
    if (this.#youngest < 0) this.#oldest = slot;
    else words[(this.#youngest << 5) | NEXT] = slot;
    this.#youngest = slot;
    this.#finished++;
  }

  /** The order may stand at better prices than before: the lane's best follows. */
  better(slot: number): void {
    const doubles = this.doubles;
    const lane = this.words[(slot << 5) | LANE];
    const side = ~this.words[(slot << 5) | FLAGS] & 1;
    if (this.laneWords[(lane << 5) | (STALE_BEST + side)] !== 0) return;
    const price = doubles[(slot << 4) | PRICE_TICKS];
    const wanted = doubles[(slot << 4) | WANTED_PRICE_TICKS];
    const best = this.laneDoubles[(lane << 4) | (BEST_TICKS + side)];
    let next = best;
    // Written so that a best of NaN (none) gives way.
    if (side === Side.BUY) {
      if (!(price <= next)) next = price;
      if (wanted > next) next = wanted;
    } else {
      if (!(price >= next)) next = price;
      if (wanted < next) next = wanted;
    }
    this.laneDoubles[(lane << 4) | (BEST_TICKS + side)] = next;
  }

  /** Brings a lane's best price of a side up to date when it is stale. */
  refreshBest(lane: number, side: Side): void {
    if (this.laneWords[(lane << 5) | (STALE_BEST + side)] === 0) return;
    this.laneWords[(lane << 5) | (STALE_BEST + side)] = 0;
    this.laneDoubles[(lane << 4) | (BEST_TICKS + side)] = Number.NaN;
    const words = this.words;
    for (let slot = this.laneWords[(lane << 5) | FIRST]; slot >= 0; slot = words[(slot << 5) | NEXT]) {
      if ((~words[(slot << 5) | FLAGS] & 1) === side) this.better(slot);
    }
  }

  /** Puts an order, which is not there, to the end of the requests in flight; its DEADLINE_NS is none before theirs. */
  await(slot: number): void {
    const words = this.words;
    words[(slot << 5) | FLAGS] |= AWAITED;
    words[(slot << 5) | LATER] = -1;
    words[(slot << 5) | EARLIER] = this.#latest;
    if (this.#latest < 0) this.#soonest = slot;
    else words[(this.#latest << 5) | LATER] = slot;
    this.#latest = slot;
  }

  /** Takes an order out of the requests in flight, if it is there. */
  unawait(slot: number): void {
    const words = this.words;
    if ((words[(slot << 5) | FLAGS] & AWAITED) === 0) return;
    words[(slot << 5) | FLAGS] &= ~AWAITED;
    const later = words[(slot << 5) | LATER];
    const earlier = words[(slot << 5) | EARLIER];
    if (earlier < 0) this.#soonest = later;
    else words[(earlier << 5) | LATER] = later;
    if (later < 0) this.#latest = earlier;
    else words[(later << 5) | EARLIER] = earlier;
  }

  /** Slot of the request in flight that is overdue first; -1 = none is in flight. */
  get soonest(): number {
    return this.#soonest;
  }

  /** Its deadline; Infinity when none is in flight. */
  get soonestNs(): number {
    return this.#soonest < 0 ? Infinity : this.doubles[(this.#soonest << 4) | DEADLINE_NS];
  }

  save(): OrderTableState {
    const lists = [this.#oldest, this.#youngest, this.#finished, this.#soonest, this.#latest];
    return {
      orders: this.words.slice(0, this.#used << 5),
      lanes: this.laneWords.slice(),
      numbers: [this.count, ...lists, this.#leastId],
    };
  }

  restore(state: OrderTableState): void {
    checkState('orders', state, this.save(), ['orders']);
    checkNumbers('orders', state.numbers, 7);
    const used = state.orders.length >> 5;
    if (used << 5 !== state.orders.length || used > MAX_ORDERS) {
      throw new RangeError(
        `state of orders: ${state.orders.length} words are no whole orders, or more than ${MAX_ORDERS}`,
      );
    }
    this.#used = used;
    this.#capacity = FIRST_CAPACITY;
    while (this.#capacity < used) this.#capacity *= 2;
    this.doubles = new Float64Array(this.#capacity << 4);
    this.words = new Int32Array(this.doubles.buffer);
    this.words.set(state.orders);
    this.laneWords.set(state.lanes);
    [this.count, this.#oldest, this.#youngest, this.#finished, this.#soonest, this.#latest, this.#leastId] =
      state.numbers;
  }

  #grow(): void {
    this.#capacity *= 2;
    const doubles = new Float64Array(this.#capacity << 4);
    doubles.set(this.doubles);
    this.doubles = doubles;
    this.words = new Int32Array(doubles.buffer);
  }
}
