/**
 * Lots of recorded orders that were spared: the recording executed them, but in our world an own order stood in front and was
 * executed in their place. They stay in the queue where their order stood, ahead of own orders that come later, so that a fill of
 * ours never makes room for another one. Few at a time: plain arrays.
 */
import { Side } from '../market/side.ts';

export class SparedLots {
  /** By side. */
  readonly #prices: [number[], number[]] = [[], []];
  readonly #ranks: [number[], number[]] = [[], []];
  readonly #lots: [number[], number[]] = [[], []];

  /** Whether anything is spared on a side. */
  has(side: Side): boolean {
    return this.#prices[side].length > 0;
  }

  /** So many lots of the order of this price and rank are spared. */
  add(side: Side, priceTicks: number, rank: number, lots: number): void {
    const i = this.#find(side, priceTicks, rank);
    if (i >= 0) {
      this.#lots[side][i] += lots;
      return;
    }
    this.#prices[side].push(priceTicks);
    this.#ranks[side].push(rank);
    this.#lots[side].push(lots);
  }

  /** Up to `lots` of what stands ahead of an order of this price and rank trade; answers how many. */
  eat(side: Side, priceTicks: number, rank: number, lots: number): number {
    const prices = this.#prices[side];
    let left = lots;
    for (let i = 0; i < prices.length && left > 0;) {
      const better = side === Side.BUY ? prices[i] > priceTicks : prices[i] < priceTicks;
      if (!better && !(prices[i] === priceTicks && this.#ranks[side][i] < rank)) {
        i++;
        continue;
      }
      const eaten = Math.min(left, this.#lots[side][i]);
      left -= eaten;
      this.#lots[side][i] -= eaten;
      if (this.#lots[side][i] > 0) i++;
      else this.#drop(side, i);
    }
    return lots - left;
  }

  /** The owner of the order of this price and rank withdrew it. */
  withdraw(side: Side, priceTicks: number, rank: number): void {
    const i = this.#find(side, priceTicks, rank);
    if (i >= 0) this.#drop(side, i);
  }

  /** No recorded order stands at this price any more: the market has left it, and what was spared there goes too. */
  dropAt(side: Side, priceTicks: number): void {
    const prices = this.#prices[side];
    for (let i = prices.length - 1; i >= 0; i--) if (prices[i] === priceTicks) this.#drop(side, i);
  }

  clear(): void {
    for (const fields of [this.#prices, this.#ranks, this.#lots]) for (const side of fields) side.length = 0;
  }

  #find(side: Side, priceTicks: number, rank: number): number {
    const prices = this.#prices[side];
    for (let i = 0; i < prices.length; i++) if (prices[i] === priceTicks && this.#ranks[side][i] === rank) return i;
    return -1;
  }

  #drop(side: Side, i: number): void {
    for (const fields of [this.#prices, this.#ranks, this.#lots]) fields[side].splice(i, 1);
  }
}
