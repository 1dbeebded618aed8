/**
 * The resting orders of one product as its order-by-order feed shows them, and the UUIDs that they have there. Of those that stood before
 * we listened the numbers are not known: one that is named for the first time is taken for the first of its price and size.
 */
import type { L3Book } from '@quotewright/core/market/l3-book';
import { Side } from '@quotewright/core/market/side';

export interface Resting {
  readonly uuid: string;
  readonly isBuy: boolean;
  readonly priceTicks: number;
  lots: number;
  /** Rises with the time of arrival: the order of the queue of a price. */
  readonly place: number;
}

export class OrderIds {
  /** By the number that an order has in the market's records. */
  #resting = new Map<number, Resting>();
  /** While the book is laid anew: what stood before. */
  #before = new Map<number, Resting>();
  /** Of orders of accounts, which have the id that their owner knows. */
  readonly #names = new Map<number, string>();

  #places = 0;
  /** Orders without a number, in the order of their queues. */
  readonly #unnamed = new Set<Resting>();

  /** @param queues as they are now; undefined: there are none */
  constructor(queues: L3Book | undefined) {
    if (queues === undefined) return;
    for (const side of [Side.BUY, Side.SELL]) {
      for (let level = queues.best(side); level !== 0; level = queues.levelAfter(level)) {
        const priceTicks = queues.levelPrice(level);
        for (let slot = queues.front(level); slot !== 0; slot = queues.behind(slot)) {
          const uuid = `20000000-0000-4000-8000-${(this.#unnamed.size + 1).toString(16).padStart(12, '0')}`;
          this.#unnamed.add({
            uuid,
            isBuy: side === Side.BUY,
            priceTicks,
            lots: queues.openLots(slot),
            place: ++this.#places,
          });
        }
      }
    }
  }

  /** An order is named that stands at a price, with so many lots (or more, or any). */
  meet(book: number, isBuy: boolean, priceTicks: number, lots: number): void {
    if (this.#unnamed.size === 0 || this.#resting.has(book)) return;
    const there = [...this.#unnamed].filter((order) => order.isBuy === isBuy && order.priceTicks === priceTicks);
    const found = there.find((order) => order.lots === lots) ?? there.find((order) => order.lots > lots) ?? there[0];
    if (found === undefined) return;
    this.#unnamed.delete(found);
    this.#resting.set(book, found);
    this.#names.set(book, found.uuid);
  }

  name(book: number, uuid: string): void {
    this.#names.set(book, uuid);
  }

  uuid(book: number): string {
    return this.#names.get(book) ?? `10000000-0000-4000-8000-${book.toString(16).padStart(12, '0').slice(-12)}`;
  }

  /** The book is laid anew: what stands is told of again (`again`), and what is not is gone (`left`). */
  begin(): void {
    this.#before = this.#resting;
    this.#resting = new Map();
  }

  /** @returns the order as it was known; undefined when it is new */
  again(book: number, isBuy: boolean, priceTicks: number, lots: number): Resting | undefined {
    this.meet(book, isBuy, priceTicks, lots);
    const known = this.#resting.get(book) ?? this.#before.get(book);
    this.#before.delete(book);
    this.#resting.set(book, { uuid: known?.uuid ?? this.uuid(book), isBuy, priceTicks, lots, place: ++this.#places });
    return known;
  }

  /** Those that are not in the book any more. */
  left(): Resting[] {
    const gone = [...this.#unnamed, ...this.#before.values()];
    for (const book of this.#before.keys()) if (!this.#resting.has(book)) this.#names.delete(book);
    this.#unnamed.clear();
    this.#before.clear();
    return gone;
  }

  /** An order has ended that may never have stood. */
  forget(book: number): void {
    if (!this.#resting.has(book)) this.#names.delete(book);
  }

  add(book: number, isBuy: boolean, priceTicks: number, lots: number): string {
    const uuid = this.uuid(book);
    this.#resting.set(book, { uuid, isBuy, priceTicks, lots, place: ++this.#places });
    return uuid;
  }

  reduce(book: number, lots: number): Resting | undefined {
    const order = this.#resting.get(book);
    if (order !== undefined) order.lots = Math.max(0, order.lots - lots);
    return order;
  }

  remove(book: number): Resting | undefined {
    const order = this.#resting.get(book);
    this.#resting.delete(book);
    this.#names.delete(book);
    return order;
  }

  all(isBuy: boolean): Resting[] {
    return [...this.#unnamed, ...this.#resting.values()]
      .filter((order) => order.isBuy === isBuy)
      .toSorted((a, b) => a.place - b.place);
  }
}
