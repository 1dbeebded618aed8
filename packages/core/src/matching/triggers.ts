/**
 * Conditional orders waiting for the last trade to reach their trigger. They stand in two further sides of the book's queues: one
 * for triggers that a rising price reaches (lowest first), one for those that a falling price reaches (highest first); equal
 * triggers fire in order of arrival. Trailing stops are looked at once per new last price, each in turn.
 */
import type { L3Book } from '../market/l3-book.ts';
import { Flag, Word } from '../market/l3-layout.ts';
import { Side } from '../market/side.ts';
import { OrderType } from './codes.ts';
import { Ext, type Extensions } from './extensions.ts';
import type { OrderRequest } from './request.ts';

/** Sides of the book's queues that hold triggers. */
export const RISING = 2;
export const FALLING = 3;

export class TriggerBook {
  /** Orders waiting. */
  count = 0;
  readonly #book: L3Book;
  readonly #extensions: Extensions;
  /** Trailing stops as slot and generation in turn; handles that went are swept when met. */
  #trailing: number[] = [];
  /** Length at which entries of orders that are gone are swept out. */
  #sweepAt = 64;
  #trailedTo = Number.NaN;

  constructor(book: L3Book, extensions: Extensions) {
    this.#book = book;
    this.#extensions = extensions;
  }

  /** Lets an order (with an extension, in no queue) wait for the trigger of the request. */
  place(slot: number, request: OrderRequest, lastTradeTicks: number): void {
    const { side, type, triggerTicks } = request;
    const { data } = this.#extensions;
    const at = this.#extensions.offsetOf(slot);
    data[at + Ext.LIMIT] = request.limit;
    data[at + Ext.SIDE] = side;
    const isProfit = type === OrderType.TAKE_PROFIT || type === OrderType.TAKE_PROFIT_LIMIT;
    let trigger = triggerTicks;
    if (type === OrderType.TRAILING_STOP) {
      data[at + Ext.TRAIL] = triggerTicks;
      trigger = lastTradeTicks + (side === Side.BUY ? triggerTicks : -triggerTicks);
      if (this.#trailing.length >= this.#sweepAt) this.#sweep();
      this.#trailing.push(slot, this.#book.generationOf(slot));
      // While none waited, the last trade may have gone away from this price and come back.
      this.#trailedTo = Number.NaN;
    }
    this.#book.words[(slot << 3) | Word.TAG] |= Flag.CONDITIONAL;
    this.#book.place(slot, (side === Side.BUY) !== isProfit ? RISING : FALLING, trigger, request.sizeLots);
    this.count++;
  }

  /** Slot of the next order whose trigger the last trade has reached, 0 = none; rising triggers before falling ones. */
  nextDue(lastTradeTicks: number): number {
    if (this.#trailing.length > 0 && lastTradeTicks !== this.#trailedTo) this.#trail(lastTradeTicks);
    if (this.#book.bestPrice(RISING) <= lastTradeTicks) return this.#front(RISING);
    if (this.#book.bestPrice(FALLING) >= lastTradeTicks) return this.#front(FALLING);
    return 0;
  }

  /** Takes an order out of its queue: from here it waits no longer. */
  remove(slot: number): void {
    this.#book.unlink(slot);
    this.#book.words[(slot << 3) | Word.TAG] &= ~Flag.CONDITIONAL;
    this.count--;
  }

  #front(side: number): number {
    return this.#book.front(this.#book.best(side));
  }

  /** Forgets trailing stops that have gone or fired. */
  #sweep(): void {
    const book = this.#book;
    const kept: number[] = [];
    for (let i = 0; i < this.#trailing.length; i += 2) {
      const [slot, generation] = [this.#trailing[i], this.#trailing[i + 1]];
      const isWaiting = book.isLive(slot, generation) && (book.words[(slot << 3) | Word.TAG] & Flag.CONDITIONAL) !== 0;
      if (isWaiting) kept.push(slot, generation);
    }
    this.#trailing = kept;
    this.#sweepAt = Math.max(64, 2 * kept.length);
  }

  /** Moves triggers that stand further from the last trade than their distance. */
  #trail(lastTradeTicks: number): void {
    const book = this.#book;
    this.#sweep();
    for (let i = 0; i < this.#trailing.length; i += 2) {
      const slot = this.#trailing[i];
      const at = this.#extensions.offsetOf(slot);
      const isBuy = this.#extensions.data[at + Ext.SIDE] === Side.BUY;
      const distance = this.#extensions.data[at + Ext.TRAIL];
      const trigger = lastTradeTicks + (isBuy ? distance : -distance);
      const old = book.priceOf(slot);
      if (isBuy ? trigger >= old : trigger <= old) continue;
      const lots = book.openLots(slot);
      book.unlink(slot);
      book.place(slot, isBuy ? RISING : FALLING, trigger, lots);
    }
    this.#trailedTo = lastTradeTicks;
  }
}
