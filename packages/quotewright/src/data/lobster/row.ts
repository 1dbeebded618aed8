/**
 * A LOBSTER message row: seconds after the exchange's midnight, type, order id, size, price × 10⁴, direction of the
 * RESTING order (1 buy, −1 sell). Source: LOBSTER's sample readme and its description of the output.
 */
import { isBlank, NumericRow } from '../csv.ts';

export const MessageType = { ADD: 1, REDUCE: 2, DELETE: 3, EXECUTE: 4, EXECUTE_HIDDEN: 5, CROSS: 6, HALT: 7 } as const;

/** Columns of a row's values. */
export const Column = { SECONDS: 0, TYPE: 1, ID: 2, SIZE: 3, PRICE: 4, DIRECTION: 5 } as const;
const COLUMNS = 6;

/** What `decode` found besides a good row. */
export const RowFault = {
  NONE: 0,
  BLANK: 1,
  MALFORMED: 2,
  TIME: 3,
  TYPE: 4,
  HALT: 5,
  ID: 6,
  SIZE: 7,
  PRICE: 8,
  DIRECTION: 9,
} as const;
export type RowFault = (typeof RowFault)[keyof typeof RowFault];

/** Words for each fault, by its code: the kinds of bad rows in a report. */
export const ROW_FAULT_TEXT = [
  '',
  'blank line',
  'not six comma-separated numbers',
  'time is not seconds of a day with at most nine decimals',
  'unknown message type',
  "a halt's price is not -1, 0 or 1",
  'order id is not a positive integer',
  'size is not a positive integer',
  'price is not a positive integer',
  'direction is not 1 or -1',
] as const;

const POWERS = Float64Array.from({ length: 10 }, (_, places) => 10 ** (9 - places));
const DAY_NS = 86_400e9;

export class MessageRow {
  /** By `Column`: the last good row. */
  readonly values: Float64Array;
  /** Slot 0: nanoseconds after the exchange's midnight of the last good row. In an array so that it is never boxed. */
  readonly timeNs = new Float64Array(1);
  fault: RowFault = RowFault.NONE;
  readonly #row = new NumericRow(COLUMNS);

  constructor() {
    this.values = this.#row.values;
  }

  /** Where the row decoded last ends. */
  get end(): number {
    return this.#row.end;
  }

  /** Decodes the row that starts at `start`; answers where the next one starts. `fault` tells whether it is good. */
  decode(bytes: Uint8Array, start: number, limit: number): number {
    const row = this.#row;
    const next = row.decode(bytes, start, limit);
    this.fault = row.count === COLUMNS ? this.#check() : faultOf(bytes, start, row.end);
    return next;
  }

  #check(): RowFault {
    const values = this.values;
    const places = this.#row.places;
    if (places[1] !== 0 || places[2] !== 0 || places[3] !== 0 || places[4] !== 0 || places[5] !== 0) {
      return RowFault.MALFORMED;
    }
    if (places[0]! > 9) return RowFault.TIME;
    const time = values[0]! * POWERS[places[0]!]!;
    if (!(time >= 0 && time <= DAY_NS)) return RowFault.TIME;
    this.timeNs[0] = time;
    const type = values[Column.TYPE]!;
    const price = values[Column.PRICE]!;
    if (!(type >= MessageType.ADD && type <= MessageType.HALT)) return RowFault.TYPE;
    if (type === MessageType.HALT) return price >= -1 && price <= 1 ? RowFault.NONE : RowFault.HALT;
    // Hidden executions and crosses name no order of the book.
    if (values[Column.ID]! < 1 && type < MessageType.EXECUTE_HIDDEN) return RowFault.ID;
    if (values[Column.SIZE]! < 1) return RowFault.SIZE;
    if (price < 1) return RowFault.PRICE;
    const direction = values[Column.DIRECTION]!;
    return direction === 1 || direction === -1 ? RowFault.NONE : RowFault.DIRECTION;
  }
}

function faultOf(bytes: Uint8Array, start: number, end: number): RowFault {
  return isBlank(bytes, start, end) ? RowFault.BLANK : RowFault.MALFORMED;
}
