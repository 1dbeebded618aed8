/**
 * How Bitstamp wants private requests signed: HMAC-SHA256, in hexadecimal, over the key, the method, the address, the content type, a nonce
 * that is used once, the time, the version and the body. The address is the host as the venue knows it, without the scheme.
 * Source: www.bitstamp.net/api, "Authentication".
 */
import { randomUUID } from 'node:crypto';
import type { Credentials } from '../contract/credentials.ts';
import { hmac } from '../hmac.ts';

const FORM = 'application/x-www-form-urlencoded';
const VERSION = 'v2';

/**
 * @param origin `https://www.bitstamp.net`
 * @param body a form, not empty: the venue refuses empty ones with a content type
 */
export function signedHeaders(
  credentials: Credentials,
  origin: string,
  path: string,
  body: string,
  nowMs: number,
  nonce: string = randomUUID(),
): Readonly<Record<string, string>> {
  const auth = `BITSTAMP ${credentials.bytes('key').toString('latin1')}`;
  const host = origin.slice(origin.indexOf('//') + 2);
  const time = String(Math.floor(nowMs));
  const type = body === '' ? '' : FORM;
  const signed = `${auth}POST${host}${path}${type}${nonce}${time}${VERSION}${body}`;
  return {
    'x-auth': auth,
    'x-auth-signature': hmac('sha256', credentials.bytes('secret'), signed, 'hex'),
    'x-auth-nonce': nonce,
    'x-auth-timestamp': time,
    'x-auth-version': VERSION,
    ...(body === '' ? {} : { 'content-type': FORM }),
  };
}
