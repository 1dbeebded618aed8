/** The words in which requests and frames that no client means are put to a face: its pages, the fields they know, and values of all kinds. */
import type { Random } from '@quotewright/core/base/random';
import { Side } from '@quotewright/core/market/side';
import { trimmed } from '../decimals.ts';
import { orderIdOf } from './face-customer.ts';
import type { HandExchange } from './hand-exchange.ts';
import { pick, rubbish } from './rubbish.ts';

export interface VenueWords {
  /** Method and path; X stands for anything. */
  readonly pages: readonly string[];
  readonly fields: readonly string[];
  /** Path of the WebSocket. */
  readonly socket: string;
}

const list = (text: string): string[] => text.split(/\s+/u);
const posts = (path: string, pages: string): string[] => list(pages).map((page) => `POST ${path.replace('*', page)}`);

export const VENUE_WORDS: Readonly<Record<string, VenueWords>> = {
  coinbase: {
    pages: [
      ...posts('/api/v3/brokerage/orders*', '/batch_cancel /edit'),
      'POST /api/v3/brokerage/orders',
      'GET /api/v3/brokerage/orders/historical/batch?limit=X&cursor=X',
      'GET /api/v3/brokerage/orders/historical/X',
    ],
    fields: list('client_order_id product_id side order_configuration order_id order_ids price size'),
    socket: '/',
  },
  'coinbase-exchange': {
    pages: [
      ...list(
        'DELETE@/orders?product_id=X DELETE@/orders/X GET@/orders?status=X&limit=X&after=X GET@/fills?product_id=X',
      ),
      'POST@/orders',
    ].map((page) => page.replace('@', ' ')),
    fields: list('product_id side type price size funds client_oid time_in_force post_only'),
    socket: '/',
  },
  gemini: {
    pages: posts('/v1/*', 'order/new order/cancel order/status order/cancel/all mytrades orders balances nope'),
    fields: list('symbol side type price amount options client_order_id order_id limit_trades timestamp'),
    socket: '/v2/marketdata',
  },
  bitstamp: {
    pages: posts(
      '/api/v2/*/',
      'buy/btcusd sell/btcusd buy/market/btcusd cancel_order replace_order order_status user_transactions/btcusd buy/X cancel_all_orders/X',
    ),
    fields: list('price amount id client_order_id ioc_order fok_order moc_order offset limit sort since_timestamp'),
    socket: '/',
  },
};

/** One of the values, or one time in five something else. */
export function anyOf(random: Random, values: readonly unknown[]): unknown {
  return random.below(5) === 0 ? rubbish(random) : pick(random, values);
}

/** What fields are for, by name, at the first market of an exchange. */
export function soundValues({ exchange, best }: HandExchange): Readonly<Record<string, readonly unknown[]>> {
  const { venue, instruments } = exchange;
  const { symbol, price, size } = instruments[0]!;
  const near = trimmed(price.format(best(0, Side.BUY)));
  const far = trimmed(price.format(best(0, Side.SELL) * 2));
  const lots = trimmed(size.format(size.parse('0.01')));
  const terms = { base_size: lots, limit_price: near };
  const ids = [1, 2, 3].map((number) => orderIdOf(venue, number));
  const sides = venue === 'coinbase' ? ['BUY', 'SELL'] : ['buy', 'sell'];
  const values: Record<string, readonly unknown[]> = {
    side: sides,
    type: venue === 'gemini' ? ['exchange limit'] : ['limit', 'market'],
    price: [near, near, far],
    time_in_force: ['GTC', 'IOC', 'FOK'],
    order_ids: [ids],
    order_configuration: [
      { limit_limit_gtc: terms },
      { limit_limit_gtc: { ...terms, limit_price: far } },
      ...[{ quote_size: '100' }, { base_size: lots }, { quote_size: '9'.repeat(400) }].map((market_market_ioc) => ({
        market_market_ioc,
      })),
      { sor_limit_ioc: null },
    ],
  };
  for (const name of ['symbol', 'product_id']) values[name] = [symbol];
  for (const name of ['order_id', 'id']) values[name] = ids;
  for (const name of ['size', 'amount']) values[name] = [lots];
  return values;
}
