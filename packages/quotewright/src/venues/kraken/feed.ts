/**
 * Kraken's market data: one connection that speaks WebSocket v2, or v1 when the address is one of v1. The venue sends a heartbeat each second
 * when it has nothing else to say, so that silence means a dead connection.
 * Source: docs.kraken.com/exchange/guides/websockets/introduction (connection details), …/spot-websocket-v2/heartbeat.
 */
import { NS_PER_SECOND } from '@quotewright/core/base/time';
import type { L2Book } from '@quotewright/core/market/l2-book';
import type { Feed, FeedFault, FeedSetup, FeedStats } from '../contract/feed.ts';
import type { RestResponse } from '../contract/rest.ts';
import type { KrakenBook } from './book.ts';
import { DecoderV1, V1_DEPTH } from './decode-v1.ts';
import { DecoderV2, V2_DEPTH } from './decode-v2.ts';
import type { KrakenDecoder } from './decoder.ts';
import { FeedState } from './feed-state.ts';
import { symbolToV1 } from './symbols.ts';

const PING_NS = 5 * NS_PER_SECOND;
const SILENCE_NS = 10 * NS_PER_SECOND;

export class KrakenFeed implements Feed {
  readonly url: string;
  readonly stats: FeedStats;
  readonly #setup: FeedSetup;
  readonly #state: FeedState;
  readonly #decoder: KrakenDecoder;
  #isOpen = false;
  #heardNs = 0;
  #pingedNs = 0;

  constructor(setup: FeedSetup) {
    const { addresses, instruments } = setup;
    this.url = addresses.feed;
    this.#setup = setup;
    const isV2 = /\/v2\/?$/u.test(new URL(addresses.feed).pathname);
    const symbols = instruments.map(({ symbol }) => symbol);
    this.#state = new FeedState(setup, isV2 ? symbols : symbols.map(symbolToV1), isV2 ? V2_DEPTH : V1_DEPTH);
    this.#decoder = isV2 ? new DecoderV2(this.#state) : new DecoderV1(this.#state);
    this.stats = this.#state.stats;
  }

  opened(nowNs: number): void {
    this.#isOpen = true;
    this.#heardNs = nowNs;
    this.#pingedNs = nowNs;
    for (const frame of this.#decoder.subscribeAll()) this.#setup.host.send(frame);
    for (const book of this.#state.books) this.#state.awaited(book, nowNs);
  }

  message(bytes: Uint8Array, nowNs: number): void {
    this.#heardNs = nowNs;
    this.stats.messages++;
    this.#decoder.message(bytes, nowNs);
  }

  /** This venue's books need no page. */
  fetched(_tag: number, _response: RestResponse | undefined, _nowNs: number): void {}

  closed(nowNs: number): void {
    this.#isOpen = false;
    for (const book of this.#state.books) this.#state.lose(book, 'disconnected', nowNs);
  }

  poll(nowNs: number): void {
    if (!this.#isOpen) return;
    const { host } = this.#setup;
    if (nowNs - this.#heardNs > SILENCE_NS) {
      this.#heardNs = nowNs;
      return host.reconnect('nothing was heard for ten seconds');
    }
    if (nowNs - this.#heardNs > PING_NS && nowNs - this.#pingedNs > PING_NS) {
      this.#pingedNs = nowNs;
      host.send(this.#decoder.ping());
    }
    for (const book of this.#state.due(nowNs)) {
      this.#state.awaited(book, nowNs);
      for (const frame of this.#decoder.resubscribe(book)) host.send(frame);
    }
  }

  resync(market: number, fault: FeedFault, nowNs: number): void {
    const book = this.#bookOf(market);
    if (book !== undefined) this.#state.lose(book, fault, nowNs);
  }

  book(market: number): L2Book | undefined {
    return this.#bookOf(market)?.levels.book;
  }

  #bookOf(market: number): KrakenBook | undefined {
    return this.#state.books.find(({ levels }) => levels.market === market);
  }
}
