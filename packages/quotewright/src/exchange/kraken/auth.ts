/**
 * Who asks: `API-Key`, `API-Sign` and the nonce of REST, and the tokens of the WebSocket.
 *
 * `API-Sign` is HMAC-SHA512, with the base64-decoded secret, of the path and SHA-256 of (nonce + body); the nonce of a key always rises.
 * Source: docs.kraken.com/api/docs/guides/spot-rest-auth, docs.kraken.com/api/docs/guides/spot-ws-auth.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ExchangeKey, FaceRequest, VenueExchange } from '../contract.ts';
import { type Fields, parseFields, textOf } from './json.ts';

/** A token that no connection uses is good for so long. */
export const TOKEN_SECONDS = 900;

export class Refusal extends Error {}

export interface SignedRequest {
  readonly key: ExchangeKey;
  readonly fields: Fields;
}

export class KrakenAuth {
  readonly #exchange: VenueExchange;
  readonly #nonces = new Map<string, bigint>();
  readonly #tokens = new Map<string, { readonly key: ExchangeKey; readonly untilMs: number }>();

  constructor(exchange: VenueExchange) {
    this.#exchange = exchange;
  }

  /** @throws Refusal with the venue's words */
  check(request: FaceRequest): SignedRequest {
    const { headers, body } = request;
    const key = this.#exchange.keyOf(headers['api-key'] ?? '');
    if (key === undefined) throw new Refusal('EAPI:Invalid key');
    const fields = bodyFields(headers['content-type'] ?? '', body);
    const nonce = textOf(fields['nonce']);
    if (!isSigned(request, nonce, key)) throw new Refusal('EAPI:Invalid signature');
    if (!/^\d{1,19}$/u.test(nonce) || BigInt(nonce) <= (this.#nonces.get(key.key) ?? 0n)) {
      throw new Refusal('EAPI:Invalid nonce');
    }
    this.#nonces.set(key.key, BigInt(nonce));
    return { key, fields };
  }

  makeToken(key: ExchangeKey): string {
    const nowMs = this.#exchange.nowMs();
    for (const [token, { untilMs }] of this.#tokens) if (untilMs < nowMs) this.#tokens.delete(token);
    const token = randomBytes(32).toString('base64').replaceAll('=', '');
    this.#tokens.set(token, { key, untilMs: nowMs + TOKEN_SECONDS * 1000 });
    return token;
  }

  /** Whose token it is; one that a connection uses does not end. */
  keyOfToken(token: string, used: ReadonlySet<string>): ExchangeKey | undefined {
    const found = this.#tokens.get(token);
    if (found === undefined) return undefined;
    if (found.untilMs >= this.#exchange.nowMs()) return found.key;
    if (!used.has(token)) return undefined;
    this.#tokens.set(token, { key: found.key, untilMs: this.#exchange.nowMs() + TOKEN_SECONDS * 1000 });
    return found.key;
  }
}

function isSigned({ path, headers, body }: FaceRequest, nonce: string, { secret }: ExchangeKey): boolean {
  const digest = createHash('sha256')
    .update(nonce + body)
    .digest();
  const sign = createHmac('sha512', Buffer.from(secret, 'base64')).update(Buffer.concat([Buffer.from(path), digest]));
  const expected = sign.digest();
  const found = Buffer.from(headers['api-sign'] ?? '', 'base64');
  return found.length === expected.length && timingSafeEqual(found, expected);
}

function bodyFields(type: string, body: string): Fields {
  if (type.startsWith('application/json')) return parseFields(body) ?? {};
  const fields: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) fields[name] = value;
  return fields;
}
