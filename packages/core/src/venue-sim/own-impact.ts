/**
 * Market impact of own takers, for replays, whose market does not react. What an order takes at once walks the recorded depth; what own
 * takers took before it has pushed the prices that it finds, by the square-root law (Almgren, Thum, Hauptmann and Li 2005; Bouchaud 2010):
 * coefficient × √(own lots taken lately), half of which are forgotten in a half-life. Bought and sold lots cancel out.
 */
import { Side } from '../market/side.ts';

export interface OwnImpactOptions {
  /** Ticks per square root of a lot. */
  readonly ticksPerRootLot: number;
  readonly halfLifeNs: number;
}

export class OwnImpact {
  readonly #coefficient: number;
  readonly #halfLifeNs: number;
  /** Signed lots taken lately, bought positive, and the time that they are of. */
  #lots = 0;
  #ns = Number.NEGATIVE_INFINITY;

  /** @throws RangeError that names the option. */
  constructor(options: OwnImpactOptions) {
    const { ticksPerRootLot, halfLifeNs } = options;
    if (!(ticksPerRootLot >= 0 && ticksPerRootLot < Infinity)) {
      throw new RangeError(`impact: ticksPerRootLot ${ticksPerRootLot} is not at least 0`);
    }
    if (!(halfLifeNs > 0 && halfLifeNs < Infinity))
      throw new RangeError(`impact: halfLifeNs ${halfLifeNs} is not above 0`);
    this.#coefficient = ticksPerRootLot;
    this.#halfLifeNs = halfLifeNs;
  }

  /** Whole ticks by which prices stand against a taker of a side; never below 0. */
  shiftTicks(side: Side, nowNs: number): number {
    this.#forget(nowNs);
    const pushed = side === Side.BUY ? this.#lots : -this.#lots;
    return pushed > 0 ? Math.floor(this.#coefficient * Math.sqrt(pushed)) : 0;
  }

  /** An own taker has got so many lots. */
  add(side: Side, lots: number, nowNs: number): void {
    this.#forget(nowNs);
    this.#lots += side === Side.BUY ? lots : -lots;
  }

  #forget(nowNs: number): void {
    if (!(nowNs > this.#ns)) return;
    this.#lots *= 2 ** ((this.#ns - nowNs) / this.#halfLifeNs);
    this.#ns = nowNs;
  }
}
