/**
 * Event logs as JSON Lines: what a session saw and did, one object per line with `type`, `ts` (ISO, local time), `strategy` and its own
 * fields. Written by pino's asynchronous destination: nothing waits for the disk. When it cannot keep up, lines beyond the
 * buffer are dropped and counted; `close` says how many.
 */
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { nsToIso } from '@quotewright/core/base/time';
import { Side } from '@quotewright/core/market/side';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { Fill, Market, Order } from '@quotewright/core/strategies/strategy';
import { OrderState } from '@quotewright/core/trading/order-state';
import { REJECT_TEXT, RequestKind } from '@quotewright/core/trading/records';
import pino from 'pino';

/** Bytes that may wait to be written. */
const BUFFER_BYTES = 64 * 1024 * 1024;
const WRITE_BYTES = 16_000;

export const EVENT_TYPES = [
  'session_start',
  'market_update',
  'order_book_update',
  'strategy_metrics',
  'trading_event',
  'connection_event',
  'order_filled',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

const STATE_NAMES = Object.fromEntries(Object.entries(OrderState).map(([name, state]) => [state, name.toLowerCase()]));
const REQUEST_NAMES: Readonly<Record<number, string>> = {
  [RequestKind.NEW]: 'new',
  [RequestKind.CANCEL]: 'cancel',
  [RequestKind.AMEND]: 'amend',
};

export interface EventLogOptions {
  readonly path: string;
  readonly epochDay: number;
  readonly strategy: string;
  /** Levels a side in `order_book_update`. */
  readonly levels?: number;
  /** Local time between two `strategy_metrics`, nanoseconds. */
  readonly metricsNs?: number;
}

export class EventLog implements Observer {
  /** Lines that were dropped because the disk did not keep up. */
  dropped = 0;
  lines = 0;
  readonly #destination: ReturnType<typeof pino.destination>;
  readonly #epochDay: number;
  readonly #strategy: string;
  readonly #levels: number;
  readonly #metricsNs: number;
  readonly #prices: Float64Array;
  readonly #sizes: Float64Array;
  #nextMetricsNs = Number.NEGATIVE_INFINITY;
  /** Numbers that the strategy reported last. */
  readonly #reported: Record<string, number> = {};
  /** Last touch written, by market: a message that leaves it alone is no `market_update`. */
  readonly #touch = new Map<number, string>();

  /** @throws the system's error when the file cannot be opened. */
  constructor(options: EventLogOptions) {
    this.#epochDay = options.epochDay;
    this.#strategy = options.strategy;
    this.#levels = options.levels ?? 5;
    this.#metricsNs = options.metricsNs ?? 1e9;
    this.#prices = new Float64Array(this.#levels);
    this.#sizes = new Float64Array(this.#levels);
    this.#destination = pino.destination({
      // Opened here: a destination that cannot open its file complains once more when the process ends.
      dest: openSync(options.path, 'w'),
      sync: false,
      minLength: WRITE_BYTES,
      maxLength: BUFFER_BYTES,
    });
    this.#destination.on('drop', () => this.dropped++);
  }

  sessionStart(nowNs: number, fields: Readonly<Record<string, unknown>>): void {
    this.#write('session_start', nowNs, fields);
  }

  connection(nowNs: number, venue: string, isUp: boolean): void {
    this.#write('connection_event', nowNs, { venue, state: isUp ? 'connected' : 'disconnected' });
  }

  onBook(market: Market): void {
    const nowNs = market.receivedNs;
    const { instrument } = market;
    const bid = priceText(instrument, market.bidTicks);
    const ask = priceText(instrument, market.askTicks);
    const bidSize = sizeText(instrument, market.bidLots);
    const askSize = sizeText(instrument, market.askLots);
    const touch = `${bid} ${ask} ${bidSize} ${askSize}`;
    if (touch !== this.#touch.get(market.index)) {
      this.#touch.set(market.index, touch);
      this.#write('market_update', nowNs, {
        symbol: instrument.symbol,
        bid,
        ask,
        bidSize,
        askSize,
        ready: market.isReady,
      });
    }
    this.#write('order_book_update', nowNs, {
      symbol: instrument.symbol,
      bids: this.#depth(market, Side.BUY),
      asks: this.#depth(market, Side.SELL),
    });
    if (nowNs < this.#nextMetricsNs) return;
    this.#nextMetricsNs = nowNs + this.#metricsNs;
    this.#write('strategy_metrics', nowNs, {
      symbol: instrument.symbol,
      position: sizeText(instrument, market.positionLots),
      realised: market.realisedPnl,
      unrealised: market.unrealisedPnl,
      orders: market.orderCount,
      ...(Object.keys(this.#reported).length === 0 ? {} : { reported: this.#reported }),
    });
  }

  onFill(market: Market, fill: Fill, nowNs: number, feePpb: number): void {
    const { instrument } = market;
    this.#write('order_filled', nowNs, {
      symbol: instrument.symbol,
      order: fill.orderId,
      side: sideText(fill.side),
      price: priceText(instrument, fill.priceTicks),
      size: sizeText(instrument, fill.sizeLots),
      maker: fill.isMaker,
      feeRate: feePpb / 1e9,
      position: sizeText(instrument, market.positionLots),
    });
  }

  onOrder(market: Market, order: Order, nowNs: number): void {
    this.#trading(market, order, nowNs, {
      state: STATE_NAMES[order.state],
      ...(order.reason === 0 ? {} : { reason: REJECT_TEXT[order.reason] }),
    });
  }

  onRequest(market: Market, kind: number, order: Order, nowNs: number): void {
    this.#trading(market, order, nowNs, { request: REQUEST_NAMES[kind] });
  }

  onFunding(market: Market, ratePpb: number, markTicks: number, nowNs: number): void {
    const { instrument } = market;
    this.#write('trading_event', nowNs, {
      symbol: instrument.symbol,
      funding: ratePpb / 1e9,
      mark: instrument.price.toNumber(markTicks),
    });
  }

  onMetric(name: string, value: number): void {
    this.#reported[name] = value;
  }

  /** Writes what waits and closes the file. */
  async close(): Promise<void> {
    const closed = once(this.#destination, 'close');
    this.#destination.end();
    await closed;
  }

  #trading(market: Market, order: Order, nowNs: number, fields: Readonly<Record<string, unknown>>): void {
    const { instrument } = market;
    this.#write('trading_event', nowNs, {
      symbol: instrument.symbol,
      order: order.id,
      side: sideText(order.side),
      price: priceText(instrument, order.priceTicks),
      size: sizeText(instrument, order.sizeLots),
      filled: sizeText(instrument, order.filledLots),
      ...fields,
    });
  }

  /** [price, size] of the best levels. */
  #depth(market: Market, side: Side): (readonly [string | null, string | null])[] {
    const count = market.book.top(side, this.#levels, this.#prices, this.#sizes);
    const { instrument } = market;
    return Array.from({ length: count }, (_, level) => [
      priceText(instrument, this.#prices[level]!),
      sizeText(instrument, this.#sizes[level]!),
    ]);
  }

  #write(type: EventType, nowNs: number, fields: Readonly<Record<string, unknown>>): void {
    this.lines++;
    const line = { type, ts: nsToIso(nowNs, this.#epochDay), strategy: this.#strategy, ...fields };
    this.#destination.write(`${JSON.stringify(line)}\n`);
  }
}

const sideText = (side: Side): string => (side === Side.BUY ? 'buy' : 'sell');

/** Null when there is none. */
function priceText(instrument: Instrument, ticks: number): string | null {
  return ticks === ticks ? instrument.price.format(ticks) : null;
}

function sizeText(instrument: Instrument, lots: number): string | null {
  return lots === lots ? instrument.size.format(lots) : null;
}
