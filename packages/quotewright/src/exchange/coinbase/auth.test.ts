import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FaceRequest } from '../contract.ts';
import { handExchange } from '../testing/hand-exchange.ts';
import { coinbaseFace } from './face.ts';

const hand = handExchange(coinbaseFace, { coins: ['BTC'] });
const face = coinbaseFace.make(hand.exchange);
const [key] = hand.keys;
const now = Math.floor(hand.exchange.nowMs() / 1000);
const URI = 'GET api.coinbase.com/api/v3/brokerage/accounts';
const CLAIMS = { sub: key!.key, iss: 'cdp', nbf: now, exp: now + 120, uri: URI };
const HEAD = { alg: 'ES256', kid: key!.key, typ: 'JWT', nonce: 'n' };

function token(head: object, claims: object, secret = key!.secret): string {
  const text = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const isEd = 'alg' in head && head.alg === 'EdDSA';
  const signature = isEd
    ? sign(null, Buffer.from(text), key!.edPrivate)
    : sign('sha256', Buffer.from(text), { key: createPrivateKey(secret), dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

function status(bearer: string | undefined, path = '/api/v3/brokerage/accounts', host = '127.0.0.1:1'): number {
  const headers: Record<string, string> = { host };
  if (bearer !== undefined) headers['authorization'] = `Bearer ${bearer}`;
  const request: FaceRequest = { method: 'GET', path, target: path, query: new URLSearchParams(), headers, body: '' };
  return face.http(request).status;
}

describe('tokens', () => {
  it('of this key, this request and now are taken', () => {
    expect(status(token(HEAD, CLAIMS))).toBe(200);
    expect(status(token({ ...HEAD, alg: 'EdDSA' }, { ...CLAIMS, uri: undefined, uris: [URI] }))).toBe(200);
    expect(status(token(HEAD, { ...CLAIMS, uri: 'GET http://127.0.0.1:1/api/v3/brokerage/accounts' }))).toBe(200);
  });

  const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  it.each([
    ['none', undefined],
    ['no token', 'x'],
    ['of another key', token(HEAD, CLAIMS, other.export({ type: 'sec1', format: 'pem' }).toString())],
    ['of an unknown name', token({ ...HEAD, kid: 'nobody' }, { ...CLAIMS, sub: 'nobody' })],
    ['of two names', token(HEAD, { ...CLAIMS, sub: 'nobody' })],
    ['of another method', token(HEAD, { ...CLAIMS, uri: URI.replace('GET', 'POST') })],
    ['of another path', token(HEAD, { ...CLAIMS, uri: `${URI}/x` })],
    ['of another host', token(HEAD, { ...CLAIMS, uri: URI.replace('coinbase', 'example') })],
    ['that has ended', token(HEAD, { ...CLAIMS, nbf: now - 121, exp: now - 1 })],
    ['from the future', token(HEAD, { ...CLAIMS, nbf: now + 60, exp: now + 180 })],
    ['that lasts too long', token(HEAD, { ...CLAIMS, exp: now + 3600 })],
    ['without times', token(HEAD, { ...CLAIMS, nbf: undefined, exp: undefined })],
    ['signed by nothing', token(HEAD, CLAIMS).replace(/[^.]+$/u, '')],
    ['of no algorithm', token({ ...HEAD, alg: 'none' }, CLAIMS)],
  ])('%s are not', (_, bearer) => expect(status(bearer)).toBe(401));

  it('open no page by a path of another place', () => {
    for (const path of [
      `/${'x'.repeat(20)}/accounts`,
      `/${'x'.repeat(20)}constructor`,
      '/api/v3/brokerageconstructor',
    ]) {
      expect(status(token(HEAD, { ...CLAIMS, uri: `GET api.coinbase.com${path}` }), path)).toBe(404);
      const claims = { ...CLAIMS, uri: `POST api.coinbase.com${path}` };
      const headers = { host: 'x', authorization: `Bearer ${token(HEAD, claims)}` };
      const post = { method: 'POST', path, target: path, query: new URLSearchParams(), headers, body: '{}' };
      expect(face.http(post).status).toBe(404);
    }
  });

  it('more than thirty a second are refused', () => {
    const statuses = Array.from({ length: 40 }, () => status(token(HEAD, CLAIMS)));
    expect(statuses.at(-1)).toBe(429);
    hand.pass(1000);
    expect(status(token(HEAD, CLAIMS))).toBe(200);
  });
});
