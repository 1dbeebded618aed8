import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { handExchange } from '../testing/hand-exchange.ts';
import { coinbaseExchangeFace } from './face.ts';

const hand = handExchange(coinbaseExchangeFace, { coins: ['BTC'] });
const face = coinbaseExchangeFace.make(hand.exchange);
const { key, secret, passphrase } = hand.keys[0]!;
const now = hand.exchange.nowMs() / 1000;

interface Said {
  readonly timestamp?: string;
  readonly signed?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly secret?: string;
}

function answer(said: Said): [number, string] {
  const timestamp = said.timestamp ?? String(now);
  const text = said.signed ?? `${timestamp}GET/orders?status=open`;
  const headers = {
    'cb-access-key': said.key ?? key,
    'cb-access-passphrase': said.passphrase ?? passphrase,
    'cb-access-timestamp': timestamp,
    'cb-access-sign': createHmac('sha256', Buffer.from(said.secret ?? secret, 'base64'))
      .update(text)
      .digest('base64'),
  };
  const query = new URLSearchParams('status=open');
  const { status, body } = face.http({
    method: 'GET',
    path: '/orders',
    target: '/orders?status=open',
    query,
    headers,
    body: '',
  });
  return [status, body];
}

describe('signatures', () => {
  it('of time, method and path with query are taken', () => expect(answer({})).toEqual([200, '[]']));

  it.each([
    ['invalid signature', { signed: `${now}GET/orders` }],
    ['invalid signature', { signed: `${now}POST/orders?status=open` }],
    ['invalid signature', { secret: Buffer.alloc(64).toString('base64') }],
    ['request timestamp expired', { timestamp: String(now - 31) }],
    ['request timestamp expired', { timestamp: 'now' }],
    ['Invalid API Key', { key: 'nobody' }],
    ['Invalid Passphrase', { passphrase: 'wrong' }],
  ])('%s', (message, said) => expect(answer(said)).toEqual([401, JSON.stringify({ message })]));
});
