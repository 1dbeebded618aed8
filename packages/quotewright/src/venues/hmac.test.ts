import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { hmac } from './hmac.ts';

it('is the HMAC of Node, for secrets and texts of every length', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('sha256', 'sha384'),
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 3000 }),
      fc.constantFrom('hex', 'base64'),
      (algorithm, secret, text, encoding) => {
        const wanted = createHmac(algorithm, secret).update(text, 'utf8').digest(encoding);
        const kept = Buffer.from(secret);
        expect(hmac(algorithm, kept, text, encoding)).toBe(wanted);
        expect([...kept]).toEqual([...secret]);
      },
    ),
  );
});
