/** Pages by method and path, with their weights ("General endpoints" and those after it of spot's REST API; USD-M's likewise). */
import type { ExchangeKey, VenueExchange } from '../contract.ts';
import { AccountWords } from './account-words.ts';
import type { ListenKeys } from './listen-keys.ts';
import { MarketWords } from './market-words.ts';
import type { FaceProduct } from './product.ts';
import { Refusal } from './refusal.ts';
import { type Trading, traderOf } from './trading.ts';

export interface Page {
  readonly weight: number;
  readonly orders: number;
  readonly security: 'none' | 'key' | 'signed';
  /** The key is there when the page wants one. */
  run(key: ExchangeKey | undefined, parameters: URLSearchParams): unknown;
}

export interface PagesSetup {
  readonly exchange: VenueExchange;
  readonly product: FaceProduct;
  readonly trading: Trading;
  readonly listenKeys: ListenKeys;
}

type Signed = (key: ExchangeKey, p: URLSearchParams) => unknown;

export function makePages(setup: PagesSetup): ReadonlyMap<string, Page> {
  const { exchange, product, trading } = setup;
  const { pages } = product;
  const found = new Map<string, Page>();
  const market = new MarketWords(exchange, product);
  const open = (path: string, weight: number, run: (p: URLSearchParams) => unknown) =>
    found.set(`GET ${path}`, { weight, orders: 0, security: 'none', run: (_, p) => run(p) });
  const signed = (route: string, weight: number, run: Signed, orders = 0) =>
    found.set(route, { weight, orders, security: 'signed', run: (key, p) => run(demand(key), p) });

  open(`${pages}/ping`, 1, () => ({}));
  open(`${pages}/time`, 1, () => ({ serverTime: Math.floor(exchange.nowMs()) }));
  open(`${pages}/exchangeInfo`, product.isFutures ? 1 : 20, (p) =>
    market.listing(p.has('symbol') ? trading.market(p) : undefined),
  );
  open(`${pages}/depth`, product.isFutures ? 20 : 50, (p) => market.depth(trading.market(p), limitOf(p, 100)));
  open(`${pages}/trades`, 5, (p) => market.trades(trading.market(p), limitOf(p, 500)));
  open(`${pages}/aggTrades`, 5, (p) => market.aggregates(trading.market(p), limitOf(p, 500)));
  open(`${pages}/ticker/24hr`, 2, (p) => perSymbol(exchange, trading, p, (index) => market.ticker(index)));
  open(`${pages}/ticker/bookTicker`, 2, (p) => perSymbol(exchange, trading, p, (index) => market.best(index)));

  signed(`POST ${pages}/order`, 1, (key, p) => trading.place(key, p), 1);
  signed(`POST ${pages}/order/test`, 1, (_, p) => trading.test(p));
  signed(`DELETE ${pages}/order`, 1, (key, p) => trading.cancel(key, p));
  signed(`GET ${pages}/order`, 4, (key, p) => trading.query(key, p));
  signed(`GET ${pages}/openOrders`, 6, (key, p) => trading.open(key, p));
  signed(`GET ${pages}/allOrders`, 20, (key, p) => trading.all(key, p));
  if (product.isFutures) addFutures(setup, signed, found);
  else addSpot(setup, signed);
  return found;
}

type AddSigned = (route: string, weight: number, run: Signed, orders?: number) => unknown;

function addSpot({ exchange, trading }: PagesSetup, signed: AddSigned): void {
  const account = new AccountWords(exchange);
  signed('DELETE /api/v3/openOrders', 1, (key, p) => trading.cancelAll(key, p));
  signed('POST /api/v3/order/cancelReplace', 1, (key, p) => trading.cancelReplace(key, p), 1);
  signed('PUT /api/v3/order/amend/keepPriority', 4, (key, p) => trading.amendKeepPriority(key, p));
  signed('GET /api/v3/myTrades', 20, (key, p) => trading.trades(key, p));
  signed('GET /api/v3/account', 20, (key) => account.spot(key));
  signed('GET /api/v3/account/commission', 20, (_, p) => account.rates(trading.market(p), false));
  signed('GET /sapi/v1/account/apiRestrictions', 1, (key) => account.rights(key));
  // There is no margin trading here.
  for (const pairs of ['allPairs', 'isolated/allPairs']) signed(`GET /sapi/v1/margin/${pairs}`, 10, () => []);
  signed('GET /sapi/v1/capital/config/getall', 10, (key) => account.coins(key));
}

function addFutures({ exchange, trading, listenKeys }: PagesSetup, signed: AddSigned, found: Map<string, Page>): void {
  const account = new AccountWords(exchange);
  signed('PUT /fapi/v1/order', 1, (key, p) => trading.modify(key, p), 1);
  signed('DELETE /fapi/v1/allOpenOrders', 1, (key, p) => {
    trading.cancelAll(key, p);
    return { code: 200, msg: 'The operation of cancel all open order is done.' };
  });
  signed('GET /fapi/v1/userTrades', 5, (key, p) => trading.trades(key, p));
  signed('GET /fapi/v1/commissionRate', 20, (_, p) => account.rates(trading.market(p), true));
  signed('GET /fapi/v1/accountConfig', 5, ({ canTrade }) => ({
    canTrade,
    dualSidePosition: false,
    multiAssetsMargin: false,
  }));
  for (const version of ['v2', 'v3']) {
    signed(`GET /fapi/${version}/balance`, 5, (key) => account.balances(key));
    signed(`GET /fapi/${version}/account`, 5, (key) => account.futures(key));
    signed(`GET /fapi/${version}/positionRisk`, 5, (key, p) =>
      account.positions(key, p.has('symbol') ? trading.market(p) : undefined),
    );
  }
  const timers = new Map<string, number>();
  signed('POST /fapi/v1/countdownCancelAll', 10, (key, p) => {
    const name = traderOf(key);
    const symbol = p.get('symbol') ?? '';
    const countdownTime = Number(p.get('countdownTime') ?? Number.NaN);
    trading.market(p);
    if (!(countdownTime >= 0))
      throw new Refusal(-1102, "Mandatory parameter 'countdownTime' was not sent, was empty/null, or malformed.");
    timers.set(`${name} ${symbol}`, countdownTime === 0 ? Number.POSITIVE_INFINITY : exchange.nowMs() + countdownTime);
    return { symbol, countdownTime: String(countdownTime) };
  });
  // Whose time is up is found with the next turn of the market.
  exchange.listen({
    turn: () => {
      for (const [name, untilMs] of timers) {
        if (exchange.nowMs() < untilMs) continue;
        timers.delete(name);
        const [owner = '', symbol = ''] = name.split(' ');
        for (const order of exchange.openOrders(owner)) {
          if (exchange.instruments[order.market]!.symbol === symbol) exchange.cancel(owner, order.number);
        }
      }
    },
  });
  const listenKey = (method: string, run: (owner: string) => object): unknown =>
    found.set(`${method} /fapi/v1/listenKey`, {
      weight: 1,
      orders: 0,
      security: 'key',
      run: (key) => run(demand(key).account),
    });
  listenKey('POST', (owner) => ({ listenKey: listenKeys.start(owner, exchange.nowMs()) }));
  listenKey('PUT', (owner) => ({ listenKey: listenKeys.renew(owner, exchange.nowMs()) }));
  listenKey('DELETE', (owner) => {
    listenKeys.end(owner);
    return {};
  });
}

function perSymbol(
  exchange: VenueExchange,
  trading: Trading,
  p: URLSearchParams,
  one: (market: number) => unknown,
): unknown {
  return p.has('symbol') ? one(trading.market(p)) : exchange.instruments.map((_, market) => one(market));
}

export function limitOf(p: URLSearchParams, usual: number): number {
  const text = p.get('limit') ?? String(usual);
  const limit = /^\d{1,6}$/u.test(text) ? Number(text) : 0;
  if (limit < 1) throw new Refusal(-1130, "Data sent for parameter 'limit' is not valid.");
  return Math.min(5000, limit);
}

function demand(key: ExchangeKey | undefined): ExchangeKey {
  if (key === undefined) throw new Refusal(-2014, 'API-key format invalid.', 401);
  return key;
}
