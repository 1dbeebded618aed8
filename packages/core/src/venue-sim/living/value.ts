/**
 * The value that an instrument's price follows: a martingale whose log-volatility is an Ornstein–Uhlenbeck process (Taylor 1986's
 * stochastic volatility, which gives fat tails and clustering), with jumps (Merton 1976), a trend or a pull from the regime, and a
 * factor in common with the market's other instruments, whose heats move together. It moves on ticks of a clock, not with every event.
 */
import type { Random } from '../../base/random.ts';
import { FollowingValue } from './following-value.ts';
import type { FollowParams, ValueParams } from './params.ts';
import type { Regime } from './regimes.ts';

/** Time between two changes of the value. */
export const VALUE_STEP_NS = 50_000_000;
const STEP_SECONDS = VALUE_STEP_NS / 1e9;
const ROOT_STEP = Math.sqrt(STEP_SECONDS);
const ROOT_MINUTE = Math.sqrt(60);
const SECONDS_PER_HOUR = 3600;
/** A step moves the value by no more than this share of itself, whatever the parameters. */
const MAX_MOVE = 0.05;

export class Value {
  ticks: number;
  /** Volatility now over its median. */
  heat = 1;
  readonly #params: ValueParams;
  readonly #random: Random;
  readonly #memory: number;
  readonly #shock: number;
  readonly #own: number;
  #log = 0;
  #anchor: number;
  #direction = 1;
  #following: FollowingValue | undefined;

  /** @param heat standard normal draw, the same for all instruments, that the log-volatility starts from */
  constructor(params: ValueParams, heat: number, random: Random) {
    this.#params = params;
    this.#random = random;
    this.ticks = params.startTicks;
    this.#anchor = params.startTicks;
    this.#memory = 0.5 ** (STEP_SECONDS / params.volatilityHalfLifeSeconds);
    this.#shock = params.volatilitySpread * Math.sqrt(1 - this.#memory * this.#memory);
    this.#own = Math.sqrt(1 - params.loading * params.loading);
    this.#log = params.volatilitySpread * heat;
  }

  /** From now on the value follows another one, which makes its steps before this one. */
  follow(leader: Value, params: FollowParams): void {
    this.#following = new FollowingValue(leader, params, this.ticks, STEP_SECONDS, this.#random);
  }

  /** A spell of a regime begins: a trend takes a direction, a pull its anchor. */
  beginSpell(): void {
    this.#anchor = this.ticks;
    this.#direction = this.#random.below(2) === 0 ? 1 : -1;
  }

  /** One step of the clock; the two normal draws are the same for all instruments. */
  step(factor: number, heatFactor: number, regime: Regime): void {
    const { volatilityTicks, startTicks, loading, jumpsPerHour, jumpTicks, volatilitySpread } = this.#params;
    const random = this.#random;
    this.#log = this.#memory * this.#log + this.#shock * heatFactor;
    // Less the mean of the log-normal's square, so that volatilityTicks is the root mean square.
    this.heat = Math.exp(this.#log - volatilitySpread * volatilitySpread);
    if (this.#following !== undefined) {
      this.ticks = this.#following.step();
      return;
    }
    const sigma = volatilityTicks * this.heat * regime.volatility;
    let move = sigma * ROOT_STEP * (loading * factor + this.#own * random.normal());
    move += (this.#direction * regime.trend * volatilityTicks * regime.volatility * STEP_SECONDS) / ROOT_MINUTE;
    move -= regime.fall * volatilityTicks * STEP_SECONDS;
    move -= regime.reversion * STEP_SECONDS * (this.ticks - this.#anchor);
    const jumps = (jumpsPerHour * regime.jumps * STEP_SECONDS) / SECONDS_PER_HOUR;
    if (random.uniform() < jumps) move += jumpTicks * random.normal();
    const share = move / startTicks;
    this.ticks *= 1 + (share > MAX_MOVE ? MAX_MOVE : share < -MAX_MOVE ? -MAX_MOVE : share);
  }
}
