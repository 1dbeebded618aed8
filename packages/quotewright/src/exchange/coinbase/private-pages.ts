/** Pages of the local Coinbase that need a key and change nothing: accounts, orders, fills, fees, permissions, and market data too. */
import { parseIsoNs } from '@quotewright/core/base/time';
import type { ExchangeKey, FaceResponse, VenueExchange } from '../contract.ts';
import { difference, trimmed } from '../decimals.ts';
import { notFound, ok } from './answers.ts';
import { MAKER_RATE, TAKER_RATE } from './listing.ts';
import { limitOf, marketPage } from './public-pages.ts';
import { numberOf, restFill, restOrder, statusOf, uuidOf } from './render.ts';

/** @param path behind `/api/v3/brokerage` @returns undefined when there is no such page */
export function privatePage(
  exchange: VenueExchange,
  key: ExchangeKey,
  path: string,
  query: URLSearchParams,
): FaceResponse | undefined {
  if (path === '/accounts') return accounts(exchange, key);
  if (path === '/orders/historical/batch') return orders(exchange, key, query);
  if (path === '/orders/historical/fills') return fills(exchange, key, query);
  if (path === '/transaction_summary') return summary();
  if (path === '/key_permissions') {
    const portfolio = { portfolio_uuid: uuidOf(0), portfolio_type: 'DEFAULT' };
    return ok({ can_view: true, can_trade: key.canTrade, can_transfer: key.canWithdraw, ...portfolio });
  }
  const id = /^\/orders\/historical\/([0-9a-f-]{36})$/u.exec(path)?.[1];
  if (id !== undefined) {
    const order = exchange.order(key.account, numberOf(id));
    return order === undefined ? notFound : ok({ order: restOrder(exchange, order) });
  }
  return path.startsWith('/product') ? marketPage(exchange, path.slice(1), query) : undefined;
}

function accounts(exchange: VenueExchange, { account }: ExchangeKey): FaceResponse {
  const entries = exchange.balances(account).map(({ currency, total, held }, i) => ({
    uuid: uuidOf(i + 1),
    name: `${currency} Wallet`,
    currency,
    available_balance: { value: trimmed(difference(total, held)), currency },
    default: true,
    active: true,
    type: currency === 'USD' ? 'ACCOUNT_TYPE_FIAT' : 'ACCOUNT_TYPE_CRYPTO',
    ready: true,
    hold: { value: held, currency },
  }));
  return ok({ accounts: entries, has_next: false, cursor: '', size: entries.length });
}

/** The same of the older interface, which clients ask for balances. */
export function walletPage(exchange: VenueExchange, { account }: ExchangeKey): FaceResponse {
  const data = exchange.balances(account).map(({ currency, total, held }, i) => ({
    id: uuidOf(i + 1),
    name: `${currency} Wallet`,
    primary: i === 0,
    type: currency === 'USD' ? 'fiat' : 'wallet',
    currency: { code: currency, name: currency, exponent: 8, type: currency === 'USD' ? 'fiat' : 'crypto' },
    balance: { amount: trimmed(difference(total, held)), currency },
    resource: 'account',
  }));
  return ok({ pagination: { next_starting_after: null, next_uri: null }, data });
}

function orders(exchange: VenueExchange, { account }: ExchangeKey, query: URLSearchParams): FaceResponse {
  const statuses = query.getAll('order_status');
  const symbols = [...query.getAll('product_ids'), ...query.getAll('product_id')];
  const found = exchange
    .orders(account)
    .filter((order) => order.status !== 'rejected')
    .filter((order) => statuses.length === 0 || statuses.includes(statusOf(order)))
    .filter(({ market }) => symbols.length === 0 || symbols.includes(exchange.instruments[market]!.symbol))
    .toReversed();
  const { page, cursor } = paged(found, query, 1000);
  const entries = page.map((order) => restOrder(exchange, order));
  return ok({ orders: entries, sequence: '0', has_next: cursor !== '', cursor });
}

function fills(exchange: VenueExchange, { account }: ExchangeKey, query: URLSearchParams): FaceResponse {
  const ids = [...query.getAll('order_ids'), ...query.getAll('order_id')];
  const symbols = [...query.getAll('product_ids'), ...query.getAll('product_id')];
  const since = parseIsoNs(query.get('start_sequence_timestamp') ?? '', exchange.epochDay);
  const until = parseIsoNs(query.get('end_sequence_timestamp') ?? '', exchange.epochDay);
  const found = exchange
    .fills(account)
    .filter(({ order }) => ids.length === 0 || ids.includes(uuidOf(order.number)))
    .filter(({ order }) => symbols.length === 0 || symbols.includes(exchange.instruments[order.market]!.symbol))
    .filter(({ ns }) => !(ns < since) && !(ns > until))
    .toReversed();
  const { page, cursor } = paged(found, query, 250);
  return ok({ fills: page.map((fill) => restFill(exchange, fill)), cursor });
}

/** The page that the cursor, a count of what came before, asks for. */
function paged<T>(found: readonly T[], query: URLSearchParams, most: number): { page: readonly T[]; cursor: string } {
  const from = /^\d{1,9}$/u.test(query.get('cursor') ?? '') ? Number(query.get('cursor')) : 0;
  const to = from + limitOf(query, most);
  return { page: found.slice(from, to), cursor: to < found.length ? String(to) : '' };
}

function summary(): FaceResponse {
  const tier = {
    pricing_tier: 'Intro 1',
    usd_from: '0',
    usd_to: '10000',
    taker_fee_rate: TAKER_RATE,
    maker_fee_rate: MAKER_RATE,
  };
  return ok({
    total_volume: 0,
    total_fees: 0,
    fee_tier: tier,
    advanced_trade_only_volume: 0,
    advanced_trade_only_fees: 0,
  });
}
