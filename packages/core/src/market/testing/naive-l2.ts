/** The slow, obvious L2 book that the fast one is tested against: a map of price to size for each side, sorted when asked. */
import { Side } from '../side.ts';

export type Level = readonly [priceTicks: number, sizeLots: number];

export class NaiveL2 {
  readonly #sides = [new Map<number, number>(), new Map<number, number>()] as const;

  set(side: Side, priceTicks: number, sizeLots: number): void {
    if (sizeLots > 0) this.#sides[side].set(priceTicks, sizeLots);
    else this.#sides[side].delete(priceTicks);
  }

  clear(): void {
    for (const side of this.#sides) side.clear();
  }

  count(side: Side): number {
    return this.#sides[side].size;
  }

  sizeAt(side: Side, priceTicks: number): number {
    return this.#sides[side].get(priceTicks) ?? 0;
  }

  prices(side: Side): number[] {
    return [...this.#sides[side].keys()];
  }

  /** All levels, best first. */
  levels(side: Side): Level[] {
    const direction = side === Side.BUY ? -1 : 1;
    return [...this.#sides[side]].toSorted((a, b) => direction * (a[0] - b[0]));
  }

  /** The best level, found by looking at every one. */
  best(side: Side): Level | undefined {
    let best: Level | undefined;
    for (const level of this.#sides[side]) {
      if (best === undefined || (side === Side.BUY ? level[0] > best[0] : level[0] < best[0])) best = level;
    }
    return best;
  }
}
