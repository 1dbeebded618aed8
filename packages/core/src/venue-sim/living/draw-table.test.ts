import { describe, expect, it } from 'vitest';
import { Random } from '../../base/random.ts';
import { lomax, pareto } from './draw-table.ts';

describe('draws by table', () => {
  it.each([
    ['pareto', pareto(10, 1.5), (x: number) => (x / 10) ** -1.5],
    ['lomax', lomax(3, 1.2), (x: number) => (1 + x / 3) ** -1.2],
  ])('have the tail of their law: %s', (_, table, tail) => {
    const random = Random.stream(1, 'test');
    const draws = 400_000;
    const values = Float64Array.from({ length: draws }, () => table.draw(random));
    // Whole numbers are rounded down, so P(draw >= x) is the law's at a whole x, and the last points lie in the exact tail.
    for (const x of [11, 20, 50, 200, 1000, 3000]) {
      const expected = tail(x);
      const found = values.filter((value) => value >= x).length / draws;
      expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt(expected / draws) + 1 / 4096 / 2);
    }
    expect(values.every(Number.isInteger)).toBe(true);
  });

  it('stays within its bounds', () => {
    const random = Random.stream(2, 'test');
    const table = pareto(2, 0.5);
    const values = Float64Array.from({ length: 200_000 }, () => table.draw(random));
    expect(values.filter((value) => !(value >= 2 && value <= 2000))).toEqual(new Float64Array());
  });
});
