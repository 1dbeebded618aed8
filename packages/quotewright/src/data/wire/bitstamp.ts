/**
 * Bitstamp frames: `diff_order_book` and `live_trades` over WebSocket, `order_book` and `trading-pairs-info` over REST.
 *
 * Diffs and snapshots are ordered by `microtimestamp` alone. Diffs older than the snapshot are dropped; one of the same
 * microsecond is applied, because sizes are absolute and the snapshot need not hold all of it. Diffs from before the
 * snapshot's receipt pass as they come, on a partial book, and those it does not hold are applied again after it.
 * Source: Bitstamp's WebSocket API v2 and HTTP API references.
 */
import { unixTextToNs, UnixUnit } from '@quotewright/core/base/time';
import { Side } from '@quotewright/core/market/side';
import { ClockOffset } from './clock-offset.ts';
import type { WireDecoder } from './decoder.ts';
import type { Feed } from './feed.ts';
import { samplesOf } from './instrument-list.ts';
import { asDecimal, asInteger, asList, asObject, asText, isObject, type JsonObject } from '../json.ts';
import { LevelList } from './levels.ts';
import { PendingDiffs } from './pending.ts';

interface BookState {
  /** The connection that carries the diffs, '' before the first. */
  connection: string;
  hasSnapshot: boolean;
  /** `microtimestamp` of the last message that was applied. */
  lastMicros: number;
  readonly pending: PendingDiffs;
}

export class BitstampWire implements WireDecoder {
  readonly clock = new ClockOffset();
  readonly #feed: Feed;
  readonly #levels = new LevelList();
  /** By instrument index. */
  readonly #books: (BookState | undefined)[] = [];

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  http(url: string, body: unknown): void {
    const symbol = /\/order_book\/([^/?]+)/.exec(url)?.[1];
    if (symbol !== undefined && isObject(body)) return this.#snapshot(symbol, body);
    const isListing = url.includes('/trading-pairs-info');
    if (isListing) for (const entry of asList(body)) this.#list(asObject(entry) ?? {});
    this.#feed.report.addIgnored(isListing ? 'instrument listing' : 'other REST response');
  }

  receive(message: unknown, connection: string): void {
    const feed = this.#feed;
    if (!isObject(message)) return feed.bad('message is not an object', JSON.stringify(message));
    const event = asText(message['event']);
    const channel = asText(message['channel']);
    const at = channel.lastIndexOf('_');
    const kind = channel.slice(0, at);
    const symbol = channel.slice(at + 1);
    const data = asObject(message['data']) ?? {};
    if (event === 'data' && kind === 'diff_order_book' && symbol !== '') this.#diff(symbol, data, connection);
    else if (event === 'trade' && kind === 'live_trades' && symbol !== '') this.#trade(symbol, data);
    else feed.report.addIgnored(event === 'data' ? kind : event || 'control message');
  }

  reconnected(connection: string): void {
    for (const [index, state] of this.#books.entries()) {
      if (state === undefined || state.connection !== connection) continue;
      state.hasSnapshot = false;
      state.pending.take();
      this.#feed.gap(index, 0);
    }
  }

  #snapshot(symbol: string, body: JsonObject): void {
    const feed = this.#feed;
    const micros = asInteger(body['microtimestamp']);
    const [index, state] = this.#book(symbol, body);
    if (micros !== micros) return feed.bad('microtimestamp is not a whole number', asDecimal(body['microtimestamp']));
    if (state.hasSnapshot && micros < state.lastMicros) return feed.report.addIgnored('snapshot older than the book');
    const levels = this.#levels;
    levels.clear();
    const venueNs = this.#venueNs(body);
    if (!levels.addBook(feed.instruments.all[index]!, body['bids'], body['asks'], venueNs)) {
      return feed.bad(levels.fault.kind, levels.fault.found);
    }
    state.hasSnapshot = true;
    state.lastMicros = micros;
    feed.snapshot(index, levels, micros);
    for (const diff of state.pending.take()) this.#apply(index, state, diff.levels, diff.last);
  }

  #diff(symbol: string, data: JsonObject, connection: string): void {
    const feed = this.#feed;
    const micros = asInteger(data['microtimestamp']);
    const [index, state] = this.#book(symbol, data);
    state.connection = connection;
    if (micros !== micros) return feed.bad('microtimestamp is not a whole number', asDecimal(data['microtimestamp']));
    const levels = this.#levels;
    levels.clear();
    const venueNs = this.#venueNs(data);
    this.clock.observe(feed.localNs - venueNs);
    if (!levels.addBook(feed.instruments.all[index]!, data['bids'], data['asks'], venueNs)) {
      state.hasSnapshot = false;
      state.pending.take();
      return feed.badBook(index, levels.fault, micros);
    }
    if (state.hasSnapshot) return this.#apply(index, state, levels, micros);
    state.pending.push({ levels: levels.clone(), first: micros, last: micros, previous: 0 });
    feed.levels(index, levels, micros, false);
  }

  #apply(index: number, state: BookState, levels: LevelList, micros: number): void {
    if (micros < state.lastMicros) return this.#feed.report.addIgnored('diff older than the book');
    state.lastMicros = micros;
    this.#feed.levels(index, levels, micros, false);
  }

  #trade(symbol: string, data: JsonObject): void {
    const feed = this.#feed;
    const price = asText(data['price_str']) || asDecimal(data['price']);
    const size = asText(data['amount_str']) || asDecimal(data['amount']);
    const index = feed.instruments.index('bitstamp', symbol, () => ({ prices: [price], sizes: [size] }));
    const type = asInteger(data['type']);
    const id = asInteger(data['id']);
    if (id !== id || (type !== 0 && type !== 1)) return feed.bad('trade without an id or a side', JSON.stringify(data));
    // 0: a buyer took; its order is the taker's, the seller's the maker's.
    const buyer = asInteger(data['buy_order_id']) || 0;
    const seller = asInteger(data['sell_order_id']) || 0;
    if (type === 0) feed.trade(index, Side.BUY, this.#venueNs(data), price, size, id, seller, buyer);
    else feed.trade(index, Side.SELL, this.#venueNs(data), price, size, id, buyer, seller);
  }

  #venueNs(data: JsonObject): number {
    return unixTextToNs(asDecimal(data['microtimestamp']), UnixUnit.MICROS, this.#feed.epochDay);
  }

  #book(symbol: string, data: JsonObject): readonly [index: number, state: BookState] {
    const index = this.#feed.instruments.index('bitstamp', symbol, () => samplesOf(data['bids'], data['asks']));
    const state = (this.#books[index] ??= {
      connection: '',
      hasSnapshot: false,
      lastMicros: 0,
      pending: new PendingDiffs(),
    });
    return [index, state];
  }

  #list(entry: JsonObject): void {
    const symbol = asText(entry['url_symbol']);
    const [base = '', quote = ''] = asText(entry['name']).split('/');
    const [minNotional = '', currency = ''] = asText(entry['minimum_order']).split(' ');
    this.#feed.instruments.listDecimals(
      {
        venue: 'bitstamp',
        symbol,
        base,
        quote,
        contract: 'spot',
        ...(currency !== '' && currency === quote ? { minNotional } : {}),
      },
      asInteger(entry['counter_decimals']),
      asInteger(entry['base_decimals']),
    );
  }
}
