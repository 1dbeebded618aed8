/**
 * Kraken's REST signature: HMAC-SHA512 with the decoded secret over the path and SHA-256 of the nonce and the body.
 * Source: docs.kraken.com/api/docs/guides/spot-rest-auth.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from '../contract/credentials.ts';

/** `API-Sign` of a body that begins with its nonce. */
export function signature(credentials: Credentials, path: string, nonce: string, body: string): string {
  const digest = createHash('sha256').update(nonce).update(body).digest();
  const secret = Buffer.from(credentials.bytes('secret').toString('latin1'), 'base64');
  const sign = createHmac('sha512', secret).update(path).update(digest).digest('base64');
  secret.fill(0);
  return sign;
}

let lastNonce = 0;

/** Rises with each call, in microseconds of the wall clock, so that a process begun later is ahead. */
export function nextNonce(nowMs: number): string {
  lastNonce = Math.max(lastNonce + 1, Math.floor(nowMs) * 1000);
  return lastNonce.toString();
}
