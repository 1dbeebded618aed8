/**
 * Best bid and best ask of an L2 book whose sides cross: the newer row is right. A row that reaches or crosses the other
 * side's best moves that best to the next level beyond the row's price. The levels passed over stay stored, and one
 * of them is the best again when a row shows it anew.
 *
 * Ask `mustNote` after each row that the book was given, and `note` the row if it says so. While the book has not crossed,
 * that costs two loads and a comparison, and the answers are the book's own.
 */
import type { L2Book } from '../market/l2-book.ts';
import type { L2Side } from '../market/l2-side.ts';

export class CleanTouch {
  readonly #bids: L2Side;
  readonly #asks: L2Side;
  /** True while a best differs from the book's; then these are the bests (NaN = none). */
  #differs = false;
  #bid = Number.NaN;
  #ask = Number.NaN;

  constructor(book: L2Book) {
    this.#bids = book.bids;
    this.#asks = book.asks;
  }

  /** Whether a best differs from the book's. While none does, a row that stays off the other side's best need not be noted. */
  get differs(): boolean {
    return this.#differs;
  }

  /** NaN when there is none. */
  get bidTicks(): number {
    return this.#differs ? this.#bid : this.#bids.bestPrice();
  }

  /** NaN when there is none. */
  get askTicks(): number {
    return this.#differs ? this.#ask : this.#asks.bestPrice();
  }

  /** The book was emptied. */
  clear(): void {
    this.#differs = false;
  }

  /** True when `note` must hear of the row that the book was just given. */
  mustNote(): boolean {
    return this.#differs || this.#bids.bestPrice() >= this.#asks.bestPrice();
  }

  /** The book holds a new row of the bid side, or of the ask side. */
  note(isBid: boolean, priceTicks: number, sizeLots: number): void {
    if (!this.#differs) {
      this.#differs = true;
      this.#bid = isBid ? priceTicks : firstBelow(this.#bids, priceTicks);
      this.#ask = isBid ? firstAbove(this.#asks, priceTicks) : priceTicks;
    } else if (isBid) this.#trackBid(priceTicks, sizeLots);
    else this.#trackAsk(priceTicks, sizeLots);
  }

  #trackBid(price: number, size: number): void {
    // Not "above": a best of NaN gives way to any price.
    if (size > 0) {
      if (!(price <= this.#bid)) {
        this.#bid = price;
        if (price >= this.#ask) this.#ask = firstAbove(this.#asks, price);
      }
    } else if (price === this.#bid) this.#bid = firstBelow(this.#bids, price);
    this.#compare();
  }

  #trackAsk(price: number, size: number): void {
    if (size > 0) {
      if (!(price >= this.#ask)) {
        this.#ask = price;
        if (price <= this.#bid) this.#bid = firstBelow(this.#bids, price);
      }
    } else if (price === this.#ask) this.#ask = firstAbove(this.#asks, price);
    this.#compare();
  }

  /** `Object.is`, since NaN is a side without a level. */
  #compare(): void {
    this.#differs = !Object.is(this.#bid, this.#bids.bestPrice()) || !Object.is(this.#ask, this.#asks.bestPrice());
  }
}

function firstAbove(asks: L2Side, price: number): number {
  let level = asks.best();
  while (level >= 0 && asks.priceOf(level) <= price) level = asks.next(level);
  return level < 0 ? Number.NaN : asks.priceOf(level);
}

function firstBelow(bids: L2Side, price: number): number {
  let level = bids.best();
  while (level >= 0 && bids.priceOf(level) >= price) level = bids.next(level);
  return level < 0 ? Number.NaN : bids.priceOf(level);
}
