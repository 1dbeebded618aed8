/** The thread that works VaR out: it says what the same code says here, and never half of it. */
import { estimateVar, type VarSettings } from '@quotewright/core/risk/var/estimate';
import { Random } from '@quotewright/core/base/random';
import { ReturnMatrix } from '@quotewright/core/risk/var/return-matrix';
import { afterEach, describe, expect, test } from 'vitest';
import { PriceWindow } from './price-window.ts';
import { VarService } from './var-service.ts';

const SETTINGS: VarSettings = { method: 'historical', levels: [0.95, 0.99] };
const services: VarService[] = [];

function service(more: Partial<VarSettings> = {}, assets = 2): VarService {
  const made = new VarService({ settings: { ...SETTINGS, ...more }, assets, window: 100, minReturns: 10 });
  services.push(made);
  return made;
}

/** So many rows of prices, as they are sampled. */
function walk(rows: number, assets: number, seed: number): Float64Array[] {
  const random = Random.stream(seed, 'walk');
  const prices = new Float64Array(assets).fill(100);
  return Array.from({ length: rows }, () => {
    for (let i = 0; i < assets; i++) prices[i]! *= Math.exp(0.01 * random.normal());
    return prices.slice();
  });
}

function joined(rows: readonly Float64Array[]): Float64Array {
  return Float64Array.from(rows.flatMap((row) => Array.from(row)));
}

afterEach(async () => {
  for (const each of services.splice(0)) await each.close();
});

describe('the VaR thread', () => {
  test.each(['historical', 'monte-carlo', 't-copula'] as const)('says what %s says here', async (method) => {
    const made = service({ method, paths: 500 });
    const rows = walk(260, 2, 1);
    const values = Float64Array.of(1000, -300);
    for (const [i, row] of rows.entries()) {
      made.sample(row);
      if (i % 64 !== 63) continue;
      const answer = await made.answer(made.request(values));
      const window = rows.slice(Math.max(0, i - 100), i + 1);
      const returns = ReturnMatrix.ofPrices(2, joined(window));
      const { figures } = estimateVar(returns, values, { ...SETTINGS, method, paths: 500 });
      expect(answer.returns).toBe(Math.min(100, i));
      expect(answer.levels).toEqual(figures);
    }
  });

  test('answers later requests when several are under way, and is read without waiting', async () => {
    const made = service();
    expect(made.latest()).toBeUndefined();
    for (const row of walk(50, 2, 2)) made.sample(row);
    const numbers = [1, 2, 3, 4].map((times) => made.request(Float64Array.of(100 * times, 0)));
    expect(numbers).toEqual([1, 2, 3, 4]);
    const last = await made.answer(4);
    const first = await made.answer(1);
    expect(first.number).toBe(4);
    expect(made.latest()).toEqual(last);
  });

  test('says when there are too few returns, and when numbers are beyond it', async () => {
    const made = service();
    for (const row of walk(10, 2, 3)) made.sample(row);
    const early = await made.answer(made.request(Float64Array.of(1, 1)));
    expect([early.reason, early.levels[0]!.valueAtRisk]).toEqual(['9 of 10 returns so far', Number.NaN]);
    made.sample(Float64Array.of(1e308, 1));
    made.sample(Float64Array.of(1e-308, 1));
    made.sample(Float64Array.of(1e308, 1));
    const wild = await made.answer(made.request(Float64Array.of(1, 1)));
    expect(wild.reason).toBe('no figures can be worked out of these prices and positions');
  });

  test('takes more samples than the ring holds while nobody asks', async () => {
    const made = service();
    const rows = walk(9000, 2, 4);
    for (const row of rows) {
      if (made.isBehind) await made.catchUp();
      expect(made.sample(row)).toBe(true);
    }
    const values = Float64Array.of(1, 1);
    const answer = await made.answer(made.request(values));
    const returns = ReturnMatrix.ofPrices(2, joined(rows.slice(-101)));
    expect(answer.levels).toEqual(estimateVar(returns, values, SETTINGS).figures);
  });

  test('one that was closed answers nothing more', async () => {
    const made = service();
    const number = made.request(Float64Array.of(1, 1));
    await made.answer(number);
    expect(made.request(Float64Array.of(1, 1))).toBe(2);
    await made.close();
    expect(made.failure).toBe('the VaR thread was closed');
    expect((await made.answer(2)).number).toBe(2);
    expect(made.request(Float64Array.of(1, 1))).toBe(3);
    await expect(made.answer(3)).rejects.toThrow('the VaR thread was closed');
    await expect(made.answer(9)).rejects.toThrow('9 is not the number of a request');
  });

  test('settings are checked before the thread starts', () => {
    expect(() => service({ levels: [0.2] })).toThrow(/level: found 0.2/);
  });
});

describe('a window of prices', () => {
  test('keeps the last ones, in order', () => {
    const window = new PriceWindow(1, 3);
    const seen: number[] = [];
    for (let price = 1; price <= 12; price++) {
      window.add(Float64Array.of(0, price), 1);
      seen.push(price);
      const kept = seen.slice(-4);
      expect(window.returns).toBe(kept.length - 1);
      const expected = kept.slice(1).map((each, i) => each / kept[i]! - 1);
      expect([...window.matrix().data]).toEqual(expected);
    }
  });
});
