import { describe, expect, test } from 'vitest';
import type { LimitUse } from 'quotewright/server/protocol/risk';
import { filteredLimits, limitKey, limitStatus, parseLimit, scopeText } from './limits.ts';

const use = (limit: string, value: number | null, used: number | null, scope = 'global'): LimitUse => ({
  limit,
  description: '',
  unit: 'base',
  scope,
  value,
  isDefault: false,
  used,
  share: value === null || used === null ? null : used / value,
});

describe('limits', () => {
  test('a warning from 80 % on, reached from all of it on', () => {
    const status = (used: number): string => limitStatus(use('a', 10, used));
    expect([0, 7.99, 8, 9.99, 10, 12].map(status)).toEqual(['ok', 'ok', 'warning', 'warning', 'reached', 'reached']);
    expect(limitStatus(use('a', null, 3))).toBe('unlimited');
    expect(limitStatus(use('a', 3, null))).toBe('each');
    expect(limitStatus({ value: 0, used: 2, share: null })).toBe('reached');
    expect(limitStatus({ value: 0, used: 0, share: 0 })).toBe('ok');
  });

  test('a filter keeps the order, and what was in use stays in sight', () => {
    const all = [use('a', 1, 0), use('b', 1, 0.5), use('c', null, 2), use('d', 4, null), use('e', 1, 1)];
    const names = (filter: 'used' | 'set' | 'all', seen: string[] = []): string[] =>
      filteredLimits(all, filter, new Set(seen)).map(({ limit }) => limit);
    expect(names('all')).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(names('set')).toEqual(['a', 'b', 'd', 'e']);
    expect(names('used')).toEqual(['b', 'e']);
    expect(names('used', [limitKey(use('a', 1, 0)), limitKey(use('c', null, 0))])).toEqual(['a', 'b', 'e']);
  });

  test('scopes in words', () => {
    expect(scopeText('global', [])).toBe('all trading');
    expect(scopeText('venue:living', [])).toBe('venue living');
    expect(scopeText('instrument:living:BTC-USD', [])).toBe('BTC-USD at living');
    expect(scopeText('instrument:BTC-USD', [])).toBe('BTC-USD');
    expect(scopeText('strategy:1', ['a', 'glft'])).toBe('strategy glft');
    expect(scopeText('strategy:7', [])).toBe('strategy 7');
    expect(scopeText('?', [])).toBe('?');
  });

  test('what may be typed as a limit', () => {
    expect(parseLimit(' 25 000 ')).toEqual({ value: 25_000 });
    expect(parseLimit('0')).toEqual({ value: 0 });
    expect(parseLimit('')).toEqual({ value: null });
    for (const text of ['-1', 'abc', 'NaN', '1e999', '5,5', '∞']) expect(parseLimit(text)).toHaveProperty('problem');
  });
});
