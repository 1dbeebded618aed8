/** A queue of tops of book, each with the update id it is of, in one growing ring of float64. */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Side } from '@quotewright/core/market/side';

/** Update id, best bid in ticks and lots, best ask in ticks and lots. */
export const TOP_FIELDS = 5;

export class TopQueue {
  length = 0;
  #data = new Float64Array(64 * TOP_FIELDS);
  #first = 0;

  /** Appends the `TOP_FIELDS` values of `top`. */
  push(top: Float64Array): void {
    if (this.length * TOP_FIELDS === this.#data.length) this.#grow();
    this.#data.set(top, this.#at(this.length++));
  }

  /** Lets go of the oldest entry. */
  shift(): void {
    this.#first = (this.#first + TOP_FIELDS) % this.#data.length;
    this.length--;
  }

  /** Update id of the entry at a place, the oldest being 0. */
  id(place: number): number {
    return this.#data[this.#at(place)]!;
  }

  /** Best price of the oldest entry; NaN when the side is empty. */
  price(side: Side): number {
    return this.#data[this.#first + 1 + 2 * side]!;
  }

  /** Whether the oldest entries of both queues have the same price and size on a side. */
  equalSide(other: TopQueue, side: Side): boolean {
    const [own, others] = [this.#first + 1 + 2 * side, other.#first + 1 + 2 * side];
    return Object.is(this.#data[own], other.#data[others]) && this.#data[own + 1] === other.#data[others + 1];
  }

  /** The oldest entry in decimals. */
  words({ price, size }: Instrument): string {
    const [, bid, bidLots, ask, askLots] = this.#data.subarray(this.#first, this.#first + TOP_FIELDS);
    return `${words(price, bid!, size, bidLots!)} / ${words(price, ask!, size, askLots!)}`;
  }

  #at(place: number): number {
    return (this.#first + place * TOP_FIELDS) % this.#data.length;
  }

  #grow(): void {
    const larger = new Float64Array(this.#data.length * 2);
    larger.set(this.#data.subarray(this.#first));
    larger.set(this.#data.subarray(0, this.#first), this.#data.length - this.#first);
    this.#data = larger;
    this.#first = 0;
  }
}

function words(price: Instrument['price'], ticks: number, size: Instrument['size'], lots: number): string {
  return ticks === ticks ? `${price.format(ticks)} × ${size.format(lots)}` : 'none';
}
