/**
 * The life of one order of ours at each venue, as its private frames tell it: it stands, is filled in two parts, and what is left is cancelled.
 * Written by hand after the venues' documentation. The order is number 71 of the session `tagtag`: a bid of 0.5 for 100, filled with 0.1 and 0.2.
 */
import { generateKeyPairSync } from 'node:crypto';
import { ClientUuids } from '../coinbase-exchange/client-uuid.ts';

export interface PrivateLife {
  readonly venue: string;
  readonly symbol: string;
  readonly tick: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** Answers of pages, by a part of their path; `{}` of others. */
  readonly pages: Readonly<Record<string, unknown>>;
  /** What comes when the connection stands. */
  readonly login: readonly unknown[];
  readonly frames: readonly unknown[];
  /** The first frame of the life again, with a word in it that the venue's documentation does not have. */
  readonly unknown: unknown;
}

const MS = 1_728_000_007_000;
const ISO = '2024-10-04T00:00:07.000000Z';
const PRIVATE_KEY = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
const SEC1 = PRIVATE_KEY.export({ type: 'sec1', format: 'pem' }).toString();
const HMAC = { key: 'a-key-of-the-account', secret: Buffer.from('a secret of the account').toString('base64') };

const binanceReport = (x: string, status: string, done: string, more: object = {}) => ({
  e: 'executionReport',
  s: 'BTCUSDT',
  c: 'tagtag-1z',
  C: '',
  S: 'BUY',
  o: 'LIMIT',
  f: 'GTC',
  q: '0.5',
  p: '100',
  z: done,
  i: 4711,
  T: MS,
  t: -1,
  x,
  X: status,
  ...more,
});
const binanceFill = (id: number, size: string) => ({ t: id, L: '100', l: size, n: '0.01', N: 'USDT', m: true });
const BINANCE = [
  binanceReport('NEW', 'NEW', '0'),
  binanceReport('TRADE', 'PARTIALLY_FILLED', '0.1', binanceFill(1, '0.1')),
  binanceReport('TRADE', 'PARTIALLY_FILLED', '0.3', binanceFill(2, '0.2')),
  binanceReport('CANCELED', 'CANCELED', '0.3', { C: 'tagtag-1z', c: 'of-the-cancel' }),
];

const coinbaseUser = (sequence: number, status: string, filled: string) => ({
  channel: 'user',
  timestamp: ISO,
  sequence_num: sequence,
  events: [
    {
      type: 'update',
      orders: [
        {
          order_id: 'X',
          client_order_id: 'tagtag-1z',
          product_id: 'BTC-USD',
          order_side: 'BUY',
          status,
          cumulative_quantity: filled,
          limit_price: '100',
        },
      ],
    },
  ],
});
const coinbaseFill = (id: string, size: string) => ({
  entry_id: id,
  order_id: 'X',
  product_id: 'BTC-USD',
  trade_type: 'FILL',
  trade_time: ISO,
  price: '100',
  size,
  commission: '0.01',
  side: 'BUY',
  liquidity_indicator: 'MAKER',
});

const UUID = new ClientUuids('tagtag').text(71);
const exchangeMessage = (type: string, more: object) => ({
  type,
  product_id: 'BTC-USD',
  time: ISO,
  side: 'buy',
  ...more,
});
const exchangeMatch = (id: number, size: string) =>
  exchangeMessage('match', { trade_id: id, maker_order_id: 'X', taker_order_id: 'Y', size, price: '100' });

const krakenReport = (sequence: number, type: string, more: object = {}) => ({
  channel: 'executions',
  type: 'update',
  sequence,
  data: [{ exec_type: type, order_id: 'OAAAAA-BBBBB-CCCCCC', cl_ord_id: 'tagtag-1z', timestamp: ISO, ...more }],
});
const krakenFill = (id: string, size: number) => ({
  exec_id: id,
  last_price: 100.1,
  last_qty: size,
  fees: [{ asset: 'USD', qty: 0.01 }],
  liquidity_ind: 'm',
});

const geminiEvent = (sequence: number, type: string, left: string, more: object = {}) => [
  {
    type,
    order_id: '77',
    client_order_id: 'tagtag-1z',
    symbol: 'btcusd',
    side: 'buy',
    price: '100',
    original_amount: '0.5',
    remaining_amount: left,
    socket_sequence: sequence,
    ...more,
  },
];
const geminiFill = (id: string, amount: string) => ({
  fill: { trade_id: id, liquidity: 'Maker', price: '100', amount, fee: '0.01', fee_currency: 'USD' },
});

const bitstampOrder = (event: string, left: string) => ({
  event,
  channel: 'private-my_orders_btcusd-31',
  data: {
    id: 77,
    id_str: '77',
    client_order_id: 'tagtag-1z',
    amount: left,
    amount_str: left,
    price_str: '100',
    microtimestamp: `${MS}000`,
  },
});
const bitstampTrade = (id: number, amount: string) => ({
  event: 'trade',
  channel: 'private-my_trades_btcusd-31',
  data: {
    id,
    order_id: '77',
    client_order_id: 'tagtag-1z',
    amount,
    price: '100',
    fee: '0.01',
    side: 'buy',
    microtimestamp: `${MS}000`,
  },
});

export const PRIVATE_LIVES: readonly PrivateLife[] = [
  {
    venue: 'binance',
    symbol: 'BTCUSDT',
    tick: '0.01',
    credentials: HMAC,
    pages: {},
    login: [{ id: 'subscribe', status: 200, result: {} }],
    frames: BINANCE.map((event) => ({ subscriptionId: 0, event })),
    unknown: { subscriptionId: 0, event: binanceReport('TELEPORTED', 'NEW', '0') },
  },
  {
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    tick: '0.01',
    credentials: HMAC,
    pages: { '/fapi/v1/listenKey': { listenKey: 'k' } },
    login: [],
    frames: BINANCE.map((o) => ({ e: 'ORDER_TRADE_UPDATE', E: MS, o })),
    unknown: { e: 'ORDER_TRADE_UPDATE', E: MS, o: binanceReport('TELEPORTED', 'NEW', '0') },
  },
  {
    venue: 'coinbase',
    symbol: 'BTC-USD',
    tick: '0.01',
    credentials: { key: 'organizations/a/apiKeys/b', secret: SEC1 },
    pages: {
      '/orders/historical/fills': { fills: [coinbaseFill('a', '0.1'), coinbaseFill('b', '0.2')], cursor: '' },
      '/brokerage/orders': { success: true, success_response: { order_id: 'X' } },
    },
    login: [
      { channel: 'subscriptions', timestamp: ISO, sequence_num: 0, events: [{ subscriptions: { user: ['31'] } }] },
    ],
    frames: [
      coinbaseUser(1, 'OPEN', '0'),
      coinbaseUser(2, 'OPEN', '0.1'),
      coinbaseUser(3, 'OPEN', '0.3'),
      coinbaseUser(4, 'CANCELLED', '0.3'),
    ],
    unknown: coinbaseUser(1, 'TELEPORTED', '0'),
  },
  {
    venue: 'coinbase-exchange',
    symbol: 'BTC-USD',
    tick: '0.01',
    credentials: { ...HMAC, passphrase: 'words' },
    pages: { '/fees': { maker_fee_rate: '0.001', taker_fee_rate: '0.002' } },
    login: [{ type: 'subscriptions', channels: [] }],
    frames: [
      exchangeMessage('received', { order_id: 'X', client_oid: UUID, size: '0.5', price: '100' }),
      exchangeMatch(1, '0.1'),
      exchangeMatch(2, '0.2'),
      exchangeMessage('done', { order_id: 'X', reason: 'canceled', remaining_size: '0.2', price: '100' }),
    ],
    unknown: exchangeMessage('teleported', { order_id: 'X', client_oid: UUID }),
  },
  {
    venue: 'kraken',
    symbol: 'BTC/USD',
    tick: '0.1',
    credentials: HMAC,
    pages: { GetWebSocketsToken: { error: [], result: { token: 'a-token' } } },
    login: [{ channel: 'executions', type: 'snapshot', sequence: 1, data: [] }],
    frames: [
      krakenReport(2, 'new', { symbol: 'BTC/USD' }),
      krakenReport(3, 'trade', krakenFill('TA', 0.1)),
      krakenReport(4, 'trade', krakenFill('TB', 0.2)),
      krakenReport(5, 'canceled', { reason: 'User requested', cum_qty: 0.3 }),
    ],
    unknown: krakenReport(2, 'teleported'),
  },
  {
    venue: 'gemini',
    symbol: 'btcusd',
    tick: '0.01',
    credentials: HMAC,
    pages: { '/order/new': { order_id: '77' } },
    login: [{ type: 'subscription_ack', accountId: 1 }],
    frames: [
      geminiEvent(1, 'accepted', '0.5'),
      geminiEvent(2, 'fill', '0.4', geminiFill('1', '0.1')),
      geminiEvent(3, 'fill', '0.2', geminiFill('2', '0.2')),
      [...geminiEvent(4, 'cancelled', '0.2', { reason: 'Requested' }), ...geminiEvent(5, 'closed', '0.2')],
    ],
    unknown: geminiEvent(1, 'teleported', '0.5'),
  },
  {
    venue: 'bitstamp',
    symbol: 'btcusd',
    tick: '1',
    credentials: HMAC,
    pages: {
      websockets_token: { token: 'a-token', user_id: 31, valid_sec: 60 },
      '/buy/': { id: '77', datetime: '2024-10-04 00:00:07.000000' },
    },
    login: ['orders', 'trades'].map((kind) => ({
      event: 'bts:subscription_succeeded',
      channel: `private-my_${kind}_btcusd-31`,
      data: {},
    })),
    frames: [
      bitstampOrder('order_created', '0.5'),
      bitstampTrade(1, '0.1'),
      bitstampTrade(2, '0.2'),
      bitstampOrder('order_deleted', '0.2'),
    ],
    unknown: bitstampOrder('order_teleported', '0.5'),
  },
];
