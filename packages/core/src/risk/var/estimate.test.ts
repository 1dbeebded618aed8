/** Every method: its parts add up, it is homogeneous, and the simulated ones come to what the closed ones say. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../base/random.ts';
import { type VarSettings, VAR_METHOD_NAMES, estimateVar } from './estimate.ts';
import { figuresOf } from './figures.ts';
import { fitGarch } from './garch.ts';
import { ReturnMatrix } from './return-matrix.ts';
import { slowTail } from './testing/slow-var.ts';

const LEVELS = [0.95, 0.99] as const;
const random = Random.stream(3, 'estimate');

/** Returns with a shared factor, and volatility that comes in waves. */
function history(rows: number, assets: number): ReturnMatrix {
  const data: number[] = [];
  for (let row = 0; row < rows; row++) {
    const wave = 0.02 * (1 + 0.7 * Math.sin(row / 25));
    const shared = random.normal();
    for (let asset = 0; asset < assets; asset++) data.push(wave * (0.7 * shared + 0.7 * random.normal()));
  }
  return new ReturnMatrix(assets, Float64Array.from(data));
}

const sum = (parts: Float64Array): number => parts.reduce((total, part) => total + part, 0);
const returns = history(300, 4);
const PAIR = history(2000, 2);
const values = Float64Array.of(1000, -400, 250, 0);

describe('figures from scenarios', () => {
  test('equal those of sorted scenarios', () => {
    for (let round = 0; round < 60; round++) {
      const assets = 1 + random.below(4);
      const rows = Array.from({ length: 2 + random.below(120) }, () =>
        Array.from({ length: assets }, () => Math.round(random.normal() * 20) / 1024),
      );
      const held = Array.from({ length: assets }, () => random.below(9) - 4);
      const level = [0.9, 0.95, 0.975, 0.99][random.below(4)];
      const matrix = new ReturnMatrix(assets, Float64Array.from(rows.flat()));
      const [found] = figuresOf(matrix, Float64Array.from(held), [level!]);
      const slow = slowTail(rows, held, level!);
      expect(found!.valueAtRisk).toBeCloseTo(slow.valueAtRisk, 12);
      expect(found!.shortfall).toBeCloseTo(slow.shortfall, 12);
      slow.shortfallComponents.forEach((part, i) => expect(found!.shortfallComponents[i]!).toBeCloseTo(part, 12));
      if (Math.abs(sum(found!.components)) > 0) expect(sum(found!.components)).toBeCloseTo(slow.valueAtRisk, 12);
    }
  });

  test('of one scenario are that scenario', () => {
    const [found] = figuresOf(new ReturnMatrix(1, Float64Array.of(-0.5)), Float64Array.of(10), [0.99]);
    expect([found!.valueAtRisk, found!.shortfall, found!.components[0]!]).toEqual([5, 5, 5]);
  });
});

describe.each(VAR_METHOD_NAMES)('%s', (method) => {
  const settings: VarSettings = { method, levels: LEVELS, paths: 4000 };
  const { figures } = estimateVar(returns, values, settings);

  test('parts add up to the whole, and the shortfall is beyond VaR', () => {
    for (const each of figures) {
      expect(each.valueAtRisk).toBeGreaterThan(0);
      expect(each.shortfall).toBeGreaterThan(each.valueAtRisk);
      expect(sum(each.components)).toBeCloseTo(each.valueAtRisk, 8);
      expect(sum(each.shortfallComponents)).toBeCloseTo(each.shortfall, 8);
      each.marginals.forEach((marginal, i) => expect(marginal * values[i]!).toBeCloseTo(each.components[i]!, 10));
    }
    expect(figures[1]!.valueAtRisk).toBeGreaterThan(figures[0]!.valueAtRisk);
  });

  test('twice the positions have twice the risk, and a longer horizon the square root of it', () => {
    const twice = estimateVar(
      returns,
      values.map((value) => 2 * value),
      settings,
    ).figures;
    const longer = estimateVar(returns, values, { ...settings, horizon: 9 }).figures;
    figures.forEach((each, i) => {
      expect(twice[i]!.valueAtRisk).toBeCloseTo(2 * each.valueAtRisk, 8);
      expect(longer[i]!.valueAtRisk).toBeCloseTo(3 * each.valueAtRisk, 8);
      expect(longer[i]!.shortfall).toBeCloseTo(3 * each.shortfall, 8);
      expect(sum(longer[i]!.components)).toBeCloseTo(longer[i]!.valueAtRisk, 8);
    });
  });

  test('the same settings give the same figures; nothing held has no risk', () => {
    expect(estimateVar(returns, values, settings).figures).toEqual(figures);
    const [flat] = estimateVar(returns, new Float64Array(4), settings).figures;
    expect([flat!.valueAtRisk, flat!.shortfall, ...flat!.components].every((x) => x === 0)).toBe(true);
  });

  test('prices that never moved, and one asset among them, give numbers', () => {
    const still = new ReturnMatrix(2, new Float64Array(240));
    expect(estimateVar(still, Float64Array.of(5, 7), settings).figures[0]!.valueAtRisk).toBe(0);
    const half = new ReturnMatrix(
      2,
      Float64Array.from({ length: 240 }, (_, i) => (i % 2 === 0 ? 0 : returns.data[i]!)),
    );
    for (const each of estimateVar(half, Float64Array.of(5, 7), settings).figures) {
      expect(each.valueAtRisk).toBeGreaterThan(0);
      expect(each.components[0]).toBeCloseTo(0, 12);
    }
  });
});

/** Of two assets with the same weight, far out. */
function jointShortfall(degrees: number): number {
  const { figures } = estimateVar(PAIR, Float64Array.of(1, 1), {
    method: 't-copula',
    levels: [0.999],
    paths: 200_000,
    degrees,
  });
  return figures[0]!.shortfall;
}

describe('methods beside each other', () => {
  test("a closed form's marginals are its derivatives", () => {
    for (const method of ['parametric', 'student-t'] as const) {
      for (const weights of ['ewma', 'equal'] as const) {
        const settings: VarSettings = { method, levels: [0.99], weights };
        const at = (held: Float64Array): number => estimateVar(returns, held, settings).figures[0]!.valueAtRisk;
        const { marginals } = estimateVar(returns, values, settings).figures[0]!;
        marginals.forEach((marginal, i) => {
          const more = values.with(i, values[i]! + 1e-3);
          const less = values.with(i, values[i]! - 1e-3);
          expect((at(more) - at(less)) / 2e-3).toBeCloseTo(marginal, 6);
        });
      }
    }
  });

  // Quantile and mean beyond it of a t of variance 1: scipy.stats.t, integrated by scipy.integrate.quad.
  test.each([
    [3, 0.95, 1.358715012583855, 2.2368093942678606],
    [3, 0.99, 2.621576017704414, 4.043231298781415],
    [4, 0.95, 1.5074433190623229, 2.2647713805829692],
    [4, 0.99, 2.6494919067893115, 3.691510485680758],
    [8, 0.99, 2.5084074627479773, 3.1098020239124256],
  ])('a Student t of %s degrees at %s has the variance of the returns', (degrees, level, valueAtRisk, shortfall) => {
    // Deviation 1, by either weights.
    const coin = new ReturnMatrix(
      1,
      Float64Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 1 : -1)),
    );
    const settings: VarSettings = { method: 'student-t', levels: [level], degrees };
    const found = estimateVar(coin, Float64Array.of(1), settings).figures[0]!;
    expect(found.valueAtRisk).toBeCloseTo(valueAtRisk, 9);
    expect(found.shortfall).toBeCloseTo(shortfall, 9);
  });

  test('simulated normal paths come to the closed form, nearer with more paths; antithetic ones too', () => {
    const closed = estimateVar(returns, values, { method: 'parametric', levels: LEVELS }).figures;
    for (const isAntithetic of [false, true]) {
      const { figures, scenarios } = estimateVar(returns, values, {
        method: 'monte-carlo',
        levels: LEVELS,
        paths: 400_001,
        isAntithetic,
      });
      expect(scenarios).toBe(400_001);
      figures.forEach((each, i) => {
        expect(each.valueAtRisk / closed[i]!.valueAtRisk).toBeCloseTo(1, 2);
        expect(each.shortfall / closed[i]!.shortfall).toBeCloseTo(1, 2);
        each.shortfallComponents.forEach((part, asset) => {
          expect(Math.abs(part - closed[i]!.shortfallComponents[asset]!) / closed[i]!.shortfall).toBeLessThan(0.01);
        });
        // Few paths lie near the quantile.
        each.components.forEach((part, asset) => {
          expect(Math.abs(part - closed[i]!.components[asset]!) / closed[i]!.valueAtRisk).toBeLessThan(0.05);
        });
      });
    }
  });

  test('the t-copula gives one asset its own history back, and heavier joint tails than normal paths', () => {
    const one = Float64Array.of(100, 0, 0, 0);
    const [own] = estimateVar(returns, one, { method: 'historical', levels: LEVELS }).figures;
    const [copula] = estimateVar(returns, one, { method: 't-copula', levels: LEVELS, paths: 200_000 }).figures;
    expect(copula!.valueAtRisk / own!.valueAtRisk).toBeCloseTo(1, 1);
    // Assets that crash together.
    expect(jointShortfall(3)).toBeGreaterThan(jointShortfall(1000) * 1.02);
  });

  test('filtered returns follow the volatility of now', () => {
    const calm = returns.data.map((r, i) => (i < returns.data.length - 400 ? r : r / 5));
    const wild = returns.data.map((r, i) => (i < returns.data.length - 400 ? r / 5 : r));
    for (const method of ['filtered', 'filtered-garch'] as const) {
      const at = (data: Float64Array): number =>
        estimateVar(new ReturnMatrix(4, data), values, { method, levels: [0.99] }).figures[0]!.valueAtRisk;
      expect(at(wild)).toBeGreaterThan(at(calm) * 2);
    }
  });

  test('overlapping returns of a horizon are those of the prices so far apart', () => {
    const [long] = estimateVar(returns, values, {
      method: 'historical',
      levels: [0.95],
      horizon: 5,
      scaling: 'overlapping',
    }).figures;
    const [direct] = figuresOf(returns.overlapping(5), values, [0.95]);
    expect(long!.valueAtRisk).toBe(direct!.valueAtRisk);
  });

  test('more assets than rows: simulated with a matrix near by, which is said', () => {
    const few = history(5, 8);
    const { figures, repairedEigenvalue } = estimateVar(few, new Float64Array(8).fill(100), {
      method: 'monte-carlo',
      levels: [0.99],
    });
    expect(Math.abs(repairedEigenvalue)).toBeLessThan(1e-10);
    expect(figures[0]!.valueAtRisk).toBeGreaterThan(0);
  });
});

describe('GARCH', () => {
  test('parameters of a simulated series are found again', () => {
    let variance = 1;
    let e = 0;
    const series = Float64Array.from({ length: 8000 }, () => {
      variance = 0.05 + 0.1 * e * e + 0.85 * variance;
      e = Math.sqrt(variance) * random.normal();
      return e;
    });
    const fit = fitGarch(series, 'normal')!;
    expect(fit.alpha).toBeCloseTo(0.1, 1);
    expect(fit.beta).toBeCloseTo(0.85, 1);
    expect(fit.omega / (1 - fit.alpha - fit.beta)).toBeCloseTo(1, 0);
    // In another unit: the same dynamics.
    const small = fitGarch(
      series.map((x) => x / 1000),
      'normal',
    )!;
    expect(small.alpha).toBeCloseTo(fit.alpha, 8);
    expect(small.omega * 1e6).toBeCloseTo(fit.omega, 8);
  });

  test('too few returns, or still ones, have no model', () => {
    expect(fitGarch(new Float64Array(1000), 'normal')).toBeUndefined();
    expect(fitGarch(returns.column(0).subarray(0, 20), 'student')).toBeUndefined();
    const { unfitted } = estimateVar(returns.window(0, 30), values, { method: 'filtered-garch', levels: [0.95] });
    expect(unfitted).toBe(4);
  });
});

describe('what is out of range is named', () => {
  test.each([
    [{ levels: [0.3] }, /level: found 0.3/],
    [{ levels: [1] }, /level: found 1/],
    [{ horizon: 0 }, /horizon: found 0/],
    [{ horizon: 1.5, scaling: 'overlapping' }, /horizon: found 1.5/],
    [{ horizon: 299, scaling: 'overlapping' }, undefined],
    [{ horizon: 300, scaling: 'overlapping' }, /found 1 rows, expected 2/],
    [{ decay: 1 }, /decay: found 1/],
    [{ degrees: 2 }, /degrees: found 2/],
    [{ paths: 10 }, /paths: found 10/],
    [{ paths: Number.NaN }, /paths: found NaN/],
  ] as const)('%j', (wrong, message) => {
    const run = (): unknown => estimateVar(returns, values, { method: 'historical', levels: LEVELS, ...wrong });
    if (message === undefined) expect(run).not.toThrow();
    else expect(run).toThrow(message);
  });

  test('values that do not fit the assets', () => {
    expect(() => estimateVar(returns, Float64Array.of(1), { method: 'historical', levels: LEVELS })).toThrow(
      /values: found 1, expected one for each of 4 assets/,
    );
  });
});
