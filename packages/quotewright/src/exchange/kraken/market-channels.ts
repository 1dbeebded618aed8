/**
 * The public channels of WebSocket v2: book, trade, ticker, instrument. One view of a market for all who have subscribed to the same.
 * Source: docs.kraken.com/exchange/api-reference/spot-websocket-v2.
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import type { FaceSocket, VenueExchange } from '../contract.ts';
import { Refusal } from './auth.ts';
import { BookView } from './book-view.ts';
import { digits, type Fields, textOf, textsOf } from './json.ts';
import { isMoney, type PairList } from './names.ts';
import { isoText, sideText } from './order-text.ts';

const { HEAD, VENUE_NS, PRICE_TICKS, SIZE_LOTS, SEQ } = Field;
const DEPTHS = new Set([10, 25, 100, 500, 1000]);
const SNAPSHOT_TRADES = 50;
export const PUBLIC_CHANNELS = ['book', 'trade', 'ticker', 'instrument'] as const;
export type PublicChannel = (typeof PUBLIC_CHANNELS)[number];

interface Topic {
  readonly channel: 'book' | 'trade' | 'ticker';
  readonly market: number;
  /** Of book; and of ticker, whose trigger says whether trades or quotes are told of. */
  readonly view: BookView | undefined;
  readonly isBbo: boolean;
  readonly sockets: Set<FaceSocket>;
  /** The quote that was told of last. */
  best: string;
}

/** What was subscribed to: the result of the acknowledgement, and the frame of the snapshot behind it. */
export interface Subscribed {
  readonly result: object;
  readonly symbol?: string;
  readonly snapshot?: object;
}

export class MarketChannels {
  readonly #exchange: VenueExchange;
  readonly #pairs: PairList;
  readonly #topics = new Map<string, Topic>();
  /** By market. */
  readonly #byMarket: Topic[][];
  readonly #instrumentSockets = new Set<FaceSocket>();
  readonly #isTrading: boolean[];

  constructor(exchange: VenueExchange, pairs: PairList) {
    this.#exchange = exchange;
    this.#pairs = pairs;
    this.#byMarket = exchange.instruments.map(() => []);
    this.#isTrading = exchange.instruments.map((_, market) => exchange.isTrading(market));
  }

  /** @returns one for each symbol, of which those that there are not throw their Refusal when they are taken */
  subscribe(
    socket: FaceSocket,
    channel: PublicChannel,
    params: Fields,
  ): readonly { readonly symbol?: string; readonly begin: () => Subscribed }[] {
    if (channel === 'instrument') {
      this.#instrumentSockets.add(socket);
      const snapshot = { channel, type: 'snapshot', data: { assets: this.#assets(), pairs: this.#pairEntries() } };
      return [{ begin: () => ({ result: { channel, snapshot: true }, snapshot }) }];
    }
    const symbols = textsOf(params['symbol']);
    if (symbols.length === 0) throw new Refusal('Currency pair not supported');
    return symbols.map((symbol) => ({ symbol, begin: () => this.#subscribe(socket, channel, symbol, params) }));
  }

  unsubscribe(socket: FaceSocket, channel: PublicChannel, params: Fields): readonly Subscribed[] {
    if (channel === 'instrument') {
      this.#instrumentSockets.delete(socket);
      return [{ result: { channel } }];
    }
    const symbols = textsOf(params['symbol']);
    if (symbols.length === 0) throw new Refusal('Currency pair not supported');
    return symbols.map((symbol) => {
      const market = this.#pairs.find(symbol);
      for (const topic of this.#byMarket[market] ?? []) if (topic.channel === channel) this.#leave(topic, socket);
      return { result: { channel, symbol }, symbol };
    });
  }

  /** The connection is gone. */
  forget(socket: FaceSocket): void {
    this.#instrumentSockets.delete(socket);
    for (const topic of this.#topics.values()) this.#leave(topic, socket);
  }

  /** A message of the market. */
  market(market: number, data: Float64Array, from: number, to: number): void {
    if (this.#exchange.isTrading(market) !== this.#isTrading[market]) this.#tellStatus(market);
    const topics = this.#byMarket[market]!;
    if (topics.length === 0 || from === to) return;
    const timestamp = isoText(this.#exchange, data[from + VENUE_NS]!);
    const trades = this.#trades(market, data, from, to);
    for (const topic of topics) {
      if (topic.channel === 'trade') {
        if (trades.length > 0) send(topic.sockets, frame('trade', 'update', trades));
        continue;
      }
      if (topic.channel === 'book') {
        const update = topic.view?.update(timestamp);
        if (update !== undefined) send(topic.sockets, frame('book', 'update', [update]));
        continue;
      }
      topic.view?.follow();
      const best = topic.view?.best()?.join(' ') ?? '';
      const isNews = topic.isBbo ? best !== topic.best : trades.length > 0;
      topic.best = best;
      const ticker = isNews ? this.#ticker(topic) : undefined;
      if (ticker !== undefined) send(topic.sockets, frame('ticker', 'update', [ticker]));
    }
  }

  #subscribe(socket: FaceSocket, channel: Topic['channel'], symbol: string, params: Fields): Subscribed {
    const market = this.#exchange.instruments.findIndex((instrument) => instrument.symbol === symbol);
    if (market < 0) throw new Refusal(`Currency pair not supported ${symbol}`);
    const depth = channel === 'book' ? Number(textOf(params['depth']) || '10') : 1;
    if (channel === 'book' && !DEPTHS.has(depth)) throw new Refusal('Subscription depth not supported');
    const isBbo = textOf(params['event_trigger']) === 'bbo';
    const name = `${channel} ${market} ${depth} ${isBbo}`;
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      const view = channel === 'trade' ? undefined : new BookView(this.#exchange, market, depth);
      topic = { channel, market, view, isBbo, sockets: new Set(), best: '' };
      this.#topics.set(name, topic);
      this.#byMarket[market]!.push(topic);
    }
    if (topic.sockets.has(socket)) throw new Refusal('Already subscribed to one or more symbols');
    topic.sockets.add(socket);
    const hasSnapshot = textOf(params['snapshot']) !== 'false';
    const result = {
      channel,
      ...(channel === 'book' ? { depth } : {}),
      ...(channel === 'ticker' ? { event_trigger: isBbo ? 'bbo' : 'trades' } : {}),
      snapshot: hasSnapshot,
      symbol,
    };
    const snapshot = hasSnapshot ? this.#snapshot(topic) : undefined;
    return snapshot === undefined ? { result, symbol } : { result, symbol, snapshot };
  }

  #snapshot(topic: Topic): object | undefined {
    const { channel, market, view } = topic;
    const now = isoText(this.#exchange, this.#exchange.nowNs());
    if (channel === 'book') return { channel, type: 'snapshot', data: [view?.snapshot(now)] };
    if (channel === 'ticker') {
      const ticker = this.#ticker(topic);
      return ticker === undefined ? undefined : { channel, type: 'snapshot', data: [ticker] };
    }
    const trades = this.#exchange.recentTrades(market).slice(-SNAPSHOT_TRADES);
    const data = trades.map(({ priceTicks, sizeLots, side, number, ns }) =>
      this.#trade(market, priceTicks, sizeLots, side, number, ns),
    );
    return { channel, type: 'snapshot', data };
  }

  #trades(market: number, data: Float64Array, from: number, to: number): object[] {
    const trades: object[] = [];
    for (let at = from; at < to; at += EVENT_STRIDE) {
      const head = data[at + HEAD]!;
      if (headKind(head) !== EventKind.TRADE) continue;
      const side = (headFlags(head) & EventFlag.BUY) === 0 ? Side.SELL : Side.BUY;
      trades.push(
        this.#trade(
          market,
          data[at + PRICE_TICKS]!,
          data[at + SIZE_LOTS]!,
          side,
          data[at + SEQ]!,
          data[at + VENUE_NS]!,
        ),
      );
    }
    return trades;
  }

  #trade(market: number, ticks: number, lots: number, side: Side, number: number, ns: number): object {
    const { symbol, price, size } = this.#exchange.instruments[market]!;
    return {
      symbol,
      side: sideText(side),
      price: digits(price.format(ticks)),
      qty: digits(size.format(lots)),
      ord_type: 'limit',
      trade_id: number,
      timestamp: isoText(this.#exchange, ns),
    };
  }

  #ticker({ market, view }: Topic): object | undefined {
    const { symbol, price, size } = this.#exchange.instruments[market]!;
    const best = view?.best();
    if (best === undefined) return undefined;
    const [bid, bidLots, ask, askLots] = best;
    const last = this.#exchange.recentTrades(market).at(-1)?.priceTicks ?? bid;
    const lastPrice = digits(price.format(last));
    return {
      symbol,
      bid: digits(price.format(bid)),
      bid_qty: digits(size.format(bidLots)),
      ask: digits(price.format(ask)),
      ask_qty: digits(size.format(askLots)),
      last: lastPrice,
      volume: 0,
      vwap: lastPrice,
      low: lastPrice,
      high: lastPrice,
      change: 0,
      change_pct: 0,
    };
  }

  #tellStatus(market: number): void {
    this.#isTrading[market] = this.#exchange.isTrading(market);
    const data = { assets: [], pairs: [this.#pairEntry(market)] };
    for (const socket of this.#instrumentSockets) {
      socket.send(JSON.stringify({ channel: 'instrument', type: 'update', data }), 'other');
    }
  }

  #assets(): object[] {
    const currencies = new Set(this.#exchange.instruments.flatMap(({ base, quote }) => [base, quote]));
    return Array.from(currencies, (id) => ({
      id,
      status: 'enabled',
      precision: isMoney(id) ? 4 : 10,
      precision_display: isMoney(id) ? 2 : 5,
      borrowable: false,
    }));
  }

  #pairEntries(): object[] {
    return this.#exchange.instruments.map((_, market) => this.#pairEntry(market));
  }

  #pairEntry(market: number): object {
    const { symbol, base, quote, price, size, spec, minSizeLots } = this.#exchange.instruments[market]!;
    return {
      symbol,
      base,
      quote,
      status: this.#exchange.isTrading(market) ? 'online' : 'cancel_only',
      marginable: false,
      has_index: true,
      price_precision: price.decimals,
      price_increment: digits(price.format(1)),
      qty_precision: size.decimals,
      qty_increment: digits(size.format(1)),
      qty_min: digits(size.format(minSizeLots)),
      cost_precision: 5,
      cost_min: digits(spec.minNotional ?? '0.5'),
    };
  }

  #leave(topic: Topic, socket: FaceSocket): void {
    if (!topic.sockets.delete(socket) || topic.sockets.size > 0) return;
    for (const [name, each] of this.#topics) if (each === topic) this.#topics.delete(name);
    const topics = this.#byMarket[topic.market]!;
    topics.splice(topics.indexOf(topic), 1);
  }
}

function frame(channel: string, type: string, data: readonly object[]): string {
  return JSON.stringify({ channel, type, data });
}

function send(sockets: ReadonlySet<FaceSocket>, text: string): void {
  for (const socket of sockets) socket.send(text, 'market');
}
