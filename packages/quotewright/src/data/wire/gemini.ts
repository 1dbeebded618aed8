/**
 * Gemini market data v2 frames: `l2_updates` books and trades. The first `l2_updates` of a symbol on a connection is the
 * whole book, with prints from before the start; later ones are changes. Books carry neither times nor numbers.
 *
 * A trade's side is the taker's. In the listing `tick_size` is the step of the size and `quote_increment` that of the price.
 * Source: Gemini's "Market Data v2" and "Symbol Details" references.
 */
import { unixMsToNs } from '@quotewright/core/base/time';
import { Side } from '@quotewright/core/market/side';
import { ClockOffset } from './clock-offset.ts';
import type { WireDecoder } from './decoder.ts';
import type { Feed } from './feed.ts';
import { asDecimal, asInteger, asList, asObject, asText, isObject, type JsonObject } from '../json.ts';
import { LevelList } from './levels.ts';

export class GeminiWire implements WireDecoder {
  readonly clock = new ClockOffset();
  readonly #feed: Feed;
  readonly #levels = new LevelList();
  /** The connection that a symbol's snapshot came over, by instrument index. */
  readonly #snapshots: (string | undefined)[] = [];

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  http(url: string, body: unknown): void {
    const isListing = url.includes('/symbols/details/');
    if (isListing) this.#list(asObject(body) ?? {});
    this.#feed.report.addIgnored(isListing ? 'instrument listing' : 'other REST response');
  }

  receive(message: unknown, connection: string): void {
    const feed = this.#feed;
    if (!isObject(message)) return feed.bad('message is not an object', JSON.stringify(message));
    const kind = asText(message['type']);
    if (kind === 'l2_updates') this.#book(message, connection);
    else if (kind === 'trade') this.#trade(message);
    else feed.report.addIgnored(kind || 'control message');
  }

  /** The new connection starts each book with a snapshot. */
  reconnected(connection: string): void {
    for (let i = 0; i < this.#snapshots.length; i++) {
      if (this.#snapshots[i] !== connection) continue;
      this.#snapshots[i] = undefined;
      this.#feed.gap(i, 0);
    }
  }

  #book(message: JsonObject, connection: string): void {
    const feed = this.#feed;
    const changes = asList(message['changes']).map(asList);
    const texts = (at: number) => changes.map((change) => asText(change[at]));
    const index = this.#index(message, () => ({ prices: texts(1), sizes: texts(2) }));
    if (index < 0) return;
    const instrument = feed.instruments.all[index]!;
    const levels = this.#levels;
    levels.clear();
    for (const change of changes) {
      const [side, price, size] = change;
      if (side !== 'buy' && side !== 'sell') {
        return feed.badBook(index, { kind: 'level without a side', found: JSON.stringify(change) }, 0);
      }
      if (!levels.add(instrument, side === 'buy' ? Side.BUY : Side.SELL, price, size, Number.NaN)) {
        return feed.badBook(index, levels.fault, 0);
      }
    }
    if (this.#snapshots[index] === connection && !('trades' in message)) return feed.levels(index, levels, 0, false);
    this.#snapshots[index] = connection;
    for (const _ of asList(message['trades'])) feed.report.addIgnored('trade from before the start');
    feed.snapshot(index, levels, 0);
  }

  #trade(trade: JsonObject): void {
    const feed = this.#feed;
    const index = this.#index(trade, () => ({ prices: [asText(trade['price'])], sizes: [asText(trade['quantity'])] }));
    if (index < 0) return;
    const id = asInteger(trade['tid']);
    const side = trade['side'];
    const venueNs = unixMsToNs(asInteger(trade['timestamp']), feed.epochDay);
    this.clock.observe(feed.localNs - venueNs);
    if (id !== id || (side !== 'buy' && side !== 'sell'))
      feed.bad('trade without an id or a side', JSON.stringify(trade));
    else feed.trade(index, side === 'buy' ? Side.BUY : Side.SELL, venueNs, trade['price'], trade['quantity'], id);
  }

  #index(message: JsonObject, samples: () => { prices: string[]; sizes: string[] }): number {
    const symbol = asText(message['symbol']);
    if (symbol !== '') return this.#feed.instruments.index('gemini', symbol, samples);
    this.#feed.bad('message without a symbol', JSON.stringify(message));
    return -1;
  }

  #list(entry: JsonObject): void {
    const symbol = asText(entry['symbol']);
    const tick = asDecimal(entry['quote_increment']);
    const lot = asDecimal(entry['tick_size']);
    const minSize = asDecimal(entry['min_order_size']);
    if (symbol === '' || !(Number(tick) > 0) || !(Number(lot) > 0)) return;
    this.#feed.instruments.list({
      venue: 'gemini',
      symbol,
      base: asText(entry['base_currency']),
      quote: asText(entry['quote_currency']),
      tick,
      lot,
      contract: entry['product_type'] === 'swap' ? 'linear' : 'spot',
      ...(Number(minSize) > 0 ? { minSize } : {}),
    });
  }
}
