import { describe, expect, test } from 'vitest';
import { maxDrawdown } from './drawdown.ts';
import { calmar, downsideRisk, informationRatio, omega, profitRatio, sharpe, sortino, tailRatio } from './ratios.ts';
import { annualReturn, compound, returnsOf, totalReturn, volatility } from './returns.ts';

/** The series that empyrical's own tests use, and what it gives for it (252 periods a year, n − 1). */
const MIXED = [Number.NaN, 0.01, 0.1, -0.04, 0.02, 0.03, 0.02, 0.01, -0.1];

function digits(actual: number, expected: number): void {
  expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-12);
}

describe('reference figures, to 12 digits', () => {
  test('Sharpe', () => digits(sharpe(MIXED, 252), 1.723_861_396_170_686_6));
  test('Sortino', () => digits(sortino(MIXED, 252), 2.605_531_251_673_693));
  test('Calmar', () => digits(calmar(MIXED, 252), 19.135_925_373_194_233));
  test('downside risk', () => digits(downsideRisk(MIXED, 252), 0.604_483_250_388_296_53));
  test('Omega with a threshold of 1 %', () => digits(omega(MIXED, 0.01), 0.8125));
  test('maximum drawdown', () => digits(maxDrawdown(MIXED), -0.1));
});

describe('by hand', () => {
  test('returns are on equity, and compound', () => {
    const returns = returnsOf([100, 110, 99, 99]);
    expect([...returns]).toEqual([0.1, -0.1, 0]);
    expect(totalReturn(returns)).toBeCloseTo(-0.01, 15);
    // Three of six periods: (1 − 1 %)² − 1.
    expect(annualReturn(returns, 6)).toBeCloseTo(-0.0199, 14);
    expect(compound(0.21, 2, 1)).toBeCloseTo(0.1, 14);
  });

  test('equity that is not above zero has no return', () => {
    expect([...returnsOf([10, 0, 5, -5, 1])]).toEqual([-1, Number.NaN, -2, Number.NaN]);
  });

  test('volatility has n − 1', () => {
    // Deviations ±1 % around 0: √(4·10⁻⁴ ÷ 3) a period, 9 periods.
    expect(volatility([0.01, -0.01, 0.01, -0.01], 9)).toBeCloseTo(3 * Math.sqrt(4e-4 / 3), 15);
  });

  test('Sharpe and Sortino take what is required off', () => {
    expect(sharpe([0.03, 0.01], 1, 0.01)).toBeCloseTo(0.01 / Math.sqrt(2e-4), 12);
    // Below 2 %: one of two by 1 %; downside risk √(10⁻⁴ ÷ 2), mean above 2 %: 0.5 %.
    expect(sortino([0.04, 0.01], 4, 0.02)).toBeCloseTo((0.005 * 4) / (Math.sqrt(0.5e-4) * 2), 12);
  });

  test('information ratio is the Sharpe ratio of the difference', () => {
    expect(informationRatio([0.03, 0.02, 0.05], [0.01, 0.02, 0.01], 4)).toBeCloseTo((0.02 / 0.02) * 2, 12);
    // The shorter of the two counts, and periods with both.
    expect(informationRatio([0.03, Number.NaN, 0.02, 0.05, 9], [0.01, 1, 0.02, 0.01], 4)).toBeCloseTo(2, 12);
  });

  test('tail ratio: quantiles of −10…10 are ±9', () => {
    const series = Array.from({ length: 21 }, (_, i) => (i - 10) / 100);
    expect(tailRatio(series)).toBeCloseTo(1, 12);
    expect(tailRatio(series.map((x) => (x > 0 ? 3 * x : x)))).toBeCloseTo(3, 12);
  });

  test('profit ratio: a period without change is a gain', () => {
    // Gains 4 %, 0: mean 2 %, two of them, 1 %. Losses 1 %, 1 %, 4 %: mean 2 %, three of them.
    expect(profitRatio([0.04, -0.01, 0, -0.01, -0.04])).toBeCloseTo(0.01 / (0.02 / 3), 12);
  });
});

describe('what is undefined is NaN', () => {
  const figures: Record<string, (returns: number[]) => number> = {
    totalReturn,
    annualReturn: (r) => annualReturn(r, 252),
    volatility: (r) => volatility(r, 252),
    sharpe: (r) => sharpe(r, 252),
    sortino: (r) => sortino(r, 252),
    calmar: (r) => calmar(r, 252),
    downsideRisk: (r) => downsideRisk(r, 252),
    omega: (r) => omega(r),
    informationRatio: (r) => informationRatio(r, r, 252),
    tailRatio,
    profitRatio,
    maxDrawdown,
  };
  test.each(Object.keys(figures))('%s of nothing, and of NaN alone', (name) => {
    expect(figures[name]!([])).toBeNaN();
    expect(figures[name]!([Number.NaN, Number.NaN])).toBeNaN();
  });

  test.each(['volatility', 'sharpe', 'calmar', 'omega', 'profitRatio', 'informationRatio'])(
    '%s of one gain',
    (name) => {
      expect(figures[name]!([0.01])).toBeNaN();
    },
  );

  test('a constant series has no Sharpe ratio, whatever its mean is rounded to', () => {
    expect(
      sharpe(
        Array.from({ length: 10 }, () => 0.1),
        252,
      ),
    ).toBeNaN();
    expect(sortino([0.1, 0.1], 252)).toBeNaN();
    expect(volatility([0.1, 0.1, 0.1], 252)).toBe(0);
  });

  test('a loss of more than all does not compound to a year', () => {
    expect(annualReturn([-1.5, 0.1, 0.1], 252)).toBeNaN();
    expect(annualReturn([-1], 252)).toBe(-1);
  });
});
