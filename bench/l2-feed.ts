/**
 * Rows of a depth feed that look like a busy perpetual's: a touch that walks, distances from it that fall off
 * geometrically, deletes of levels that stand, trades that eat the touch, quotes that improve a wide spread. The
 * proportions are those of the shared workload generator's feed; prints themselves change no book and are left out.
 */
import { Random } from '@quotewright/core/base/random';
import { Side } from '@quotewright/core/market/side';
import { NaiveL2Book } from './naive-l2.ts';

/** Words of a row: side, price in ticks, size in lots (0 deletes). */
export const ROW_WORDS = 3;

const START_TICKS = 600_000;
const START_LEVELS = 200;
const FEWEST_LEVELS = 50;
const MAX_LOTS = 5000;
/** Chance that a level is one tick nearer to the touch than the next. */
const DECAY = 0.08;

/** Rows as they are made; what comes after the last place is dropped. */
class Rows {
  readonly words: Float64Array;
  #used = 0;

  constructor(count: number) {
    this.words = new Float64Array(count * ROW_WORDS);
  }

  get isFull(): boolean {
    return this.#used === this.words.length;
  }

  push(side: Side, price: number, size: number): void {
    if (this.isFull) return;
    this.words[this.#used++] = side;
    this.words[this.#used++] = price;
    this.words[this.#used++] = size;
  }
}

/** The direction of prices away from the touch. */
function away(side: Side): 1 | -1 {
  return side === Side.BUY ? -1 : 1;
}

export function makeL2Rows(count: number, seed: number): Float64Array {
  const random = Random.stream(seed, 'l2 feed');
  const rows = new Rows(count);
  const book = new NaiveL2Book();
  const set = (side: Side, price: number, size: number): void => {
    book.set(side, price, size);
    rows.push(side, price, size);
  };
  const lots = (most: number): number => 1 + random.below(most);
  for (let i = 1; i <= START_LEVELS; i++) {
    for (const side of [Side.BUY, Side.SELL]) set(side, START_TICKS + away(side) * i, lots(MAX_LOTS));
  }
  while (!rows.isFull) {
    for (const side of [Side.BUY, Side.SELL]) {
      const prices = book.prices[side];
      while (prices.length < FEWEST_LEVELS) {
        const worst = side === Side.BUY ? prices[0]! : prices.at(-1)!;
        set(side, worst + away(side) * (1 + random.below(3)), lots(MAX_LOTS));
      }
    }
    const kind = random.uniform();
    const side: Side = random.below(2) === 0 ? Side.BUY : Side.SELL;
    const touch = book.best(side);
    const gap = book.best(Side.SELL) - book.best(Side.BUY) - 1;
    if (kind < 0.1) set(side, touch, Math.max(0, book.sizeAt(side, touch) - lots(2000)));
    else if (kind < 0.2 && gap > 0) set(side, touch - away(side) * (1 + random.below(gap)), lots(3000));
    else {
      const price = touch + away(side) * Math.floor(-random.exponential() / Math.log(1 - DECAY));
      const gone = book.sizeAt(side, price) > 0 && random.uniform() < 0.22;
      set(side, price, gone ? 0 : lots(MAX_LOTS));
    }
  }
  return rows.words;
}
