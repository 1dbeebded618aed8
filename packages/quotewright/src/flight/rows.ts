/** A growing table of numbers in one array: rows of a flight that there may be very many of. */

export class Rows {
  length = 0;
  readonly width: number;
  /** Read through this, at `row × width`; another array after an `add` that had to grow. */
  data: Float64Array;

  constructor(width: number, capacity = 1024) {
    this.width = width;
    this.data = new Float64Array(width * capacity);
  }

  /** Adds a row of zeros and answers its offset. */
  add(): number {
    const at = this.length++ * this.width;
    if (at === this.data.length) {
      const grown = new Float64Array(at * 2);
      grown.set(this.data);
      this.data = grown;
    }
    return at;
  }

  /** Rows whose number in column 0, which rises, is at most so much. */
  countTo(value: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.data[middle * this.width]! <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
