import { createPublicKey, createPrivateKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Credentials } from '../contract/credentials.ts';
import { reasonError, statusError } from './errors.ts';
import { coinbaseCredentials, JwtSigner, TokenStock, uriOf } from './sign.ts';

const NAME = 'organizations/11111111-2222-4333-8444-555555555555/apiKeys/11111111-2222-4333-8444-666666666666';
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const ed = generateKeyPairSync('ed25519');
const SEC1 = ec.privateKey.export({ type: 'sec1', format: 'pem' }).toString();
const PKCS8 = ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const seed = ed.privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
const point = ed.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
const ED = Buffer.concat([seed, point]).toString('base64');

const signerOf = (secret: string) =>
  new JwtSigner(
    new Credentials(
      new Map([
        ['key', Buffer.from(NAME)],
        ['secret', Buffer.from(secret)],
      ]),
    ),
  );
const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());

describe('tokens', () => {
  it.each([
    ['SEC 1', SEC1],
    ['SEC 1 with \\n for line breaks', SEC1.replaceAll('\n', '\\n')],
    ['PKCS #8', PKCS8],
  ])('of an EC key in %s are ES256', (_, secret) => {
    const [head, body, signature] = signerOf(secret).token('POST api.coinbase.com/x', 1_700_000_000_999).split('.');
    expect(decoded(head!)).toMatchObject({ alg: 'ES256', kid: NAME, typ: 'JWT' });
    expect(decoded(body!)).toEqual({
      sub: NAME,
      iss: 'cdp',
      nbf: 1_700_000_000,
      exp: 1_700_000_120,
      uri: 'POST api.coinbase.com/x',
    });
    const key = { key: createPublicKey(createPrivateKey(SEC1)), dsaEncoding: 'ieee-p1363' } as const;
    expect(verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature!, 'base64url'))).toBe(true);
  });

  it('of an Ed25519 key are EdDSA; of a socket they name no request', () => {
    const [head, body, signature] = signerOf(ED).token('', 1000).split('.');
    expect(decoded(head!)).toMatchObject({ alg: 'EdDSA' });
    expect(decoded(body!)).not.toHaveProperty('uri');
    expect(verify(null, Buffer.from(`${head}.${body}`), ed.publicKey, Buffer.from(signature!, 'base64url'))).toBe(true);
  });

  it('name a path without its query', () => {
    expect(uriOf('GET', '/api/v3/x?y=1')).toBe('GET api.coinbase.com/api/v3/x');
  });

  it('are used once, and not when they are old', () => {
    const stock = new TokenStock(signerOf(ED), 'POST api.coinbase.com/x');
    for (let i = 0; i < 10; i++) stock.refill(0);
    const ready = Array.from({ length: 6 }, () => stock.take(1000));
    expect(new Set(ready).size).toBe(6);
    for (let i = 0; i < 10; i++) stock.refill(2000);
    const late = decoded(stock.take(200_000).split('.')[1]!);
    expect(late).toMatchObject({ nbf: 200 });
  });
});

describe('credentials', () => {
  const secret = coinbaseCredentials[1]!;
  it.each([SEC1, PKCS8, ED, SEC1.replaceAll('\n', '\\n')])('are known by their shape', (value) => {
    expect(secret.check(value)).toBe('');
  });

  it.each(['', 'secret', '-----BEGIN CERTIFICATE-----', ED.slice(1)])('%j is none', (value) => {
    expect(secret.check(value)).not.toBe('');
    if (value !== '') expect(secret.check(value)).not.toContain(value);
    expect(() => signerOf(value)).toThrow("coinbase: 'secret' is not a private key that this venue gives");
  });
});

describe('refusals', () => {
  it.each([
    ['INSUFFICIENT_FUND', 'INSUFFICIENT_BALANCE'],
    ['INVALID_LIMIT_PRICE_POST_ONLY', 'POST_ONLY_WOULD_TAKE'],
    ['UNKNOWN_CANCEL_ORDER', 'UNKNOWN_ORDER'],
    ['CANNOT_EDIT_TO_BELOW_FILLED_SIZE', 'BAD_SIZE'],
    ['ORDER_ENTRY_DISABLED', 'HALTED'],
    ['A_NEW_REASON', 'REFUSED'],
  ])('%s', (reason, code) => expect(reasonError(reason, '')).toMatchObject({ code, venueCode: reason }));

  it.each([
    [401, 'Unauthorized\n', 'AUTH', false],
    [403, '{"error":"PERMISSION_DENIED","message":"Missing required scopes"}', 'PERMISSION', false],
    [429, '{"errors":[{"id":"rate_limit_exceeded"}]}', 'RATE_LIMITED', false],
    [503, '{"message":"Down for maintenance"}', 'MAINTENANCE', false],
    [500, 'Internal Server Error', 'SERVER', true],
    [400, '{"error":"INVALID_ARGUMENT","message":"bad"}', 'REFUSED', false],
    [404, '', 'REFUSED', false],
  ])('status %i %s', (status, text, code, mayHaveArrived) => {
    expect(statusError({ status, text, headers: {} })).toMatchObject({ code, mayHaveArrived, status });
  });
});
