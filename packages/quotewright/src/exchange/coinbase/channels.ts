/**
 * WebSocket channels of the local Coinbase. What the market does is gathered between two turns and put into text once for all who are
 * subscribed; every message of a connection, of whatever channel, has the next `sequence_num`.
 * Source: docs.cdp.coinbase.com, "Advanced Trade WebSocket Overview", "… Channels".
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import type { ExchangeOrder, FaceConversation, FaceSocket, VenueExchange } from '../contract.ts';
import { Conversation } from './conversation.ts';
import { channelOrder, isoTime } from './render.ts';
import { trimmed } from '../decimals.ts';
import { levels } from './public-pages.ts';

const { HEAD, VENUE_NS, PRICE_TICKS, SIZE_LOTS, SEQ } = Field;
const HEARTBEAT_NS = 1e9;
const TICKER_BATCH_NS = 5e9;
const MOST_LEVELS = 50_000;
/** Channels that are made of what was gathered. */
const GATHERED = ['level2', 'market_trades', 'ticker'] as const;

interface Gathered {
  readonly updates: string[];
  readonly trades: string[];
  /** The book was laid anew. */
  isWhole: boolean;
}

export class Channels {
  readonly #exchange: VenueExchange;
  readonly #conversations = new Set<Conversation>();
  readonly #gathered: readonly Gathered[];
  readonly #end: () => void;
  #heartbeatNs = 0;
  #tickerBatchNs = 0;
  #heartbeats = 0;

  constructor(exchange: VenueExchange) {
    this.#exchange = exchange;
    this.#gathered = exchange.instruments.map(() => ({ updates: [], trades: [], isWhole: false }));
    this.#end = exchange.listen({
      market: (market, data, from, to) => this.#market(market, data, from, to),
      order: (order, change) => this.#order(order, change === 'fill' ? 'fill' : 'private'),
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

  /** The events of a `level2` subscription's first message. */
  snapshot(market: number): string {
    const time = isoTime(this.#exchange, this.#exchange.nowNs());
    const of = (side: Side, name: string) =>
      levels(this.#exchange, market, side, MOST_LEVELS).map(([price, size]) => levelText(name, time, price, size));
    const updates = [...of(Side.BUY, 'bid'), ...of(Side.SELL, 'offer')].join(',');
    return `[{"type":"snapshot","product_id":"${this.#symbol(market)}","updates":[${updates}]}]`;
  }

  /** Prints from before the subscription, newest first. */
  recentTrades(market: number): string {
    const { price, size } = this.#exchange.instruments[market]!;
    const trades = this.#exchange
      .recentTrades(market)
      .slice(-50)
      .toReversed()
      .map((t) => this.#tradeText(market, t.number, price.format(t.priceTicks), size.format(t.sizeLots), t.ns, t.side));
    return `[{"type":"snapshot","trades":[${trades.join(',')}]}]`;
  }

  ticker(market: number, type: 'snapshot' | 'update'): string {
    const { price } = this.#exchange.instruments[market]!;
    const [[bid, bidSize] = ['', '']] = levels(this.#exchange, market, Side.BUY, 1);
    const [[ask, askSize] = ['', '']] = levels(this.#exchange, market, Side.SELL, 1);
    const last = this.#exchange.recentTrades(market).at(-1);
    const fields = {
      type: 'ticker',
      product_id: this.#symbol(market),
      price: last === undefined ? bid : trimmed(price.format(last.priceTicks)),
      volume_24_h: '0',
      low_24_h: '0',
      high_24_h: '0',
      low_52_w: '0',
      high_52_w: '0',
      price_percent_chg_24_h: '0',
      best_bid: bid,
      best_ask: ask,
      best_bid_quantity: bidSize,
      best_ask_quantity: askSize,
    };
    return `[{"type":"${type}","tickers":[${JSON.stringify(fields)}]}]`;
  }

  #symbol(market: number): string {
    return this.#exchange.instruments[market]!.symbol;
  }

  #market(market: number, data: Float64Array, from: number, to: number): void {
    const gathered = this.#gathered[market]!;
    const { price, size } = this.#exchange.instruments[market]!;
    if (!this.#isWanted(market)) return;
    for (let at = from; at < to; at += EVENT_STRIDE) {
      const head = data[at + HEAD]!;
      const kind = headKind(head);
      const isBuy = (headFlags(head) & EventFlag.BUY) !== 0;
      if (kind === EventKind.SNAPSHOT_END) gathered.isWhole = true;
      if (kind !== EventKind.LEVEL && kind !== EventKind.TRADE) continue;
      const ns = data[at + VENUE_NS]!;
      const priceText = price.format(data[at + PRICE_TICKS]!);
      const sizeText = size.format(data[at + SIZE_LOTS]!);
      if (kind === EventKind.LEVEL) {
        const time = isoTime(this.#exchange, ns);
        gathered.updates.push(levelText(isBuy ? 'bid' : 'offer', time, trimmed(priceText), trimmed(sizeText)));
      } else {
        const side = isBuy ? Side.BUY : Side.SELL;
        gathered.trades.push(this.#tradeText(market, data[at + SEQ]!, priceText, sizeText, ns, side));
      }
    }
  }

  /** The taker's side becomes the maker's. */
  #tradeText(market: number, number: number, price: string, size: string, ns: number, taker: Side): string {
    return (
      `{"product_id":"${this.#symbol(market)}","trade_id":"${number}","price":"${trimmed(price)}","size":"${trimmed(size)}",` +
      `"time":"${isoTime(this.#exchange, ns)}","side":"${taker === Side.BUY ? 'SELL' : 'BUY'}"}`
    );
  }

  #isWanted(market: number): boolean {
    for (const conversation of this.#conversations) {
      for (const channel of GATHERED) if (conversation.has(channel, market)) return true;
    }
    return false;
  }

  #order(order: ExchangeOrder, kind: 'fill' | 'private'): void {
    let events = '';
    for (const conversation of this.#conversations) {
      if (!conversation.hears(order)) continue;
      if (events === '') events = JSON.stringify([{ type: 'update', orders: [channelOrder(this.#exchange, order)] }]);
      conversation.send('user', events, kind);
    }
  }

  #turn(nowNs: number): void {
    for (const [market, gathered] of this.#gathered.entries()) this.#sendGathered(market, gathered);
    if (nowNs - this.#heartbeatNs >= HEARTBEAT_NS) {
      this.#heartbeatNs = nowNs;
      const time = isoTime(this.#exchange, nowNs).replace('T', ' ').replace('Z', ' +0000 UTC m=+0');
      const events = `[{"current_time":"${time}","heartbeat_counter":${++this.#heartbeats}}]`;
      for (const conversation of this.#conversations) {
        if (conversation.has('heartbeats')) conversation.send('heartbeats', events, 'other');
      }
    }
    if (nowNs - this.#tickerBatchNs >= TICKER_BATCH_NS) {
      this.#tickerBatchNs = nowNs;
      for (const market of this.#gathered.keys())
        this.#toAll('ticker_batch', market, () => this.ticker(market, 'update'));
    }
    for (const conversation of this.#conversations) conversation.turn(nowNs);
  }

  #sendGathered(market: number, gathered: Gathered): void {
    const { updates, trades, isWhole } = gathered;
    if (isWhole) this.#toAll('level2', market, () => this.snapshot(market));
    else if (updates.length > 0) {
      const symbol = this.#symbol(market);
      this.#toAll(
        'level2',
        market,
        () => `[{"type":"update","product_id":"${symbol}","updates":[${updates.join(',')}]}]`,
      );
    }
    if (trades.length > 0) {
      this.#toAll('market_trades', market, () => `[{"type":"update","trades":[${trades.toReversed().join(',')}]}]`);
      this.#toAll('ticker', market, () => this.ticker(market, 'update'));
    }
    updates.length = 0;
    trades.length = 0;
    gathered.isWhole = false;
  }

  #toAll(channel: string, market: number, make: () => string): void {
    let events = '';
    for (const conversation of this.#conversations) {
      if (!conversation.has(channel, market)) continue;
      if (events === '') events = make();
      conversation.send(channel === 'level2' ? 'l2_data' : channel, events, 'market');
    }
  }
}

function levelText(side: string, time: string, price: string, size: string): string {
  return `{"side":"${side}","event_time":"${time}","price_level":"${price}","new_quantity":"${size}"}`;
}
