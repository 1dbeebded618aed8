/**
 * Compares a book with the best quote that the venue publishes as a stream of its own. The two are never in step: each in its way waits
 * for the other before it judges.
 */
import { TOP_FIELDS, TopQueue } from '../../data/binance/top-queue.ts';

/** The best of both sides: update id, bid in ticks and lots, ask in ticks and lots. */
export type Top = Float64Array;

export interface QuoteCheck {
  /** The venue's best quote. */
  quote(top: Top, nowNs: number): void;
  /** The book after a message. */
  book(top: Top, nowNs: number): void;
  /** @returns what contradicts, in words; '' = nothing. Asked after each of the above, and some times a second */
  wrong(nowNs: number): string;
  reset(): void;
}

/** What waits for the other stream; beyond it the oldest goes unchecked. */
const MAX_WAITING = 4096;

/**
 * Both streams carry the same update ids: after a message with id u, the book's best price and size are those of the last quote with id
 * ≤ u. A state of the book is judged when a quote has passed it.
 */
export class ExactQuoteCheck implements QuoteCheck {
  #quotes = new TopQueue();
  #states = new TopQueue();
  #wrong = '';

  quote(top: Top): void {
    this.#quotes.push(top);
    if (this.#quotes.length > MAX_WAITING) this.#quotes.shift();
    this.#settle();
  }

  book(top: Top): void {
    this.#states.push(top);
    if (this.#states.length > MAX_WAITING) this.#states.shift();
    this.#settle();
  }

  wrong(): string {
    return this.#wrong;
  }

  reset(): void {
    this.#quotes = new TopQueue();
    this.#states = new TopQueue();
    this.#wrong = '';
  }

  #settle(): void {
    const quotes = this.#quotes;
    const states = this.#states;
    while (states.length > 0 && quotes.length > 0) {
      const id = states.id(0);
      if (quotes.id(quotes.length - 1) <= id) return;
      while (quotes.length > 1 && quotes.id(1) <= id) quotes.shift();
      // The first quote after a connection may be younger than the book: then nothing can be said.
      if (quotes.id(0) <= id && !(states.equalSide(quotes, 0) && states.equalSide(quotes, 1))) {
        this.#wrong ||= `the book of ${id} has ${pair(states)} ticks, the venue's best quote of ${quotes.id(0)} is ${pair(quotes)}`;
      }
      states.shift();
    }
  }
}

/** Tops of the book, and quotes, that are remembered. */
const REMEMBERED = 64;
/** Fewer quotes than this that the book never had prove nothing: changes that follow fast on each other reach a book as one. */
const ENOUGH = 5;

/** The last pairs of prices, each with a time. */
class Pairs {
  readonly #data = new Float64Array(REMEMBERED * 3);
  #count = 0;

  push(bid: number, ask: number, ns: number): void {
    const at = (this.#count++ % REMEMBERED) * 3;
    this.#data[at] = bid;
    this.#data[at + 1] = ask;
    this.#data[at + 2] = ns;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  isLast(bid: number, ask: number): boolean {
    return this.#count > 0 && this.#isAt(this.#count - 1, bid, ask);
  }

  /** Of the newest one. */
  setTime(ns: number): void {
    this.#data[((this.#count - 1) % REMEMBERED) * 3 + 2] = ns;
  }

  /** Whether it is there, with a time from `sinceNs` on. */
  has(bid: number, ask: number, sinceNs: number): boolean {
    const first = Math.max(0, this.#count - REMEMBERED);
    for (let i = this.#count - 1; i >= first; i--) {
      if (this.#data[(i % REMEMBERED) * 3 + 2]! < sinceNs) return false;
      if (this.#isAt(i, bid, ask)) return true;
    }
    return false;
  }

  clear(): void {
    this.#count = 0;
  }

  #isAt(i: number, bid: number, ask: number): boolean {
    const at = (i % REMEMBERED) * 3;
    return Object.is(this.#data[at], bid) && Object.is(this.#data[at + 1], ask);
  }
}

/**
 * The streams have nothing in common but time: quotes come, and for longer than the bound the book has had the prices of none of them,
 * neither within the bound before it came nor since.
 */
export class LateQuoteCheck implements QuoteCheck {
  readonly #lagNs: number;
  /** Tops of the book, with the times until when it was so (Infinity: it is); quotes since the last that was found. */
  readonly #tops = new Pairs();
  readonly #missed = new Pairs();
  #misses = 0;
  #sinceNs = Number.POSITIVE_INFINITY;
  #text = '';

  constructor(lagNs: number) {
    this.#lagNs = lagNs;
  }

  quote(top: Top, nowNs: number): void {
    const bid = top[1]!;
    const ask = top[3]!;
    if (this.#tops.isEmpty || this.#missed.isLast(bid, ask)) return;
    if (this.#tops.has(bid, ask, nowNs - this.#lagNs)) return this.#agree();
    this.#missed.push(bid, ask, nowNs);
    if (this.#misses++ === 0) this.#sinceNs = nowNs;
    this.#text = `${bid} / ${ask}`;
  }

  book(top: Top, nowNs: number): void {
    const bid = top[1]!;
    const ask = top[3]!;
    if (this.#tops.isLast(bid, ask)) return;
    if (!this.#tops.isEmpty) this.#tops.setTime(nowNs);
    this.#tops.push(bid, ask, Number.POSITIVE_INFINITY);
    if (this.#misses > 0 && this.#missed.has(bid, ask, nowNs - this.#lagNs)) this.#agree();
  }

  wrong(nowNs: number): string {
    if (this.#misses < ENOUGH || !(nowNs - this.#sinceNs > this.#lagNs)) return '';
    return `the book has had none of the venue's last ${this.#misses} best quotes, ${this.#text} ticks at last`;
  }

  reset(): void {
    this.#tops.clear();
    this.#agree();
  }

  #agree(): void {
    this.#missed.clear();
    this.#misses = 0;
    this.#sinceNs = Number.POSITIVE_INFINITY;
  }
}

/** Best prices of the oldest entry. */
function pair(queue: TopQueue): string {
  return `${queue.price(0)} / ${queue.price(1)}`;
}

export function newTop(): Top {
  return new Float64Array(TOP_FIELDS);
}
