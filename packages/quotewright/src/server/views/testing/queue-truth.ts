/** For tests: a living market that notes, after each of its events, how many lots stand before each own order. */
import { EVENT_STRIDE, Field, headInstrument } from '@quotewright/core/market/event';
import type { L3Book } from '@quotewright/core/market/l3-book';
import { Word } from '@quotewright/core/market/l3-layout';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import type { LivingVenue } from '@quotewright/core/venue-sim/venue';

const { HEAD, ORDER_ID } = Field;
/** Of all own orders; agents are nobody's. */
const OWNER = 1;
const STRIDE = EVENT_STRIDE;

/** Lots before an order from a venue time on; NaN = it stands in no queue. */
interface Place {
  readonly ns: number;
  readonly lots: number;
}

export class QueueTruth implements LivingVenue {
  readonly #market: LivingMarket;
  /** By order. */
  readonly #places = new Map<number, Place[]>();
  /** By market: the order that a record of the book is, by record and generation. */
  readonly #orders: readonly Map<string, number>[];

  constructor(market: LivingMarket) {
    this.#market = market;
    this.#orders = market.instruments.map(() => new Map());
  }

  get reports(): RecordQueue {
    return this.#market.reports;
  }
  get feed(): RecordQueue {
    return this.#market.feed;
  }
  get nextNs(): number {
    return this.#market.nextNs;
  }

  step(): void {
    const ns = this.#market.nextNs;
    this.#market.step();
    for (const market of this.#orders.keys()) this.#look(market, 0, ns);
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    const record = data.slice(offset, offset + STRIDE);
    this.#market.request(data, offset, nowNs);
    this.#look(headInstrument(record[HEAD]!), record[ORDER_ID]!, nowNs);
  }

  /** Lots before an order at a venue time; NaN when it stood in no queue then. */
  ahead(order: number, ns: number): number {
    return this.#places.get(order)?.findLast((place) => place.ns <= ns)?.lots ?? Number.NaN;
  }

  /** Whether an order has stood in a queue by a venue time. */
  hasJoined(order: number, ns: number): boolean {
    return this.#places.get(order)?.some((place) => place.ns <= ns) ?? false;
  }

  /** @param asked the order that a request was about: a record that was not there before is its */
  #look(market: number, asked: number, ns: number): void {
    const book = this.#market.book(market);
    const orders = this.#orders[market]!;
    const found = new Map<string, number>();
    for (const side of [0, 1]) {
      for (let level = book.best(side); level !== 0; level = book.levelAfter(level)) {
        let lots = 0;
        for (let slot = book.front(level); slot !== 0; slot = book.behind(slot)) {
          if (isOwn(book, slot)) {
            const key = `${slot}.${book.generationOf(slot)}`;
            const order = orders.get(key) ?? asked;
            found.set(key, order);
            this.#note(order, ns, lots);
          }
          lots += book.openLots(slot);
        }
      }
    }
    const standing = new Set(found.values());
    for (const order of orders.values()) if (!standing.has(order)) this.#note(order, ns, Number.NaN);
    orders.clear();
    for (const [key, order] of found) orders.set(key, order);
  }

  #note(order: number, ns: number, lots: number): void {
    const places = this.#places.get(order) ?? [];
    if (!Object.is(places.at(-1)?.lots, lots)) places.push({ ns, lots });
    this.#places.set(order, places);
  }
}

function isOwn(book: L3Book, slot: number): boolean {
  return book.words[(slot << 3) | Word.OWNER] === OWNER;
}
