/**
 * Rows of numbers in the order of time, one for each interval of a fixed length, in a ring of typed memory. Of the rows of one interval the
 * last one stays, at its own time. Column by column the numbers lie together: a series is one column.
 */

const FIRST_ROWS = 256;

export class SampleTier {
  readonly intervalNs: number;
  /** Rows so far; those from `first` on are kept. */
  count = 0;
  readonly #capacity: number;
  readonly #columns: number;
  #rows = FIRST_ROWS;
  #times: Float64Array;
  #values: Float64Array;

  /** @param capacity rows that are kept at most */
  constructor(intervalNs: number, capacity: number, columns: number) {
    this.intervalNs = intervalNs;
    this.#capacity = capacity;
    this.#columns = columns;
    this.#rows = Math.min(FIRST_ROWS, capacity);
    this.#times = new Float64Array(this.#rows);
    this.#values = new Float64Array(this.#rows * columns);
  }

  get first(): number {
    return Math.max(0, this.count - this.#capacity);
  }

  /** Takes a row of a time that is not before the last one's. */
  add(timeNs: number, row: Float64Array): void {
    const isSame = this.count > 0 && this.#bucket(this.timeNs(this.count - 1)) === this.#bucket(timeNs);
    if (!isSame) {
      if (this.count === this.#rows && this.#rows < this.#capacity) this.#grow();
      this.count++;
    }
    const at = (this.count - 1) % this.#rows;
    this.#times[at] = timeNs;
    for (let column = 0; column < this.#columns; column++) {
      this.#values[column * this.#rows + at] = row[column]!;
    }
  }

  /** Of a row that is kept. */
  timeNs(row: number): number {
    return this.#times[row % this.#rows]!;
  }

  value(row: number, column: number): number {
    return this.#values[column * this.#rows + (row % this.#rows)]!;
  }

  /** The last row at or before a time; -1 when all that are kept are later. */
  at(timeNs: number): number {
    let low = this.first;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timeNs(middle) <= timeNs) low = middle + 1;
      else high = middle;
    }
    return low > this.first ? low - 1 : -1;
  }

  /** A row may be the last of its interval, at any time in it: intervals end at whole multiples. */
  #bucket(timeNs: number): number {
    return Math.ceil(timeNs / this.intervalNs);
  }

  #grow(): void {
    const rows = Math.min(2 * this.#rows, this.#capacity);
    const values = new Float64Array(rows * this.#columns);
    for (let column = 0; column < this.#columns; column++) {
      values.set(this.#values.subarray(column * this.#rows, column * this.#rows + this.count), column * rows);
    }
    const times = new Float64Array(rows);
    times.set(this.#times.subarray(0, this.count));
    this.#times = times;
    this.#values = values;
    this.#rows = rows;
  }
}
