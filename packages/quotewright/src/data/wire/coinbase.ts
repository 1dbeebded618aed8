/**
 * Coinbase Advanced Trade frames: `level2` books, `market_trades`, `ticker`. Every message of a connection, of whatever
 * channel, carries the next `sequence_num`; a number left out may have been of any book, so all of them are stale then.
 *
 * The side of an ask is called `offer`. A trade's side is the maker's; events carry the taker's. A message lists its
 * trades newest first. The first `market_trades` message of a product holds prints from before the start.
 * Source: Coinbase's "Advanced Trade WebSocket channels" reference.
 */
import { parseIsoNs } from '@quotewright/core/base/time';
import { Side } from '@quotewright/core/market/side';
import { ClockOffset } from './clock-offset.ts';
import type { WireDecoder } from './decoder.ts';
import type { Feed } from './feed.ts';
import { asDecimal, asInteger, asList, asObject, asText, isObject, type JsonObject } from '../json.ts';
import { LevelList } from './levels.ts';

export class CoinbaseWire implements WireDecoder {
  readonly clock = new ClockOffset();
  /** Messages whose number followed the one before of its connection, first ones not counted. */
  continued = 0;
  readonly #feed: Feed;
  readonly #levels = new LevelList();
  /** Number of the last message, by connection. */
  readonly #sequences = new Map<string, number>();

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  http(url: string, body: unknown): void {
    if (!/\/products(?:\?|$)/.test(url)) return this.#feed.report.addIgnored('other REST response');
    for (const entry of asList(asObject(body)?.['products'])) this.#list(asObject(entry) ?? {});
    this.#feed.report.addIgnored('instrument listing');
  }

  receive(message: unknown, connection: string): void {
    const feed = this.#feed;
    if (!isObject(message)) return feed.bad('message is not an object', JSON.stringify(message));
    const channel = asText(message['channel']);
    if (channel === '') return feed.report.addIgnored(asText(message['type']) || 'control message');
    const seq = asInteger(message['sequence_num']);
    if (seq !== seq) return feed.bad('sequence_num is not a whole number', JSON.stringify(message));
    if (!this.#take(connection, seq)) return;
    const sentNs = this.#timeNs(message['timestamp']);
    this.clock.observe(feed.localNs - sentNs);
    for (const entry of asList(message['events'])) {
      const event = asObject(entry) ?? {};
      if (channel === 'l2_data') this.#book(event, seq);
      else if (channel === 'market_trades') this.#trades(event);
      else if (channel === 'ticker') this.#tickers(event, sentNs, seq);
      else if (channel === 'candles') for (const _ of asList(event['candles'])) feed.report.addIgnored('candle');
      else feed.report.addIgnored(channel);
    }
  }

  /** A new connection counts from 0 and starts each book with a snapshot. */
  reconnected(connection: string): void {
    this.#sequences.delete(connection);
    this.#gap(0);
  }

  /** Takes a message's number. False when it was read before. */
  #take(connection: string, seq: number): boolean {
    const last = this.#sequences.get(connection);
    if (last !== undefined && seq <= last) {
      this.#feed.report.addDuplicate(this.#feed.line, `sequence_num ${seq}`);
      return false;
    }
    this.#sequences.set(connection, seq);
    if (last === undefined) return true;
    if (seq === last + 1) this.continued++;
    else {
      this.#feed.report.addGap(this.#feed.line, `sequence_num ${last + 1}`, String(seq));
      this.#gap(seq);
    }
    return true;
  }

  #gap(seq: number): void {
    for (let i = 0; i < this.#feed.instruments.all.length; i++) this.#feed.gap(i, seq);
  }

  #book(event: JsonObject, seq: number): void {
    const feed = this.#feed;
    const updates = asList(event['updates']).map((update) => asObject(update) ?? {});
    const index = this.#index(event, updates, 'price_level', 'new_quantity');
    if (index < 0) return;
    const instrument = feed.instruments.all[index]!;
    const levels = this.#levels;
    levels.clear();
    for (const update of updates) {
      const side = update['side'];
      if (side !== 'bid' && side !== 'offer') {
        return feed.badBook(index, { kind: 'level without a side', found: JSON.stringify(update) }, seq);
      }
      const done = this.#timeNs(update['event_time']);
      if (
        !levels.add(
          instrument,
          side === 'bid' ? Side.BUY : Side.SELL,
          update['price_level'],
          update['new_quantity'],
          done,
        )
      ) {
        return feed.badBook(index, levels.fault, seq);
      }
    }
    if (event['type'] === 'snapshot') feed.snapshot(index, levels, seq);
    else feed.levels(index, levels, seq, false);
  }

  #trades(event: JsonObject): void {
    const feed = this.#feed;
    const trades = asList(event['trades']).map((trade) => asObject(trade) ?? {});
    if (event['type'] === 'snapshot') {
      for (const _ of trades) feed.report.addIgnored('trade from before the start');
      return;
    }
    for (const trade of trades.toReversed()) {
      const index = this.#index(trade, [trade], 'price', 'size');
      if (index < 0) continue;
      const id = asInteger(trade['trade_id']);
      const maker = trade['side'];
      const taker = maker === 'BUY' ? Side.SELL : Side.BUY;
      if (id !== id || (maker !== 'BUY' && maker !== 'SELL'))
        feed.bad('trade without an id or a side', JSON.stringify(trade));
      else feed.trade(index, taker, this.#timeNs(trade['time']), trade['price'], trade['size'], id);
    }
  }

  #tickers(event: JsonObject, sentNs: number, seq: number): void {
    for (const entry of asList(event['tickers'])) {
      const ticker = asObject(entry) ?? {};
      const index = this.#index(ticker, [ticker], 'best_bid', 'best_bid_quantity');
      if (index < 0) continue;
      const bid = [ticker['best_bid'], ticker['best_bid_quantity']] as const;
      const ask = [ticker['best_ask'], ticker['best_ask_quantity']] as const;
      this.#feed.quote(index, sentNs, bid, ask, seq);
    }
  }

  #timeNs(time: unknown): number {
    return parseIsoNs(asText(time), this.#feed.epochDay);
  }

  /** Index of the product that an entry names, or -1 and a bad row when it names none. */
  #index(entry: JsonObject, samples: readonly JsonObject[], price: string, size: string): number {
    const symbol = asText(entry['product_id']);
    if (symbol === '') {
      this.#feed.bad('entry without a product_id', JSON.stringify(entry));
      return -1;
    }
    const texts = (key: string) => samples.map((sample) => asText(sample[key]));
    return this.#feed.instruments.index('coinbase', symbol, () => ({ prices: texts(price), sizes: texts(size) }));
  }

  #list(entry: JsonObject): void {
    const symbol = asText(entry['product_id']);
    const tick = asDecimal(entry['price_increment'] ?? entry['quote_increment']);
    const lot = asDecimal(entry['base_increment']);
    const minSize = asDecimal(entry['base_min_size']);
    const isSpot = entry['product_type'] === undefined || entry['product_type'] === 'SPOT';
    if (symbol === '' || !(Number(tick) > 0) || !(Number(lot) > 0) || !isSpot) return;
    this.#feed.instruments.list({
      venue: 'coinbase',
      symbol,
      base: asText(entry['base_currency_id']),
      quote: asText(entry['quote_currency_id']),
      tick,
      lot,
      contract: 'spot',
      ...(Number(minSize) > 0 ? { minSize } : {}),
    });
  }
}
