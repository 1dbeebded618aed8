/**
 * Coinbase Advanced Trade, spoken by the local exchange: REST pages under `/api/v3/brokerage`, and the WebSocket channels `level2`,
 * `market_trades`, `ticker`, `ticker_batch`, `heartbeats` and `user`, on any path.
 * Source: docs.cdp.coinbase.com, "Advanced Trade API".
 */
import { generateKeyPairSync } from 'node:crypto';
import { Bucket, Buckets } from '../bucket.ts';
import type { ExchangeKey, Face, FaceMaker, FaceRequest, FaceResponse, VenueExchange } from '../contract.ts';
import { forbidden, notFound, refused, serverError, tooMany, unauthorised } from './answers.ts';
import { keyOfRequest } from './auth.ts';
import { Channels } from './channels.ts';
import { coinbaseInstruments } from './listing.ts';
import { cancelOrders, editOrder, placeOrder } from './order-entry.ts';
import { privatePage, walletPage } from './private-pages.ts';
import { publicPage } from './public-pages.ts';

const API = '/api/v3/brokerage';
const WALLETS = '/v2/accounts';
const POSTS: Readonly<Record<string, typeof placeOrder>> = {
  '/orders': placeOrder,
  '/orders/batch_cancel': cancelOrders,
  '/orders/edit': editOrder,
};

export const coinbaseFace: FaceMaker = {
  venue: 'coinbase',
  instruments: (coins) => coinbaseInstruments('coinbase', coins),
  make: (exchange) => makeFace(exchange),
  /** The venue's EC keys are PEM of SEC 1. */
  credential: (random) => {
    const [organisation, id] = [random(16), random(16)].map(uuid);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    return {
      key: `organizations/${organisation}/apiKeys/${id}`,
      secret: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    };
  },
};

function makeFace(exchange: VenueExchange): Face {
  const channels = new Channels(exchange);
  const nowMs = () => exchange.nowMs();
  const open = new Bucket(10, 1000, nowMs);
  const closed = new Buckets(30, 1000, nowMs);
  return {
    http(request) {
      const page = publicPage(exchange, request);
      if (page !== undefined) return open.take() ? withHeaders(page, open) : tooMany(headersOf(open));
      const key = keyOfRequest(exchange, request);
      if (key === undefined) return request.path.startsWith(API) || request.path === WALLETS ? unauthorised : notFound;
      const bucket = closed.of(key.key);
      return bucket.take() ? withHeaders(answer(exchange, key, request), bucket) : tooMany(headersOf(bucket));
    },
    connect: (socket) => channels.connect(socket),
    refusal(fault) {
      if (fault === 'rate-limit') return tooMany();
      if (fault === 'maintenance') return refused(503, 'UNAVAILABLE', 'Down for maintenance');
      return serverError;
    },
    close: () => channels.close(),
  };
}

function answer(exchange: VenueExchange, key: ExchangeKey, request: FaceRequest): FaceResponse {
  if (request.path === WALLETS) return request.method === 'GET' ? walletPage(exchange, key) : notFound;
  if (!request.path.startsWith(`${API}/`)) return notFound;
  const path = request.path.slice(API.length);
  if (request.method === 'GET') return privatePage(exchange, key, path, request.query) ?? notFound;
  const post = request.method === 'POST' ? POSTS[path] : undefined;
  if (post === undefined) return notFound;
  return key.canTrade ? post(exchange, key, request.body) : forbidden;
}

function withHeaders(response: FaceResponse, bucket: Bucket): FaceResponse {
  return { ...response, headers: { ...response.headers, ...headersOf(bucket) } };
}

function headersOf({ limit, left }: Bucket): Record<string, string> {
  return { 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(left), 'x-ratelimit-reset': '1' };
}

function uuid(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5');
}
