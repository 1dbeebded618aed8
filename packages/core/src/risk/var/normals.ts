/**
 * Normal numbers by the million: the ziggurat of Marsaglia and Tsang ("The ziggurat method for generating random variables", 2000) with 128
 * layers, in Doornik's form (2005): the layer and the place in it come from two draws, since one draw for both is not random enough.
 * Some 98.8 % of numbers need no more than two draws, a multiplication and a comparison: about 5 ns, where the polar method takes 30.
 *
 * The generator is `Random`'s, run here on local variables.
 */
import { Random } from '../../base/random.ts';

const LAYERS = 128;
/** Where the tail begins, and the area of each layer. */
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;

/** Right ends of the layers; the base layer is as wide as it needs to be for its area, tail included. */
const EDGES = new Float64Array(LAYERS + 1);
/** Of each layer the share of its width that lies under the curve whatever the height. */
const SHARES = new Float64Array(LAYERS);
let height = Math.exp(-0.5 * TAIL * TAIL);
EDGES[0] = AREA / height;
EDGES[1] = TAIL;
for (let i = 2; i < LAYERS; i++) {
  EDGES[i] = Math.sqrt(-2 * Math.log(AREA / EDGES[i - 1] + height));
  height = Math.exp(-0.5 * EDGES[i] * EDGES[i]);
}
for (let i = 0; i < LAYERS; i++) SHARES[i] = EDGES[i + 1] / EDGES[i];

export class Normals {
  /** The state of `Random`'s generator. */
  readonly #state: Int32Array;
  /** For the one number in eighty that the first two draws do not settle. */
  readonly #rare: Random;

  /** The numbers of a seed and a name. */
  constructor(seed: number, name: string) {
    this.#state = Int32Array.from(Random.stream(seed, name).save(), (word) => word | 0);
    this.#rare = Random.stream(seed, `${name}.rare`);
  }

  /** Fills the first `count` places of `target` with standard normal numbers. */
  draw(target: Float64Array, count: number): void {
    const edges = EDGES;
    const shares = SHARES;
    const state = this.#state;
    let s0 = state[0];
    let s1 = state[1];
    let s2 = state[2];
    let s3 = state[3];
    for (let at = 0; at < count;) {
      // xoshiro128**, twice: see `base/random.ts`.
      let five = Math.imul(s1, 5);
      const place = Math.imul((five << 7) | (five >>> 25), 9);
      let x2 = s2 ^ s0;
      let x3 = s3 ^ s1;
      let shifted = s1 << 9;
      s1 ^= x2;
      s0 ^= x3;
      s2 = x2 ^ shifted;
      s3 = (x3 << 11) | (x3 >>> 21);
      five = Math.imul(s1, 5);
      const drawn = Math.imul((five << 7) | (five >>> 25), 9);
      x2 = s2 ^ s0;
      x3 = s3 ^ s1;
      shifted = s1 << 9;
      s1 ^= x2;
      s0 ^= x3;
      s2 = x2 ^ shifted;
      s3 = (x3 << 11) | (x3 >>> 21);
      // Never zero, and as often above it as below.
      const share = (place + 0.5) * 2 ** -31;
      const layer = drawn & (LAYERS - 1);
      const x = share * edges[layer];
      if (Math.abs(share) < shares[layer]) target[at++] = x;
      else {
        const found = layer === 0 ? beyondTail(this.#rare, share < 0) : underCurve(this.#rare, layer, x);
        if (found === found) target[at++] = found;
      }
    }
    state[0] = s0;
    state[1] = s1;
    state[2] = s2;
    state[3] = s3;
  }
}

/** Marsaglia's method for the tail. */
function beyondTail(random: Random, isNegative: boolean): number {
  for (;;) {
    const x = random.exponential() / TAIL;
    if (2 * random.exponential() > x * x) return isNegative ? -TAIL - x : TAIL + x;
  }
}

/** The place is kept when a height drawn in its layer lies under the curve; NaN = draw again. */
function underCurve(random: Random, layer: number, x: number): number {
  const lower = Math.exp(-0.5 * (EDGES[layer] * EDGES[layer] - x * x));
  const upper = Math.exp(-0.5 * (EDGES[layer + 1] * EDGES[layer + 1] - x * x));
  return lower + random.uniform() * (upper - lower) < 1 ? x : Number.NaN;
}
