import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FaceRequest } from '../contract.ts';
import { handExchange } from '../testing/hand-exchange.ts';
import { geminiFace } from './face.ts';

function open() {
  const hand = handExchange(geminiFace);
  const face = geminiFace.make(hand.exchange);
  const { key, secret } = hand.keys[0]!;
  const signed = (path: string, payload: object, wrong = secret): FaceRequest => {
    const text = Buffer.from(JSON.stringify(payload)).toString('base64');
    const signature = createHmac('sha384', wrong).update(text).digest('hex');
    const headers = { 'x-gemini-apikey': key, 'x-gemini-payload': text, 'x-gemini-signature': signature };
    return { method: 'POST', path, target: path, query: new URLSearchParams(), headers, body: '' };
  };
  const reasonOf = (request: FaceRequest): unknown => {
    const { status, body } = face.http(request);
    const answer: unknown = JSON.parse(body);
    return [status, typeof answer === 'object' && answer !== null && 'reason' in answer ? answer.reason : 'none'];
  };
  return { hand, face, signed, reasonOf };
}

describe('a request', () => {
  it('is checked: key, signature, path, and a nonce that rises', () => {
    const { signed, reasonOf } = open();
    const payload = { request: '/v1/balances', nonce: 5 };
    expect(reasonOf(signed('/v1/balances', payload))).toEqual([200, 'none']);
    expect(reasonOf(signed('/v1/balances', payload))).toEqual([400, 'InvalidNonce']);
    expect(reasonOf(signed('/v1/balances', { ...payload, nonce: '4' }))).toEqual([400, 'InvalidNonce']);
    expect(reasonOf(signed('/v1/balances', { ...payload, nonce: '6' }, 'wrong'))).toEqual([400, 'InvalidSignature']);
    expect(reasonOf(signed('/v1/orders', { ...payload, nonce: '7' }))).toEqual([400, 'EndpointMismatch']);
    const stranger = signed('/v1/balances', { ...payload, nonce: '8' });
    const headers = { ...stranger.headers, 'x-gemini-apikey': 'account-nobody' };
    expect(reasonOf({ ...stranger, headers })).toEqual([403, 'InvalidApiKey']);
    expect(reasonOf({ ...stranger, headers: {} })).toEqual([400, 'MissingApikeyHeader']);
    expect(reasonOf(signed('/v1/balances', { ...payload, nonce: '9' }))).toEqual([200, 'none']);
  });

  it('is one of six hundred a minute', () => {
    const { hand, signed, reasonOf } = open();
    const answers = new Set<string>();
    for (let nonce = 1; nonce <= 601; nonce++) {
      answers.add(String(reasonOf(signed('/v1/heartbeat', { request: '/v1/heartbeat', nonce }))));
    }
    expect([...answers]).toEqual(['200,none', '429,RateLimit']);
    hand.pass(200);
    expect(reasonOf(signed('/v1/heartbeat', { request: '/v1/heartbeat', nonce: 1000 }))).toEqual([200, 'none']);
  });

  it('after which heartbeats end takes the orders along', () => {
    const { hand, signed, reasonOf } = open();
    hand.exchange.place(hand.order());
    reasonOf(signed('/v1/heartbeat', { request: '/v1/heartbeat', nonce: 1 }));
    hand.pass(29_000);
    expect(hand.exchange.openOrders('one')).toHaveLength(1);
    hand.pass(2000);
    expect(hand.exchange.openOrders('one')).toHaveLength(0);
  });
});
