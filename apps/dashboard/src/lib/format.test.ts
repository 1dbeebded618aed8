import { describe, expect, test } from 'vitest';
import { toCsv } from './csv.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLots,
  formatNs,
  formatNumber,
  formatShare,
  formatSize,
  formatTicks,
  formatTime,
} from './format.ts';
import { niceStep } from './nice-step.ts';

/** No-break spaces as spaces, for reading. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('numbers', () => {
  test.each([
    [1234.5, {}, '1,234.50'],
    [-0.5, {}, '−0.50'],
    [0.004, { sign: true }, '0.00'],
    [-0.004, { sign: true }, '0.00'],
    [3, { digits: 0, sign: true, unit: 'USD' }, '+3 USD'],
    [Number.POSITIVE_INFINITY, {}, '∞'],
    [Number.NaN, {}, '–'],
    [null, { unit: 'USD' }, '–'],
    [undefined, {}, '–'],
  ])('%s with %o is %s', (value, format, text) => expect(plain(formatNumber(value, format))).toBe(text));

  test('with a sign are as wide above zero as below', () => {
    for (const value of [0.01, 5, 99.999, 12_345.678]) {
      expect(formatNumber(-value, { sign: true }).length).toBe(formatNumber(value, { sign: true }).length);
    }
  });

  test('of an instrument have its digits', () => {
    const instrument = { tick: '0.5', lot: '0.001', priceDigits: 1, sizeDigits: 3 };
    expect(formatTicks(120_001, instrument)).toBe('60,000.5');
    expect(formatLots(-35, instrument, true)).toBe('−0.035');
    expect(formatTicks(null, instrument)).toBe('–');
  });

  test('shares are per cent', () => expect(plain(formatShare(0.01234, 2, true))).toBe('+1.23 %'));

  test.each([
    [0.5, '0.5'],
    [0.025, '0.025'],
    [0.0251, '0.025'],
    [1, '1'],
    [2.5, '2.5'],
    [120, '120'],
    [12_000, '12.0 k'],
    [0, '0'],
  ])('a size of %d on a scale is %s', (value, text) => expect(plain(formatSize(value))).toBe(text));
});

describe('times', () => {
  const day = Date.UTC(2026, 10, 21);
  test('are of the session’s clock', () => {
    expect(formatTime(day + 3_723_004)).toBe('01:02:03');
    expect(formatTime(day + 3_723_004.9, 3)).toBe('01:02:03.004');
    expect(formatTime(null)).toBe('–');
    expect(formatTime(-1000)).toBe('23:59:59');
  });

  test.each([
    [12.4, '12 ms'],
    [59_999, '59.9 s'],
    [65_000, '1 min 05 s'],
    [7_500_000, '2 h 05 min'],
    [97_200_000, '1 d 3 h'],
    [-500, '−500 ms'],
  ])('%d ms are %s', (ms, text) => expect(plain(formatDuration(ms))).toBe(text));
});

describe('scales', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.50 kB'],
    [999_999, '1.00 MB'],
    [31_400_000, '31.4 MB'],
  ])('%d bytes are %s', (bytes, text) => expect(plain(formatBytes(bytes))).toBe(text));

  test.each([
    [48, '48 ns'],
    [1048, '1.05 µs'],
    [92_700, '92.7 µs'],
    [2e6, '2.00 ms'],
    [null, '–'],
  ])('%s ns are %s', (ns, text) => expect(plain(formatNs(ns))).toBe(text));

  test('counts stay whole while they are short', () => {
    expect(formatCount(9999)).toBe('9,999');
    expect(plain(formatCount(131_072))).toBe('131 k');
  });

  test('steps are 1, 2 or 5 of a power of ten, the smallest that is enough', () => {
    for (let value = 0.0013; value < 1e6; value *= 1.37) {
      const step = niceStep(value);
      expect(step).toBeGreaterThanOrEqual(value * (1 - 1e-9));
      expect(step).toBeLessThan(value * 2.5 * (1 + 1e-9));
      expect(['1', '2', '5']).toContain((step / 10 ** Math.floor(Math.log10(step) + 1e-9)).toFixed(0));
    }
    expect(niceStep(Number.NaN)).toBe(1);
    expect(niceStep(0)).toBe(1);
  });
});

test('CSV quotes what needs it and leaves the unknown empty', () => {
  expect(
    toCsv(
      ['a', 'b,c'],
      [
        [1, 'x"y'],
        [null, undefined],
      ],
    ),
  ).toBe('a,"b,c"\r\n1,"x""y"\r\n,\r\n');
});
