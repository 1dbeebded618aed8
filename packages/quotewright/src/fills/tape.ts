/**
 * A recording of orders as one table: what happened, to which order, and what its level showed before and after. The truth of
 * fills reads it in two ways: order by order (what really happened) and level by level without the order numbers (what
 * an L2 feed would have told). Sizes are lots, prices ticks, times nanoseconds since the recording's epoch day.
 */
import { Side } from '@quotewright/core/market/side';

export const RowKind = {
  /** An order joined the back of its level. */
  ADD: 1,
  /** Lots of an order were cancelled, some or all. */
  CANCEL: 2,
  /** Lots of a resting order traded. */
  EXEC: 3,
  /** A print that names no resting order that was seen: a hidden one's, or one from before the recording. */
  PRINT: 4,
  /** The level is no longer published: it was pushed out of the visible window, or the book became stale. */
  HIDE: 5,
} as const;
export type RowKind = (typeof RowKind)[keyof typeof RowKind];

const NONE = -1;

/** Columns by row, in file order. */
export class Tape {
  length = 0;
  kind = new Uint8Array(1024);
  /** The resting side, for prints too. */
  side = new Uint8Array(1024);
  timeNs = new Float64Array(1024);
  priceTicks = new Float64Array(1024);
  /** Size of the change. */
  lots = new Float64Array(1024);
  /** 0 for prints and hidden levels. */
  orderId = new Float64Array(1024);
  /** What the level showed before and after. */
  beforeLots = new Float64Array(1024);
  afterLots = new Float64Array(1024);
  /** Best price of the other side before the row; NaN when there is none. */
  oppositeTicks = new Float64Array(1024);
  /** The next row of the same level, -1 when there is none. */
  next = new Int32Array(1024);
  readonly #lastOfLevel = new Map<number, number>();

  push(
    kind: RowKind,
    side: Side,
    timeNs: number,
    priceTicks: number,
    lots: number,
    orderId: number,
    beforeLots: number,
    afterLots: number,
    oppositeTicks: number,
  ): void {
    if (this.length === this.kind.length) this.#grow();
    const row = this.length++;
    this.kind[row] = kind;
    this.side[row] = side;
    this.timeNs[row] = timeNs;
    this.priceTicks[row] = priceTicks;
    this.lots[row] = lots;
    this.orderId[row] = orderId;
    this.beforeLots[row] = beforeLots;
    this.afterLots[row] = afterLots;
    this.oppositeTicks[row] = oppositeTicks;
    this.next[row] = NONE;
    const level = side === Side.BUY ? priceTicks : -priceTicks;
    const last = this.#lastOfLevel.get(level);
    if (last !== undefined) this.next[last] = row;
    this.#lastOfLevel.set(level, row);
  }

  #grow(): void {
    this.kind = doubled(this.kind, Uint8Array);
    this.side = doubled(this.side, Uint8Array);
    this.timeNs = doubled(this.timeNs, Float64Array);
    this.priceTicks = doubled(this.priceTicks, Float64Array);
    this.lots = doubled(this.lots, Float64Array);
    this.orderId = doubled(this.orderId, Float64Array);
    this.beforeLots = doubled(this.beforeLots, Float64Array);
    this.afterLots = doubled(this.afterLots, Float64Array);
    this.oppositeTicks = doubled(this.oppositeTicks, Float64Array);
    this.next = doubled(this.next, Int32Array);
  }
}

function doubled<T extends Uint8Array | Int32Array | Float64Array>(from: T, make: new (length: number) => T): T {
  const to = new make(2 * from.length);
  to.set(from);
  return to;
}
