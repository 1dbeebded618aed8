/**
 * WebSocket channels of the local Coinbase Exchange: `level2` (with a key), `level2_batch`, `full`, `matches`, `ticker`, `heartbeat`, `user`. Each
 * product has numbers of its own for the messages of `full`; the other channels show the number of the last one.
 * Source: docs.cdp.coinbase.com, "Exchange WebSocket Channels".
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { levels } from '../coinbase/public-pages.ts';
import { isoTime, uuidOf } from '../coinbase/render.ts';
import { trimmed } from '../decimals.ts';
import { MAKER_RATE, TAKER_RATE } from '../coinbase/listing.ts';
import type { ExchangeFill, ExchangeOrder, FaceConversation, FaceSocket, VenueExchange } from '../contract.ts';
import { type RestingOrder, RestingOrders } from '../resting-orders.ts';
import { Conversation } from './conversation.ts';
import { sideName } from './render.ts';

const { HEAD, VENUE_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { LEVEL, TRADE, SNAPSHOT_END } = EventKind;
const HEARTBEAT_NS = 1e9;
const MOST_LEVELS = 50_000;

interface Product {
  readonly orders: RestingOrders;
  sequence: number;
  lastTradeId: number;
  readonly changes: string[];
  readonly matches: string[];
  readonly full: string[];
  isWhole: boolean;
  changedNs: number;
}

export class Channels {
  readonly #exchange: VenueExchange;
  readonly #conversations = new Set<Conversation>();
  readonly #products: readonly Product[];
  /** Orders that were placed since the last turn: they are open when they have not ended by then. */
  readonly #fresh: ExchangeOrder[] = [];
  readonly #end: () => void;
  #heartbeatNs = 0;

  constructor(exchange: VenueExchange) {
    this.#exchange = exchange;
    this.#products = exchange.instruments.map((_, market) => ({
      orders: new RestingOrders({
        opened: (order, ns) => this.#opened(market, order, ns),
        traded: (order, _lots, ns) => {
          if (order.lots === 0) this.#done(market, order, 'filled', ns);
        },
        changed: (order, fromLots, ns) => this.#changed(market, order, fromLots, ns),
        cancelled: (order, ns) => this.#done(market, order, 'canceled', ns),
      }),
      sequence: 1,
      lastTradeId: exchange.recentTrades(market).at(-1)?.number ?? 0,
      changes: [],
      matches: [],
      full: [],
      isWhole: false,
      changedNs: 0,
    }));
    this.#end = exchange.listen({
      market: (market, data, from, to) => this.#market(market, data, from, to),
      order: (order, change, fill) => this.#order(order, change, fill),
      turn: (nowNs) => this.#turn(nowNs),
    });
  }

  connect(socket: FaceSocket): FaceConversation {
    const conversation = new Conversation(this.#exchange, this, socket, () => this.#conversations.delete(conversation));
    this.#conversations.add(conversation);
    return conversation;
  }

  close(): void {
    this.#end();
  }

  sequence(market: number): number {
    return this.#products[market]!.sequence;
  }

  /** Level 3 of the book. */
  orders(market: number): { bids: unknown[]; asks: unknown[] } {
    const { price, size } = this.#exchange.instruments[market]!;
    const { orders } = this.#products[market]!;
    const row = ({ priceTicks, lots, number }: RestingOrder) => [
      trimmed(price.format(priceTicks)),
      trimmed(size.format(lots)),
      this.#uuid(market, number),
    ];
    return { bids: orders.side(true).map(row), asks: orders.side(false).map(row) };
  }

  snapshot(market: number): string {
    const side = (of: Side) => levels(this.#exchange, market, of, MOST_LEVELS);
    const { symbol } = this.#exchange.instruments[market]!;
    const book = { type: 'snapshot', product_id: symbol, asks: side(Side.SELL), bids: side(Side.BUY) };
    return JSON.stringify({ ...book, time: isoTime(this.#exchange, this.#exchange.nowNs()) });
  }

  ticker(market: number): string {
    const { symbol, price, size } = this.#exchange.instruments[market]!;
    const [bid = '0', bidSize = '0'] = levels(this.#exchange, market, Side.BUY, 1)[0] ?? [];
    const [ask = '0', askSize = '0'] = levels(this.#exchange, market, Side.SELL, 1)[0] ?? [];
    const last = this.#exchange.recentTrades(market).at(-1);
    return JSON.stringify({
      type: 'ticker',
      sequence: this.#products[market]!.sequence,
      product_id: symbol,
      price: last === undefined ? bid : trimmed(price.format(last.priceTicks)),
      open_24h: bid,
      volume_24h: '0',
      low_24h: bid,
      high_24h: ask,
      volume_30d: '0',
      best_bid: bid,
      best_bid_size: bidSize,
      best_ask: ask,
      best_ask_size: askSize,
      side: last === undefined ? 'buy' : sideName(last.side),
      time: isoTime(this.#exchange, last?.ns ?? this.#exchange.nowNs()),
      trade_id: last?.number ?? 0,
      last_size: last === undefined ? '0' : trimmed(size.format(last.sizeLots)),
    });
  }

  #market(market: number, data: Float64Array, from: number, to: number): void {
    const product = this.#products[market]!;
    const { price, size } = this.#exchange.instruments[market]!;
    for (let at = from; at < to; at += EVENT_STRIDE) {
      const head = data[at + HEAD]!;
      const kind = headKind(head);
      const isBuy = (headFlags(head) & EventFlag.BUY) !== 0;
      const priceTicks = data[at + PRICE_TICKS]!;
      const lots = data[at + SIZE_LOTS]!;
      const ns = data[at + VENUE_NS]!;
      product.changedNs = ns;
      if (kind === LEVEL) {
        if (this.#conversations.size === 0) continue;
        const change = `["${isBuy ? 'buy' : 'sell'}","${trimmed(price.format(priceTicks))}","${trimmed(size.format(lots))}"]`;
        product.changes.push(change);
      } else if (kind === TRADE) this.#trade(market, product, data, at, isBuy ? Side.BUY : Side.SELL, ns);
      else if (kind === SNAPSHOT_END) product.isWhole = true;
      product.orders.take(data, at);
    }
  }

  #trade(market: number, product: Product, data: Float64Array, at: number, taker: Side, ns: number): void {
    const { price, size, symbol } = this.#exchange.instruments[market]!;
    const match = {
      type: 'match',
      trade_id: data[at + SEQ]!,
      maker_order_id: this.#uuid(market, data[at + ORDER_ID]!),
      taker_order_id: this.#uuid(market, data[at + AUX]!),
      side: sideName(taker === Side.BUY ? Side.SELL : Side.BUY),
      size: trimmed(size.format(data[at + SIZE_LOTS]!)),
      price: trimmed(price.format(data[at + PRICE_TICKS]!)),
    };
    product.lastTradeId = match.trade_id;
    product.matches.push(this.#full(product, symbol, ns, match));
  }

  #opened(market: number, order: RestingOrder, ns: number): void {
    const { price, size, symbol } = this.#exchange.instruments[market]!;
    this.#full(this.#products[market]!, symbol, ns, {
      type: 'open',
      ...this.#named(market, order),
      price: price.format(order.priceTicks),
      remaining_size: size.format(order.lots),
    });
  }

  #changed(market: number, order: RestingOrder, fromLots: number, ns: number): void {
    const { price, size, symbol } = this.#exchange.instruments[market]!;
    const sizes = { old_size: size.format(fromLots), new_size: size.format(order.lots) };
    const terms = { ...this.#named(market, order), ...sizes, price: price.format(order.priceTicks) };
    this.#full(this.#products[market]!, symbol, ns, { type: 'change', reason: 'STP', ...terms });
  }

  #done(market: number, order: RestingOrder, reason: string, ns: number): void {
    const { price, size, symbol } = this.#exchange.instruments[market]!;
    const terms = { price: price.format(order.priceTicks), remaining_size: size.format(order.lots) };
    this.#full(this.#products[market]!, symbol, ns, { type: 'done', ...this.#named(market, order), reason, ...terms });
  }

  #named(market: number, { number, isBuy }: RestingOrder): { order_id: string; side: string } {
    return { order_id: this.#uuid(market, number), side: isBuy ? 'buy' : 'sell' };
  }

  /** Of accounts' orders the one that their owner knows. */
  #uuid(market: number, number: number): string {
    const own = this.#products[market]!.orders.own(number);
    return own === undefined
      ? `10000000-0000-4000-8000-${number.toString(16).padStart(12, '0').slice(-12)}`
      : uuidOf(own.number);
  }

  #full(product: Product, symbol: string, ns: number, message: Record<string, unknown>): string {
    const sequence = ++product.sequence;
    if (this.#conversations.size === 0) return '';
    const text = JSON.stringify({ ...message, product_id: symbol, sequence, time: isoTime(this.#exchange, ns) });
    for (const conversation of this.#conversations) {
      if (!conversation.has('full')) continue;
      product.full.push(text);
      break;
    }
    return text;
  }

  #order(order: ExchangeOrder, change: string, fill?: ExchangeFill): void {
    const product = this.#products[order.market]!;
    product.orders.note(order);
    if (change === 'new') this.#fresh.push(order);
    if (change === 'rejected') return;
    const { price, size, symbol } = this.#exchange.instruments[order.market]!;
    const common = {
      product_id: symbol,
      sequence: product.sequence,
      time: isoTime(this.#exchange, order.updatedNs),
      order_id: uuidOf(order.number),
      side: sideName(order.side),
      user_id: order.account,
      profile_id: order.account,
    };
    const priced = order.priceTicks === undefined ? {} : { price: trimmed(price.format(order.priceTicks)) };
    if (change === 'new') {
      const kind = { order_type: order.priceTicks === undefined ? 'market' : 'limit', client_oid: order.clientId };
      this.#tell(order, {
        type: 'received',
        ...common,
        ...priced,
        ...kind,
        size: trimmed(size.format(order.sizeLots)),
      });
    } else if (change === 'fill' && fill !== undefined) {
      const id = uuidOf(order.number);
      const other = uuidOf(0);
      const maker = fill.isMaker ? order.side : order.side === Side.BUY ? Side.SELL : Side.BUY;
      const match = {
        ...common,
        type: 'match',
        trade_id: fill.number,
        maker_order_id: fill.isMaker ? id : other,
        taker_order_id: fill.isMaker ? other : id,
        side: sideName(maker),
        size: trimmed(size.format(fill.sizeLots)),
        price: trimmed(price.format(fill.priceTicks)),
        ...(fill.isMaker ? { maker_fee_rate: MAKER_RATE } : { taker_fee_rate: TAKER_RATE }),
      };
      this.#tell(order, match, 'fill');
    }
    if (order.status === 'filled' || order.status === 'cancelled') {
      const rest = trimmed(size.format(order.sizeLots - order.filledLots));
      const reason = order.status === 'filled' ? 'filled' : 'canceled';
      this.#tell(order, { type: 'done', ...common, ...priced, reason, remaining_size: rest });
    }
  }

  #tell(order: ExchangeOrder, message: Record<string, unknown>, kind: 'fill' | 'private' = 'private'): void {
    const product = this.#products[order.market]!;
    product.sequence++;
    if (this.#conversations.size === 0) return;
    const text = JSON.stringify({ ...message, sequence: product.sequence });
    let isShown = false;
    for (const conversation of this.#conversations) {
      if (conversation.hears(order)) conversation.send(text, kind);
      isShown ||= conversation.has('full');
    }
    // The number is used up on `full` too, where this message tells nothing of anybody.
    if (isShown) {
      const { symbol } = this.#exchange.instruments[order.market]!;
      const nothing = { type: 'activate', product_id: symbol, sequence: product.sequence };
      product.full.push(JSON.stringify({ ...nothing, time: isoTime(this.#exchange, order.updatedNs) }));
    }
  }

  #turn(nowNs: number): void {
    for (const order of this.#fresh.splice(0)) {
      if (order.status !== 'open') continue;
      const { price, size, symbol } = this.#exchange.instruments[order.market]!;
      this.#tell(order, {
        type: 'open',
        product_id: symbol,
        time: isoTime(this.#exchange, order.placedNs),
        order_id: uuidOf(order.number),
        side: sideName(order.side),
        price: order.priceTicks === undefined ? '0' : trimmed(price.format(order.priceTicks)),
        remaining_size: trimmed(size.format(order.sizeLots - order.filledLots)),
        user_id: order.account,
        profile_id: order.account,
      });
    }
    for (const [market, product] of this.#products.entries()) {
      product.orders.turn();
      this.#send(market, product);
    }
    for (const conversation of this.#conversations) conversation.turn(nowNs);
    if (nowNs - this.#heartbeatNs < HEARTBEAT_NS) return;
    this.#heartbeatNs = nowNs;
    for (const [market, { sequence, lastTradeId }] of this.#products.entries()) {
      const { symbol } = this.#exchange.instruments[market]!;
      const numbers = { sequence, last_trade_id: lastTradeId };
      const time = isoTime(this.#exchange, nowNs);
      this.#toAll('heartbeat', market, [JSON.stringify({ type: 'heartbeat', ...numbers, product_id: symbol, time })]);
    }
  }

  #send(market: number, product: Product): void {
    const { changes, matches, full } = product;
    const { symbol } = this.#exchange.instruments[market]!;
    const time = isoTime(this.#exchange, product.changedNs);
    for (const channel of ['level2', 'level2_batch']) {
      if (product.isWhole) this.#toAll(channel, market, [this.snapshot(market)]);
      else if (changes.length > 0) {
        const update = `{"type":"l2update","product_id":"${symbol}","changes":[${changes.join(',')}],"time":"${time}"}`;
        this.#toAll(channel, market, [update]);
      }
    }
    this.#toAll('full', market, full);
    if (matches.length > 0) {
      this.#toAll('matches', market, matches);
      this.#toAll('ticker', market, [this.ticker(market)]);
    }
    changes.length = 0;
    matches.length = 0;
    full.length = 0;
    product.isWhole = false;
  }

  #toAll(channel: string, market: number, texts: readonly string[]): void {
    for (const conversation of this.#conversations) {
      if (!conversation.has(channel, market)) continue;
      for (const text of texts) conversation.send(text, channel === 'heartbeat' ? 'other' : 'market');
    }
  }
}
