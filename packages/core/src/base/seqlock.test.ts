/** The sequence lock within one thread; `tests/seqlock-threads.test.ts` has two. */
import { describe, expect, test } from 'vitest';
import { SeqlockReader, SeqlockWriter, createSeqlock } from './seqlock.ts';

describe('a sequence lock', () => {
  test('gives the newest block, bit for bit, and counts blocks', () => {
    const buffer = createSeqlock(3);
    const writer = new SeqlockWriter(buffer);
    const reader = new SeqlockReader(buffer);
    const target = new Float64Array(3).fill(7);
    expect(reader.read(target)).toBe(0);
    expect(target[0]).toBe(7);
    const blocks = [
      [1, -0, Number.NaN],
      [Infinity, 5e-324, -1.7976931348623157e308],
      [0.1, 2 ** 53 + 2, -1e-300],
    ];
    blocks.forEach((block, i) => {
      writer.write(Float64Array.from(block));
      expect(reader.read(target)).toBe(i + 1);
      block.forEach((value, k) => expect(Object.is(target[k], value)).toBe(true));
    });
    expect(reader.read(target)).toBe(3);
  });

  test('a writer that died in the middle of a write is told from one that has not written', () => {
    const buffer = createSeqlock(1);
    new SeqlockWriter(buffer).write(Float64Array.of(1));
    Atomics.add(new Int32Array(buffer), 0, 1);
    const target = Float64Array.of(9);
    expect(new SeqlockReader(buffer).read(target)).toBe(-1);
    expect(target[0]).toBe(9);
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 21])('%s words are refused', (words) => {
    expect(() => createSeqlock(words)).toThrow(/not a number of words/);
  });
});
