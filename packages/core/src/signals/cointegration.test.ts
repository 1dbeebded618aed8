import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Cointegration } from './cointegration.ts';

const regress = (points: readonly (readonly [number, number])[]): readonly [number, number] => {
  const n = points.length;
  const sum = (of: (p: readonly [number, number]) => number): number => points.reduce((s, p) => s + of(p), 0);
  const [y, x, xx, xy] = [sum((p) => p[0]), sum((p) => p[1]), sum((p) => p[1] ** 2), sum((p) => p[0] * p[1])];
  const beta = (n * xy - x * y) / (n * xx - x * x);
  return [(y - beta * x) / n, beta];
};

/** The textbook forms over a plain list, by normal equations. */
function slow(pairs: readonly (readonly [number, number])[]) {
  const [alpha, beta] = regress(pairs);
  const residuals = pairs.map(([y, x]) => y - alpha - beta * x);
  const deviation = Math.sqrt(residuals.reduce((s, e) => s + e * e, 0) / (pairs.length - 2));
  const [, b] = regress(residuals.slice(1).map((e, i) => [e - residuals[i]!, residuals[i]!]));
  return { alpha, beta, deviation, halfLife: -Math.LN2 / Math.log(1 + b) };
}

describe('a cointegrated pair', () => {
  test('is fitted over the window as by the textbook', () => {
    const random = Random.stream(1, 'pair');
    for (let run = 0; run < 20; run++) {
      const window = 50 + random.below(200);
      const fit = new Cointegration(window);
      const pairs: [number, number][] = [];
      let x = 100;
      let e = 0;
      for (let i = 0; i < window * 2.5; i++) {
        x += random.normal();
        e = 0.9 * e + random.normal() * 0.5;
        pairs.push([3 + 1.7 * x + e, x]);
        fit.add(...pairs.at(-1)!);
        expect(fit.isFull).toBe(i + 1 >= window);
      }
      expect(fit.fit()).toBe(true);
      const expected = slow(pairs.slice(-window));
      expect(fit.beta).toBeCloseTo(expected.beta, 8);
      expect(fit.alpha).toBeCloseTo(expected.alpha, 5);
      expect(fit.deviation).toBeCloseTo(expected.deviation, 7);
      expect(fit.halfLife).toBeCloseTo(expected.halfLife, 5);
      expect(fit.score(10, 2)).toBeCloseTo((10 - fit.alpha - 2 * fit.beta) / fit.deviation, 9);
    }
  });

  test('the half-life is that of the process', () => {
    const random = Random.stream(2, 'half-life');
    const fit = new Cointegration(20_000);
    let x = 0;
    let e = 0;
    for (let i = 0; i < 20_000; i++) {
      x += random.normal();
      e = 0.95 * e + random.normal();
      fit.add(2 * x + e, x);
    }
    fit.fit();
    expect(Math.abs(fit.halfLife / (Math.LN2 / -Math.log(0.95)) - 1)).toBeLessThan(0.1);
  });

  test('without variation, or too little data, there is no fit', () => {
    const fit = new Cointegration(10);
    expect(fit.fit()).toBe(false);
    fit.add(1, 1);
    fit.add(Number.NaN, 2);
    fit.add(2, Infinity);
    fit.add(2, 2);
    expect(fit.fit()).toBe(false);
    for (let i = 0; i < 20; i++) fit.add(i, 5);
    expect([fit.fit(), fit.beta, fit.score(1, 1)]).toEqual([false, Number.NaN, Number.NaN]);
  });

  test('a perfect line has no score; a residual that runs away has no half-life', () => {
    const line = new Cointegration(5);
    for (let i = 0; i < 5; i++) line.add(2 * i + 1, i);
    expect([line.fit(), line.beta, line.score(3, 1)]).toEqual([true, 2, Number.NaN]);
    const away = new Cointegration(30);
    for (let i = 0; i < 30; i++) away.add(1.3 ** i, Math.sin(i * 7));
    away.fit();
    expect(away.halfLife).toBe(Infinity);
  });

  for (const window of [0, 2, 2.5, Number.NaN, Infinity]) {
    test(`a window of ${window} is refused`, () => expect(() => new Cointegration(window)).toThrow(/^window: found/));
  }
});
