/** The last prices of some assets, sampled together, and the returns between them. */
import { ReturnMatrix } from '@quotewright/core/risk/var/return-matrix';

export class PriceWindow {
  readonly #assets: number;
  readonly #rows: number;
  readonly #prices: Float64Array;
  #count = 0;

  /** @param returns that are kept: a price more than that */
  constructor(assets: number, returns: number) {
    this.#assets = assets;
    this.#rows = returns + 1;
    this.#prices = new Float64Array(this.#rows * assets);
  }

  /** Takes the prices at `data[offset]`, all above zero. */
  add(data: Float64Array, offset: number): void {
    const at = (this.#count++ % this.#rows) * this.#assets;
    for (let asset = 0; asset < this.#assets; asset++) this.#prices[at + asset] = data[offset + asset]!;
  }

  get returns(): number {
    return Math.max(0, Math.min(this.#count, this.#rows) - 1);
  }

  /** Oldest first. */
  matrix(): ReturnMatrix {
    const rows = Math.min(this.#count, this.#rows);
    const prices = new Float64Array(rows * this.#assets);
    const first = this.#count % this.#rows;
    const oldest = this.#count > this.#rows ? first * this.#assets : 0;
    const tail = this.#prices.subarray(oldest, rows * this.#assets);
    prices.set(tail);
    prices.set(this.#prices.subarray(0, oldest), tail.length);
    return ReturnMatrix.ofPrices(this.#assets, prices);
  }
}
