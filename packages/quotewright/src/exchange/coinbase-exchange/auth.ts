/**
 * Checks signatures as Coinbase Exchange documents them: `CB-ACCESS-SIGN` is the base64 of HMAC-SHA256, with the decoded secret, of timestamp,
 * method, path with query, and body. The timestamp is Unix seconds, within 30 of the venue's.
 * Source: docs.cdp.coinbase.com, "Exchange REST API Authentication", "Exchange WebSocket Authentication".
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ExchangeKey, FaceRequest, VenueExchange } from '../contract.ts';

const WINDOW_SECONDS = 30;

interface Signed {
  readonly key: string;
  readonly passphrase: string;
  readonly timestamp: string;
  readonly signature: string;
}

/** The key, or what the venue says is wrong. */
export function keyOfRequest(
  exchange: VenueExchange,
  { method, target, headers, body }: FaceRequest,
): ExchangeKey | string {
  const signed = {
    key: headers['cb-access-key'] ?? '',
    passphrase: headers['cb-access-passphrase'] ?? '',
    timestamp: headers['cb-access-timestamp'] ?? '',
    signature: headers['cb-access-sign'] ?? '',
  };
  if (Object.values(signed).includes(''))
    return 'CB-ACCESS-KEY, -SIGN, -TIMESTAMP and -PASSPHRASE headers are required';
  return check(exchange, signed, method + target + body);
}

export function keyOfSubscription(exchange: VenueExchange, signed: Signed): ExchangeKey | string {
  return check(exchange, signed, 'GET/users/self/verify');
}

function check(exchange: VenueExchange, signed: Signed, text: string): ExchangeKey | string {
  const seconds = Number(signed.timestamp);
  if (!(Math.abs(exchange.nowMs() / 1000 - seconds) <= WINDOW_SECONDS)) return 'request timestamp expired';
  const key = exchange.keyOf(signed.key);
  if (key === undefined) return 'Invalid API Key';
  if (key.passphrase !== signed.passphrase) return 'Invalid Passphrase';
  const expected = createHmac('sha256', Buffer.from(key.secret, 'base64'))
    .update(signed.timestamp + text)
    .digest();
  const found = Buffer.from(signed.signature, 'base64');
  return found.length === expected.length && timingSafeEqual(found, expected) ? key : 'invalid signature';
}
