/**
 * A standard model with its natural probabilities: where the simulator moves us by a share of every cancel, this one takes the share
 * for the probability that the cancel, a lump, fell ahead of us whole, and draws. Its mean over many draws is a forecast.
 */
import type { Random } from '@quotewright/core/base/random';
import type { Side } from '@quotewright/core/market/side';
import { QueueModel } from '@quotewright/core/venue-sim/queue-model';

export class DrawnModel extends QueueModel {
  /** Draws made so far. */
  draws = 0;
  readonly #shares: QueueModel;
  readonly #random: Random;

  constructor(shares: QueueModel, random: Random) {
    super();
    this.#shares = shares;
    this.#random = random;
  }

  override depth(
    slot: number,
    side: Side,
    priceTicks: number,
    aheadLots: number,
    prevLots: number,
    nextLots: number,
    tradedLots: number,
    nowNs: number,
  ): number {
    const cancelled = prevLots - nextLots - tradedLots;
    if (cancelled <= 0 || aheadLots <= 0) return Math.min(aheadLots, nextLots);
    const moved = this.#shares.depth(slot, side, priceTicks, aheadLots, prevLots, nextLots, tradedLots, nowNs);
    const p = Math.max(0, aheadLots - moved) / cancelled;
    const isCertain = p <= 0 || p >= 1;
    if (!isCertain) this.draws++;
    const isAhead = isCertain ? p >= 1 : this.#random.uniform() < p;
    return Math.min(isAhead ? Math.max(0, aheadLots - cancelled) : aheadLots, nextLots);
  }
}
