/**
 * How Coinbase's CDP keys sign: a JSON Web Token for each request, ES256 for keys that are an EC P-256 key in PEM, EdDSA for those that are
 * the 64 bytes of an Ed25519 key in base64 (seed, then public key). A token of a REST request names method, host and path without the query;
 * one for a WebSocket message names none. Both end after two minutes.
 * Source: docs.cdp.coinbase.com, "JWT Authentication", "Advanced Trade WebSocket Authentication".
 *
 * A token may be made before it is known what it is for: only the path matters, not the body. `TokenStock` keeps some ready for the paths of
 * orders, each of them used once, so that an order does not wait for its signature.
 */
import { createPrivateKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { CredentialShape, Credentials } from '../contract/credentials.ts';

const HOST = 'api.coinbase.com';
const LIFE_SECONDS = 120;
/** Tokens that are older are not used: they must not end on their way. */
const READY_MS = 60_000;
const READY_COUNT = 4;
const SEED_BYTES = 32;
/** PKCS #8 of an Ed25519 key without its seed (RFC 8410). */
const ED25519_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const BASE64_64_BYTES = /^[A-Za-z0-9+/]{86}==$/u;
const PEM = /^-----BEGIN (EC )?PRIVATE KEY-----(\\n|\s)[A-Za-z0-9+/=\s\\]+-----END (EC )?PRIVATE KEY-----(\\n|\s)*$/u;
const BACKSLASH = 92;
const LINE_FEED = 10;
const DASH = 45;

export const coinbaseCredentials: CredentialShape = [
  {
    name: 'key',
    label: 'Name of the CDP API key (organizations/…/apiKeys/…, or its id)',
    isSecret: false,
    isOptional: false,
    check: (value) =>
      /^[A-Za-z0-9/_-]{8,200}$/u.test(value) ? '' : 'the name of a CDP key: organizations/…/apiKeys/…, or a UUID',
  },
  {
    name: 'secret',
    label: 'Private key (PEM of an EC key, or base64 of an Ed25519 key)',
    isSecret: true,
    isOptional: false,
    check: (value) =>
      BASE64_64_BYTES.test(value.trim()) || isPemOfP256(value)
        ? ''
        : 'a private key: PEM of an EC key on P-256 (-----BEGIN EC PRIVATE KEY-----), or 88 characters of base64',
  },
];

export class JwtSigner {
  readonly #name: string;
  readonly #key: KeyObject;
  readonly #algorithm: 'ES256' | 'EdDSA';

  /** @throws RangeError when the secret is no key, without a word of it */
  constructor(credentials: Credentials) {
    this.#name = credentials.bytes('key').toString('utf8').trim();
    const secret = credentials.bytes('secret');
    const isPem = secret[0] === DASH;
    this.#algorithm = isPem ? 'ES256' : 'EdDSA';
    try {
      this.#key = isPem ? ecKey(secret) : edKey(secret);
    } catch {
      throw new RangeError("coinbase: 'secret' is not a private key that this venue gives");
    }
  }

  /** @param uri `POST api.coinbase.com/api/v3/brokerage/orders`; '' for a WebSocket message */
  token(uri: string, nowMs: number): string {
    const seconds = Math.floor(nowMs / 1000);
    const nonce = randomBytes(16).toString('hex');
    const head = { alg: this.#algorithm, typ: 'JWT', kid: this.#name, nonce };
    const claims = { sub: this.#name, iss: 'cdp', nbf: seconds, exp: seconds + LIFE_SECONDS };
    const text = `${base64url(head)}.${base64url(uri === '' ? claims : { ...claims, uri })}`;
    const signature =
      this.#algorithm === 'ES256'
        ? sign('sha256', Buffer.from(text), { key: this.#key, dsaEncoding: 'ieee-p1363' })
        : sign(null, Buffer.from(text), this.#key);
    return `${text}.${signature.toString('base64url')}`;
  }
}

/** Tokens ready for one method and path. */
export class TokenStock {
  readonly #signer: JwtSigner;
  readonly #uri: string;
  readonly #ready: { readonly token: string; readonly madeMs: number }[] = [];

  constructor(signer: JwtSigner, uri: string) {
    this.#signer = signer;
    this.#uri = uri;
  }

  take(nowMs: number): string {
    for (let made = this.#ready.shift(); made !== undefined; made = this.#ready.shift()) {
      if (Math.abs(nowMs - made.madeMs) < READY_MS) return made.token;
    }
    return this.#signer.token(this.#uri, nowMs);
  }

  /** Makes one, when there are too few: called when there is time. */
  refill(nowMs: number): void {
    const oldest = this.#ready[0];
    if (oldest !== undefined && Math.abs(nowMs - oldest.madeMs) > READY_MS / 2) this.#ready.shift();
    if (this.#ready.length < READY_COUNT) {
      this.#ready.push({ token: this.#signer.token(this.#uri, nowMs), madeMs: nowMs });
    }
  }
}

/** What the `uri` of a token says of a path. The host is the venue's own name, by whatever address it is reached. */
export function uriOf(method: string, path: string): string {
  const query = path.indexOf('?');
  return `${method} ${HOST}${query < 0 ? path : path.slice(0, query)}`;
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Coinbase gives keys on no other curve; text that only looks like a key is told of when it is put in, not at the first order. */
function isPemOfP256(text: string): boolean {
  if (!PEM.test(text)) return false;
  const bytes = Buffer.from(text);
  try {
    return ecKey(bytes).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  } finally {
    bytes.fill(0);
  }
}

/** PEM as files have it, or with `\n` for its line breaks, as Coinbase's JSON files and environment variables have it. */
function ecKey(secret: Buffer): KeyObject {
  const pem = Buffer.alloc(secret.length);
  let length = 0;
  for (let i = 0; i < secret.length; i++) {
    const isBreak = secret[i] === BACKSLASH && secret[i + 1] === 0x6e;
    pem[length++] = isBreak ? LINE_FEED : secret[i]!;
    if (isBreak) i++;
  }
  try {
    return createPrivateKey({ key: pem.subarray(0, length), format: 'pem' });
  } finally {
    pem.fill(0);
  }
}

function edKey(secret: Buffer): KeyObject {
  const bytes = Buffer.from(secret.toString('latin1').trim(), 'base64');
  const der = Buffer.concat([ED25519_HEAD, bytes.subarray(0, SEED_BYTES)]);
  try {
    if (bytes.length !== 2 * SEED_BYTES) throw new RangeError('not 64 bytes');
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    bytes.fill(0);
    der.fill(0);
  }
}
