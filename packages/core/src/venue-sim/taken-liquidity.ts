/**
 * What own takers took from the levels of one side of a recorded book. The recording knows nothing of it, so the lots are
 * missing to us until the venue shows the level anew.
 */
import { SortedMap } from '../base/sorted-map.ts';

export class TakenLiquidity {
  /** Levels of which something is taken. */
  count = 0;
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
    }
    this.#lots[place] += lots;
  }

  /** The venue showed the level anew. */
  refresh(priceTicks: number): void {
    const place = this.#places.get(priceTicks);
    if (place < 0) return;
    this.#places.remove(priceTicks);
    this.count--;
    this.#free.push(place);
  }

  clear(): void {
    this.#places.clear();
    this.#free.length = 0;
    this.#used = 0;
    this.count = 0;
  }
}
