/**
 * Queues of the visible levels, as far as the messages tell them. A level that opened inside the window is known from
 * its first order on; one that slid in holds orders that nobody can name, until these are gone. A level that leaves
 * the window is forgotten: its cancels are not published.
 */
import { Column, MessageType } from './row.ts';

interface Level {
  /** Shares of orders from before the level was seen. They are the oldest of the queue. */
  unknown: number;
  /** Open shares by order id, oldest first. */
  readonly orders: Map<number, number>;
}

export class VisibleQueues {
  #levels = new Map<number, Level>();

  /** Id of the oldest order where the message's level is known in full; NaN where it is not. */
  oldest(values: Float64Array): number {
    const level = this.#levels.get(keyOf(values[Column.PRICE]!, values[Column.DIRECTION]!));
    if (level === undefined || level.unknown > 0) return Number.NaN;
    for (const id of level.orders.keys()) return id;
    return Number.NaN;
  }

  /**
   * Whether the window's size at the message's level is the sum of the level's orders: each of them rests, for the venue
   * as for us.
   */
  agrees(values: Float64Array, row: Float64Array): boolean {
    const price = values[Column.PRICE]!;
    const direction = values[Column.DIRECTION]!;
    const level = this.#levels.get(keyOf(price, direction));
    if (level === undefined || level.unknown > 0) return false;
    let sum = 0;
    for (const open of level.orders.values()) sum += open;
    for (let at = direction === 1 ? 2 : 0; at < row.length; at += 4) if (row[at] === price) return row[at + 1] === sum;
    return false;
  }

  /** Applies a message, then takes the recording's book row after it as the window. */
  apply(values: Float64Array, row: Float64Array): void {
    const type = values[Column.TYPE]!;
    if (type >= MessageType.ADD && type <= MessageType.EXECUTE) this.#change(values, type);
    const visible = new Map<number, Level>();
    for (let at = 0; at < row.length; at += 2) {
      if (row[at + 1] === 0) continue;
      const key = keyOf(row[at]!, at % 4 === 0 ? -1 : 1);
      visible.set(key, this.#levels.get(key) ?? { unknown: row[at + 1]!, orders: new Map() });
    }
    this.#levels = visible;
  }

  #change(values: Float64Array, type: number): void {
    const key = keyOf(values[Column.PRICE]!, values[Column.DIRECTION]!);
    const id = values[Column.ID]!;
    const size = values[Column.SIZE]!;
    const level = this.#levels.get(key);
    if (type === MessageType.ADD) {
      if (level === undefined) this.#levels.set(key, { unknown: 0, orders: new Map([[id, size]]) });
      else level.orders.set(id, size);
      return;
    }
    if (level === undefined) return;
    const open = level.orders.get(id);
    if (open === undefined) level.unknown = Math.max(0, level.unknown - size);
    else if (type === MessageType.DELETE || open <= size) level.orders.delete(id);
    else level.orders.set(id, open - size);
  }
}

/** One number for a price and a side. */
function keyOf(price: number, direction: number): number {
  return price * direction;
}
