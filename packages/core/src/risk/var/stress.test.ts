import { describe, expect, test } from 'vitest';
import { LIQUIDITY_SCENARIOS, RECORDED_SCENARIOS, type Scenario } from './scenarios.ts';
import { stress } from './stress.ts';

const liquid = { spread: 0, depth: Infinity };
const crash: Scenario = {
  name: 'crash',
  about: '',
  moves: { BTC: -50 },
  others: -70,
  spreadTimes: 4,
  depthLost: 0.5,
};

describe('stress', () => {
  test('moves what is named by its own, stable coins by nothing, all else by the rest', () => {
    const found = stress(crash, [
      { name: 'btc', value: 1000, ...liquid },
      { name: 'ETH', value: -100, ...liquid },
      { name: 'USDT', value: 5000, ...liquid },
    ]);
    expect([...found.profits]).toEqual([-500, 70, 0]);
    expect(found.profit).toBe(-430);
    expect(found.closingCost).toBe(0);
  });

  test('what it costs to close grows with spread, value and lost depth', () => {
    // 500 is left to sell at 4 × 1 % of spread; half of 400 in depth a spread is left, so 2.5 spreads are walked.
    const [cost] = stress(crash, [{ name: 'BTC', value: 1000, spread: 0.01, depth: 400 }]).closingCosts;
    expect(cost).toBeCloseTo(500 * 0.04 * 0.5 * (1 + 2.5), 10);
    const [flat] = stress(crash, [{ name: 'BTC', value: 1000, spread: 0.01, depth: Infinity }]).closingCosts;
    expect(flat).toBeCloseTo(500 * 0.04 * 0.5, 10);
    const [all] = stress(crash, [{ name: 'BTC', value: 1000, spread: 0.5, depth: 1 }]).closingCosts;
    expect(all).toBe(500);
  });

  test('every scenario has its own name and sound figures', () => {
    const scenarios = [...RECORDED_SCENARIOS, ...LIQUIDITY_SCENARIOS];
    expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
    for (const { moves, others, spreadTimes, depthLost } of scenarios) {
      for (const move of [...Object.values(moves), others]) expect(move).toBeGreaterThan(-100);
      expect(spreadTimes).toBeGreaterThanOrEqual(1);
      expect(depthLost).toBeLessThan(1);
    }
  });
});
