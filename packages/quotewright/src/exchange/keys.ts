/** The keys of the exchange's accounts: made anew at each start, of random bytes. */
import { type KeyObject, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { ExchangeKey, FaceMaker } from './contract.ts';
import { lettersOf } from './letters.ts';

/** One key for each account. */
export function makeKeys(maker: FaceMaker, accounts: readonly string[], canTrade = true): ExchangeKey[] {
  return accounts.map((account) => {
    const { key, secret, passphrase } = maker.credential?.(randomBytes) ?? defaultCredential();
    const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const ed = generateKeyPairSync('ed25519');
    return {
      account,
      key,
      secret,
      passphrase: passphrase ?? lettersOf(randomBytes(12)),
      ecPublic: pemOf(ec.publicKey, 'spki'),
      ecPrivate: pemOf(ec.privateKey, 'pkcs8'),
      edPublic: pemOf(ed.publicKey, 'spki'),
      edPrivate: pemOf(ed.privateKey, 'pkcs8'),
      canTrade,
      canWithdraw: false,
    };
  });
}

const pemOf = (key: KeyObject, type: 'spki' | 'pkcs8'): string => key.export({ type, format: 'pem' }).toString();

function defaultCredential(): { key: string; secret: string; passphrase?: string } {
  return { key: `account-${lettersOf(randomBytes(32))}`, secret: randomBytes(64).toString('base64') };
}
