/**
 * Checks a JSON Web Token as Coinbase documents it: header `alg` ES256 or EdDSA and `kid` the key's name; claims `sub` the key's name, `iss`,
 * `nbf`, `exp` at most two minutes later, and for REST `uri` (or the list `uris`): method, host and path without the query.
 * The EC key is the one that the customer holds as `secret`; the Ed25519 key of the same name is taken too.
 * Source: docs.cdp.coinbase.com, "JWT Authentication", "Advanced Trade WebSocket Authentication".
 */
import { createPublicKey, verify } from 'node:crypto';
import { asList, asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import type { ExchangeKey, FaceRequest, VenueExchange } from '../contract.ts';

/** Clocks may differ by so much. */
const LEEWAY_SECONDS = 30;
const LONGEST_LIFE_SECONDS = 120;
const HOST = 'api.coinbase.com';

/** The key that a request is signed with; undefined when its token is missing, wrong, of another request, or not of now. */
export function keyOfRequest(exchange: VenueExchange, request: FaceRequest): ExchangeKey | undefined {
  const token = /^Bearer (\S+)$/u.exec(request.headers['authorization'] ?? '')?.[1];
  if (token === undefined) return undefined;
  const claims = verified(exchange, token);
  if (claims === undefined) return undefined;
  const uris = [asText(claims.body['uri']), ...asList(claims.body['uris']).map(asText)];
  // Whoever reaches this exchange by another address than the venue's may sign that one, as written or without its scheme.
  const hosts = [HOST, request.headers['host'] ?? HOST];
  const expected = new Set(
    hosts.flatMap((host) => ['', 'http://'].map((scheme) => `${request.method} ${scheme}${host}${request.path}`)),
  );
  return uris.some((uri) => expected.has(uri)) ? claims.key : undefined;
}

/** The key of a WebSocket message's `jwt`. */
export function keyOfToken(exchange: VenueExchange, token: string): ExchangeKey | undefined {
  return verified(exchange, token)?.key;
}

function verified(exchange: VenueExchange, token: string): { key: ExchangeKey; body: JsonObject } | undefined {
  const parts = token.split('.');
  const [head, body] = parts.slice(0, 2).map((part) => parseJson(Buffer.from(part, 'base64url').toString()));
  if (parts.length !== 3 || !isObject(head) || !isObject(body)) return undefined;
  const key = exchange.keyOf(asText(head['kid']));
  if (key === undefined || body['sub'] !== head['kid'] || !isOfNow(body, exchange.nowMs() / 1000)) return undefined;
  const signed = Buffer.from(`${parts[0]}.${parts[1]}`);
  const signature = Buffer.from(parts[2]!, 'base64url');
  const isGenuine =
    head['alg'] === 'ES256'
      ? verify('sha256', signed, { key: createPublicKey(key.secret), dsaEncoding: 'ieee-p1363' }, signature)
      : head['alg'] === 'EdDSA' && verify(null, signed, createPublicKey(key.edPublic), signature);
  return isGenuine ? { key, body } : undefined;
}

function isOfNow({ nbf, exp }: JsonObject, nowSeconds: number): boolean {
  if (typeof nbf !== 'number' || typeof exp !== 'number' || exp - nbf > LONGEST_LIFE_SECONDS) return false;
  return nbf <= nowSeconds + LEEWAY_SECONDS && exp >= nowSeconds;
}
