/** Methods of spot's WebSocket API: each is a page by another name. */
import type { ExchangeKey, VenueExchange } from '../contract.ts';
import { AccountWords } from './account-words.ts';
import { MarketWords } from './market-words.ts';
import { limitOf } from './pages.ts';
import type { FaceProduct } from './product.ts';
import type { Trading } from './trading.ts';
import type { Method } from './ws-api.ts';

export function makeMethods(
  exchange: VenueExchange,
  product: FaceProduct,
  trading: Trading,
): ReadonlyMap<string, Method> {
  const market = new MarketWords(exchange, product);
  const account = new AccountWords(exchange);
  const methods = {
    ping: open(1, () => ({})),
    time: open(1, () => ({ serverTime: Math.floor(exchange.nowMs()) })),
    exchangeInfo: open(20, (p) => market.listing(p.has('symbol') ? trading.market(p) : undefined)),
    depth: open(50, (p) => market.depth(trading.market(p), limitOf(p, 100))),
    'order.place': order((key, p) => trading.place(key, p), 1),
    'order.test': signed(1, (_, p) => trading.test(p)),
    'order.cancel': order((key, p) => trading.cancel(key, p), 0),
    'order.cancelReplace': order((key, p) => trading.cancelReplace(key, p), 1),
    'order.amend.keepPriority': order((key, p) => trading.amendKeepPriority(key, p), 0),
    'order.status': signed(4, (key, p) => trading.query(key, p)),
    'openOrders.status': signed(6, (key, p) => trading.open(key, p)),
    'openOrders.cancelAll': order((key, p) => trading.cancelAll(key, p), 0),
    allOrders: signed(20, (key, p) => trading.all(key, p)),
    myTrades: signed(20, (key, p) => trading.trades(key, p)),
    'account.status': signed(20, (key) => account.spot(key)),
    'account.commission': signed(20, (_, p) => account.rates(trading.market(p), false)),
  };
  return new Map(Object.entries(methods));
}

type Run = (key: ExchangeKey, p: URLSearchParams) => unknown;

function open(weight: number, run: (p: URLSearchParams) => unknown): Method {
  return { weight, orders: 0, isSigned: false, isAck: false, run: (_, p) => run(p) };
}

function signed(weight: number, run: Run): Method {
  return { weight, orders: 0, isSigned: true, isAck: false, run };
}

function order(run: Run, orders: number): Method {
  return { weight: 1, orders, isSigned: true, isAck: true, run };
}
