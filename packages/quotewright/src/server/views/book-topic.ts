/** The topic `book:venue:symbol`: the best levels of a book, and what of them has changed. */
import type { MarketView } from '@quotewright/core/engine/market-view';
import { Side } from '@quotewright/core/market/side';
import { BOOK_LEVELS, type BookData } from '../protocol/stream.ts';
import type { BookDelta, TopicSource } from '../stream/topic-source.ts';
import { finiteOrNull } from './finite.ts';
import { LevelWindow } from './level-window.ts';

type Delta = BookDelta & Pick<BookData, 'isReady' | 'lastTicks'>;

export class BookTopic implements TopicSource {
  readonly topic: string;
  readonly shape = 'book';
  readonly intervalMs = 25;
  readonly #market: () => MarketView;
  readonly #bids = new LevelWindow(Side.BUY, BOOK_LEVELS);
  readonly #asks = new LevelWindow(Side.SELL, BOOK_LEVELS);
  #isReady: boolean | undefined;
  #lastTicks: number | null = null;

  /** @param market of the engine that there is now */
  constructor(name: string, market: () => MarketView) {
    this.topic = `book:${name}`;
    this.#market = market;
  }

  poll(): Delta | undefined {
    const { book, isReady, lastTradeTicks } = this.#market();
    const bids = this.#bids.look(book);
    const asks = this.#asks.look(book);
    const lastTicks = finiteOrNull(lastTradeTicks);
    if (bids.length + asks.length === 0 && isReady === this.#isReady && lastTicks === this.#lastTicks) return undefined;
    this.#isReady = isReady;
    this.#lastTicks = lastTicks;
    return { bids, asks, isReady, lastTicks };
  }

  snapshot(): BookData {
    if (this.#isReady === undefined) this.poll();
    const isReady = this.#isReady ?? false;
    return { bids: this.#bids.told(), asks: this.#asks.told(), isReady, lastTicks: this.#lastTicks };
  }
}
