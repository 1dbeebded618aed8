/** The local Gemini's public pages. Source: docs.gemini.com, "Symbols", "Symbol Details", "Current Order Book", "Trade History". */
import { Side } from '@quotewright/core/market/side';
import type { FaceRequest, FaceResponse, VenueExchange } from '../contract.ts';
import { badSymbol, ok } from './answers.ts';
import { trimmed } from '../decimals.ts';
import { levelTexts } from '../level-texts.ts';

const MOST_LEVELS = 50_000;
const DEFAULT_LEVELS = 50;

/** Undefined: there is no such public page. */
export function publicPage(exchange: VenueExchange, { method, path, query }: FaceRequest): FaceResponse | undefined {
  if (method !== 'GET') return undefined;
  if (path === '/') return tradingPage(exchange);
  const symbols = exchange.instruments.map(({ symbol }) => symbol);
  if (path === '/v1/symbols') return ok(symbols);
  if (path === '/v1/symbols/details/all') return ok(exchange.instruments.map((_, market) => details(exchange, market)));
  const [, page, name] = /^\/v1\/(symbols\/details|book|trades|pubticker)\/([^/]+)$/u.exec(path) ?? [];
  if (page === undefined || name === undefined) return undefined;
  const market = symbols.indexOf(name.toLowerCase());
  if (market < 0) return badSymbol(name, symbols);
  if (page === 'symbols/details') return ok(details(exchange, market));
  if (page === 'book') return ok(book(exchange, market, query));
  return ok(page === 'trades' ? trades(exchange, market, query) : ticker(exchange, market));
}

/** Price and size of the levels of a side, best first. */
export function levels(
  exchange: VenueExchange,
  market: number,
  side: Side,
  most: number,
): [price: string, size: string][] {
  return levelTexts(exchange, market, side, most).map(([price, size]) => [price, trimmed(size)]);
}

function details(exchange: VenueExchange, market: number): object {
  const { symbol, base, quote, spec, size, minSizeLots } = exchange.instruments[market]!;
  return {
    symbol: symbol.toUpperCase(),
    base_currency: base,
    quote_currency: quote,
    tick_size: Number(spec.lot),
    quote_increment: Number(spec.tick),
    min_order_size: trimmed(size.format(minSizeLots)),
    status: exchange.isTrading(market) ? 'open' : 'closed',
    wrap_enabled: false,
    product_type: 'spot',
    contract_type: 'vanilla',
    contract_price_currency: quote,
  };
}

function book(exchange: VenueExchange, market: number, query: URLSearchParams): object {
  const timestamp = String(Math.floor(exchange.nowMs() / 1000));
  const of = (side: Side, limit: string) => {
    const asked = Number(query.get(limit) ?? DEFAULT_LEVELS);
    const most = asked === 0 ? MOST_LEVELS : Math.min(MOST_LEVELS, asked);
    if (!Number.isInteger(most) || most < 0) return [];
    return levels(exchange, market, side, most).map(([price, amount]) => ({ price, amount, timestamp }));
  };
  return { bids: of(Side.BUY, 'limit_bids'), asks: of(Side.SELL, 'limit_asks') };
}

function trades(exchange: VenueExchange, market: number, query: URLSearchParams): object[] {
  const { price, size } = exchange.instruments[market]!;
  const limit = Math.min(500, Math.max(1, Number(query.get('limit_trades') ?? 50) || 50));
  return exchange
    .recentTrades(market)
    .slice(-limit)
    .toReversed()
    .map(({ priceTicks, sizeLots, side, number, ns }) => ({
      timestamp: Math.floor(exchange.unixMs(ns) / 1000),
      timestampms: exchange.unixMs(ns),
      tid: number,
      price: price.format(priceTicks),
      amount: trimmed(size.format(sizeLots)),
      exchange: 'gemini',
      type: side === Side.BUY ? 'buy' : 'sell',
    }));
}

function ticker(exchange: VenueExchange, market: number): object {
  const { price, base, quote } = exchange.instruments[market]!;
  const [[bid] = ['']] = levels(exchange, market, Side.BUY, 1);
  const [[ask] = ['']] = levels(exchange, market, Side.SELL, 1);
  const last = exchange.recentTrades(market).at(-1);
  const volume = { [base]: '0', [quote]: '0', timestamp: exchange.nowMs() };
  return { bid, ask, last: last === undefined ? bid : price.format(last.priceTicks), volume };
}

/** The venue's web page, of which clients read the grids of all pairs: symbol, decimals of price and size, least size. */
function tradingPage(exchange: VenueExchange): FaceResponse {
  const tradingPairs = exchange.instruments.map(({ symbol, price, size, minSizeLots }) => {
    const least = trimmed(size.format(minSizeLots));
    return [symbol.toUpperCase(), price.decimals, size.decimals, least, 10, true];
  });
  const currencies = exchange.instruments.map(({ base, size }) => [
    base,
    base,
    0,
    6,
    0,
    size.decimals,
    8,
    false,
    null,
    null,
  ]);
  currencies.push(['USD', 'US Dollar', 0, 2, 2, 2, 2, true, '$', null]);
  const data = JSON.stringify({ tradingPairs, currencies, networks: [] });
  const body = `<!doctype html><title>Gemini</title><script type="application/json" id="currencyData">${data}</script>`;
  return { status: 200, headers: { 'content-type': 'text/html' }, body };
}
