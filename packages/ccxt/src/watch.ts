/**
 * Watches markets of one venue and tells what is new as frames of JSON:
 *
 *     {"type":"snapshot"|"update","symbol","time","bids":[["price","size"],…],"asks":[…]}      size "0": the level is gone
 *     {"type":"trade","symbol","time","id","side":"buy"|"sell","price","size"}
 *     {"type":"lost","symbol","text"}                                                         until the next snapshot
 *
 * `time` is the venue's, Unix milliseconds, or null. Books are cut to so many levels a side.
 */
import { setTimeout } from 'node:timers/promises';
import type { OrderBook } from 'ccxt';
import type { MarketData } from './exchange.ts';

const DEPTH = 50;
const RETRY_MS = 1000;

type Levels = Map<number, number>;
type Send = (frame: object) => void;

export class Watch {
  readonly #exchange: MarketData;
  readonly #send: Send;
  readonly #isPlain: boolean;
  #isOver = false;

  /** @param isPlain streams are not encrypted: those of a venue on one's own machine */
  constructor(exchange: MarketData, isPlain: boolean, send: Send) {
    this.#exchange = exchange;
    this.#isPlain = isPlain;
    this.#send = send;
  }

  begin(symbols: readonly string[]): void {
    for (const symbol of symbols) {
      void this.#again(symbol, () => this.#book(symbol));
      if (this.#exchange.has['watchTrades'] === true) void this.#again(symbol, () => this.#trades(symbol));
    }
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#exchange.close();
  }

  /** Does the work until it is over; what fails is told, and begun again after a while. */
  async #again(symbol: string, work: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      try {
        await work();
      } catch (error) {
        if (this.#isOver) return;
        this.#send({ type: 'lost', symbol, text: error instanceof Error ? error.message : String(error) });
        await setTimeout(RETRY_MS);
      }
    }
  }

  async #book(symbol: string): Promise<void> {
    const exchange = this.#exchange;
    const canWatch = exchange.has['watchOrderBook'] === true;
    // ccxt has the agent of plain connections only after this, whether a proxy is used or not.
    if (this.#isPlain) await exchange.loadHttpProxyAgent();
    let known: { bids: Levels; asks: Levels } | undefined;
    while (!this.#isOver) {
      // oxlint-disable-next-line no-await-in-loop -- each answer is the next state of the book
      const book = await (canWatch ? exchange.watchOrderBook(symbol) : exchange.fetchOrderBook(symbol, DEPTH));
      const bids = levelsOf(book.bids);
      const asks = levelsOf(book.asks);
      const type = known === undefined ? 'snapshot' : 'update';
      const changes = { bids: changed(known?.bids, bids), asks: changed(known?.asks, asks) };
      known = { bids, asks };
      if (type === 'update' && changes.bids.length + changes.asks.length === 0) continue;
      this.#send({ type, symbol, time: book.timestamp ?? null, ...changes });
    }
  }

  async #trades(symbol: string): Promise<void> {
    while (!this.#isOver) {
      // oxlint-disable-next-line no-await-in-loop -- each answer is the next trades
      for (const { id, side, price, amount, timestamp } of await this.#exchange.watchTrades(symbol)) {
        if (price === undefined || amount === undefined) continue;
        const terms = { side, price: String(price), size: String(amount) };
        this.#send({ type: 'trade', symbol, time: timestamp ?? null, id: id ?? '', ...terms });
      }
    }
  }
}

function levelsOf(levels: OrderBook['bids']): Levels {
  const found: Levels = new Map();
  for (const [price, size] of levels.slice(0, DEPTH)) {
    if (price !== undefined && size !== undefined) found.set(price, size);
  }
  return found;
}

/** What is to be set so that the one becomes the other; the whole of it when there was none. */
function changed(before: Levels | undefined, after: Levels): [price: string, size: string][] {
  const changes: [string, string][] = [];
  for (const price of before?.keys() ?? []) if (!after.has(price)) changes.push([String(price), '0']);
  for (const [price, size] of after) if (before?.get(price) !== size) changes.push([String(price), String(size)]);
  return changes;
}
