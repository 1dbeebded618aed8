/** One WebSocket connection to the local Coinbase Exchange: its subscriptions and its key. */
import { asList, asText, isObject, parseJson } from '../../data/json.ts';
import { marketOf } from '../coinbase/public-pages.ts';
import { isoTime } from '../coinbase/render.ts';
import type { ExchangeOrder, FaceConversation, FaceSocket, FrameKind, VenueExchange } from '../contract.ts';
import { Subscriptions } from '../subscriptions.ts';
import { keyOfSubscription } from './auth.ts';
import { sideName } from './render.ts';

const CHANNELS = new Set(['level2', 'level2_batch', 'full', 'matches', 'ticker', 'heartbeat', 'user']);
/** Channels that ask for a key. */
const PRIVATE = new Set(['level2', 'user']);
const IDLE_NS = 5e9;

/** What subscriptions begin with, as JSON text, and the number of a product's last message. */
export interface Beginnings {
  snapshot(market: number): string;
  ticker(market: number): string;
  sequence(market: number): number;
}

export class Conversation implements FaceConversation {
  readonly #exchange: VenueExchange;
  readonly #beginnings: Beginnings;
  readonly #socket: FaceSocket;
  readonly #gone: () => void;
  readonly #openedNs: number;
  readonly #subscriptions = new Subscriptions();
  #account = '';

  constructor(exchange: VenueExchange, beginnings: Beginnings, socket: FaceSocket, gone: () => void) {
    this.#exchange = exchange;
    this.#beginnings = beginnings;
    this.#socket = socket;
    this.#gone = gone;
    this.#openedNs = exchange.nowNs();
  }

  has(channel: string, market?: number): boolean {
    return this.#subscriptions.has(channel, market);
  }

  hears(order: ExchangeOrder): boolean {
    return order.account === this.#account && this.has('user', order.market);
  }

  send(text: string, kind: FrameKind): void {
    this.#socket.send(text, kind);
  }

  turn(nowNs: number): void {
    const isIdle = this.#subscriptions.areNone && nowNs - this.#openedNs > IDLE_NS;
    if (isIdle) this.#socket.close(1008, 'no subscription within 5 seconds');
  }

  message(text: string): void {
    const message = parseJson(text);
    const type = isObject(message) ? message['type'] : undefined;
    if (!isObject(message) || (type !== 'subscribe' && type !== 'unsubscribe')) {
      return this.#error('Failed to subscribe', 'Type has to be either subscribe or unsubscribe');
    }
    const shared = asList(message['product_ids']).map(asText);
    const asked = asList(message['channels']).map((entry) => ({
      name: isObject(entry) ? asText(entry['name']) : asText(entry),
      symbols:
        isObject(entry) && Array.isArray(entry['product_ids']) ? asList(entry['product_ids']).map(asText) : shared,
    }));
    const wrong = asked.find(({ name }) => !CHANNELS.has(name));
    if (asked.length === 0) return this.#error('Failed to subscribe', 'channels is required');
    if (wrong !== undefined) return this.#error('Failed to subscribe', `${wrong.name} is not a valid channel`);
    const unknown = asked.flatMap(({ symbols }) => symbols).find((symbol) => marketOf(this.#exchange, symbol) < 0);
    if (unknown !== undefined) return this.#error('Failed to subscribe', `${unknown} is not a valid product`);
    if (message['signature'] !== undefined) {
      const key = keyOfSubscription(this.#exchange, {
        key: asText(message['key']),
        passphrase: asText(message['passphrase']),
        timestamp: String(message['timestamp']),
        signature: asText(message['signature']),
      });
      if (typeof key === 'string') return this.#error('Authentication Failed', key);
      this.#account = key.account;
    }
    const closed = asked.find(({ name }) => PRIVATE.has(name));
    if (type === 'subscribe' && closed !== undefined && this.#account === '') {
      return this.#error('Failed to subscribe', `${closed.name} channel requires authentication`);
    }
    for (const { name, symbols } of asked) {
      const markets = symbols.map((symbol) => marketOf(this.#exchange, symbol));
      if (type === 'subscribe') this.#subscriptions.add(name, markets);
      else this.#subscriptions.remove(name, markets);
    }
    this.#confirm();
    for (const { name, symbols } of type === 'subscribe' ? asked : []) {
      for (const symbol of symbols) this.#begin(name, marketOf(this.#exchange, symbol));
    }
  }

  closed(): void {
    this.#gone();
  }

  /** What a channel begins with. */
  #begin(channel: string, market: number): void {
    if (channel === 'level2' || channel === 'level2_batch') this.send(this.#beginnings.snapshot(market), 'market');
    else if (channel === 'ticker') this.send(this.#beginnings.ticker(market), 'market');
    else if (channel === 'matches') {
      const last = this.#exchange.recentTrades(market).at(-1);
      if (last === undefined) return;
      const { symbol, price, size } = this.#exchange.instruments[market]!;
      const terms = { size: size.format(last.sizeLots), price: price.format(last.priceTicks), product_id: symbol };
      const side = sideName(last.side === 0 ? 1 : 0);
      const match = { type: 'last_match', trade_id: last.number, side, ...terms };
      const sequence = this.#beginnings.sequence(market);
      this.send(JSON.stringify({ ...match, sequence, time: isoTime(this.#exchange, last.ns) }), 'market');
    }
  }

  #confirm(): void {
    const channels = this.#subscriptions.list((name, markets) => ({
      name,
      product_ids: markets.map((market) => this.#exchange.instruments[market]!.symbol),
      account_ids: null,
    }));
    this.send(JSON.stringify({ type: 'subscriptions', channels }), 'other');
  }

  #error(message: string, reason: string): void {
    this.send(JSON.stringify({ type: 'error', message, reason }), 'other');
  }
}
