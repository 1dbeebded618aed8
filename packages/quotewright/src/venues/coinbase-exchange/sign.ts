/**
 * How Coinbase Exchange's keys sign: HMAC-SHA256 of timestamp, method, path with query, and body, with the secret out of base64; the timestamp
 * is Unix seconds and holds for 30 of them. A WebSocket subscription signs `GET /users/self/verify`.
 * Source: docs.cdp.coinbase.com, "Exchange REST API Authentication", "Exchange WebSocket Authentication".
 */
import type { CredentialShape, Credentials } from '../contract/credentials.ts';
import { hmac } from '../hmac.ts';

const BASE64 = /^[A-Za-z0-9+/]{40,200}={0,2}$/u;
const plain = (what: string) => (value: string) => (/^[\x21-\x7e]{4,128}$/u.test(value) ? '' : what);

export const exchangeCredentials: CredentialShape = [
  { name: 'key', label: 'API key', isSecret: false, isOptional: false, check: plain('the key: 4 to 128 characters') },
  {
    name: 'secret',
    label: 'API secret (base64)',
    isSecret: true,
    isOptional: false,
    check: (value) => (BASE64.test(value.trim()) ? '' : 'the secret as the venue shows it: base64'),
  },
  {
    name: 'passphrase',
    label: 'Passphrase of the key',
    isSecret: true,
    isOptional: false,
    check: plain('the passphrase: 4 to 128 characters'),
  },
];

export class HmacSigner {
  readonly #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  headers(method: string, path: string, body: string, nowMs: number): Record<string, string> {
    const seconds = secondsOf(nowMs);
    return {
      'cb-access-key': this.#text('key'),
      'cb-access-sign': this.#sign(seconds + method + path + body),
      'cb-access-timestamp': seconds,
      'cb-access-passphrase': this.#text('passphrase'),
      'content-type': 'application/json',
    };
  }

  /** Fields of a subscription. */
  subscription(nowMs: number): Record<string, string> {
    const timestamp = secondsOf(nowMs);
    const signature = this.#sign(`${timestamp}GET/users/self/verify`);
    return { key: this.#text('key'), passphrase: this.#text('passphrase'), timestamp, signature };
  }

  #sign(text: string): string {
    const secret = Buffer.from(this.#credentials.bytes('secret').toString('latin1').trim(), 'base64');
    const signature = hmac('sha256', secret, text, 'base64');
    secret.fill(0);
    return signature;
  }

  #text(name: string): string {
    return this.#credentials.bytes(name).toString('utf8').trim();
  }
}

function secondsOf(nowMs: number): string {
  return (nowMs / 1000).toFixed(3);
}
