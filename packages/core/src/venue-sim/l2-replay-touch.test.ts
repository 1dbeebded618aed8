import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { L2Book } from '../market/l2-book.ts';
import { Side } from '../market/side.ts';
import { CleanTouch } from './l2-replay-touch.ts';

/** The rule as its sentence says, on maps. */
class NaiveTouch {
  readonly bids = new Map<number, number>();
  readonly asks = new Map<number, number>();
  bid = Number.NaN;
  ask = Number.NaN;

  row(isBid: boolean, price: number, size: number): void {
    const levels = isBid ? this.bids : this.asks;
    if (size > 0) levels.set(price, size);
    else levels.delete(price);
    if (isBid) {
      if (size > 0 && !(price <= this.bid)) this.bid = price;
      else if (size === 0 && price === this.bid) this.bid = this.below(price);
      if (this.bid === price && this.bid >= this.ask) this.ask = this.above(price);
    } else {
      if (size > 0 && !(price >= this.ask)) this.ask = price;
      else if (size === 0 && price === this.ask) this.ask = this.above(price);
      if (this.ask === price && this.bid >= this.ask) this.bid = this.below(price);
    }
  }

  below(price: number): number {
    const best = Math.max(...[...this.bids.keys()].filter((at) => at < price));
    return best === -Infinity ? Number.NaN : best;
  }

  above(price: number): number {
    const best = Math.min(...[...this.asks.keys()].filter((at) => at > price));
    return best === Infinity ? Number.NaN : best;
  }
}

function pair(): { book: L2Book; touch: CleanTouch; row: (isBid: boolean, price: number, size: number) => number[] } {
  const book = new L2Book();
  const touch = new CleanTouch(book);
  const row = (isBid: boolean, price: number, size: number): number[] => {
    book.set(isBid ? Side.BUY : Side.SELL, price, size);
    if (touch.mustNote()) touch.note(isBid, price, size);
    return [touch.bidTicks, touch.askTicks];
  };
  return { book, touch, row };
}

describe('the clean touch', () => {
  it('moves the other best beyond a row that reaches it, and keeps the levels', () => {
    const { book, row } = pair();
    row(true, 100, 1);
    row(false, 102, 1);
    row(false, 104, 1);
    expect(row(true, 102, 5)).toEqual([102, 104]);
    expect(book.bestPrice(Side.SELL)).toBe(102);
    // The ask at 102 stays hidden when the bid goes, until a row shows it.
    expect(row(true, 102, 0)).toEqual([100, 104]);
    expect(row(false, 102, 3)).toEqual([100, 102]);
    expect(row(false, 99, 3)).toEqual([Number.NaN, 99]);
  });

  it('agrees with the slow one on random rows', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = Random.stream(seed, 'touch');
      const { book, touch, row } = pair();
      let slow = new NaiveTouch();
      for (let step = 0; step < 2000; step++) {
        if (random.below(300) === 0) {
          book.clear();
          touch.clear();
          slow = new NaiveTouch();
        }
        const isBid = random.below(2) === 0;
        const price = random.below(12) + (isBid ? -3 : 3);
        const size = random.below(2) * random.below(5);
        const got = row(isBid, price, size);
        slow.row(isBid, price, size);
        expect(got, `seed ${seed} step ${step}`).toEqual([slow.bid, slow.ask]);
      }
    }
  });
});
