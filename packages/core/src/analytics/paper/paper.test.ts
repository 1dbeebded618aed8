import { describe, expect, test } from 'vitest';
import { Random } from '../../base/random.ts';
import { PAPER_SETTING, PAPER_VARIANT, simulatePaper } from './avellaneda-stoikov.ts';
import { glftClosedForm, glftEndlessQuotes, glftFiniteQuotes } from './glft.ts';
import { PUBLISHED_ROWS, deviationsFrom } from './published.ts';

const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
const sd = (list: readonly number[]): number => Math.sqrt(mean(list.map((value) => value ** 2)) - mean(list) ** 2);

/** The simulation as the paper tells it, step by step, with a normal mid. */
function simulateSlowly(gamma: number, paths: number, isSymmetric: boolean) {
  const { sigma, dt, k, a, horizon } = PAPER_SETTING;
  const random = Random.stream(9, 'slow');
  const profits: number[] = [];
  const inventories: number[] = [];
  for (let path = 0; path < paths; path++) {
    let [s, q, x] = [100, 0, 0];
    for (let t = 0; t < horizon - dt / 2; t += dt) {
      const spread = gamma * sigma ** 2 * (horizon - t) + (2 / gamma) * Math.log(1 + gamma / k);
      const r = isSymmetric ? s : s - q * gamma * sigma ** 2 * (horizon - t);
      const [ask, bid] = [r + spread / 2, r - spread / 2];
      const isSold = random.uniform() < a * Math.exp(-k * (ask - s)) * dt;
      const isBought = random.uniform() < a * Math.exp(-k * (s - bid)) * dt;
      if (isSold) [q, x] = [q - 1, x + ask];
      if (isBought) [q, x] = [q + 1, x - bid];
      s += sigma * Math.sqrt(dt) * random.normal();
    }
    profits.push(x + q * s);
    inventories.push(q);
  }
  return {
    paths,
    spread: 0,
    profit: mean(profits),
    profitDeviation: sd(profits),
    finalInventory: mean(inventories),
    inventoryDeviation: sd(inventories),
  };
}

describe('the simulation of Avellaneda and Stoikov', () => {
  for (const row of PUBLISHED_ROWS) {
    const name = `γ ${row.gamma}, ${row.variant.isSymmetric ? 'symmetric' : 'inventory'}`;
    test(`the paper's row within sampling error: ${name}`, () => {
      const found = simulatePaper(row.gamma, 50_000, 1, row.variant);
      expect(found.spread.toFixed(2)).toBe(row.spread.toFixed(2));
      for (const z of Object.values(deviationsFrom(found, row))) expect(Math.abs(z)).toBeLessThan(3);
    });

    test(`the same, step by step: ${name}`, () => {
      const slow = simulateSlowly(row.gamma, 4000, row.variant.isSymmetric);
      for (const z of Object.values(deviationsFrom(simulatePaper(row.gamma, 20_000, 2, row.variant), slow))) {
        expect(Math.abs(z)).toBeLessThan(4.5);
      }
    });
  }

  test('a seed has its figures; another has others', () => {
    expect(simulatePaper(0.1, 500, 7)).toEqual(simulatePaper(0.1, 500, 7));
    expect(simulatePaper(0.1, 500, 7).profit).not.toBe(simulatePaper(0.1, 500, 8).profit);
  });

  test('paths and steps have to be counts', () => {
    for (const paths of [0, -1, 1.5, Number.NaN]) {
      expect(() => simulatePaper(0.1, paths, 1)).toThrow(/^paths: found/);
    }
    expect(() => simulatePaper(0.1, 10, 1, PAPER_VARIANT, { ...PAPER_SETTING, dt: 3 })).toThrow(/^steps: found 0/);
  });
});

describe('the quotes of Guéant, Lehalle and Fernandez-Tapia', () => {
  const setting = { sigma: 0.3, a: 0.9, k: 0.3, gamma: 0.01, horizon: 600, maxInventory: 30 };

  test('figures computed elsewhere', () => {
    const [finite, endless, closed] = [glftFiniteQuotes(setting), glftEndlessQuotes(setting), glftClosedForm(setting)];
    for (const [q, bid, ask, far, line] of [
      [-10, 2.632802, 3.992933, 2.632802, 2.634257],
      [0, 3.313045, 3.313045, 3.313045, 3.312915],
      [5, 3.653479, 2.972522, 3.65348, 3.652244],
    ] as const) {
      expect(finite.bid[q + 30]).toBeCloseTo(bid, 6);
      expect(finite.ask[q + 30]).toBeCloseTo(ask, 6);
      expect(endless.bid[q + 30]).toBeCloseTo(far, 6);
      expect(closed.bid[q + 30]).toBeCloseTo(line, 6);
    }
  });

  test('bids and asks mirror each other, edges have one side, a long horizon is endless', () => {
    const finite = glftFiniteQuotes({ ...setting, horizon: 5000, maxInventory: 8 });
    const endless = glftEndlessQuotes({ ...setting, maxInventory: 8 });
    for (let q = -8; q < 8; q++) {
      expect(finite.bid[8 + q]).toBeCloseTo(finite.ask[8 - q]!, 9);
      expect(finite.bid[8 + q]).toBeCloseTo(endless.bid[8 + q]!, 8);
    }
    expect([finite.bid[16], finite.ask[0]]).toEqual([Number.NaN, Number.NaN]);
  });

  test('coefficients have to be positive', () => {
    for (const name of ['sigma', 'a', 'k', 'gamma', 'horizon', 'maxInventory'] as const) {
      for (const value of [0, -1, Number.NaN, Infinity]) {
        expect(() => glftFiniteQuotes({ ...setting, [name]: value })).toThrow(new RegExp(`^${name}: found`));
      }
    }
    expect(() => glftEndlessQuotes({ ...setting, maxInventory: 2.5 })).toThrow(/^maxInventory: found 2.5/);
  });
});
