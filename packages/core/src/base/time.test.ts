import { describe, expect, test } from 'vitest';
import { Random } from './random.ts';
import * as time from './time.ts';
import { NS_PER_DAY, UnixUnit } from './time.ts';

const DAY_2024 = 19_723;

/** Exact nanoseconds since an epoch day, by BigInt, from Unix nanoseconds. */
function sinceDay(unixNs: bigint, epochDay: number): number {
  return Number(unixNs - BigInt(epochDay) * 86_400_000_000_000n);
}

describe('the calendar', () => {
  test('equals the platform calendar on every day from 1599 to 2401', () => {
    for (let ms = Date.UTC(1599, 0, 1); ms <= Date.UTC(2401, 0, 1); ms += 86_400_000) {
      const date = new Date(ms);
      const day = ms / 86_400_000;
      const text = date.toISOString().slice(0, 10);
      const got = time.daysFromCivil(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
      if (got !== day || time.isoDay(day) !== text || time.parseIsoDay(text) !== day) {
        expect([text, got, time.isoDay(day), time.parseIsoDay(text)]).toEqual([text, day, text, day]);
      }
    }
  });

  test('has no 30 February, no 29 February in 1900 or 2023, no month 0 or 13', () => {
    for (const text of [
      '2024-02-30',
      '1900-02-29',
      '2023-02-29',
      '2024-00-01',
      '2024-13-01',
      '2024-01-00',
      '2024-04-31',
    ]) {
      expect(time.parseIsoDay(text)).toBeNaN();
    }
    expect(time.isoDay(time.parseIsoDay('2000-02-29'))).toBe('2000-02-29');
    expect(time.parseIsoDay('2024-01-01 ')).toBeNaN();
    expect(time.parseIsoDay('')).toBeNaN();
  });
});

describe('ISO 8601', () => {
  test('text of any instant within 104 days of the epoch day comes back to the nanosecond', () => {
    const random = Random.stream(1, 'iso');
    for (let i = 0; i < 50_000; i++) {
      const epochDay = random.below(40_000);
      const ns = Math.floor((random.uniform() * 2 - 1) * 104 * NS_PER_DAY);
      const text = time.nsToIso(ns, epochDay);
      const back = time.parseIsoNs(text, epochDay);
      if (back !== ns) expect([text, back]).toEqual([text, ns]);
      if (i < 5000) {
        const ms = Math.floor((ns + epochDay * NS_PER_DAY) / 1e6);
        expect(text.slice(0, 19)).toBe(new Date(ms).toISOString().slice(0, 19));
      }
    }
  });

  const instant = 9 * 3600e9 + 30 * 60e9 + 5e9;
  const valid: [text: string, ns: number][] = [
    ['2024-01-01', 0],
    ['2024-01-01T09:30', instant - 5e9],
    ['2024-01-01T09:30:05', instant],
    ['2024-01-01 09:30:05', instant],
    ['2024-01-01t09:30:05z', instant],
    ['2024-01-01T09:30:05Z', instant],
    ['2024-01-01T09:30:05.1Z', instant + 1e8],
    ['2024-01-01T09:30:05.000000001Z', instant + 1],
    ['2024-01-01T09:30:05.123456789+00:00', instant + 123_456_789],
    ['2024-01-01T11:30:05+02:00', instant],
    ['2024-01-01T11:30:05+02', instant],
    ['2024-01-01T04:00:05.5-0530', instant + 5e8],
    ['2023-12-31T23:59:59.999999999Z', -1],
    ['2024-01-01T23:30+23:59', -29 * 60e9],
  ];
  for (const [text, ns] of valid) test(`${text} is a time`, () => expect(time.parseIsoNs(text, DAY_2024)).toBe(ns));

  const malformed = [
    '',
    '2024',
    '2024-01',
    '2024-1-1',
    '20240101',
    '2024-01-01T',
    '2024-01-01T09',
    '2024-01-01T9:30',
    '2024-01-01Z',
    '2024-01-01T24:00:00',
    '2024-01-01T09:60',
    '2024-01-01T23:59:60Z',
    '2024-01-01T09:30:',
    '2024-01-01T09:30:5',
    '2024-01-01T09:30:05.',
    '2024-01-01T09:30:05.Z',
    '2024-01-01T09:30:05.1234567890Z',
    '2024-01-01T09:30:05,5Z',

    '2024-01-01T09:30:05ZZ',
    '2024-01-01T09:30:05Z ',
    '2024-01-01T09:30:05+',
    '2024-01-01T09:30:05+2',
    '2024-01-01T09:30:05+02:',

    '2024-01-01T09:30:05+24:00',
    '2024-01-01T09:30:05+02-00',
    '2024-01-01T09:30:05+02:60',
    '-024-01-01',
    ' 2024-01-01',
    '٢٠٢٤-01-01',
    '2024-01-01X09:30',
    '2024-01-01T09:30:05.12a',
    '9'.repeat(70),
  ];
  for (const text of malformed) {
    test(`${JSON.stringify(text).slice(0, 40)} is not a time`, () => expect(time.parseIsoNs(text, DAY_2024)).toBeNaN());
  }

  test('is parsed from the middle of a row of bytes', () => {
    const bytes = new TextEncoder().encode('1,2024-01-01T09:30:05.25,3');
    expect(time.parseIsoBytesNs(bytes, 2, 24, DAY_2024)).toBe(instant + 25e7);
    expect(time.parseIsoBytesNs(bytes, 2, 23, DAY_2024)).toBe(instant + 2e8);
    expect(time.parseIsoBytesNs(bytes, 2, 25, DAY_2024)).toBeNaN();
  });

  test('the time that is not known is empty', () => expect(time.nsToIso(Number.NaN, 0)).toBe(''));
});

describe('Unix time', () => {
  test('nanoseconds of nineteen digits are exact', () => {
    const random = Random.stream(2, 'unix');
    for (let i = 0; i < 50_000; i++) {
      const unix = 1_700_000_000_000_000_000n + BigInt(Math.floor(random.uniform() * 2 ** 52));
      const epochDay = time.epochDayOfUnixMs(Number(unix / 1_000_000n));
      const expected = sinceDay(unix, epochDay);
      expect(expected).toBeGreaterThanOrEqual(0);
      expect(expected).toBeLessThan(NS_PER_DAY);
      const got = [
        time.unixNsTextToNs(unix.toString(), epochDay),
        time.unixTextToNs(
          `${unix / 1_000_000_000n}.${(unix % 1_000_000_000n).toString().padStart(9, '0')}`,
          UnixUnit.SECONDS,
          epochDay,
        ),
        time.unixTextToNs(
          `${unix / 1_000_000n}.${(unix % 1_000_000n).toString().padStart(6, '0')}`,
          UnixUnit.MILLIS,
          epochDay,
        ),
        time.unixTextToNs(`${unix / 1000n}.${(unix % 1000n).toString().padStart(3, '0')}`, UnixUnit.MICROS, epochDay),
      ];
      if (got.some((ns) => ns !== expected)) expect(got).toEqual([expected, expected, expected, expected]);
      const us = Number(unix / 1000n);
      const ms = Number(unix / 1_000_000n);
      if (time.unixUsToNs(us, epochDay) !== sinceDay(BigInt(us) * 1000n, epochDay)) expect(us).toBe('exact');
      if (time.unixMsToNs(ms, epochDay) !== sinceDay(BigInt(ms) * 1_000_000n, epochDay)) expect(ms).toBe('exact');
    }
  });

  const cases: [text: string, unit: UnixUnit, ns: number][] = [
    ['0', UnixUnit.NANOS, 0],
    ['7', UnixUnit.NANOS, 7],
    ['999999999', UnixUnit.NANOS, 999_999_999],
    ['1000000000', UnixUnit.NANOS, 1_000_000_000],
    ['1', UnixUnit.SECONDS, 1e9],
    ['1.', UnixUnit.SECONDS, 1e9],
    ['.5', UnixUnit.SECONDS, 5e8],
    ['5', UnixUnit.MILLIS, 5e6],
    ['.5', UnixUnit.MILLIS, 5e5],
    ['12.5', UnixUnit.MICROS, 12_500],
    ['1.9999999999', UnixUnit.SECONDS, 1_999_999_999],
    ['1.9', UnixUnit.NANOS, 1],
    ['-1', UnixUnit.NANOS, -1],
    ['-1.5', UnixUnit.SECONDS, -15e8],
    ['000000000000000000000000000001', UnixUnit.SECONDS, 1e9],
  ];
  for (const [text, unit, ns] of cases) {
    test(`${text} at 10^-${unit} s is ${ns} ns`, () => expect(time.unixTextToNs(text, unit, 0)).toBe(ns));
  }

  for (const text of [
    '',
    '.',
    '-',
    '-.',
    '+1',
    '1e9',
    '1.2.3',
    ' 1',
    '1 ',
    'NaN',
    '0x1',
    '١',
    '1,5',
    '9'.repeat(40),
    '1'.repeat(65),
  ]) {
    test(`${JSON.stringify(text).slice(0, 20)} is not a Unix time`, () => {
      expect(time.unixTextToNs(text, UnixUnit.SECONDS, 0)).toBeNaN();
    });
  }

  test('the epoch day of a time before 1970 is the day it lies in', () => {
    expect(time.epochDayOfUnixMs(-1)).toBe(-1);
    expect(time.epochDayOfUnixMs(0)).toBe(0);
    expect(time.epochDayOfUnixMs(86_399_999)).toBe(0);
    expect(time.epochDayOfUnixMs(86_400_000)).toBe(1);
  });
});
