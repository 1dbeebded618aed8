/**
 * The vault's key from its password: Argon2id (RFC 9106), or scrypt (RFC 7914) where Node was built without Argon2. What it costs is stored
 * with the vault, and is found by trying when the vault is made, so that a guess takes a quarter of a second on that machine.
 */
import * as crypto from 'node:crypto';
import { z } from 'zod';

export const SALT_BYTES = 16;
/** Two keys of AES-256. */
const KEY_BYTES = 64;
const MIB = 1024;

/**
 * Bounds keep a file that somebody has changed from eating the machine: at most 256 MiB, and some seconds. Less than is safe needs none: the
 * parameters are bound to what they seal, and only who has the password can write a file that opens with others.
 */
const MOST_MEMORY = 256 * MIB;
/** Memory times passes, of Argon2id. */
const MOST_WORK = 4096 * MIB;
/** Of scrypt. */
const MOST_LOG_N = 18;
const SPARE = 4 / 3;

export const kdfSchema = z.discriminatedUnion('name', [
  z
    .strictObject({
      name: z.literal('argon2id'),
      /** KiB. */
      memory: z.int().min(8).max(MOST_MEMORY),
      passes: z.int().min(1),
    })
    .refine(({ memory, passes }) => memory * passes <= MOST_WORK),
  z.strictObject({
    name: z.literal('scrypt'),
    /** Binary logarithm of N; r is 8 and p is 1: N KiB of memory. */
    logN: z.int().min(4).max(MOST_LOG_N),
  }),
]);
export type Kdf = z.output<typeof kdfSchema>;

/**
 * Where tuning begins: RFC 9106's second recommendation with twice its passes, a quarter of a second on a machine that is quick today,
 * so that a measurement that something else disturbed does not make a vault that is cheap to guess at; and OWASP's for scrypt.
 */
const ARGON2_START = { name: 'argon2id', memory: 64 * MIB, passes: 6 } as const;
const SCRYPT_START = { name: 'scrypt', logN: 17 } as const;
export const START: Kdf = typeof crypto.argon2Sync === 'function' ? ARGON2_START : SCRYPT_START;

/** The bytes that keys are cut from; the caller overwrites them. */
export function derive(password: Uint8Array, salt: Uint8Array, kdf: Kdf): Buffer {
  if (kdf.name === 'scrypt') {
    const cost = 2 ** kdf.logN;
    return crypto.scryptSync(password, salt, KEY_BYTES, { cost, blockSize: 8, maxmem: 2 * 128 * 8 * cost });
  }
  const { memory, passes } = kdf;
  return crypto.argon2Sync('argon2id', {
    message: password,
    nonce: salt,
    parallelism: 1,
    tagLength: KEY_BYTES,
    memory,
    passes,
  });
}

/**
 * Parameters with which a derivation takes at least so long here, with a third on top: what is measured while the machine is busy is too
 * long, as caches and memory are shared.
 * @param measure milliseconds that a derivation takes; the real one unless a test says otherwise
 */
export function tuned(targetMs: number, measure: (kdf: Kdf) => number = measured): Kdf {
  let kdf: Kdf = START;
  for (;;) {
    // The fastest of three: the first one pays for memory that the process did not have yet.
    const ms = Math.min(measure(kdf), measure(kdf), measure(kdf));
    if (ms >= targetMs * SPARE) return kdf;
    const next = harder(kdf, (targetMs * SPARE) / Math.max(ms, 1));
    if (next === undefined) return kdf;
    kdf = next;
  }
}

/** Undefined: there is nothing harder. */
function harder(kdf: Kdf, factor: number): Kdf | undefined {
  if (kdf.name === 'scrypt') return kdf.logN < MOST_LOG_N ? { ...kdf, logN: kdf.logN + 1 } : undefined;
  const most = Math.floor(MOST_WORK / kdf.memory);
  const passes = Math.min(Math.max(kdf.passes + 1, Math.ceil(kdf.passes * factor)), most);
  return kdf.passes < most ? { ...kdf, passes } : undefined;
}

/** The time of the processor, not of the clock on the wall: a machine that is busy with something else is not slow for who guesses. */
function measured(kdf: Kdf): number {
  const start = process.cpuUsage();
  derive(Buffer.from('how long does this take'), Buffer.alloc(SALT_BYTES), kdf).fill(0);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
