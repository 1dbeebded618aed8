/**
 * Seeded random numbers: xoshiro128** 1.1 (Blackman and Vigna, 2018; prng.di.unimi.it), 128 bits of state.
 *
 * One stream per use: `Random.stream(seed, 'latency')` draws the same numbers whatever other streams draw, so that a
 * change in one model does not shift the luck of another. Streams of different names start at states that are hashes
 * of seed and name; that two of them overlap within 2^48 draws has a chance of about 2^-79.
 *
 * `normal` and `exponential` use `Math.log`, which V8 computes in software, the same on every machine.
 */

/** Numbers of a saved state. */
export const RANDOM_STATE_WORDS = 4;

export class Random {
  readonly #state: Int32Array;

  /** Starts at a state of four 32-bit words, as `save` gives it. @throws RangeError when all are zero. */
  constructor(state: ArrayLike<number>) {
    this.#state = new Int32Array(RANDOM_STATE_WORDS);
    this.restore(state);
  }

  /** The stream of a name under a seed (any safe integer). */
  static stream(seed: number, name: string): Random {
    const state = new Int32Array(RANDOM_STATE_WORDS);
    for (let word = 0; word < RANDOM_STATE_WORDS; word++) state[word] = hashWord(word, seed, name);
    // The one state that the generator never leaves.
    if ((state[0] | state[1] | state[2] | state[3]) === 0) state[0] = 1;
    return new Random(state);
  }

  /** The state as unsigned 32-bit numbers, for a snapshot. */
  save(): number[] {
    return Array.from(this.#state, (word) => word >>> 0);
  }

  /** Goes on from a saved state. @throws RangeError when it is not four numbers that are not all zero. */
  restore(state: ArrayLike<number>): void {
    if (state.length !== RANDOM_STATE_WORDS || (state[0] | state[1] | state[2] | state[3]) === 0) {
      throw new RangeError(`random state [${Array.from(state).join(', ')}] is not four 32-bit words, not all zero`);
    }
    this.#state.set(state);
  }

  /** A uniform integer from 0 to 2^32 - 1. */
  nextUint32(): number {
    const s = this.#state;
    const s0 = s[0];
    const s1 = s[1];
    const five = Math.imul(s1, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9);
    const s2 = s[2] ^ s0;
    const s3 = s[3] ^ s1;
    s[0] = s0 ^ s3;
    s[1] = s1 ^ s2;
    s[2] = s2 ^ (s1 << 9);
    s[3] = (s3 << 11) | (s3 >>> 21);
    return result >>> 0;
  }

  /** A uniform multiple of 2^-53 in [0, 1). */
  uniform(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 0x400_0000 + low) * 2 ** -53;
  }

  /** A uniform integer in [0, n), without bias, for n up to 2^32; 0 when n is below 2. */
  below(n: number): number {
    if (!(n > 1)) return 0;
    // The bits of n - 1; what is n or above is drawn again, which happens less than half of the time.
    const mask = 0xffff_ffff >>> Math.clz32(n - 1);
    for (;;) {
      const drawn = (this.nextUint32() & mask) >>> 0;
      if (drawn < n) return drawn;
    }
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(1 - this.uniform());
  }

  /** Normal with mean 0 and variance 1 (Marsaglia's polar method; its second number is dropped, so no state is kept). */
  normal(): number {
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square < 1 && square > 0) return x * Math.sqrt((-2 * Math.log(square)) / square);
    }
  }
}

/** MurmurHash3 (x86, 32 bits) of seed and name, itself seeded by the index of the word. */
function hashWord(index: number, seed: number, name: string): number {
  let hash = Math.imul(index + 1, 0x9e37_79b9);
  hash = mix(hash, seed | 0);
  hash = mix(hash, Math.floor(seed / 2 ** 32) | 0);
  for (let i = 0; i < name.length; i++) hash = mix(hash, name.charCodeAt(i));
  hash ^= 8 + 4 * name.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}

function mix(hash: number, block: number): number {
  let k = Math.imul(block, 0xcc9e_2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b87_3593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe654_6b64) | 0;
}
