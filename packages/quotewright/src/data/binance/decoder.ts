/**
 * Binance market data messages, spot, USD-M and COIN-M: depth diffs, book tickers, trades, and REST depth snapshots.
 *
 * Venue times: T (when the matching engine did it) where the message has it, else E (when the stream sent it); spot book
 * tickers have neither. Source: Binance's documentation of the market data streams of each market.
 */
import { unixMsToNs } from '@quotewright/core/base/time';
import { Side } from '@quotewright/core/market/side';
import { ClockOffset } from '../wire/clock-offset.ts';
import type { Feed } from '../wire/feed.ts';
import { samplesOf } from '../wire/instrument-list.ts';
import { asInteger, asObject, asText, type JsonObject } from '../json.ts';
import { LevelList } from '../wire/levels.ts';
import { DepthStream } from './depth.ts';

export type BinanceVenue = 'binance' | 'binance-usdm' | 'binance-coinm';

/** A snapshot that names no symbol and came before any message that does. */
interface EarlySnapshot {
  readonly body: JsonObject;
  readonly line: number;
  readonly localNs: number;
}

export class BinanceDecoder {
  /** By symbol, in the order of their first message. */
  readonly depths = new Map<string, DepthStream>();
  readonly clock = new ClockOffset();
  readonly #feed: Feed;
  readonly #levels = new LevelList();
  #early: EarlySnapshot | undefined;

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  /** A combined-stream message `{"stream":…,"data":…}`. */
  stream(message: JsonObject): void {
    const data = asObject(message['data']);
    const symbol = asText(data?.['s']);
    if (data === undefined || symbol === '') {
      this.#feed.bad('stream message without a symbol', JSON.stringify(message));
      return;
    }
    const name = asText(message['stream']);
    const kind = typeof data['e'] === 'string' ? data['e'] : name.slice(name.indexOf('@') + 1);
    switch (kind) {
      case 'depthUpdate':
        return this.#diff(symbol, data);
      case 'bookTicker':
        return this.#quote(symbol, data);
      case 'trade':
        return this.#trade(symbol, data, data['t']);
      case 'aggTrade':
        return this.#trade(symbol, data, data['a']);
      default:
        return this.#feed.report.addIgnored(kind);
    }
  }

  /** The body of a REST depth snapshot. Spot and USD-M do not say in it whose it is: `symbol` from the request, or ''. */
  snapshot(body: JsonObject, symbol = ''): void {
    const named = symbol || asText(body['symbol']);
    if (named !== '') return this.#snapshot(named, body);
    const symbols = [...this.depths.keys()];
    if (symbols.length === 1) return this.#snapshot(symbols[0]!, body);
    if (symbols.length > 1) return this.#feed.bad('snapshot without a symbol', `one of ${symbols.join(', ')}`);
    this.#early = { body, line: this.#feed.line, localNs: this.#feed.localNs };
  }

  /** Goes on where the books of an earlier recording ended. */
  continueFrom(earlier: BinanceDecoder): void {
    for (const depth of earlier.depths.values()) {
      const instrument = earlier.#feed.instruments.all[depth.instrument]!;
      this.#feed.instruments.list(instrument.spec);
      const index = this.#feed.instruments.index(instrument.venue, depth.symbol, noSamples);
      const next = new DepthStream(this.#feed, depth.symbol, index, depth.chain.futures);
      next.chain.continueFrom(depth.chain);
      this.depths.set(depth.symbol, next);
    }
  }

  /** At the end of the recording: what is still open. */
  finish(): void {
    if (this.#early === undefined) return;
    this.#feed.line = this.#early.line;
    this.#feed.bad('snapshot without a symbol', 'no stream message names one');
  }

  #snapshot(symbol: string, body: JsonObject): void {
    const depth = this.#depth(symbol, body, body['bids'], body['asks']);
    const id = asInteger(body['lastUpdateId']);
    if (id !== id)
      return this.#feed.bad('lastUpdateId is not a whole number', JSON.stringify(body['lastUpdateId']) ?? '');
    const levels = this.#levels;
    levels.clear();
    const venueNs = this.#venueNs(body);
    const { instrument } = depth;
    if (!levels.addBook(this.#feed.instruments.all[instrument]!, body['bids'], body['asks'], venueNs)) {
      return this.#feed.bad(levels.fault.kind, levels.fault.found);
    }
    depth.snapshot(levels, id);
  }

  #diff(symbol: string, data: JsonObject): void {
    const depth = this.#depth(symbol, data, data['b'], data['a']);
    const first = asInteger(data['U']);
    const last = asInteger(data['u']);
    const previous = depth.chain.futures ? asInteger(data['pu']) : 0;
    if (!(first <= last) || previous !== previous) {
      this.#feed.bad('update ids are not whole numbers in order', `U ${String(data['U'])}, u ${String(data['u'])}`);
      return;
    }
    const levels = this.#levels;
    levels.clear();
    const instrument = this.#feed.instruments.all[depth.instrument]!;
    if (!levels.addBook(instrument, data['b'], data['a'], this.#venueNs(data)))
      return depth.badDiff(levels.fault, last);
    depth.diff(levels, first, last, previous);
  }

  #quote(symbol: string, data: JsonObject): void {
    const feed = this.#feed;
    const bid = [data['b'], data['B']] as const;
    const ask = [data['a'], data['A']] as const;
    const { instrument } = this.#depth(symbol, data, [bid], [ask]);
    const seq = asInteger(data['u']);
    if (seq !== seq) return feed.bad('update id is not a whole number', String(data['u']));
    feed.quote(instrument, this.#venueNs(data), bid, ask, seq);
  }

  #trade(symbol: string, data: JsonObject, id: unknown): void {
    const feed = this.#feed;
    // Futures print insurance fund and auto-deleveraging fills on the trade stream; they took nothing from the book.
    const cause = data['X'];
    if (typeof cause === 'string' && cause !== 'MARKET') return feed.report.addIgnored(`trade of kind ${cause}`);
    const { instrument } = this.#depth(symbol, data, [[data['p'], data['q']]], []);
    const seq = asInteger(id);
    if (seq !== seq || typeof data['m'] !== 'boolean')
      return feed.bad('trade without an id or a side', JSON.stringify(data));
    // m: the buyer is the maker, so the seller took.
    feed.trade(instrument, data['m'] ? Side.SELL : Side.BUY, this.#venueNs(data), data['p'], data['q'], seq);
  }

  /** The depth stream of a symbol, made with its first message, whose fields tell the market it is of. */
  #depth(symbol: string, data: JsonObject, bids: unknown, asks: unknown): DepthStream {
    const known = this.depths.get(symbol);
    if (known !== undefined) return known;
    const venue = venueOf(data);
    const index = this.#feed.instruments.index(venue, symbol, () => samplesOf(bids, asks));
    const depth = new DepthStream(this.#feed, symbol, index, venue !== 'binance');
    this.depths.set(symbol, depth);
    this.#releaseEarly(symbol);
    return depth;
  }

  #releaseEarly(symbol: string): void {
    const early = this.#early;
    if (early === undefined) return;
    this.#early = undefined;
    const { line, localNs } = this.#feed;
    this.#feed.line = early.line;
    this.#feed.localNs = early.localNs;
    this.#snapshot(symbol, early.body);
    this.#feed.line = line;
    this.#feed.localNs = localNs;
  }

  #venueNs(data: JsonObject): number {
    const { epochDay, localNs } = this.#feed;
    const sentNs = unixMsToNs(asInteger(data['E']), epochDay);
    // The clocks are compared by E, which is nearest to the sending.
    this.clock.observe(localNs - sentNs);
    const doneNs = unixMsToNs(asInteger(data['T']), epochDay);
    return doneNs === doneNs ? doneNs : sentNs;
  }
}

const noSamples = () => ({ prices: [], sizes: [] });

/**
 * COIN-M messages name the pair. Of the others, futures have a transaction time in a snapshot (no `s` there), `pu` in
 * a diff, `e` in a book ticker, and lack spot's `M` in a trade.
 */
export function venueOf(data: JsonObject): BinanceVenue {
  if ('ps' in data || 'pair' in data || /USD_(?:PERP|\d{6})$/.test(asText(data['s']))) return 'binance-coinm';
  if ('lastUpdateId' in data) return 'T' in data ? 'binance-usdm' : 'binance';
  if ('U' in data) return 'pu' in data ? 'binance-usdm' : 'binance';
  if ('B' in data) return 'e' in data ? 'binance-usdm' : 'binance';
  return 'M' in data ? 'binance' : 'binance-usdm';
}
