/** Pages of the local Coinbase that need no key: clock, products, book, trades; and the lists of currencies that clients ask for. */
import { Side } from '@quotewright/core/market/side';
import type { FaceRequest, FaceResponse, VenueExchange } from '../contract.ts';
import { notFound, ok } from './answers.ts';
import { isoTime } from './render.ts';
import { trimmed } from '../decimals.ts';
import { levelTexts } from '../level-texts.ts';

const MARKET = '/api/v3/brokerage/market/';
const MOST_LEVELS = 5000;

/** @returns undefined when the path is not of a public page */
export function publicPage(exchange: VenueExchange, { method, path, query }: FaceRequest): FaceResponse | undefined {
  if (method !== 'GET') return undefined;
  if (path === '/v2/currencies') return ok({ data: [{ id: 'USD', name: 'US Dollar', min_size: '0.01' }] });
  if (path === '/v2/currencies/crypto') return ok({ data: exchange.instruments.map(currency) });
  if (path === '/v2/exchange-rates') return ok({ data: { currency: 'USD', rates: {} } });
  const ms = exchange.nowMs();
  if (path === '/v2/time') return ok({ data: { iso: new Date(ms).toISOString(), epoch: Math.floor(ms / 1000) } });
  if (path === '/api/v3/brokerage/time') {
    return ok({
      iso: new Date(ms).toISOString(),
      epochSeconds: String(Math.floor(ms / 1000)),
      epochMillis: String(ms),
    });
  }
  return path.startsWith(MARKET) ? marketPage(exchange, path.slice(MARKET.length), query) : undefined;
}

/** Behind `/market/`, or, with a key, behind `/`. */
export function marketPage(exchange: VenueExchange, page: string, query: URLSearchParams): FaceResponse {
  if (page === 'products') {
    const type = query.get('product_type') ?? 'SPOT';
    const products = type === 'SPOT' ? exchange.instruments.map((_, market) => product(exchange, market)) : [];
    return ok({ products, num_products: products.length });
  }
  if (page === 'product_book') {
    const market = marketOf(exchange, query.get('product_id') ?? '');
    return market < 0 ? notFound : ok({ pricebook: pricebook(exchange, market, limitOf(query, MOST_LEVELS)) });
  }
  const [, symbol, rest] = /^products\/([A-Z0-9]+-[A-Z0-9]+)(\/ticker)?$/u.exec(page) ?? [];
  const market = marketOf(exchange, symbol ?? '');
  if (market < 0) return notFound;
  return ok(rest === undefined ? product(exchange, market) : trades(exchange, market, limitOf(query, 1000)));
}

export function marketOf(exchange: VenueExchange, symbol: string): number {
  return exchange.instruments.findIndex((instrument) => instrument.symbol === symbol);
}

export function limitOf(query: URLSearchParams, most: number): number {
  const limit = Number(query.get('limit') ?? most);
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, most) : most;
}

export function levels(exchange: VenueExchange, market: number, side: Side, most: number): [string, string][] {
  return levelTexts(exchange, market, side, most).map(([price, size]) => [trimmed(price), trimmed(size)]);
}

function pricebook(exchange: VenueExchange, market: number, most: number) {
  const entries = (side: Side) => levels(exchange, market, side, most).map(([price, size]) => ({ price, size }));
  return {
    product_id: exchange.instruments[market]!.symbol,
    bids: entries(Side.BUY),
    asks: entries(Side.SELL),
    time: isoTime(exchange, exchange.nowNs()),
  };
}

function trades(exchange: VenueExchange, market: number, most: number) {
  const { price, size, symbol } = exchange.instruments[market]!;
  const [bid] = levels(exchange, market, Side.BUY, 1);
  const [ask] = levels(exchange, market, Side.SELL, 1);
  return {
    // Newest first; the side is the maker's.
    trades: exchange
      .recentTrades(market)
      .slice(-most)
      .toReversed()
      .map(({ priceTicks, sizeLots, side, number, ns }) => ({
        trade_id: String(number),
        product_id: symbol,
        price: trimmed(price.format(priceTicks)),
        size: trimmed(size.format(sizeLots)),
        time: isoTime(exchange, ns),
        side: side === Side.BUY ? 'SELL' : 'BUY',
        exchange: 'CBE',
      })),
    best_bid: bid?.[0] ?? '',
    best_ask: ask?.[0] ?? '',
  };
}

function product(exchange: VenueExchange, market: number) {
  const instrument = exchange.instruments[market]!;
  const { symbol, base, quote, price, size, spec } = instrument;
  const last = exchange.recentTrades(market).at(-1);
  const isOff = !exchange.isTrading(market);
  return {
    product_id: symbol,
    price: last === undefined ? '' : trimmed(price.format(last.priceTicks)),
    price_percentage_change_24h: '0',
    volume_24h: '0',
    volume_percentage_change_24h: '0',
    base_increment: spec.lot,
    quote_increment: spec.tick,
    quote_min_size: spec.minNotional ?? '0',
    quote_max_size: '150000000',
    base_min_size: size.format(instrument.minSizeLots),
    base_max_size: spec.maxSize ?? '3400',
    base_name: base,
    quote_name: quote,
    watched: false,
    is_disabled: false,
    new: false,
    status: 'online',
    cancel_only: isOff,
    limit_only: false,
    post_only: false,
    trading_disabled: isOff,
    auction_mode: false,
    product_type: 'SPOT',
    quote_currency_id: quote,
    base_currency_id: base,
    alias: '',
    alias_to: [],
    base_display_symbol: base,
    quote_display_symbol: quote,
    view_only: false,
    price_increment: spec.tick,
    display_name: symbol,
    product_venue: 'CBE',
  };
}

function currency({ base }: { readonly base: string }) {
  return {
    asset_id: base,
    code: base,
    name: base,
    color: '#000000',
    sort_index: 100,
    exponent: 8,
    type: 'crypto',
    address_regex: '',
  };
}
