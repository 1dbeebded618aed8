/** How long to wait before something is tried again: twice as long each time, up to a bound, less a random part. */

export class Backoff {
  readonly #firstMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #tries = 0;

  /** @param random from 0 to 1, below 1: those who were cut off together do not all come back together */
  constructor(firstMs: number, maxMs: number, random: () => number) {
    this.#firstMs = firstMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** How often it was tried since the last success. */
  get tries(): number {
    return this.#tries;
  }

  /** The next wait, milliseconds: from half of its length to the whole of it. */
  nextMs(): number {
    const lengthMs = Math.min(this.#maxMs, this.#firstMs * 2 ** Math.min(this.#tries, 30));
    this.#tries++;
    return lengthMs * (1 - this.#random() / 2);
  }

  /** It has worked. */
  reset(): void {
    this.#tries = 0;
  }
}
