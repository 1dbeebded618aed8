/**
 * How Gemini wants private requests signed: the payload, a JSON object with the path, a nonce that rises and the parameters, goes in base64
 * into a header beside its HMAC-SHA384, in hexadecimal; the body is empty.
 * Source: docs.gemini.com, "Private API Invocation".
 */
import type { Credentials } from '../contract/credentials.ts';
import { hmac } from '../hmac.ts';

export type SignedHeaders = Readonly<Record<string, string>>;

/** Of this process: a key may be used by several parts of it, and its nonces have to rise over all of them. */
let lastNonce = 0;

/** Keys for which the customer has chosen a *time based nonce*: it has to be the time in seconds, within 30. Nothing tells but a refusal. */
const timeBased = new WeakSet<Credentials>();

export function isTimeBased(credentials: Credentials): boolean {
  return timeBased.has(credentials);
}

/** The venue has refused the nonces of a key, however high: they are of the other kind from now on. */
export function setTimeBased(credentials: Credentials, isSo: boolean): void {
  if (isSo) timeBased.add(credentials);
  else timeBased.delete(credentials);
}

/** Milliseconds, as most clients of this venue count, so that a key can go to another one and come back. */
function nextNonce(nowMs: number): number {
  lastNonce = Math.max(lastNonce + 1, Math.floor(nowMs));
  return lastNonce;
}

/**
 * @param path as in the request line
 * @param fields the parameters as they stand in a JSON object, each with a comma before it: `,"order_id":12`
 */
export function signedHeaders(credentials: Credentials, path: string, fields: string, nowMs: number): SignedHeaders {
  const nonce = timeBased.has(credentials) ? Math.floor(nowMs / 1000) : nextNonce(nowMs);
  const payload = Buffer.from(`{"request":"${path}","nonce":"${nonce}"${fields}}`).toString('base64');
  return {
    'content-type': 'text/plain',
    'cache-control': 'no-cache',
    'x-gemini-apikey': credentials.bytes('key').toString('latin1'),
    'x-gemini-payload': payload,
    'x-gemini-signature': hmac('sha384', credentials.bytes('secret'), payload, 'hex'),
  };
}
