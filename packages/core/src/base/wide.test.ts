import { expect, test } from 'vitest';
import { Random } from './random.ts';
import {
  WIDE_WORDS,
  addProduct,
  addWide,
  isExactWide,
  setWide,
  subtractWide,
  timesOverWide,
  timesWide,
  wideQuotient,
  wideToBigInt,
  wideToNumber,
} from './wide.ts';

const MAX = Number.MAX_SAFE_INTEGER;

function exact(wide: Float64Array, at: number): bigint {
  return BigInt(wide[at]!) * 2n ** 52n + BigInt(wide[at + 1]!);
}

test('sums of products of safe integers are exact while below 2^104', () => {
  const random = Random.stream(1, 'wide');
  const wide = new Float64Array(WIDE_WORDS + 1);
  for (let round = 0; round < 500; round++) {
    wide.fill(0);
    let sum = 0n;
    for (let i = 0; i < 100; i++) {
      const a = Math.floor((random.uniform() * 2 - 1) * 2 ** random.below(50));
      const b = Math.floor((random.uniform() * 2 - 1) * 2 ** random.below(48));
      addProduct(wide, 1, a, b);
      sum += BigInt(a) * BigInt(b);
      if (exact(wide, 1) !== sum) expect([a, b, exact(wide, 1)]).toEqual([a, b, sum]);
      if (!(wide[2]! >= 0 && wide[2]! < 2 ** 52)) expect(wide[2]).toBe('in range');
    }
    expect(wideToNumber(wide, 1)).toBe(Number(sum));
  }
});

test('the largest products of both signs are exact', () => {
  const wide = new Float64Array(WIDE_WORDS);
  for (const [a, b] of [
    [MAX, 2 ** 50],
    [-MAX, 2 ** 50],
    [MAX, -(2 ** 50)],
    [2 ** 51 - 1, 2 ** 52 - 1],
    [0, -1],
    [-1, -1],
  ] as const) {
    wide.fill(0);
    addProduct(wide, 0, a, b);
    expect(exact(wide, 0)).toBe(BigInt(a) * BigInt(b));
  }
});

/** Integers of either sign with any number of bits below `bits`, extremes among them. */
function integer(random: Random, bits: number): bigint {
  const width = random.below(bits + 1);
  let value = 0n;
  for (let bit = 0; bit < width; bit += 26) value = (value << 26n) | BigInt(random.below(2 ** 26));
  value = BigInt.asUintN(width, random.below(8) === 0 ? -1n : random.below(8) === 0 ? 1n << BigInt(width) : value);
  return random.below(2) === 0 ? value : -value;
}

test('a wide number comes back from BigInt and goes out again', () => {
  const random = Random.stream(2, 'wide');
  const wide = new Float64Array(WIDE_WORDS);
  for (let round = 0; round < 2000; round++) {
    const value = integer(random, 103);
    setWide(wide, 0, value);
    expect(wideToBigInt(wide, 0)).toBe(value);
    expect(wide[1]! >= 0 && wide[1]! < 2 ** 52 && isExactWide(wide, 0)).toBe(true);
    expect(wideToNumber(wide, 0)).toBe(Number(value));
  }
  expect(() => setWide(wide, 0, 2n ** 104n)).toThrow(RangeError);
  expect(() => setWide(wide, 0, -(2n ** 105n))).toThrow(/too large for exact arithmetic/);
});

test('sums, differences and products with an integer are those of BigInt', () => {
  const random = Random.stream(3, 'wide');
  const wide = new Float64Array(3 * WIDE_WORDS);
  const numbers = new Float64Array(1);
  for (let round = 0; round < 5000; round++) {
    const a = integer(random, 102);
    const b = integer(random, 102);
    setWide(wide, 0, a);
    setWide(wide, 2, b);
    addWide(wide, 0, wide, 2);
    expect(wideToBigInt(wide, 0)).toBe(a + b);
    subtractWide(wide, 2, wide, 0);
    expect(wideToBigInt(wide, 2)).toBe(-a);
    const bits = random.below(53);
    const small = integer(random, 103 - bits);
    const factor = integer(random, bits);
    numbers[0] = Number(factor);
    setWide(wide, 0, small);
    timesWide(wide, 4, wide, 0, numbers, 0);
    if (wideToBigInt(wide, 4) !== small * factor) expect([small, factor, wideToBigInt(wide, 4)]).toEqual([]);
    timesWide(wide, 0, wide, 0, numbers, 0);
    expect(wideToBigInt(wide, 0)).toBe(small * factor);
    expect(wide[1]! >= 0 && wide[1]! < 2 ** 52).toBe(true);
  }
});

test('wide × a ÷ b is that of BigInt, toward zero and away from it', () => {
  const random = Random.stream(4, 'wide');
  const wide = new Float64Array(2 * WIDE_WORDS);
  const numbers = new Float64Array(2);
  let checked = 0;
  for (let round = 0; round < 30_000; round++) {
    const value = integer(random, 103);
    const a = integer(random, 52);
    let b = integer(random, 52);
    if (b <= 0n) b = 1n - b;
    if (b >= 2n ** 52n) b--;
    // Exact quotients and those one off them, where an estimated digit goes wrong.
    const near = random.below(4) === 0 ? (value / b) * b + BigInt(random.below(3) - 1) : value;
    const product = near * a;
    const truncated = product / b;
    if (truncated >= 2n ** 103n || truncated <= -(2n ** 103n)) continue;
    numbers[0] = Number(a);
    numbers[1] = Number(b);
    setWide(wide, 0, near);
    timesOverWide(wide, 2, wide, 0, numbers, 0, 1, false);
    if (wideToBigInt(wide, 2) !== truncated) expect([near, a, b, wideToBigInt(wide, 2)]).toEqual([truncated]);
    const away = truncated + (product % b === 0n ? 0n : product < 0n ? -1n : 1n);
    timesOverWide(wide, 0, wide, 0, numbers, 0, 1, true);
    if (wideToBigInt(wide, 0) !== away) expect([near, a, b, wideToBigInt(wide, 0)]).toEqual([away]);
    if (!(wide[1]! >= 0 && wide[1]! < 2 ** 52) || Object.is(wide[0], -0)) expect(wide).toBe('normal form');
    checked++;
  }
  expect(checked).toBeGreaterThan(10_000);
});

test('a quotient in float64 is the nearest one', () => {
  const random = Random.stream(5, 'wide');
  const wide = new Float64Array(WIDE_WORDS);
  let nearest = 0;
  for (let round = 0; round < 5000; round++) {
    const value = integer(random, 103);
    setWide(wide, 0, value);
    const digits = (value < 0n ? -value : value).toString().padStart(22, '0');
    const text = `${value < 0n ? '-' : ''}${digits.slice(0, -21)}.${digits.slice(-21)}`;
    const quotient = wideQuotient(wide, 0, 1e21);
    expect(Math.abs(quotient - Number(text))).toBeLessThanOrEqual(Math.abs(quotient) * 2 ** -52);
    if (quotient === Number(text)) nearest++;
  }
  expect(nearest).toBeGreaterThan(4990);
});
