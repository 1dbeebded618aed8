/**
 * The one-step law of a LOBSTER sample: message i applied to book row i−1 gives book row i. Rows are the venue's visible
 * levels, `askPrice1,askSize1,bidPrice1,bidSize1,askPrice2,…` in units of 10⁻⁴ and shares; an absent level has price
 * ±9999999999 and size 0.
 */
import { MessageType } from './row.ts';

const ASK = 0;
const BID = 2;
const LEVEL_FIELDS = 4;
const NO_PRICE = 9_999_999_999;

export class OneStep {
  readonly levels: number;
  /** The book row that is expected next. */
  readonly row: Float64Array;
  #askLevels = 0;
  #bidLevels = 0;

  constructor(levels: number) {
    this.levels = levels;
    this.row = new Float64Array(levels * LEVEL_FIELDS);
  }

  /** Takes the recording's row as it is. */
  load(row: Float64Array): void {
    this.row.set(row);
  }

  /** Applies a message to the row. `price` is × 10⁴, `direction` the resting order's. */
  apply(type: number, size: number, price: number, direction: number): void {
    this.#askLevels = this.levels;
    this.#bidLevels = this.levels;
    if (type === MessageType.ADD) this.#add(direction === 1 ? BID : ASK, price, size);
    else if (type >= MessageType.REDUCE && type <= MessageType.EXECUTE) {
      this.#take(direction === 1 ? BID : ASK, price, size);
    }
  }

  /**
   * Whether the expected row is the recorded one on every level that can be known: when a level has emptied, the last
   * one of its side is what slid in from outside the window.
   */
  equals(row: Float64Array): boolean {
    return this.#sideEquals(row, ASK, this.#askLevels) && this.#sideEquals(row, BID, this.#bidLevels);
  }

  #sideEquals(row: Float64Array, side: number, levels: number): boolean {
    for (let at = side, level = 0; level < levels; level++, at += LEVEL_FIELDS) {
      if (row[at] !== this.row[at] || row[at + 1] !== this.row[at + 1]) return false;
    }
    return true;
  }

  #add(side: number, price: number, size: number): void {
    const row = this.row;
    const sign = side === BID ? -1 : 1;
    for (let at = side; at < row.length; at += LEVEL_FIELDS) {
      if (row[at] === price) {
        row[at + 1]! += size;
        return;
      }
      if (sign * price < sign * row[at]!) {
        for (let to = row.length - LEVEL_FIELDS + side; to > at; to -= LEVEL_FIELDS) {
          row[to] = row[to - LEVEL_FIELDS]!;
          row[to + 1] = row[to + 1 - LEVEL_FIELDS]!;
        }
        row[at] = price;
        row[at + 1] = size;
        return;
      }
    }
  }

  #take(side: number, price: number, size: number): void {
    const row = this.row;
    for (let at = side; at < row.length; at += LEVEL_FIELDS) {
      if (row[at] !== price) continue;
      row[at + 1]! -= size;
      if (row[at + 1]! > 0) return;
      const last = row.length - LEVEL_FIELDS + side;
      for (let to = at; to < last; to += LEVEL_FIELDS) {
        row[to] = row[to + LEVEL_FIELDS]!;
        row[to + 1] = row[to + 1 + LEVEL_FIELDS]!;
      }
      row[last] = side === BID ? -NO_PRICE : NO_PRICE;
      row[last + 1] = 0;
      if (side === BID) this.#bidLevels--;
      else this.#askLevels--;
      return;
    }
  }
}

/** A side of a row as text, best first: `size@price`, prices in units of 10⁻⁴. */
export function formatRow(row: Float64Array): string {
  const side = (from: number): string => {
    const levels: string[] = [];
    for (let at = from; at < row.length; at += LEVEL_FIELDS) levels.push(`${row[at + 1]}@${row[at]}`);
    return levels.join(' ');
  };
  return `asks ${side(ASK)}, bids ${side(BID)}`;
}
