/**
 * The value of an instrument that follows another: the other's relative moves times beta, times a basis that is an
 * Ornstein–Uhlenbeck process about 0. Two venues of one coin stay together as arbitrage holds them together in the world: by a
 * basis that comes back.
 */
import type { Random } from '../../base/random.ts';
import type { FollowParams } from './params.ts';

const BPS = 1e-4;

export class FollowingValue {
  readonly #leader: { readonly ticks: number };
  readonly #beta: number;
  readonly #random: Random;
  readonly #memory: number;
  readonly #shock: number;
  /** Value without the basis, the leader's value that it belongs to, and the basis as a share of the price. */
  #fair: number;
  #seen: number;
  #basis: number;

  /** @param leader the value that is followed, in its own ticks */
  constructor(
    leader: { readonly ticks: number },
    params: FollowParams,
    startTicks: number,
    stepSeconds: number,
    random: Random,
  ) {
    this.#leader = leader;
    this.#beta = params.beta;
    this.#random = random;
    this.#memory = 0.5 ** (stepSeconds / params.halfLifeSeconds);
    const deviation = params.basisBps * BPS;
    this.#shock = deviation * Math.sqrt(1 - this.#memory * this.#memory);
    this.#fair = startTicks;
    this.#seen = leader.ticks;
    this.#basis = deviation * random.normal();
  }

  /** One step after the leader's. Answers the value in ticks. */
  step(): number {
    const { ticks } = this.#leader;
    this.#fair *= 1 + this.#beta * (ticks / this.#seen - 1);
    this.#seen = ticks;
    this.#basis = this.#memory * this.#basis + this.#shock * this.#random.normal();
    return this.#fair * (1 + this.#basis);
  }
}
