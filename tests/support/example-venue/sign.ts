/** Signatures: HMAC-SHA-256 in hex of the time, the method and what follows the host. */
import type { CredentialShape, Credentials } from '../../../packages/quotewright/src/venues/contract/credentials.ts';
import { hmac } from '../../../packages/quotewright/src/venues/hmac.ts';

export const CREDENTIALS: CredentialShape = [
  {
    name: 'key',
    label: 'API key',
    isSecret: false,
    isOptional: false,
    check: (value) => (/^[\w-]{16,100}$/u.test(value) ? '' : '16 letters and digits at least'),
  },
  {
    name: 'secret',
    label: 'Secret',
    isSecret: true,
    isOptional: false,
    check: (value) => (/^[\w+/=]{32,200}$/u.test(value) ? '' : '32 characters at least'),
  },
];

export interface Signed {
  readonly key: string;
  readonly time: string;
  readonly sign: string;
}

/** @param words `GET/orders?symbol=A`; of a login `login` */
export function signed(credentials: Credentials, words: string, unixMs: number): Signed {
  const time = String(Math.round(unixMs));
  const key = credentials.bytes('key').toString('latin1');
  return { key, time, sign: hmac('sha256', credentials.bytes('secret'), time + words, 'hex') };
}
