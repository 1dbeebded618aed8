import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Credentials } from '../contract/credentials.ts';
import { ClientUuids } from './client-uuid.ts';
import { statusError, wordsError } from './errors.ts';
import { HmacSigner, exchangeCredentials } from './sign.ts';

const SECRET = Buffer.alloc(64, 7).toString('base64');
const credentials = () =>
  new Credentials(
    new Map(
      Object.entries({ key: 'thekey', secret: `${SECRET}\n`, passphrase: 'word' }).map(([name, value]) => [
        name,
        Buffer.from(value),
      ]),
    ),
  );

describe('signing', () => {
  it('covers time, method, path with query and body', () => {
    const headers = new HmacSigner(credentials()).headers('POST', '/orders?a=1', '{"x":1}', 1_700_000_000_123);
    const expected = createHmac('sha256', Buffer.alloc(64, 7))
      .update('1700000000.123POST/orders?a=1{"x":1}')
      .digest('base64');
    expect(headers).toMatchObject({
      'cb-access-key': 'thekey',
      'cb-access-sign': expected,
      'cb-access-timestamp': '1700000000.123',
      'cb-access-passphrase': 'word',
    });
  });

  it('of a subscription is that of the page it names', () => {
    const { signature, timestamp } = new HmacSigner(credentials()).subscription(1000);
    expect(timestamp).toBe('1.000');
    expect(signature).toBe(
      createHmac('sha256', Buffer.alloc(64, 7)).update('1.000GET/users/self/verify').digest('base64'),
    );
  });

  it('credentials are checked without being repeated', () => {
    const [, secret] = exchangeCredentials;
    expect(secret!.check(SECRET)).toBe('');
    expect(secret!.check('not base64 !')).not.toContain('not base64');
  });
});

describe('names of orders', () => {
  it('come back as the numbers that they were made of, and no others', () => {
    const ours = new ClientUuids('qtag00');
    for (const number of [1, 71, 2 ** 32, 2 ** 48 + 5, 2 ** 51 - 1]) {
      expect(ours.text(number)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/u);
      expect(ours.number(ours.text(number))).toBe(number);
      expect(new ClientUuids('qtag01').number(ours.text(number))).toBe(0);
    }
    expect(ours.number('')).toBe(0);
    expect(ours.number('7174616-6730-4000-8000-000000000001')).toBe(0);
  });
});

describe('refusals', () => {
  it.each([
    ['Insufficient funds', 'INSUFFICIENT_BALANCE'],
    ['size is too small. Minimum size is 0.001', 'BAD_SIZE'],
    ['price too precise (0.001)', 'BAD_PRICE'],
    ['post only', 'POST_ONLY_WOULD_TAKE'],
    ['order not found', 'UNKNOWN_ORDER'],
    ['Order already done', 'UNKNOWN_ORDER'],
    ['Product not found', 'UNKNOWN_SYMBOL'],
    ['Cancel only mode', 'HALTED'],
    ['something else', 'REFUSED'],
  ])('%s', (words, code) => expect(wordsError(words).code).toBe(code));

  it.each([
    [401, '{"message":"invalid signature"}', 'AUTH', false],
    [401, '{"message":"request timestamp expired"}', 'CLOCK', false],
    [403, '{"message":"Forbidden"}', 'PERMISSION', false],
    [429, '{"message":"Private rate limit exceeded"}', 'RATE_LIMITED', false],
    [503, '{"message":"under maintenance"}', 'MAINTENANCE', false],
    [502, '<html>', 'SERVER', true],
    [500, '', 'SERVER', true],
  ])('status %i %s', (status, text, code, mayHaveArrived) => {
    expect(statusError({ status, text, headers: {} })).toMatchObject({ code, mayHaveArrived, status });
  });
});
