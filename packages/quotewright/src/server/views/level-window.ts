/** The best levels of one side of a book as they were told last, and what is different now. Typed arrays: a look allocates only what it tells. */
import type { Book } from '@quotewright/core/market/book';
import { Side } from '@quotewright/core/market/side';
import type { LevelEntry } from '../protocol/stream.ts';

export class LevelWindow {
  readonly #side: Side;
  readonly #direction: number;
  readonly #levels: number;
  /** Told last, best first. */
  #prices: Float64Array;
  #sizes: Float64Array;
  #count = 0;
  #newPrices: Float64Array;
  #newSizes: Float64Array;

  constructor(side: Side, levels: number) {
    this.#side = side;
    this.#direction = side === Side.BUY ? -1 : 1;
    this.#levels = levels;
    this.#prices = new Float64Array(levels);
    this.#sizes = new Float64Array(levels);
    this.#newPrices = new Float64Array(levels);
    this.#newSizes = new Float64Array(levels);
  }

  /** Looks at the book. Answers the levels that have another size than was told (0: it is not among the best any more), best first. */
  look(book: Book): LevelEntry[] {
    const changes: LevelEntry[] = [];
    const direction = this.#direction;
    const prices = this.#prices;
    const sizes = this.#sizes;
    const newPrices = this.#newPrices;
    const newSizes = this.#newSizes;
    const oldCount = this.#count;
    const count = book.top(this.#side, this.#levels, newPrices, newSizes);
    let i = 0;
    for (let j = 0; j < count; j++) {
      const price = newPrices[j]!;
      const size = newSizes[j]!;
      const key = direction * price;
      while (i < oldCount && direction * prices[i]! < key) changes.push([prices[i++]!, 0]);
      if (i < oldCount && prices[i] === price) {
        if (sizes[i++] !== size) changes.push([price, size]);
      } else changes.push([price, size]);
    }
    for (; i < oldCount; i++) changes.push([prices[i]!, 0]);
    this.#prices = newPrices;
    this.#sizes = newSizes;
    this.#newPrices = prices;
    this.#newSizes = sizes;
    this.#count = count;
    return changes;
  }

  /** As told last, best first. */
  told(): LevelEntry[] {
    return Array.from({ length: this.#count }, (_, i) => [this.#prices[i]!, this.#sizes[i]!] as const);
  }
}
