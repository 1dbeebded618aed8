/**
 * Signed requests and frames that no client means: fields that are missing, of another kind, huge, negative, not numbers at all, in any
 * combination, at every page. A face answers in its venue's words, never fails, and takes nothing from anybody.
 */
import { Random } from '@quotewright/core/base/random';
import { describe, expect, it } from 'vitest';
import type { FaceResponse } from './contract.ts';
import { FACES } from './faces.ts';
import { wordingOf } from './testing/face-customer.ts';
import { handExchange } from './testing/hand-exchange.ts';
import { VENUE_WORDS, anyOf, soundValues } from './testing/hostile-words.ts';

const REQUESTS = 250;
const FRAMES = 150;
const TYPES = ['subscribe', 'unsubscribe', 'bts:subscribe', 'bts:heartbeat', 'heartbeat'];
const CHANNELS = ['level2', 'book', 'full', 'user', 'l2', 'live_orders_btcusd', { name: 'level2' }];
const FRAME_FIELDS = ['type', 'event', 'method', 'channel', 'channels', 'product_ids', 'params', 'data', 'id', 'jwt'];

const TRIED = FACES.filter(({ venue }) => venue in VENUE_WORDS);

describe.each(TRIED)('$venue', (maker) => {
  const { pages, fields, socket } = VENUE_WORDS[maker.venue]!;

  it('answers requests that no client means', () => {
    const hand = handExchange(maker, { coins: ['BTC'] });
    const sound = soundValues(hand);
    const face = maker.make(hand.exchange);
    const customer = wordingOf(hand.exchange, hand.keys[0]!);
    const random = Random.stream(3, maker.venue);
    for (let i = 0; i < REQUESTS; i++) {
      const [method = '', page = ''] = pages[random.below(pages.length)]!.split(' ');
      const path = page.replace(/X/gu, () => encodeURIComponent(wordOf(anyOf(random, sound['symbol'] ?? []))));
      const content: Record<string, unknown> = {};
      for (const name of fields) {
        const values = sound[name] ?? ['true', '1', `name-${i}`];
        if (random.below(name in sound ? 9 : 4) < (name in sound ? 8 : 1)) content[name] = anyOf(random, values);
      }
      const where = `${method} ${path} ${JSON.stringify(content)}`.slice(0, 600);
      let answer: FaceResponse = { status: 0, body: '' };
      expect(() => (answer = face.http(customer.ask(method, path, content))), where).not.toThrow();
      expect(answer.status, `${where}: ${answer.body}`).toBeLessThan(500);
      expect(answer.body, where).not.toBe('');
      if (/^[[{]/u.test(answer.body)) expect(() => JSON.parse(answer.body), where).not.toThrow();
      hand.pass(120);
    }
    for (const account of ['one', 'two']) {
      for (const { total, held } of hand.exchange.balances(account)) {
        expect(Number(held)).toBeGreaterThanOrEqual(0);
        expect(Number(held)).toBeLessThanOrEqual(Number(total));
      }
    }
    expect(hand.exchange.orders('one').length).toBeGreaterThan(0);
    expect(hand.exchange.orders('two')).toEqual([]);
  });

  it('answers frames that no client means', () => {
    const hand = handExchange(maker, { coins: ['BTC'] });
    const sound = soundValues(hand);
    const face = maker.make(hand.exchange);
    const random = Random.stream(4, maker.venue);
    const request = {
      method: 'GET',
      path: socket,
      target: socket,
      query: new URLSearchParams(),
      headers: {},
      body: '',
    };
    const values = [
      ...TYPES,
      ...CHANNELS,
      CHANNELS,
      sound['symbol'],
      { channel: 'live_orders_btcusd', symbol: CHANNELS },
    ];
    const names = [...FRAME_FIELDS, ...fields];
    for (let i = 0; i < FRAMES; i++) {
      const conversation = face.connect({ send: () => undefined, close: () => undefined }, request)!;
      const content: Record<string, unknown> = {};
      for (let k = random.below(8); k > 0; k--) content[names[random.below(names.length)]!] = anyOf(random, values);
      const text = JSON.stringify(random.below(9) === 0 ? anyOf(random, values) : content);
      const frame = random.below(5) === 0 ? text.slice(0, random.below(text.length + 1)) : text;
      expect(() => conversation.message(frame), frame.slice(0, 600)).not.toThrow();
      hand.pass(2);
      expect(() => conversation.closed()).not.toThrow();
    }
    expect(hand.exchange.orders('one')).toEqual([]);
  });
});

/** Text that a URL can bear. */
function wordOf(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();
}
