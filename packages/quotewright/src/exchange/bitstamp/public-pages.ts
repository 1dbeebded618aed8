/** The local Bitstamp's public pages. Source: www.bitstamp.net/api, "Market info", "Order book", "Transactions", "Ticker". */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { FaceRequest, FaceResponse, VenueExchange } from '../contract.ts';
import { levelTexts } from '../level-texts.ts';
import { notFound, ok } from './answers.ts';
import type { Channels } from './channels.ts';
import { pairOf, tradeId, typeOf } from './render.ts';

const MOST_LEVELS = 50_000;

/** @returns undefined when there is no such public page */
export function publicPage(
  exchange: VenueExchange,
  { method, path, query }: FaceRequest,
  channels: Channels,
): FaceResponse | undefined {
  if (method !== 'GET') return undefined;
  const [, page, symbol] = /^\/api\/v2\/([a-z_-]+)\/(?:([a-z0-9-]+)\/?)?$/u.exec(path) ?? [];
  if (page === 'trading-pairs-info')
    return ok(exchange.instruments.map((instrument, i) => pair(exchange, instrument, i)));
  if (page === 'markets' || page === 'currencies')
    return ok(exchange.instruments.map((each, i) => market(exchange, each, i)));
  if (page !== 'order_book' && page !== 'transactions' && page !== 'ticker') return undefined;
  const index = exchange.instruments.findIndex((instrument) => instrument.symbol === symbol);
  if (index < 0) return notFound;
  if (page === 'order_book') {
    // 1, unless said otherwise: by price; 2: single orders.
    const orders = query.get('group') === '2' ? channels.orders(index) : undefined;
    return ok(orders ?? book(exchange, index, channels.asOf(index)));
  }
  return ok(page === 'transactions' ? trades(exchange, index) : ticker(exchange, index));
}

function pair(exchange: VenueExchange, instrument: Instrument, index: number): object {
  const { base, quote, price, size, symbol, spec } = instrument;
  return {
    name: pairOf(instrument),
    url_symbol: symbol,
    base_decimals: size.decimals,
    counter_decimals: price.decimals,
    instant_order_counter_decimals: price.decimals,
    minimum_order: `${spec.minNotional ?? '0'} ${quote}`,
    trading: exchange.isTrading(index) ? 'Enabled' : 'Disabled',
    instant_and_market_orders: 'Enabled',
    description: `${base} / ${quote}`,
  };
}

function market(exchange: VenueExchange, instrument: Instrument, index: number): object {
  const { base, quote, price, size, symbol, spec } = instrument;
  return {
    name: pairOf(instrument),
    market_symbol: symbol,
    base_currency: base,
    base_decimals: size.decimals,
    counter_currency: quote,
    counter_decimals: price.decimals,
    minimum_order_value: spec.minNotional ?? '0',
    trading: exchange.isTrading(index) ? 'Enabled' : 'Disabled',
    instant_order_counter_decimals: price.decimals,
    instant_and_market_orders: 'Enabled',
    description: `${base} / ${quote}`,
    market_type: 'SPOT',
  };
}

function book(exchange: VenueExchange, index: number, microtimestamp: string): object {
  const [bids, asks] = [Side.BUY, Side.SELL].map((side) => levelTexts(exchange, index, side, MOST_LEVELS));
  return { timestamp: microtimestamp.slice(0, -6), microtimestamp, bids, asks };
}

/** Newest first. */
function trades(exchange: VenueExchange, index: number): object[] {
  const { price, size } = exchange.instruments[index]!;
  return exchange
    .recentTrades(index)
    .toReversed()
    .map(({ priceTicks, sizeLots, side, number, ns }) => ({
      date: String(Math.floor(exchange.unixMs(ns) / 1000)),
      tid: String(tradeId(number)),
      amount: size.format(sizeLots),
      type: String(typeOf(side)),
      price: price.format(priceTicks),
    }));
}

function ticker(exchange: VenueExchange, index: number): object {
  const { price } = exchange.instruments[index]!;
  const [[bid] = ['0']] = levelTexts(exchange, index, Side.BUY, 1);
  const [[ask] = ['0']] = levelTexts(exchange, index, Side.SELL, 1);
  const last = exchange.recentTrades(index).at(-1);
  const text = last === undefined ? bid : price.format(last.priceTicks);
  const timestamp = String(Math.floor(exchange.nowMs() / 1000));
  return { timestamp, open: text, high: text, low: text, last: text, volume: '0', vwap: text, bid, ask };
}
