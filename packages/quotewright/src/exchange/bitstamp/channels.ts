/**
 * The socket of the local Bitstamp: `diff_order_book`, `order_book`, `live_orders`, `live_trades`, and with a token `private-my_orders`
 * and `private-my_trades`. What the market does is gathered between two turns. The microtimestamps of diffs rise, and the page of a book is as of
 * its last diff: so a client knows which diffs are in it.
 * Source: www.bitstamp.net/websocket/v2.
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { asObject, asText, isObject, parseJson } from '../../data/json.ts';
import type { ExchangeFill, ExchangeOrder, FaceConversation, FaceSocket, VenueExchange } from '../contract.ts';
import { levelTexts } from '../level-texts.ts';
import { LiveOrders } from './live-orders.ts';
import { isTaken, micros, tradeId, typeOf } from './render.ts';
import { orderData, tradeData } from './private-events.ts';
import type { Tokens } from './tokens.ts';

const { HEAD, VENUE_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const TOP = 100;
const ALL = 50_000;
const PUBLIC = /^(diff_order_book|order_book|live_orders|live_trades)_(.+)$/u;
const PRIVATE = /^private-my_(?:orders|trades)_(.+)-(\d+)$/u;
const HEARTBEAT = '{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}';

interface Market {
  /** Sizes by price since the last diff, and as the diffs so far have told them: bids, asks. */
  readonly changed: readonly [Map<string, string>, Map<string, string>];
  readonly told: readonly [Map<string, string>, Map<string, string>];
  readonly trades: string[];
  readonly orders: LiveOrders;
  /** Unix microseconds of the last diff. */
  micros: number;
}

export class Channels {
  readonly #exchange: VenueExchange;
  readonly #tokens: Tokens;
  readonly #markets: readonly Market[];
  readonly #subscribers = new Map<string, Set<FaceSocket>>();
  /** What traded of an order since its last event, in lots, and that event. */
  readonly #traded = new Map<ExchangeOrder, { lots: number; event: string }>();

  constructor(exchange: VenueExchange, tokens: Tokens) {
    this.#exchange = exchange;
    this.#tokens = tokens;
    const start = Number(micros(exchange, exchange.nowNs()));
    const told = (market: number, side: Side) => new Map(levelTexts(exchange, market, side, ALL));
    this.#markets = exchange.instruments.map(({ symbol }, market) => ({
      changed: [new Map(), new Map()],
      told: [told(market, Side.BUY), told(market, Side.SELL)],
      trades: [],
      orders: new LiveOrders(exchange, market, () => this.#isHeard(`live_orders_${symbol}`)),
      micros: start,
    }));
  }

  connect(socket: FaceSocket): FaceConversation {
    return {
      message: (text) => this.#message(socket, text),
      closed: () => {
        for (const sockets of this.#subscribers.values()) sockets.delete(socket);
      },
    };
  }

  /** The page of single orders. Undefined: a recording plays the market, which has none. */
  orders(market: number): object | undefined {
    this.#flush(market);
    return this.#exchange.queues(market) === undefined ? undefined : this.#markets[market]!.orders.page();
  }

  /** Sends what has changed. @returns the microtimestamp of the last diff */
  asOf(market: number): string {
    this.#flush(market);
    return String(this.#markets[market]!.micros);
  }

  market(market: number, data: Float64Array, from: number, to: number): void {
    const { changed, orders, trades } = this.#markets[market]!;
    const { price, size } = this.#exchange.instruments[market]!;
    for (let at = from; at < to; at += EVENT_STRIDE) {
      const head = data[at + HEAD]!;
      const kind = headKind(head);
      const isBuy = (headFlags(head) & EventFlag.BUY) !== 0;
      if (kind === EventKind.LEVEL) {
        changed[isBuy ? 0 : 1].set(price.format(data[at + PRICE_TICKS]!), size.format(data[at + SIZE_LOTS]!));
      } else if (kind === EventKind.TRADE) trades.push(this.#trade(market, data, at, isBuy));
      orders.take(data, at);
    }
  }

  order(
    order: ExchangeOrder,
    change: 'new' | 'rejected' | 'amended' | 'cancelled' | 'fill',
    fill?: ExchangeFill,
  ): void {
    this.#markets[order.market]!.orders.note(order);
    if (change === 'rejected') return this.#takenAndCancelled(order);
    const event = change === 'new' ? 'order_created' : order.status === 'open' ? 'order_changed' : 'order_deleted';
    if (change === 'new')
      this.#send(this.#channelOf('orders', order), event, orderData(this.#exchange, order, order.sizeLots, 0));
    else {
      const traded = this.#traded.get(order) ?? { lots: 0, event };
      traded.lots += fill?.sizeLots ?? 0;
      traded.event = event;
      this.#traded.set(order, traded);
    }
    if (fill !== undefined) this.#send(this.#channelOf('trades', order), 'trade', tradeData(this.#exchange, fill));
  }

  /** What the venue takes and cancels at once: its customer learns of it here alone. */
  #takenAndCancelled(order: ExchangeOrder): void {
    if (!isTaken(order)) return;
    const data = orderData(this.#exchange, order, order.sizeLots, 0);
    for (const event of ['order_created', 'order_deleted']) this.#send(this.#channelOf('orders', order), event, data);
  }

  turn(nowNs: number): void {
    for (const [order, { lots, event }] of this.#traded) {
      const left = order.sizeLots - order.filledLots;
      this.#send(this.#channelOf('orders', order), event, orderData(this.#exchange, order, left, lots));
    }
    this.#traded.clear();
    for (const [market, { orders }] of this.#markets.entries()) {
      this.#flush(market);
      orders.turn(nowNs);
    }
  }

  #message(socket: FaceSocket, text: string): void {
    const message = parseJson(text);
    const event = isObject(message) ? asText(message['event']) : '';
    const data = (isObject(message) ? asObject(message['data']) : undefined) ?? {};
    const channel = asText(data['channel']);
    if (event === 'bts:heartbeat') return socket.send(HEARTBEAT, 'other');
    if (event !== 'bts:subscribe' && event !== 'bts:unsubscribe')
      return error(socket, '', null, 'Incorrect JSON format.');
    if (event === 'bts:unsubscribe') {
      this.#subscribers.get(channel)?.delete(socket);
      return socket.send(JSON.stringify({ event: 'bts:unsubscription_succeeded', channel, data: {} }), 'other');
    }
    const [, kind, open] = PUBLIC.exec(channel) ?? [];
    const symbol = open ?? PRIVATE.exec(channel)?.[1];
    const market = this.#exchange.instruments.findIndex((instrument) => instrument.symbol === symbol);
    // A recording of levels has no orders.
    if (market < 0 || (kind === 'live_orders' && this.#exchange.queues(market) === undefined)) {
      return error(socket, channel, null, 'Bad subscription string.');
    }
    const [, , user] = PRIVATE.exec(channel) ?? [];
    if (user !== undefined && this.#tokens.userOf(asText(data['auth'])) !== user) {
      return error(socket, channel, 4009, 'Connection is unauthorized.');
    }
    const sockets = this.#subscribers.get(channel) ?? new Set();
    this.#subscribers.set(channel, sockets);
    sockets.add(socket);
    socket.send(JSON.stringify({ event: 'bts:subscription_succeeded', channel, data: {} }), 'other');
  }

  #flush(index: number): void {
    const market = this.#markets[index]!;
    const { symbol } = this.#exchange.instruments[index]!;
    const [bids, asks] = [takeChanges(market, 0), takeChanges(market, 1)];
    for (const frame of market.orders.frames()) this.#toAll(`live_orders_${symbol}`, frame);
    for (const trade of market.trades.splice(0)) this.#publish(`live_trades_${symbol}`, `{"data":${trade}`, 'trade');
    if (bids === '' && asks === '') return;
    market.micros = Math.max(market.micros + 1, Number(micros(this.#exchange, this.#exchange.nowNs())));
    const time = `"timestamp":"${Math.floor(market.micros / 1e6)}","microtimestamp":"${market.micros}"`;
    this.#publish(`diff_order_book_${symbol}`, `{"data":{${time},"bids":[${bids}],"asks":[${asks}]}`, 'data');
    if (!this.#isHeard(`order_book_${symbol}`)) return;
    const top = (side: Side) => JSON.stringify(levelTexts(this.#exchange, index, side, TOP));
    const text = `{"data":{${time},"bids":${top(Side.BUY)},"asks":${top(Side.SELL)}}`;
    this.#publish(`order_book_${symbol}`, text, 'data');
  }

  /** @param head the frame up to the channel */
  #publish(channel: string, head: string, event: string): void {
    if (this.#isHeard(channel)) this.#toAll(channel, `${head},"channel":"${channel}","event":"${event}"}`);
  }

  #toAll(channel: string, frame: string): void {
    for (const socket of this.#subscribers.get(channel) ?? []) socket.send(frame, 'market');
  }

  #isHeard(channel: string): boolean {
    return (this.#subscribers.get(channel)?.size ?? 0) > 0;
  }

  #send(channel: string, event: string, data: object): void {
    const frame = JSON.stringify({ data, channel, event });
    for (const socket of this.#subscribers.get(channel) ?? [])
      socket.send(frame, event === 'trade' ? 'fill' : 'private');
  }

  #channelOf(kind: 'orders' | 'trades', { account, market }: ExchangeOrder): string {
    return `private-my_${kind}_${this.#exchange.instruments[market]!.symbol}-${this.#tokens.userNumber(account)}`;
  }

  #trade(market: number, data: Float64Array, at: number, isBuy: boolean): string {
    const { price, size } = this.#exchange.instruments[market]!;
    const time = micros(this.#exchange, data[at + VENUE_NS]!);
    const [amount, paid] = [size.format(data[at + SIZE_LOTS]!), price.format(data[at + PRICE_TICKS]!)];
    const { orders } = this.#markets[market]!;
    const [maker, taker] = [orders.id(data[at + ORDER_ID]!), orders.id(data[at + AUX]!)];
    return (
      `{"id":${tradeId(data[at + SEQ]!)},"timestamp":"${time.slice(0, -6)}","amount":${Number(amount)},"amount_str":"${amount}",` +
      `"price":${Number(paid)},"price_str":"${paid}","type":${typeOf(isBuy ? Side.BUY : Side.SELL)},"microtimestamp":"${time}",` +
      `"buy_order_id":${isBuy ? taker : maker},"sell_order_id":${isBuy ? maker : taker}}`
    );
  }
}

/** Levels of a side that are others than was told, as JSON. */
function takeChanges({ changed, told }: Market, side: 0 | 1): string {
  const levels: string[] = [];
  for (const [price, size] of changed[side]) {
    const isGone = /^[0.]+$/u.test(size);
    if (isGone ? !told[side].delete(price) : told[side].get(price) === size) continue;
    if (!isGone) told[side].set(price, size);
    levels.push(`["${price}","${size}"]`);
  }
  changed[side].clear();
  return levels.join(',');
}

function error(socket: FaceSocket, channel: string, code: number | null, message: string): void {
  socket.send(JSON.stringify({ event: 'bts:error', channel, data: { code, message } }), 'other');
}
