/**
 * Lots that are missing from the levels of one side of a recorded book until the venue shows the level anew: what own takers took,
 * of which the recording knows nothing, or what has printed since.
 */
import { SortedMap } from '../base/sorted-map.ts';

export class TakenLiquidity {
  /** Levels of which something is taken. */
  count = 0;
  /** No price of them is outside of these; ±Infinity when there is none. */
  lowest = Infinity;
  highest = -Infinity;
  /** Place in `#lots` by price. */
  readonly #places = new SortedMap();
  #lots = new Float64Array(16);
  readonly #free: number[] = [];
  #used = 0;

  /** Lots taken at a price. */
  at(priceTicks: number): number {
    const place = this.#places.get(priceTicks);
    return place < 0 ? 0 : this.#lots[place];
  }

  take(priceTicks: number, lots: number): void {
    let place = this.#places.get(priceTicks);
    if (place < 0) {
      place = this.#free.pop() ?? this.#used++;
      if (place === this.#lots.length) {
        const grown = new Float64Array(2 * place);
        grown.set(this.#lots);
        this.#lots = grown;
      }
      this.#lots[place] = 0;
      this.#places.insert(priceTicks, place);
      this.count++;
      if (priceTicks < this.lowest) this.lowest = priceTicks;
      if (priceTicks > this.highest) this.highest = priceTicks;
    }
    this.#lots[place] += lots;
  }

  /** The venue showed the level anew. Answers whether anything was taken of it. */
  refresh(priceTicks: number): boolean {
    if (!(priceTicks >= this.lowest && priceTicks <= this.highest)) return false;
    const place = this.#places.get(priceTicks);
    if (place < 0) return false;
    this.#places.remove(priceTicks);
    this.count--;
    this.#free.push(place);
    if (this.count === 0) this.#forget();
    return true;
  }

  clear(): void {
    this.#places.clear();
    this.#free.length = 0;
    this.#used = 0;
    this.count = 0;
    this.#forget();
  }

  #forget(): void {
    this.lowest = Infinity;
    this.highest = -Infinity;
  }
}
