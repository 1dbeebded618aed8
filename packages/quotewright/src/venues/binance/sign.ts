/**
 * Signatures of requests: HMAC-SHA-256 in hex of the parameters as they are sent, or Ed25519 in base64 ("Request Security" of the REST
 * and WebSocket APIs). In the WebSocket API the parameters are those of `params`, by name in order, as a query; in the REST API the query.
 */
import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import type { CredentialShape, Credentials } from '../contract/credentials.ts';
import { VenueError } from '../contract/venue-error.ts';
import { hmac } from '../hmac.ts';

export const BINANCE_CREDENTIALS: CredentialShape = [
  {
    name: 'key',
    label: 'API key',
    isSecret: false,
    isOptional: false,
    check: (value) => (/^[A-Za-z0-9]{16,128}$/u.test(value) ? '' : '16 to 128 letters and digits'),
  },
  {
    name: 'secret',
    label: 'Secret key (HMAC)',
    isSecret: true,
    isOptional: true,
    check: (value) => (/^[\x21-\x7e]{16,256}$/u.test(value) ? '' : '16 to 256 characters without blanks'),
  },
  {
    name: 'privateKey',
    label: 'Private key (Ed25519, PEM)',
    isSecret: true,
    isOptional: true,
    check: (value) => (ed25519Key(value) === undefined ? 'an Ed25519 private key in PEM (PKCS #8)' : ''),
  },
];

export class Signer {
  readonly key: string;
  /** Sessions of the WebSocket API are for Ed25519 keys only. */
  readonly isEd25519: boolean;
  readonly #secret: Buffer | undefined;
  readonly #privateKey: KeyObject | undefined;

  /** @throws VenueError AUTH when the credentials hold neither a secret nor an Ed25519 key */
  constructor(venue: string, credentials: Credentials) {
    this.key = credentials.bytes('key').toString('latin1');
    this.isEd25519 = credentials.has('privateKey');
    if (this.isEd25519) this.#privateKey = readKey(venue, credentials.bytes('privateKey'));
    else if (credentials.has('secret')) this.#secret = credentials.bytes('secret');
    else throw new VenueError({ venue, code: 'AUTH', text: "credentials hold neither 'secret' nor 'privateKey'" });
  }

  /** Of text of ASCII. Ed25519's is base64, which a query has to escape. */
  sign(payload: string): string {
    if (this.#privateKey !== undefined) {
      return sign(undefined, Buffer.from(payload, 'latin1'), this.#privateKey).toString('base64');
    }
    return hmac('sha256', this.#secret!, payload, 'hex');
  }
}

function ed25519Key(pem: Buffer | string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    // What is wrong with it could repeat the key.
    return undefined;
  }
}

function readKey(venue: string, pem: Buffer): KeyObject {
  const key = ed25519Key(pem);
  if (key !== undefined) return key;
  throw new VenueError({ venue, code: 'AUTH', text: "'privateKey' is not an Ed25519 private key in PEM" });
}
