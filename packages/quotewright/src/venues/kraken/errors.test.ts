/** The venue's words, and what the engine and the session are told. */
import { Reject } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import { VenueError } from '../contract/venue-error.ts';
import { codeOf, rejectOf, resultOf } from './errors.ts';

function failureOf(status: number, text: string): VenueError {
  try {
    resultOf({ status, headers: { 'retry-after': '7' }, text });
  } catch (error) {
    if (error instanceof VenueError) return error;
  }
  throw new Error('no VenueError');
}

describe('texts', () => {
  it.each([
    ['EOrder:Insufficient funds', 'INSUFFICIENT_BALANCE', Reject.INSUFFICIENT_BALANCE],
    ['EOrder:Order minimum not met', 'BAD_SIZE', Reject.BAD_SIZE],
    ['EOrder:Cost minimum not met', 'BAD_NOTIONAL', Reject.BAD_NOTIONAL],
    ['EOrder:Tick size check failed', 'BAD_PRICE', Reject.BAD_PRICE],
    ['EOrder:Invalid price:XBT/USD price can only be specified up to 1 decimals.', 'BAD_PRICE', Reject.BAD_PRICE],
    ['EOrder:Unknown order', 'UNKNOWN_ORDER', Reject.UNKNOWN_ORDER],
    ['EOrder:Post only order', 'POST_ONLY_WOULD_TAKE', Reject.POST_ONLY_WOULD_TAKE],
    ['EOrder:Rate limit exceeded', 'RATE_LIMITED', Reject.OVERLOADED],
    ['EOrder:Orders limit exceeded', 'TOO_MANY_ORDERS', Reject.OVERLOADED],
    ['EAPI:Invalid key', 'AUTH', Reject.OTHER],
    ['EAPI:Invalid nonce', 'CLOCK', Reject.OTHER],
    ['EGeneral:Permission denied', 'PERMISSION', Reject.OTHER],
    ['EGeneral:Temporary lockout', 'BANNED', Reject.OVERLOADED],
    ['EQuery:Unknown asset pair', 'UNKNOWN_SYMBOL', Reject.OTHER],
    ['EService:Market in cancel_only mode', 'HALTED', Reject.HALTED],
    ['EService:Unavailable', 'MAINTENANCE', Reject.HALTED],
    ['ESession:Invalid session', 'AUTH', Reject.OTHER],
    ['EWhatever:Never heard of', 'REFUSED', Reject.OTHER],
  ] as const)('%s', (text, code, reject) => {
    expect([codeOf(text), rejectOf(text)]).toEqual([code, reject]);
    expect(failureOf(200, JSON.stringify({ error: [text] }))).toMatchObject({
      code,
      status: 200,
      mayHaveArrived: false,
    });
  });
});

describe('answers that are none', () => {
  it.each([
    [429, 'slow down', 'RATE_LIMITED', false],
    [503, '', 'MAINTENANCE', true],
    [520, '<html>', 'SERVER', true],
    [200, 'nonsense', 'UNREADABLE', false],
    [200, '', 'UNREADABLE', false],
    [200, '{"error":[]}', 'UNREADABLE', false],
  ] as const)('%i %s', (status, text, code, mayHaveArrived) => {
    expect(failureOf(status, text)).toMatchObject({ code, mayHaveArrived, retryAfterMs: 7000 });
  });

  it('a result is one whatever stands beside it', () => {
    expect(resultOf({ status: 200, headers: {}, text: '{"error":[],"result":{"count":1}}' })).toEqual({ count: 1 });
  });
});
