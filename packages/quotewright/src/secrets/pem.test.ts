/** Private keys in PEM as people have them: what is one, whatever its line breaks are, and what only looks like one. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { BINANCE_CREDENTIALS, Signer } from '../venues/binance/sign.ts';
import { JwtSigner, coinbaseCredentials } from '../venues/coinbase/sign.ts';
import { type CredentialShape, Credentials } from '../venues/contract/credentials.ts';
import { linesOfPem, valuesOfEnvironment } from './outside-values.ts';

const ofCurve = (namedCurve: string) =>
  generateKeyPairSync('ec', {
    namedCurve,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  });
const ed = generateKeyPairSync('ed25519', {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const p256 = ofCurve('P-256');

const WRITTEN: [string, (pem: string) => string][] = [
  ['in lines', (pem) => pem],
  ['in lines of Windows', (pem) => pem.replaceAll('\n', '\r\n')],
  ['on one line', (pem) => pem.replaceAll('\n', String.raw`\n`)],
  ['on one line, from Windows', (pem) => pem.replaceAll('\n', String.raw`\r\n`)],
  ['with blanks behind it', (pem) => `${pem}  \n`],
];

function faultOf(shape: CredentialShape, name: string, pem: string): string {
  return shape.find((field) => field.name === name)!.check(pem);
}

describe('a private key in PEM', () => {
  test.each(WRITTEN)('%s, is one, from wherever it comes', (_, written) => {
    const environment = {
      CB_KEY: 'organizations/a/apiKeys/b',
      CB_SECRET: written(p256.privateKey),
      BN_KEY: 'abcdefghabcdefgh',
      BN_PRIVATE_KEY: written(ed.privateKey),
    };
    const ofCoinbase = valuesOfEnvironment(coinbaseCredentials, 'CB', environment);
    expect(faultOf(coinbaseCredentials, 'secret', ofCoinbase.get('secret')!.toString())).toBe('');
    expect(new JwtSigner(new Credentials(ofCoinbase)).token('', 1e12).split('.')).toHaveLength(3);
    const ofBinance = valuesOfEnvironment(BINANCE_CREDENTIALS, 'BN', environment);
    expect(faultOf(BINANCE_CREDENTIALS, 'privateKey', ofBinance.get('privateKey')!.toString())).toBe('');
    expect(new Signer('binance', new Credentials(ofBinance)).sign('a')).toMatch(/^[\w+/]{86}==$/u);
  });

  test.each([
    ['of another curve', ofCurve('P-384').privateKey],
    ['of the curve of a coin', ofCurve('secp256k1').privateKey],
    ['that is public', p256.publicKey],
    ['that was cut', `${p256.privateKey.slice(0, 90)}\n-----END EC PRIVATE KEY-----\n`],
    ['that is none', 'PRIVATE KEY-----'],
  ])('%s, is refused when it is put in', (_, pem) => {
    expect(faultOf(coinbaseCredentials, 'secret', pem)).toContain('PEM of an EC key on P-256');
    expect(faultOf(BINANCE_CREDENTIALS, 'privateKey', pem)).toBe('an Ed25519 private key in PEM (PKCS #8)');
  });

  test('of the other venue is refused', () => {
    expect(faultOf(coinbaseCredentials, 'secret', ed.privateKey)).not.toBe('');
    expect(faultOf(BINANCE_CREDENTIALS, 'privateKey', p256.privateKey)).not.toBe('');
  });

  test('is overwritten where it was; a secret with a backslash in it stays what it is', () => {
    const given = Buffer.from(String.raw`-----BEGIN X\nabc`);
    expect(linesOfPem(given).toString()).toBe('-----BEGIN X\nabc');
    expect(given.every((byte) => byte === 0)).toBe(true);
    const other = Buffer.from(String.raw`swordfish\nchips`);
    expect(linesOfPem(other)).toBe(other);
  });
});
