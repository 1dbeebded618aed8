import { Random } from '@quotewright/core/base/random';
import { describe, expect, test } from 'vitest';
import { crc32c } from './crc32c.ts';

/** Bit by bit, after the definition. */
function slowCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc = (crc ^ byte) >>> 0;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? ((crc >>> 1) ^ 0x82f63b78) >>> 0 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe('crc32c', () => {
  test('gives the check value of the standard', () => {
    expect(crc32c(Buffer.from('123456789')).toString(16)).toBe('e3069283');
  });

  // RFC 3720 (iSCSI), B.4.
  test.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ])('gives the figures of RFC 3720: %s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  test('agrees with the definition at every length and alignment', () => {
    const random = Random.stream(1, 'crc');
    const bytes = Uint8Array.from({ length: 200 }, () => random.below(256));
    for (let start = 0; start < 9; start++) {
      for (let end = start; end <= bytes.length; end++) {
        const part = bytes.subarray(start, end);
        const expected = slowCrc(part);
        if (crc32c(part) !== expected || crc32c(bytes, start, end) !== expected) {
          expect([start, end, crc32c(part), crc32c(bytes, start, end)]).toEqual([start, end, expected, expected]);
        }
      }
    }
  });
});
