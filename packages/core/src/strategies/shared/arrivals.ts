/** A and k of a market as a strategy uses them: estimated from its prints, and until there are enough, guessed from the spread. */
import { Intensity, type IntensityState } from '../../signals/intensity.ts';
import type { ParamSpecs, Trade } from '../strategy.ts';
import type { MakerDesk } from './maker.ts';

export const ARRIVALS_PARAMS = {
  intensityHalfLife: {
    type: 'number',
    default: 300,
    min: 1,
    unit: 'seconds',
    description: 'half-life of the orders that A and k are estimated from',
  },
} as const satisfies ParamSpecs;

/** Before orders were seen: one a second and side. */
const GUESSED_A = 1;

export class Arrivals {
  readonly #desk: MakerDesk;
  readonly #intensity: Intensity;

  constructor(desk: MakerDesk, halfLifeSeconds: number) {
    this.#desk = desk;
    this.#intensity = new Intensity(halfLifeSeconds);
  }

  onTrade(trade: Trade): void {
    const { market, ctx } = this.#desk;
    if (market.isReady) this.#intensity.trade(trade.side, trade.priceTicks, market.midTicks, trade.venueNs, ctx.nowNs);
  }

  onSecond(): void {
    this.#intensity.fit(this.#desk.ctx.nowNs);
    this.#desk.metric('intensity A (orders per second)', this.#intensity.a);
    this.#desk.metric('intensity decay k (per tick)', this.#intensity.k);
  }

  save(): IntensityState {
    return this.#intensity.save();
  }

  restore(state: IntensityState): void {
    this.#intensity.restore(state);
  }

  /** Orders per second and side that would reach a quote at the mid. */
  get a(): number {
    const { a } = this.#intensity;
    return a > 0 ? a : GUESSED_A;
  }

  /** Per tick. The guess: the usual half-spread is the mean reach. */
  get k(): number {
    const { k } = this.#intensity;
    return k > 0 ? k : 2 / this.#desk.conditions.usualSpread;
  }
}
