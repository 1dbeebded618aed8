/** One WebSocket connection to the local Coinbase: its subscriptions, its key, and the number of its messages. */
import { asList, asText, isObject, parseJson } from '../../data/json.ts';
import type { ExchangeOrder, FaceConversation, FaceSocket, FrameKind, VenueExchange } from '../contract.ts';
import { Subscriptions } from '../subscriptions.ts';
import { keyOfToken } from './auth.ts';
import { marketOf } from './public-pages.ts';
import { channelOrder, isoTime } from './render.ts';

const CHANNELS = new Set([
  'level2',
  'market_trades',
  'ticker',
  'ticker_batch',
  'heartbeats',
  'user',
  'candles',
  'status',
]);
/** Without a subscription the venue closes the connection. */
const IDLE_NS = 5e9;
const SNAPSHOT_ORDERS = 50;

/** What subscriptions begin with: JSON text of the events of a product. */
export interface Beginnings {
  snapshot(market: number): string;
  recentTrades(market: number): string;
  ticker(market: number, type: 'snapshot'): string;
}

export class Conversation implements FaceConversation {
  readonly #exchange: VenueExchange;
  readonly #beginnings: Beginnings;
  readonly #socket: FaceSocket;
  readonly #gone: () => void;
  readonly #openedNs: number;
  readonly #subscriptions = new Subscriptions();
  #account = '';
  #sequence = 0;

  constructor(exchange: VenueExchange, beginnings: Beginnings, socket: FaceSocket, gone: () => void) {
    this.#exchange = exchange;
    this.#beginnings = beginnings;
    this.#socket = socket;
    this.#gone = gone;
    this.#openedNs = exchange.nowNs();
  }

  get isSubscribed(): boolean {
    return !this.#subscriptions.areNone;
  }

  /** Whether it is subscribed to a channel, and there to a product. */
  has(channel: string, market?: number): boolean {
    return this.#subscriptions.has(channel, market);
  }

  /** Whether the order is of its account, and of a product that it is subscribed to (none = all). */
  hears(order: ExchangeOrder): boolean {
    const products = this.#subscriptions.markets('user');
    if (products === undefined || order.account !== this.#account || order.status === 'rejected') return false;
    return products.size === 0 || products.has(order.market);
  }

  /** @param events JSON text of the list of events */
  send(channel: string, events: string, kind: FrameKind): void {
    const time = isoTime(this.#exchange, this.#exchange.nowNs());
    const sequence = this.#sequence++;
    this.#socket.send(
      `{"channel":"${channel}","timestamp":"${time}","sequence_num":${sequence},"events":${events}}`,
      kind,
    );
  }

  turn(nowNs: number): void {
    if (!this.isSubscribed && nowNs - this.#openedNs > IDLE_NS)
      this.#socket.close(1008, 'no subscription within 5 seconds');
  }

  message(text: string): void {
    const message = parseJson(text);
    const type = isObject(message) ? message['type'] : undefined;
    if (!isObject(message) || (type !== 'subscribe' && type !== 'unsubscribe'))
      return this.#error('failure to parse message');
    const channel = asText(message['channel']);
    const symbols = asList(message['product_ids']).map(asText);
    const markets = symbols.map((symbol) => marketOf(this.#exchange, symbol));
    if (!CHANNELS.has(channel)) return this.#error(`channel ${channel} is not valid`);
    if (channel !== 'heartbeats' && markets.includes(-1)) {
      return this.#error(`${symbols[markets.indexOf(-1)]} is not a valid product`);
    }
    if (type === 'unsubscribe') return this.#unsubscribe(channel, markets);
    if (message['jwt'] !== undefined || channel === 'user') {
      const key = keyOfToken(this.#exchange, asText(message['jwt']));
      if (key === undefined) return this.#error('authentication failure');
      this.#account = key.account;
    }
    this.#subscribe(channel, markets);
  }

  closed(): void {
    this.#gone();
  }

  #subscribe(channel: string, markets: readonly number[]): void {
    // Snapshots come before anything that changes them.
    for (const market of this.#subscriptions.add(channel, markets)) {
      if (channel === 'level2') this.send('l2_data', this.#beginnings.snapshot(market), 'market');
      else if (channel === 'market_trades') this.send(channel, this.#beginnings.recentTrades(market), 'market');
      else if (channel === 'ticker' || channel === 'ticker_batch') {
        this.send(channel, this.#beginnings.ticker(market, 'snapshot'), 'market');
      }
    }
    if (channel === 'user') this.#sendOrders();
    this.#sendSubscriptions();
  }

  #unsubscribe(channel: string, markets: readonly number[]): void {
    this.#subscriptions.remove(channel, markets);
    this.#sendSubscriptions();
  }

  #sendOrders(): void {
    const open = this.#exchange.openOrders(this.#account).filter((order) => this.hears(order));
    for (let from = 0; from === 0 || from < open.length; from += SNAPSHOT_ORDERS) {
      const orders = open.slice(from, from + SNAPSHOT_ORDERS).map((order) => channelOrder(this.#exchange, order));
      this.send('user', JSON.stringify([{ type: 'snapshot', orders }]), 'private');
    }
  }

  #sendSubscriptions(): void {
    const list = this.#subscriptions.list((channel, markets) => [
      channel,
      channel === 'user' ? [this.#account] : markets.map((market) => this.#exchange.instruments[market]!.symbol),
    ]);
    const subscriptions: unknown = Object.fromEntries(list);
    this.send('subscriptions', JSON.stringify([{ subscriptions }]), 'other');
  }

  #error(message: string): void {
    this.#socket.send(JSON.stringify({ type: 'error', message }), 'other');
  }
}
