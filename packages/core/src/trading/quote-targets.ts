/**
 * The quotes that a strategy wants in one market (`Quotes` of the strategy interface): levels of each side, best first, sizes
 * of one price added up. Levels that are said again as they were (after `clear`, as a strategy does on each event) are no
 * change: that is seen while they are written, without a copy. Nothing is allocated once the arrays hold the most levels in use.
 */
import { checkState } from '../base/state.ts';
import { Side } from '../market/side.ts';

const FIRST_LEVELS = 8;

export interface QuoteTargetsState {
  readonly counts: Int32Array;
  readonly seenCounts: Int32Array;
  readonly bids: Float64Array;
  readonly asks: Float64Array;
  readonly isRewritten: boolean;
  readonly isClipped: boolean;
}

export class QuoteTargets {
  /** Levels in use, by side. */
  readonly counts = new Int32Array(2);
  /** By side: price in ticks and size in lots of each level, best first. What stands behind the count is from before. */
  readonly levels: [Float64Array, Float64Array] = [
    new Float64Array(2 * FIRST_LEVELS),
    new Float64Array(2 * FIRST_LEVELS),
  ];
  /** Counts when the changes were taken note of last. */
  readonly #seenCounts = new Int32Array(2);
  #isRewritten = false;
  #isClipped = false;

  /** No quotes are wanted. */
  clear(): void {
    this.#isClipped = false;
    this.counts[0] = 0;
    this.counts[1] = 0;
  }

  /** Wants a bid; left out when its size is below 1 or its price is not finite. */
  bid(priceTicks: number, sizeLots: number): this {
    const count = this.counts[Side.BUY];
    const levels = this.levels[Side.BUY];
    const at = 2 * count;
    if (at < levels.length && sizeLots >= 1 && levels[at] === priceTicks && levels[at + 1] === sizeLots) {
      if (count === 0 || priceTicks < levels[at - 2]) {
        this.counts[Side.BUY] = count + 1;
        return this;
      }
    }
    this.#put(Side.BUY, priceTicks, sizeLots);
    return this;
  }

  /** Wants an offer; left out as above. */
  ask(priceTicks: number, sizeLots: number): this {
    const count = this.counts[Side.SELL];
    const levels = this.levels[Side.SELL];
    const at = 2 * count;
    if (at < levels.length && sizeLots >= 1 && levels[at] === priceTicks && levels[at + 1] === sizeLots) {
      if (count === 0 || priceTicks > levels[at - 2]) {
        this.counts[Side.SELL] = count + 1;
        return this;
      }
    }
    this.#put(Side.SELL, priceTicks, sizeLots);
    return this;
  }

  /** Leaves the best level of each side, at a share of its size and at least one lot; once after each `clear`. */
  clip(share: number): void {
    if (this.#isClipped) return;
    this.#isClipped = true;
    for (let side = 0; side < 2; side++) {
      if (this.counts[side] === 0) continue;
      const lots = Math.max(1, Math.floor(this.levels[side][1] * share));
      this.#isRewritten ||= this.counts[side] > 1 || lots !== this.levels[side][1];
      this.counts[side] = 1;
      this.levels[side][1] = lots;
    }
  }

  /** Leaves what can only reduce a position of so many signed lots. */
  reduce(positionLots: number): void {
    const side = positionLots > 0 ? Side.SELL : Side.BUY;
    const other = side === Side.BUY ? Side.SELL : Side.BUY;
    const levels = this.levels[side];
    this.counts[other] = 0;
    let lots = Math.abs(positionLots);
    let count = 0;
    for (; count < this.counts[side] && lots >= 1; count++) {
      const size = Math.min(lots, levels[2 * count + 1]);
      this.#isRewritten ||= size !== levels[2 * count + 1];
      levels[2 * count + 1] = size;
      lots -= size;
    }
    this.counts[side] = count;
  }

  /** True when other quotes are wanted than at the last `agree`. */
  get isChanged(): boolean {
    return this.#isRewritten || this.counts[0] !== this.#seenCounts[0] || this.counts[1] !== this.#seenCounts[1];
  }

  /** Takes note of the quotes as they are. */
  agree(): void {
    this.#isRewritten = false;
    this.#seenCounts[0] = this.counts[0];
    this.#seenCounts[1] = this.counts[1];
  }

  /** Index of the level at the price in `prices[at]`, -1 = none is wanted there. */
  levelOf(side: Side, prices: Float64Array, at: number): number {
    const priceTicks = prices[at];
    const levels = this.levels[side];
    const direction = side === Side.BUY ? -1 : 1;
    let low = 0;
    let high = this.counts[side] - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const ahead = direction * (priceTicks - levels[2 * middle]);
      if (ahead === 0) return middle;
      if (ahead > 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** With what stands behind the counts: it decides whether quotes that are said again are a change. */
  save(): QuoteTargetsState {
    return {
      counts: this.counts.slice(),
      seenCounts: this.#seenCounts.slice(),
      bids: this.levels[Side.BUY].slice(),
      asks: this.levels[Side.SELL].slice(),
      isRewritten: this.#isRewritten,
      isClipped: this.#isClipped,
    };
  }

  restore(state: QuoteTargetsState): void {
    checkState('wanted quotes', state, this.save(), ['bids', 'asks']);
    this.counts.set(state.counts);
    this.#seenCounts.set(state.seenCounts);
    this.levels[Side.BUY] = state.bids.slice();
    this.levels[Side.SELL] = state.asks.slice();
    this.#isRewritten = state.isRewritten;
    this.#isClipped = state.isClipped;
  }

  /** Writes a level to its place, or adds to the one that stands there. */
  #put(side: Side, priceTicks: number, sizeLots: number): void {
    if (!(sizeLots >= 1) || sizeLots - sizeLots !== 0 || priceTicks - priceTicks !== 0) return;
    let levels = this.levels[side];
    const count = this.counts[side];
    if (2 * count === levels.length) {
      const grown = new Float64Array(2 * levels.length);
      grown.set(levels);
      this.levels[side] = grown;
      levels = grown;
    }
    const direction = side === Side.BUY ? -1 : 1;
    let index = count;
    while (index > 0 && direction * (priceTicks - levels[2 * index - 2]) < 0) index--;
    this.#isRewritten = true;
    if (index > 0 && levels[2 * index - 2] === priceTicks) {
      levels[2 * index - 1] += sizeLots;
      return;
    }
    levels.copyWithin(2 * index + 2, 2 * index, 2 * count);
    levels[2 * index] = priceTicks;
    levels[2 * index + 1] = sizeLots;
    this.counts[side] = count + 1;
  }
}
