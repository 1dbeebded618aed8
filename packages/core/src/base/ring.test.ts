import { describe, expect, test } from 'vitest';
import { Random } from './random.ts';
import { RingReader, RingWriter, createRing } from './ring.ts';

describe('a ring within one thread', () => {
  // The counters' places in the header, to start them anywhere: they must run over 2^31 and 2^32.
  const TAIL = 32;
  const HEAD = 64;

  for (const start of [0, 2 ** 31 - 1000, 2 ** 32 - 1000]) {
    test(`is a bounded queue, its counters starting at ${start}`, () => {
      const random = Random.stream(1, `ring ${start}`);
      for (const [capacity, words] of [
        [1, 1],
        [2, 3],
        [8, 2],
        [64, 8],
      ] as const) {
        const buffer = createRing(capacity, words);
        const header = new Int32Array(buffer);
        header[TAIL] = start;
        header[HEAD] = start;
        const writer = new RingWriter(buffer);
        const reader = new RingReader(buffer);
        const queue: number[] = [];
        const source = new Float64Array(200 * words + 3);
        const target = new Float64Array(200 * words);
        let next = 0;
        let refused = 0;
        for (let step = 0; step < 20_000; step++) {
          if (random.below(2) === 0) {
            const count = random.below(capacity * 2 + 1);
            const offset = random.below(4);
            for (let i = 0; i < count * words; i++) source[offset + i] = next + i / 10;
            const taken = writer.push(source, offset, count);
            const room = capacity - queue.length / words;
            expect(taken).toBe(Math.min(room, count));
            for (let i = 0; i < taken * words; i++) queue.push(source[offset + i]!);
            refused += count - taken;
            next++;
          } else {
            const most = random.below(capacity * 2 + 1);
            const count = reader.drain(target, most);
            expect(count).toBe(Math.min(most, queue.length / words));
            for (const [i, word] of queue.splice(0, count * words).entries()) {
              if (target[i] !== word) expect([step, i, target[i]]).toEqual([step, i, word]);
            }
          }
          if (writer.pending * words !== queue.length) expect(writer.pending * words).toBe(queue.length);
        }
        expect(refused).toBeGreaterThan(100);
        expect([writer.refused, reader.refused]).toEqual([refused, refused]);
      }
    });
  }

  test('carries every float64 as it is', () => {
    const buffer = createRing(8, 1);
    const values = Float64Array.of(Number.NaN, -0, Infinity, Number.MAX_SAFE_INTEGER, 5e-324);
    new RingWriter(buffer).push(values, 0, 5);
    const out = new Float64Array(5);
    expect(new RingReader(buffer).drain(out, 8)).toBe(5);
    expect([...out]).toEqual([...values]);
    expect(Object.is(out[1], -0)).toBe(true);
  });

  test('an end that joins later goes on where the ring stands', () => {
    const buffer = createRing(4, 1);
    const out = new Float64Array(4);
    new RingWriter(buffer).push(Float64Array.of(1, 2, 3), 0, 3);
    expect(new RingReader(buffer).drain(out, 2)).toBe(2);
    expect(new RingWriter(buffer).push(Float64Array.of(4, 5, 6, 7), 0, 4)).toBe(3);
    const reader = new RingReader(buffer);
    expect([reader.pending, reader.refused]).toEqual([4, 1]);
    expect(reader.drain(out, 4)).toBe(4);
    expect([...out]).toEqual([3, 4, 5, 6]);
  });

  test('nothing is moved for a count of zero or below', () => {
    const buffer = createRing(4, 1);
    const out = new Float64Array(4);
    const writer = new RingWriter(buffer);
    expect([writer.push(out, 0, 0), writer.push(out, 0, -1), writer.pending, writer.refused]).toEqual([0, 0, 0, 0]);
    expect(new RingReader(buffer).drain(out, -1)).toBe(0);
  });

  for (const capacity of [0, 3, -4, 1.5, 2 ** 31, Number.NaN, Infinity]) {
    test(`a capacity of ${capacity} is refused`, () => expect(() => createRing(capacity, 1)).toThrow(RangeError));
  }
  for (const words of [0, -1, 1.5, Number.NaN, 2 ** 21]) {
    test(`records of ${words} words are refused`, () => expect(() => createRing(4, words)).toThrow(RangeError));
  }
});
