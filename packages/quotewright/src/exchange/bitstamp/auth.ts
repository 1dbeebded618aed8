/**
 * Who asks: `X-Auth: BITSTAMP key`, and `X-Auth-Signature`, the HMAC-SHA256, in hexadecimal, of X-Auth, method, host, path, query, content type,
 * nonce, timestamp, version and body, one after the other. A nonce is a UUID in lower case, used once; the timestamp is at most 150 s off.
 *
 * The venue knows only https. Over plain http some clients (ccxt, which cuts `https://` off the address) sign the scheme along with the
 * host; here both count as the host.
 * Source: www.bitstamp.net/api, "Authentication".
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ExchangeKey, FaceRequest, FaceResponse, VenueExchange } from '../contract.ts';
import { denied } from './answers.ts';

const WINDOW_MS = 150_000;
const NONCE = /^[0-9a-z-]{36}$/u;
const VERSION = 'v2';

export class BitstampAuth {
  readonly #exchange: VenueExchange;
  /** Until when each nonce is remembered. */
  readonly #nonces = new Map<string, number>();

  constructor(exchange: VenueExchange) {
    this.#exchange = exchange;
  }

  /** @returns the key, or the refusal */
  check(request: FaceRequest): ExchangeKey | FaceResponse {
    const { headers, body } = request;
    const auth = headers['x-auth'] ?? '';
    const signature = headers['x-auth-signature'] ?? '';
    const nonce = headers['x-auth-nonce'] ?? '';
    const timestamp = headers['x-auth-timestamp'] ?? '';
    if (auth === '' || signature === '' || nonce === '') {
      return denied(403, 'API0013', 'Missing key, signature and nonce parameters');
    }
    const key = auth.startsWith('BITSTAMP ') ? this.#exchange.keyOf(auth.slice(9)) : undefined;
    if (key === undefined) return denied(403, 'API0011', 'API key not found');
    if (headers['x-auth-version'] !== VERSION) return denied(403, 'API0016', 'X-Auth-Version header must be v2');
    if (!NONCE.test(nonce)) return denied(403, 'API0018', 'X-Auth-Nonce header has invalid format');
    const nowMs = this.#exchange.nowMs();
    if (!/^\d{13}$/u.test(timestamp) || Math.abs(nowMs - Number(timestamp)) > WINDOW_MS) {
      return denied(403, 'API0017', 'X-Auth-Timestamp header is not within the accepted time window');
    }
    const type = headers['content-type'] ?? '';
    if (body === '' && type !== '') return denied(403, 'API0020', 'Content-Type header is not allowed without a body');
    if (!isSigned(request, key, `${type}${nonce}${timestamp}${VERSION}${body}`, signature)) {
      return denied(403, 'API0005', 'Invalid signature');
    }
    for (const [old, untilMs] of this.#nonces) {
      if (untilMs > nowMs) break;
      this.#nonces.delete(old);
    }
    const name = `${key.key} ${nonce}`;
    if (this.#nonces.has(name)) return denied(403, 'API0004', 'Invalid nonce');
    // Its timestamp may be as far ahead as it may be behind.
    this.#nonces.set(name, nowMs + 2 * WINDOW_MS);
    return key;
  }
}

export function isDenied(checked: ExchangeKey | FaceResponse): checked is FaceResponse {
  return 'status' in checked;
}

function isSigned(
  { headers, method, target }: FaceRequest,
  key: ExchangeKey,
  rest: string,
  signature: string,
): boolean {
  const given = Buffer.from(/^[0-9a-f]{64}$/iu.test(signature) ? signature : '', 'hex');
  const host = headers['host'] ?? '';
  return [host, `http://${host}`].some((address) => {
    const text = `${headers['x-auth']}${method}${address}${target}${rest}`;
    const expected = createHmac('sha256', key.secret).update(text).digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
