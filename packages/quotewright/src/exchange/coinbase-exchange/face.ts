/**
 * Coinbase Exchange, spoken by the local exchange: REST pages, signed by HMAC, and its WebSocket feed on any path.
 * Source: docs.cdp.coinbase.com, "Coinbase Exchange API".
 */
import { coinbaseInstruments } from '../coinbase/listing.ts';
import { Bucket, Buckets } from '../bucket.ts';
import type { Face, FaceMaker, VenueExchange } from '../contract.ts';
import { refused } from './answers.ts';
import { keyOfRequest } from './auth.ts';
import { Channels } from './channels.ts';
import { privatePage } from './private-pages.ts';
import { publicPage } from './public-pages.ts';

export const coinbaseExchangeFace: FaceMaker = {
  venue: 'coinbase-exchange',
  instruments: (coins) => coinbaseInstruments('coinbase-exchange', coins),
  make: makeFace,
  credential: (random) => ({
    key: random(16).toString('hex'),
    secret: random(64).toString('base64'),
    passphrase: random(8).toString('hex'),
  }),
};

function makeFace(exchange: VenueExchange): Face {
  const channels = new Channels(exchange);
  const nowMs = () => exchange.nowMs();
  const open = new Bucket(15, 1000, nowMs);
  const closed = new Buckets(30, 1000, nowMs);
  const fills = new Buckets(20, 1000, nowMs);
  return {
    http(request) {
      const page = publicPage(exchange, channels, request);
      if (page !== undefined) return open.take() ? page : refused(429, 'Public rate limit exceeded');
      const key = keyOfRequest(exchange, request);
      if (typeof key === 'string') return refused(401, key);
      const bucket = (request.path === '/fills' ? fills : closed).of(key.key);
      return bucket.take() ? privatePage(exchange, key, request) : refused(429, 'Private rate limit exceeded');
    },
    connect: (socket) => channels.connect(socket),
    refusal(fault) {
      if (fault === 'rate-limit') return refused(429, 'Private rate limit exceeded');
      return fault === 'maintenance' ? refused(503, 'under maintenance') : refused(500, 'Internal server error');
    },
    close: () => channels.close(),
  };
}
