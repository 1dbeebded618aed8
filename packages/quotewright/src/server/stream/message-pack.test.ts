/** What clients send as MessagePack is read as another library writes it, and nothing that they send costs more than its bytes. */
import * as fc from 'fast-check';
import { Packr } from 'msgpackr';
import { expect, test } from 'vitest';
import { decodeMessagePack } from './message-pack.ts';

const packr = new Packr({ useRecords: false, variableMapSize: true, int64AsType: 'number' });

test('what a library writes of anything that JSON can say is read as it was', () => {
  // The library itself leaves this key out.
  const key = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((each) => each !== '__proto__');
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 6 },
      fc.constantFrom(null, true, false, -1, -33, 127, 128, 255, 256, 65_536, -129, -32_769, 2 ** 40, -(2 ** 40)),
      fc.integer(),
      // JSON has no zero below zero, and the library writes none.
      fc.double({ noNaN: true }).map((each) => each + 0),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.array(tie('value'), { maxLength: 20 }),
      fc.dictionary(key, tie('value'), { noNullPrototype: true, maxKeys: 20 }),
    ),
  }));
  fc.assert(
    fc.property(value, (each) => {
      expect(decodeMessagePack(packr.pack(each))).toEqual(each);
    }),
  );
});

test('a list of 300 and a text of 70,000 characters', () => {
  const long = { topics: Array.from({ length: 300 }, (_, i) => i), text: 'ä'.repeat(70_000) };
  expect(decodeMessagePack(packr.pack(long))).toEqual(long);
});

test.each([
  ['nothing', []],
  ['lists in lists of 32 million elements each', Array.from({ length: 40 }, () => [0xdd, 0x01, 0xf0, 0, 0]).flat()],
  ['a list of 4 billion elements', [0xdd, 0xff, 0xff, 0xff, 0xff, 1]],
  ['a map of 4 billion entries', [0xdf, 0xff, 0xff, 0xff, 0xff, 0xa1, 0x61, 1]],
  ['a text of 4 GB', [0xdb, 0xff, 0xff, 0xff, 0xff, 0x61]],
  ['a number that is cut off', [0xcb, 0, 0]],
  ['65,000 lists in each other', Array<number>(65_000).fill(0x91)],
  ['a regular expression', [0xc7, 0, 0x78, 0x92, 0xa1, 0x61, 0xa0]],
  ['an error', [0xc7, 0, 0x65, 0x92, 0xa5, 0x45, 0x72, 0x72, 0x6f, 0x72, 0xa1, 0x61]],
  ['a record of an extension', [0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 1]],
  ['bytes', [0xc4, 1, 0]],
  ['a type that there is not', [0xc1]],
  ['a key that is no string', [0x81, 1, 1]],
  ['text that is not UTF-8', [0xa1, 0xff]],
  ['two values', [1, 2]],
])('refused: %s', (_, bytes) => {
  expect(() => decodeMessagePack(Uint8Array.from(bytes))).toThrow(Error);
});

test('any bytes are a value or an error, and at most as many elements as bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      let value: unknown;
      try {
        value = decodeMessagePack(bytes);
      } catch {
        return;
      }
      expect(count(value)).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 2000 },
  );
});

test('a key of the prototype is a key', () => {
  const read = decodeMessagePack(Uint8Array.from([0x81, 0xa9, ...Buffer.from('__proto__'), 0x81, 0xa1, 0x78, 1]));
  expect(Object.keys(read ?? {})).toEqual(['__proto__']);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
});

/** Values in a value, it included. */
function count(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, each) => sum + count(each), 1);
}
