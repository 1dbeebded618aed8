/** That the strategies put the models' units together as their pages say: in a market of σ = 1 tick per √second. */
import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import avellanedaStoikov from './avellaneda-stoikov.ts';
import glft from './glft.ts';
import { type Params, FakeContext, SHARES } from './testing/fake-context.ts';
import type { StrategyDefinition } from './strategy.ts';

/** A market with a spread of 20 whose mid moves by a tick each second; the middle of the quotes less the mid, and their distance. */
function quotesWith(definition: StrategyDefinition, position: number, params: Params, seconds = 100) {
  const ctx = new FakeContext(SHARES);
  const free = {
    volatilityGate: 0,
    adverseLimit: 0,
    stopLoss: 0,
    refresh: 0,
    tolerance: 0,
    minSpread: 0,
    maxSpread: 0,
  };
  ctx.start(definition, { ...free, size: 1, maxPosition: 1000, ...params });
  ctx.swing(57_000, 57_020, seconds / 2);
  if (position !== 0) ctx.fill(position > 0 ? Side.BUY : Side.SELL, 57_010, Math.abs(position));
  ctx.swing(57_000, 57_020, seconds / 2);
  const [bid, ask] = [ctx.bids[0]!.price, ctx.asks[0]!.price];
  return { shift: (bid + ask) / 2 - 57_010, width: ask - bid };
}

/** Wide enough that a large shift does not bring a quote to the other side's touch. */
const WIDE = { spread: 800, spreadUnit: 'ticks' };

describe('avellaneda-stoikov', () => {
  test('finite: a size held shifts the quotes by riskAversion × σ√horizon at the start, by nothing at the end', () => {
    const params = { model: 'finite', horizon: 10_000, riskAversion: 0.1 };
    // u = 100 ticks, so 10 ticks a size; 1 % of the horizon has gone.
    expect(Math.abs(quotesWith(avellanedaStoikov, 4, { ...params, ...WIDE }).shift + 40 * 0.99)).toBeLessThan(1.5);
    // ln(1 + γ/k) × 2/γ with γ = 0.001 and k = 2/20, and γσ²τ = 9.9.
    expect(Math.abs(quotesWith(avellanedaStoikov, 0, params).width - (19.9 + 9.9))).toBeLessThan(2.5);
    expect(Math.abs(quotesWith(avellanedaStoikov, 4, { ...params, ...WIDE, horizon: 101.5 }).shift)).toBeLessThan(1.5);
  });

  test('infinite: by the logarithm of the place within the largest position', () => {
    const params = { riskAversion: 0.1, horizon: 10_000, maxPosition: 9 };
    // γ = 0.001: (1/γ) ln(1 + (1 - 2q)/(100 - q²)) for the ask, the mirror for the bid, q = 5.
    const ask = 1000 * Math.log(1 - 9 / 75);
    const bid = -1000 * Math.log(1 + 11 / 75);
    const { shift } = quotesWith(avellanedaStoikov, 5, { ...params, ...WIDE });
    expect(Math.abs(shift - (ask + bid) / 2)).toBeLessThan(1.5);
  });
});

test('glft: a size held shifts the quotes by σ/√A · √(g(1 + g)^(1 + 1/g)/2)', () => {
  // With g = 0.1 and the guess of one order a second: 0.3777 ticks a size; the width is 2c + slope, c = ln(1.1)/(0.1 × 2/20).
  expect(Math.abs(quotesWith(glft, 500, WIDE).shift + 188.8)).toBeLessThan(3);
  expect(Math.abs(quotesWith(glft, 500, { ...WIDE, inventoryWeight: 0.5 }).shift + 94.4)).toBeLessThan(2);
  expect(Math.abs(quotesWith(glft, 0, {}).width - (19.06 + 0.38))).toBeLessThan(2.5);
});
