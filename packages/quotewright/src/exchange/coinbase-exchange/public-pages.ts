/** Pages of the local Coinbase Exchange that need no key. */
import { Side } from '@quotewright/core/market/side';
import { isoTime } from '../coinbase/render.ts';
import { trimmed } from '../decimals.ts';
import { levels, limitOf, marketOf } from '../coinbase/public-pages.ts';
import type { FaceRequest, FaceResponse, VenueExchange } from '../contract.ts';
import { notFound, ok, refused } from './answers.ts';
import type { Channels } from './channels.ts';
import { sideName } from './render.ts';

const MOST_LEVELS = 50_000;

/** @returns undefined when the path is not of a public page */
export function publicPage(
  exchange: VenueExchange,
  channels: Channels,
  { method, path, query }: FaceRequest,
): FaceResponse | undefined {
  if (method !== 'GET') return undefined;
  if (path === '/time') {
    const ms = exchange.nowMs();
    return ok({ iso: new Date(ms).toISOString(), epoch: ms / 1000 });
  }
  if (path === '/products') return ok(exchange.instruments.map((_, market) => product(exchange, market)));
  if (path === '/currencies') return ok(currencies(exchange));
  const [, symbol, page] = /^\/products\/([^/]+)(?:\/(book|ticker|trades))?$/u.exec(path) ?? [];
  if (symbol === undefined) return undefined;
  const market = marketOf(exchange, symbol);
  if (market < 0) return notFound;
  if (page === undefined) return ok(product(exchange, market));
  if (page === 'ticker') return ok(ticker(exchange, market));
  if (page === 'trades') return ok(trades(exchange, market, limitOf(query, 1000)));
  return book(exchange, channels, market, query.get('level') ?? '1');
}

function book(exchange: VenueExchange, channels: Channels, market: number, level: string): FaceResponse {
  const rest = { auction_mode: false, auction: null, time: isoTime(exchange, exchange.nowNs()) };
  const sequence = channels.sequence(market);
  if (level === '3') {
    return exchange.queues(market) === undefined
      ? refused(400, 'the book of a recording has no orders')
      : ok({ ...channels.orders(market), sequence, ...rest });
  }
  if (level !== '1' && level !== '2') return refused(400, 'Invalid level');
  const side = (of: Side) =>
    levels(exchange, market, of, level === '1' ? 1 : MOST_LEVELS).map(([price, size]) => [price, size, 1]);
  return ok({ bids: side(Side.BUY), asks: side(Side.SELL), sequence, ...rest });
}

function ticker(exchange: VenueExchange, market: number) {
  const { price, size } = exchange.instruments[market]!;
  const last = exchange.recentTrades(market).at(-1);
  return {
    ask: levels(exchange, market, Side.SELL, 1)[0]?.[0] ?? '0',
    bid: levels(exchange, market, Side.BUY, 1)[0]?.[0] ?? '0',
    volume: '0',
    trade_id: last?.number ?? 0,
    price: last === undefined ? '0' : trimmed(price.format(last.priceTicks)),
    size: last === undefined ? '0' : trimmed(size.format(last.sizeLots)),
    time: isoTime(exchange, last?.ns ?? exchange.nowNs()),
  };
}

/** Newest first; the side is the maker's. */
function trades(exchange: VenueExchange, market: number, most: number) {
  const { price, size } = exchange.instruments[market]!;
  return exchange
    .recentTrades(market)
    .slice(-most)
    .toReversed()
    .map((trade) => ({
      trade_id: trade.number,
      side: sideName(trade.side === Side.BUY ? Side.SELL : Side.BUY),
      size: trimmed(size.format(trade.sizeLots)),
      price: trimmed(price.format(trade.priceTicks)),
      time: isoTime(exchange, trade.ns),
    }));
}

function product(exchange: VenueExchange, market: number) {
  const { symbol, base, quote, spec } = exchange.instruments[market]!;
  const isOff = !exchange.isTrading(market);
  return {
    id: symbol,
    base_currency: base,
    quote_currency: quote,
    quote_increment: spec.tick,
    base_increment: spec.lot,
    display_name: symbol.replace('-', '/'),
    min_market_funds: spec.minNotional ?? '1',
    margin_enabled: false,
    post_only: false,
    limit_only: false,
    cancel_only: isOff,
    status: 'online',
    status_message: '',
    trading_disabled: isOff,
    fx_stablecoin: false,
    max_slippage_percentage: '0.02000000',
    auction_mode: false,
    high_bid_limit_percentage: '',
  };
}

function currencies(exchange: VenueExchange) {
  const names = new Set(exchange.instruments.flatMap(({ base, quote }) => [base, quote]));
  return Array.from(names, (id) => ({
    id,
    name: id,
    min_size: id === 'USD' ? '0.01' : '0.00000001',
    status: 'online',
    message: '',
    max_precision: id === 'USD' ? '0.01' : '0.00000001',
    convertible_to: [],
    details: { type: id === 'USD' ? 'fiat' : 'crypto', symbol: id, network_confirmations: 1, sort_order: 1 },
    default_network: '',
    supported_networks: [],
  }));
}
