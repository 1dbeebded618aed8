import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FaceRequest } from '../contract.ts';
import { handExchange } from '../testing/hand-exchange.ts';
import { bitstampFace } from './face.ts';
import { orderId } from './render.ts';

const FORM = 'application/x-www-form-urlencoded';
const HOST = 'www.bitstamp.net';
const BALANCES = '/api/v2/account_balances/';

function open() {
  const hand = handExchange(bitstampFace);
  const face = bitstampFace.make(hand.exchange);
  const { key, secret } = hand.keys[0]!;
  /** As the venue's page has it. */
  const signed = (
    path: string,
    body: string,
    more: { nonce?: string; ms?: number; secret?: string } = {},
  ): FaceRequest => {
    const { nonce = randomUUID(), ms = hand.exchange.nowMs(), secret: used = secret } = more;
    const type = body === '' ? '' : FORM;
    const text = `BITSTAMP ${key}POST${HOST}${path}${type}${nonce}${ms}v2${body}`;
    const headers = {
      host: HOST,
      'x-auth': `BITSTAMP ${key}`,
      'x-auth-signature': createHmac('sha256', used).update(text).digest('hex').toUpperCase(),
      'x-auth-nonce': nonce,
      'x-auth-timestamp': String(ms),
      'x-auth-version': 'v2',
      ...(body === '' ? {} : { 'content-type': FORM }),
    };
    return { method: 'POST', path, target: path, query: new URLSearchParams(), headers, body };
  };
  const codeOf = (request: FaceRequest): unknown => {
    const { status, body } = face.http(request);
    const answer: unknown = body.startsWith('<') ? {} : JSON.parse(body);
    return [status, typeof answer === 'object' && answer !== null && 'code' in answer ? answer.code : ''];
  };
  return { hand, signed, codeOf };
}

describe('a request', () => {
  it('is checked: signature, a nonce that is used once, a time that is near', () => {
    const { hand, signed, codeOf } = open();
    const nonce = randomUUID();
    expect(codeOf(signed(BALANCES, '', { nonce }))).toEqual([200, '']);
    expect(codeOf(signed(BALANCES, '', { nonce }))).toEqual([403, 'API0004']);
    expect(codeOf(signed(BALANCES, 'foo=bar'))).toEqual([200, '']);
    expect(codeOf(signed(BALANCES, '', { secret: 'wrong' }))).toEqual([403, 'API0005']);
    expect(codeOf({ ...signed(BALANCES, 'a=1'), body: 'a=2' })).toEqual([403, 'API0005']);
    expect(codeOf(signed(BALANCES, '', { ms: hand.exchange.nowMs() - 151_000 }))).toEqual([403, 'API0017']);
    expect(codeOf(signed(BALANCES, '', { nonce: 'short' }))).toEqual([403, 'API0018']);
    expect(codeOf({ ...signed(BALANCES, ''), headers: {} })).toEqual([403, 'API0013']);
  });

  it('cannot be sent again as long as its time is near', () => {
    const { hand, signed, codeOf } = open();
    // Of a customer whose clock is ahead.
    const request = signed(BALANCES, '', { ms: hand.exchange.nowMs() + 149_000 });
    expect(codeOf(request)).toEqual([200, '']);
    hand.pass(290_000);
    expect(codeOf(signed(BALANCES, ''))).toEqual([200, '']);
    expect(codeOf(request)).toEqual([403, 'API0004']);
  });

  it('that replaces an order by terms that are none leaves it as it is', () => {
    const { hand, signed, codeOf } = open();
    const { number } = hand.exchange.place(hand.order({ sizeLots: 1_000_000 }));
    const replace = (terms: string) => codeOf(signed('/api/v2/replace_order/', `id=${orderId(number)}&${terms}`));
    for (const terms of ['amount=x&price=50000', 'amount=0.01&price=-1', 'amount=0.01']) {
      expect(replace(terms)).toEqual([400, '']);
      expect(hand.exchange.openOrders('one')).toMatchObject([{ number }]);
    }
    expect(replace('amount=0.02&price=50000')).toEqual([200, '']);
    expect(hand.exchange.openOrders('one')).toMatchObject([{ number: number + 1, sizeLots: 2_000_000 }]);
  });

  it('is one of four hundred a second', () => {
    const { hand, signed, codeOf } = open();
    const answers = Array.from({ length: 401 }, () => String(codeOf(signed(BALANCES, ''))));
    expect(answers.filter((answer) => answer === '429,')).toHaveLength(1);
    hand.pass(1000);
    expect(codeOf(signed(BALANCES, ''))).toEqual([200, '']);
  });
});

describe('diff_order_book', () => {
  it('has levels as they are when it is sent, and nothing of those that came and went before', () => {
    const hand = handExchange(bitstampFace);
    const face = bitstampFace.make(hand.exchange);
    const frames: string[] = [];
    const request = { method: 'GET', path: '/', target: '/', query: new URLSearchParams(), headers: {}, body: '' };
    const conversation = face.connect({ send: (frame) => void frames.push(frame), close: () => undefined }, request)!;
    conversation.message('{"event":"bts:subscribe","data":{"channel":"diff_order_book_btcusd"}}');
    hand.pass(1);
    frames.length = 0;
    const place = (): number => hand.exchange.place(hand.order({ priceTicks: 50_000, sizeLots: 1_000_000 })).number;
    hand.exchange.cancel('one', place());
    hand.pass(1);
    expect(frames).toEqual([]);
    const number = place();
    hand.pass(1);
    expect(frames.splice(0).map((frame) => frame.slice(frame.indexOf('"bids"')))).toEqual([
      '"bids":[["50000","0.01000000"]],"asks":[]},"channel":"diff_order_book_btcusd","event":"data"}',
    ]);
    // It goes and comes back.
    hand.exchange.cancel('one', number);
    const again = place();
    hand.pass(1);
    expect(frames).toEqual([]);
    hand.exchange.cancel('one', again);
    hand.pass(1);
    expect(frames[0]).toContain('"bids":[["50000","0.00000000"]],"asks":[]');
  });
});
