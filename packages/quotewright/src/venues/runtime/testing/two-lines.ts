/** A market whose every change is numbered, and connections that follow it each at its own pace, break, and come back. */
import type { Random } from '@quotewright/core/base/random';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { FeedBook } from '../../feed-book.ts';
import { putTrade } from '../../feed-trades.ts';
import type { ArbitratedLine } from '../arbiter.ts';

/** Prices from 100: bids below 110, asks from 110 on. */
const MIDDLE = 110;

export interface Change {
  readonly side: Side;
  readonly price: number;
  readonly size: number;
  /** A print with this number came with it; 0 = none. */
  readonly trade: number;
}

export class NumberedMarket {
  /** By number, from 1. */
  readonly changes: Change[] = [{ side: Side.BUY, price: 0, size: 0, trade: 0 }];
  /** The book after each number, as text. */
  readonly states: string[] = [''];
  readonly #sizes = new Map<number, number>();

  step(random: Random): void {
    const price = 100 + random.below(20);
    const size = random.below(4);
    const trade = random.below(5) === 0 ? this.changes.length : 0;
    this.changes.push({ side: price < MIDDLE ? Side.BUY : Side.SELL, price, size, trade });
    if (size === 0) this.#sizes.delete(price);
    else this.#sizes.set(price, size);
    this.states.push(textOf(this.#sizes));
  }

  get last(): number {
    return this.changes.length - 1;
  }
}

export function textOf(sizes: ReadonlyMap<number, number>): string {
  return [...sizes].toSorted(([a], [b]) => a - b).join(' ');
}

export function bookText(book: L2Book): string {
  const sizes = new Map<number, number>();
  for (const levels of [book.bids, book.asks]) {
    for (let level = levels.best(); level >= 0; level = levels.next(level))
      sizes.set(levels.priceOf(level), levels.sizeOf(level));
  }
  return textOf(sizes);
}

export class FollowingLine implements ArbitratedLine {
  readonly out = new RecordQueue();
  /** The number that it has come to; 0: it is down. */
  at = 0;
  readonly #market: NumberedMarket;
  readonly #book = new FeedBook(0, this.out);

  constructor(market: NumberedMarket) {
    this.#market = market;
  }

  get isBelieved(): boolean {
    return this.#book.isBelieved;
  }

  /** Follows from a number on, with the whole book as it is then. */
  connect(at: number): void {
    this.at = at;
    const sizes = this.#market.states[at]!.split(' ').filter((each) => each !== '');
    this.#book.begin();
    for (const each of sizes) {
      const [price = 0, size = 0] = each.split(',').map(Number);
      this.#book.level(price < MIDDLE ? Side.BUY : Side.SELL, price, size);
    }
    this.#book.layWhole();
    this.#book.putWhole(at, at, at);
  }

  advance(): void {
    if (this.at === 0 || this.at === this.#market.last) return;
    const { side, price, size, trade } = this.#market.changes[++this.at]!;
    this.#book.begin();
    this.#book.level(side, price, size);
    this.#book.lay();
    this.#book.put(this.at, this.at, this.at);
    if (trade > 0) putTrade(this.out, 0, Side.BUY, this.at, this.at, price, 1, trade);
  }

  breaks(): void {
    this.at = 0;
    this.#book.lose(0, 0);
  }

  book(): L2Book {
    return this.#book.book;
  }

  resync(): void {
    this.breaks();
  }
}
