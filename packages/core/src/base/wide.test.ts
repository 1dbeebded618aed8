import { expect, test } from 'vitest';
import { Random } from './random.ts';
import { WIDE_WORDS, addProduct, wideToNumber } from './wide.ts';

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
