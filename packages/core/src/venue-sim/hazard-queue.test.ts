import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { Side } from '../market/side.ts';
import type { HazardCoefficients } from './hazard-coefficients.ts';
import { aheadProbability, HazardQueue, hazardTerms } from './hazard-queue.ts';

const SECOND = 1e9;

/** Always the one side where a draw decides. */
function certain(constant: number, gained = 0): HazardCoefficients {
  return { cancelAhead: [constant, 0, 0, 0, 0, 0], gainedAhead: { atStart: gained, slope: 0 } };
}
const AHEAD = certain(100);
const BEHIND = certain(-100);

/** One order at a level, driven by what happens to the others there. */
class Level {
  shown: number;
  ahead: number;
  nowNs = 0;
  readonly #model: HazardQueue;
  readonly #slot: number;

  constructor(model: HazardQueue, shown: number, slot = 0) {
    this.#model = model;
    this.#slot = slot;
    this.shown = shown;
    this.ahead = model.join(slot, Side.BUY, 100, shown, 0);
  }

  change(by: number, traded = 0): number {
    this.nowNs += SECOND;
    const next = this.shown + by;
    this.ahead = this.#model.depth(this.#slot, Side.BUY, 100, this.ahead, this.shown, next, traded, this.nowNs);
    this.shown = next;
    return this.ahead;
  }

  print(lots: number): number {
    this.ahead = this.#model.trade(this.#slot, this.ahead, lots);
    return this.ahead;
  }
}

const drawing = (coefficients: HazardCoefficients, intervalNs = 0, seed = 1): HazardQueue =>
  new HazardQueue(Random.stream(seed, 'test'), { coefficients, intervalNs });

/** Lots ahead along a scripted sequence, by the seed of the draws. */
function path(seed: number): number[] {
  const random = Random.stream(5, 'script');
  const level = new Level(new HazardQueue(Random.stream(seed, 'path')), 5000);
  return Array.from({ length: 200 }, () => {
    const isCancel = random.below(2) === 1 && level.shown > 1000;
    return level.change(isCancel ? -100 * (1 + random.below(2)) : 100 * (1 + random.below(2)));
  });
}

describe('hazard queue', () => {
  it('joins behind all that the level shows', () => {
    expect(new Level(drawing(AHEAD), 500).ahead).toBe(500);
  });

  it('knows the side of a cancel that only one side can hold, whatever the odds', () => {
    const larger = new Level(drawing(BEHIND), 500);
    larger.change(100);
    // 100 are behind: 300 must have been ahead.
    expect(larger.change(-300)).toBe(200);
    const smaller = new Level(drawing(AHEAD), 100);
    smaller.change(400);
    // 100 are ahead: 400 must have been behind.
    expect(smaller.change(-400)).toBe(100);
  });

  it('takes a cancel whole, ahead or behind', () => {
    for (const [coefficients, expected] of [
      [AHEAD, 400],
      [BEHIND, 500],
    ] as const) {
      const level = new Level(drawing(coefficients), 500);
      level.change(100);
      expect(level.change(-100)).toBe(expected);
    }
  });

  it('takes an order behind us for gone once it was cancelled', () => {
    const byAge = { cancelAhead: [0, 100, -100, 0, 0, 0], gainedAhead: { atStart: 0, slope: 0 } };
    const level = new Level(drawing(byAge), 500);
    level.change(70);
    level.change(30);
    level.change(30);
    // The level's young order of 70 is behind; a second cancel of 70 has no order of its size left there.
    level.nowNs += 9 * SECOND;
    expect(level.change(-70)).toBe(500);
    expect(level.change(-60)).toBe(440);
  });

  it('takes what printed out of the change of the level before it calls the rest a cancel', () => {
    const level = new Level(drawing(AHEAD), 500);
    level.change(100);
    expect(level.print(200)).toBe(300);
    expect(level.change(-200, 200)).toBe(300);
    expect(level.print(50)).toBe(250);
    expect(level.change(-150, 50)).toBe(150);
  });

  it('is filled by a print beyond what is ahead', () => {
    const level = new Level(drawing(AHEAD), 100);
    expect(level.print(130)).toBe(-30);
  });

  it('draws for a gain in the interval of joining, and only there', () => {
    const coefficients = certain(0, 1);
    const gained = (intervalNs: number): number => new Level(drawing(coefficients, intervalNs), 100).change(50);
    expect(gained(0)).toBe(100);
    expect(gained(2 * SECOND)).toBe(150);
    // The first change is shown after the interval of joining.
    expect(gained(SECOND / 2)).toBe(100);
    const level = new Level(drawing(coefficients, 2 * SECOND), 100);
    level.change(50);
    expect(level.change(50)).toBe(150);
  });

  it('keeps slots apart', () => {
    const model = drawing(BEHIND);
    const first = new Level(model, 500, 3);
    const second = new Level(model, 200, 40);
    first.change(100);
    second.change(100);
    expect(first.change(-100)).toBe(500);
    // Slot 40's 100 are all ahead that it can be behind of: the draw says behind.
    expect(second.change(-100)).toBe(200);
    const again = new Level(model, 300, 3);
    again.change(-100);
    expect(again.ahead).toBe(200);
  });

  it('counts its draws: none where sizes decide', () => {
    const model = drawing(AHEAD);
    const level = new Level(model, 500);
    level.change(100);
    level.print(100);
    level.change(-400, 100);
    expect(model.draws).toBe(0);
    level.change(-50);
    expect(model.draws).toBe(1);
  });

  it('refuses an interval that is none', () => {
    for (const intervalNs of [-1, Number.NaN, Infinity]) {
      expect(() => new HazardQueue(Random.stream(1, 'x'), { intervalNs })).toThrow(/intervalNs/);
    }
  });

  it('gives the same path for the same seed, and another for another', () => {
    expect(path(1)).toEqual(path(1));
    expect(path(1)).not.toEqual(path(2));
  });

  it('keeps its invariants in any sequence: between 0 and the level, never back, down by what trades', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = Random.stream(seed, 'sequence');
      const intervalNs = seed % 3 === 0 ? 3 * SECOND : 0;
      const level = new Level(new HazardQueue(Random.stream(seed, 'model'), { intervalNs }), 1 + random.below(400));
      for (let step = 0; step < 80; step++) {
        const before = level.ahead;
        const kind = random.below(3);
        if (kind === 0) {
          level.change(1 + random.below(300));
          const isFirst = step === 0;
          if (!isFirst || intervalNs === 0) expect(level.ahead).toBe(before);
        } else if (kind === 1 && level.shown > 0) {
          level.change(-(1 + random.below(level.shown)));
          expect(level.ahead).toBeLessThanOrEqual(before);
        } else if (level.shown > 0) {
          const lots = 1 + random.below(level.shown);
          const after = level.print(lots);
          expect(after).toBe(before - lots);
          if (after < 0) break;
          level.change(-lots, lots);
          expect(level.ahead).toBe(after);
        }
        expect(level.ahead).toBeGreaterThanOrEqual(0);
        expect(level.ahead).toBeLessThanOrEqual(level.shown);
      }
    }
  });
});

describe('odds of a cancel', () => {
  it('falls ahead when no order behind has its size', () => {
    const terms = new Float64Array(6);
    hazardTerms(terms, Number.NaN, SECOND, SECOND);
    expect(Array.from(terms)).toEqual([1, 1, 0, 0, 0, 0]);
    expect(
      aheadProbability({ cancelAhead: [0, 2, 9, 9, 9, 9], gainedAhead: { atStart: 0, slope: 0 } }, terms),
    ).toBeCloseTo(1 / (1 + Math.exp(-2)), 15);
  });

  it('measures ages in powers of ten of seconds', () => {
    const terms = new Float64Array(6);
    hazardTerms(terms, 0, 9.999 * SECOND, Number.NaN);
    expect(Array.from(terms)).toEqual([1, 0, -3, 1, 0, 0]);
    hazardTerms(terms, 0, 0, 0.999 * SECOND);
    expect(terms[4]).toBe(1);
    expect(terms[5]).toBeCloseTo(0, 12);
  });
});
