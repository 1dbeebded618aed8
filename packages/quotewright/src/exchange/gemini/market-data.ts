/**
 * `wss://…/v2/marketdata` of the local Gemini: books (`l2`) with the whole first, prints, heartbeats. What the market does is gathered between
 * two turns; a level that has come and gone meanwhile is not told of.
 * Source: docs.gemini.com, "Market Data Version 2".
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { asList, asText, isObject, parseJson } from '../../data/json.ts';
import type { FaceConversation, FaceSocket, VenueExchange } from '../contract.ts';
import { levels } from './public-pages.ts';
import { trimmed } from '../decimals.ts';

const { HEAD, VENUE_NS, PRICE_TICKS, SIZE_LOTS, SEQ } = Field;
const HEARTBEAT_NS = 5e9;
const MOST_LEVELS = 50_000;
const SNAPSHOT_TRADES = 50;

interface Market {
  readonly symbol: string;
  readonly subscribers: Set<FaceSocket>;
  /** Sizes by `buy 123` and `sell 123`: what subscribers hold, and what has changed since. */
  readonly sent: Map<string, string>;
  readonly changed: Map<string, string>;
  readonly trades: string[];
}

export class MarketData {
  readonly #exchange: VenueExchange;
  readonly #markets: readonly Market[];
  readonly #sockets = new Set<FaceSocket>();
  #heartbeatNs = 0;

  constructor(exchange: VenueExchange) {
    this.#exchange = exchange;
    this.#markets = exchange.instruments.map(({ symbol }) => ({
      symbol: symbol.toUpperCase(),
      subscribers: new Set(),
      sent: new Map(),
      changed: new Map(),
      trades: [],
    }));
  }

  connect(socket: FaceSocket): FaceConversation {
    this.#sockets.add(socket);
    return {
      message: (text) => this.#message(socket, text),
      closed: () => {
        this.#sockets.delete(socket);
        for (const { subscribers } of this.#markets) subscribers.delete(socket);
      },
    };
  }

  market(market: number, data: Float64Array, from: number, to: number): void {
    const gathered = this.#markets[market]!;
    if (gathered.subscribers.size === 0) return;
    const { price, size } = this.#exchange.instruments[market]!;
    for (let at = from; at < to; at += EVENT_STRIDE) {
      const head = data[at + HEAD]!;
      const side = (headFlags(head) & EventFlag.BUY) === 0 ? 'sell' : 'buy';
      const kind = headKind(head);
      if (kind === EventKind.LEVEL) {
        const sizeText = trimmed(size.format(data[at + SIZE_LOTS]!));
        gathered.changed.set(`${side} ${price.format(data[at + PRICE_TICKS]!)}`, sizeText);
      } else if (kind === EventKind.TRADE) {
        const [ticks, lots] = [data[at + PRICE_TICKS]!, data[at + SIZE_LOTS]!];
        gathered.trades.push(this.#trade(market, data[at + SEQ]!, ticks, lots, side, data[at + VENUE_NS]!));
      }
    }
  }

  turn(nowNs: number): void {
    for (const market of this.#markets) this.#flush(market);
    if (nowNs - this.#heartbeatNs < HEARTBEAT_NS) return;
    this.#heartbeatNs = nowNs;
    const frame = `{"timestamp":${this.#exchange.nowMs()},"type":"heartbeat"}`;
    for (const socket of this.#sockets) socket.send(frame, 'other');
  }

  #message(socket: FaceSocket, text: string): void {
    const message = parseJson(text);
    const type = isObject(message) ? message['type'] : undefined;
    if (!isObject(message) || (type !== 'subscribe' && type !== 'unsubscribe')) {
      return socket.send('{"result":"error","reason":"InvalidJson","message":"Invalid message"}', 'other');
    }
    for (const subscription of asList(message['subscriptions'])) {
      if (!isObject(subscription) || subscription['name'] !== 'l2') continue;
      for (const symbol of asList(subscription['symbols']).map(asText)) {
        const index = this.#markets.findIndex((market) => market.symbol === symbol);
        if (index < 0) {
          const reason = JSON.stringify({
            result: 'error',
            reason: 'InvalidSymbol',
            message: `Invalid symbol ${symbol}`,
          });
          socket.send(reason, 'other');
        } else if (type === 'unsubscribe') this.#markets[index]!.subscribers.delete(socket);
        else this.#subscribe(socket, index);
      }
    }
  }

  #subscribe(socket: FaceSocket, index: number): void {
    const exchange = this.#exchange;
    const market = this.#markets[index]!;
    // Others get what has changed so far, so that all hold the same from here on.
    this.#flush(market);
    market.subscribers.add(socket);
    market.sent.clear();
    const changes: string[] = [];
    for (const side of [Side.BUY, Side.SELL]) {
      const word = side === Side.BUY ? 'buy' : 'sell';
      for (const [price, size] of levels(exchange, index, side, MOST_LEVELS)) {
        market.sent.set(`${word} ${price}`, size);
        changes.push(`["${word}","${price}","${size}"]`);
      }
    }
    const trades = exchange
      .recentTrades(index)
      .slice(-SNAPSHOT_TRADES)
      .toReversed()
      .map(({ number, priceTicks, sizeLots, side, ns }) =>
        this.#trade(index, number, priceTicks, sizeLots, side === Side.BUY ? 'buy' : 'sell', ns),
      );
    socket.send(
      `{"auction_events":[],"changes":[${changes.join(',')}],"symbol":"${market.symbol}","trades":[${trades.join(',')}],"type":"l2_updates"}`,
      'market',
    );
  }

  #flush(market: Market): void {
    const { symbol, subscribers, sent, changed, trades } = market;
    if (changed.size === 0 && trades.length === 0) return;
    for (const trade of trades.splice(0)) for (const socket of subscribers) socket.send(trade, 'market');
    const changes: string[] = [];
    for (const [level, size] of changed) {
      if ((sent.get(level) ?? '0') === size) continue;
      if (size === '0') sent.delete(level);
      else sent.set(level, size);
      changes.push(`["${level.replace(' ', '","')}","${size}"]`);
    }
    changed.clear();
    if (changes.length === 0) return;
    const frame = `{"changes":[${changes.join(',')}],"symbol":"${symbol}","type":"l2_updates"}`;
    for (const socket of subscribers) socket.send(frame, 'market');
  }

  #trade(market: number, number: number, ticks: number, lots: number, side: string, ns: number): string {
    const { price, size } = this.#exchange.instruments[market]!;
    return (
      `{"event_id":${number},"price":"${price.format(ticks)}","quantity":"${trimmed(size.format(lots))}","side":"${side}",` +
      `"symbol":"${this.#markets[market]!.symbol}","tid":${number},"timestamp":${this.#exchange.unixMs(ns)},"type":"trade"}`
    );
  }
}
