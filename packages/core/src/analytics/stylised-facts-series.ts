/** A growing list of float64 without boxing. */
export class Series {
  length = 0;
  #data = new Float64Array(1024);

  push(value: number): void {
    if (this.length === this.#data.length) {
      const data = new Float64Array(this.#data.length * 2);
      data.set(this.#data);
      this.#data = data;
    }
    this.#data[this.length++] = value;
  }

  /** A view of what it holds, valid until the next `push`. */
  values(): Float64Array {
    return this.#data.subarray(0, this.length);
  }
}
