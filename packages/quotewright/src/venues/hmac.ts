/**
 * HMAC (RFC 2104) of texts, for signatures on the way of an order. `createHmac` makes a key object and a native one for each signature, which
 * takes ten times as long and leaves both to the collector; two plain digests make nothing. The secret stays where it is: what is made of it
 * here is overwritten before the return.
 */
import { hash } from 'node:crypto';

const BLOCK = { sha256: 64, sha384: 128 } as const;
const DIGEST = { sha256: 32, sha384: 48 } as const;
const INNER = 0x36;
const OUTER = 0x5c;
const FIRST_BYTES = 2048;

const outer = {
  sha256: Buffer.alloc(BLOCK.sha256 + DIGEST.sha256),
  sha384: Buffer.alloc(BLOCK.sha384 + DIGEST.sha384),
};
let inner = Buffer.alloc(FIRST_BYTES);

/** @param text in UTF-8 */
export function hmac(algorithm: keyof typeof BLOCK, secret: Buffer, text: string, encoding: 'hex' | 'base64'): string {
  const block = BLOCK[algorithm];
  // A key that is longer than a block is its digest.
  const key = secret.length > block ? hash(algorithm, secret, 'buffer') : secret;
  const around = outer[algorithm];
  if (block + 3 * text.length > inner.length) inner = Buffer.alloc(2 * (block + 3 * text.length));
  for (let i = 0; i < block; i++) {
    const byte = i < key.length ? key[i]! : 0;
    inner[i] = byte ^ INNER;
    around[i] = byte ^ OUTER;
  }
  const end = block + inner.write(text, block);
  around.write(hash(algorithm, inner.subarray(0, end), 'binary'), block, 'latin1');
  const signature = hash(algorithm, around, encoding);
  inner.fill(0, 0, block);
  around.fill(0);
  if (key !== secret) key.fill(0);
  return signature;
}
