/** Example's market data: whole books and changes that are numbered without a gap, the same on every connection, and prints. */
import { unixMsToNs } from '@quotewright/core/base/time';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { Backoff } from '../../../packages/quotewright/src/venues/backoff.ts';
import type {
  Feed,
  FeedEvent,
  FeedFault,
  FeedSetup,
  FeedStats,
} from '../../../packages/quotewright/src/venues/contract/feed.ts';
import { FeedBook } from '../../../packages/quotewright/src/venues/feed-book.ts';
import { putTrade } from '../../../packages/quotewright/src/venues/feed-trades.ts';
import { Decoder } from './decode.ts';

const NEVER = Number.POSITIVE_INFINITY;
/** A book that was right for so long is not one that fails over and over. */
const CALM_NS = 10e9;

export class ExampleFeed implements Feed {
  readonly url: string;
  readonly stats: FeedStats = {
    messages: 0,
    parsed: 0,
    unreadable: 0,
    gaps: 0,
    checksums: 0,
    badChecksums: 0,
    resyncs: 0,
  };
  readonly #setup: FeedSetup;
  readonly #books: readonly FeedBook[];
  readonly #backoffs: readonly Backoff[];
  readonly #decoder: Decoder;
  /** By instrument: the number of its last book message, when its book was whole, and when it is to be asked for anew. */
  readonly #numbers: number[];
  readonly #wholeNs: number[];
  readonly #dueNs: number[];
  #isUp = false;

  constructor(setup: FeedSetup) {
    const { instruments, indices, addresses, host } = setup;
    this.#setup = setup;
    this.url = addresses.feed;
    this.#books = indices.map((index) => new FeedBook(index, host.out));
    this.#backoffs = indices.map(() => new Backoff(100, 30_000, () => host.random()));
    this.#decoder = new Decoder(instruments, this.#books);
    this.#numbers = instruments.map(() => Number.NaN);
    this.#wholeNs = instruments.map(() => NEVER);
    this.#dueNs = instruments.map(() => NEVER);
  }

  opened(): void {
    this.#isUp = true;
    this.#subscribe(this.#setup.instruments.map(({ symbol }) => symbol));
  }

  message(bytes: Uint8Array, nowNs: number): void {
    this.stats.messages++;
    this.stats.parsed++;
    const decoder = this.#decoder;
    const kind = decoder.read(bytes);
    const { index } = decoder;
    if (kind === 'book' || kind === 'change') this.#book(kind === 'book', nowNs);
    else if (kind === 'print') this.#print(nowNs);
    else if (kind === 'error') this.#tell('refused', -1, decoder.words);
    else if (kind === 'unreadable') {
      this.stats.unreadable++;
      // Of which book it was may not be known; then the next message of that book does not follow on.
      if (index >= 0) this.#lose(index, 'unreadable', 'a frame cannot be read', nowNs);
    }
  }

  /** Example has no page that its feed needs. */
  fetched(): void {
    return;
  }

  closed(nowNs: number): void {
    this.#isUp = false;
    for (const [index, book] of this.#books.entries()) {
      if (book.lose(nowNs, 0)) this.#tell('stale', index, 'the connection is gone', 'disconnected');
    }
    this.#numbers.fill(Number.NaN);
    this.#dueNs.fill(NEVER);
  }

  poll(nowNs: number): void {
    for (const [index, dueNs] of this.#dueNs.entries()) {
      if (nowNs < dueNs) continue;
      this.#dueNs[index] = NEVER;
      this.#subscribe([this.#setup.instruments[index]!.symbol]);
    }
  }

  resync(market: number, fault: FeedFault, nowNs: number): void {
    const index = this.#setup.indices.indexOf(market);
    if (this.#isUp && index >= 0) this.#lose(index, fault, 'found outside', nowNs);
  }

  book(market: number): L2Book | undefined {
    return this.#books[this.#setup.indices.indexOf(market)]?.book;
  }

  #book(isWhole: boolean, nowNs: number): void {
    const { index, number, unixMs } = this.#decoder;
    const book = this.#books[index]!;
    if (!isWhole) {
      const expected = this.#numbers[index]! + 1;
      // Before the whole one that was asked for, and what comes twice.
      if (!book.isBelieved || number < expected) return;
      if (number > expected) {
        this.stats.gaps++;
        return this.#lose(index, 'gap', `found ${number}, expected ${expected}`, nowNs);
      }
    }
    if (!(isWhole ? book.layWhole() : book.lay())) return this.#lose(index, 'crossed', `number ${number}`, nowNs);
    this.#numbers[index] = number;
    const venueNs = unixMsToNs(unixMs, this.#setup.epochDay);
    if (!isWhole) return book.put(venueNs, nowNs, number);
    book.putWhole(venueNs, nowNs, number);
    this.#dueNs[index] = NEVER;
    this.#wholeNs[index] = nowNs;
    this.#tell('snapshot', index, `number ${number}`);
  }

  #print(nowNs: number): void {
    const { index, side, priceTicks, sizeLots, number, unixMs } = this.#decoder;
    const { host, indices, epochDay } = this.#setup;
    putTrade(host.out, indices[index]!, side, unixMsToNs(unixMs, epochDay), nowNs, priceTicks, sizeLots, number);
  }

  /** Nothing of the book leaves it between this and the next whole one. */
  #lose(index: number, fault: FeedFault, detail: string, nowNs: number): void {
    this.#books[index]!.lose(nowNs, 0);
    this.stats.resyncs++;
    this.#tell('stale', index, detail, fault);
    if (nowNs - this.#wholeNs[index]! > CALM_NS) this.#backoffs[index]!.reset();
    const waitMs = this.#backoffs[index]!.nextMs();
    this.#dueNs[index] = nowNs + waitMs * 1e6;
    this.#tell('resync', index, `in ${Math.round(waitMs)} ms`);
  }

  #subscribe(symbols: readonly string[]): void {
    this.#setup.host.send(JSON.stringify({ op: 'books', symbols }));
    this.#tell('subscribed', -1, symbols.join(' '));
  }

  #tell(type: FeedEvent['type'], index: number, detail: string, fault?: FeedFault): void {
    const market = index < 0 ? -1 : this.#setup.indices[index]!;
    this.#setup.host.tell({ type, market, detail, ...(fault === undefined ? {} : { fault }) });
  }
}
