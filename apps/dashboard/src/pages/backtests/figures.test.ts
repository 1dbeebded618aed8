import { expect, test } from 'vitest';
import { type RunFigures, changedParams, compared } from './figures.ts';

function run(
  metrics: Readonly<Record<string, number | null>>,
  params: Readonly<Record<string, number | string>> = {},
  currency = 'USDT',
): RunFigures {
  return {
    strategy: { name: 'maker', params },
    warnings: [],
    hashes: { outputs: '' },
    runs: { modelled: { durationSeconds: 1, accounts: [{ currency, metrics }], markets: [{ metrics }] } },
  };
}

const line = (label: string, first: RunFigures, second: RunFigures) =>
  compared(first, second).find((each) => each.label === label);

test('a difference is the second less the first, in the unit of both', () => {
  expect(line('Net P&L', run({ netPnl: 10.5 }), run({ netPnl: 8 }))).toEqual({
    label: 'Net P&L',
    unit: 'USDT',
    first: '10.50',
    second: '8.00',
    difference: '−2.50',
  });
  expect(line('Win rate', run({ winRate: 0.25 }), run({ winRate: 0.5 }))?.difference).toBe('+25.0000');
});

test('what one of them cannot say has no difference', () => {
  expect(line('Sharpe ratio', run({ sharpe: null }), run({ sharpe: 2 }))).toMatchObject({
    first: '–',
    difference: '–',
  });
  expect(line('Fills', run({}), run({ fills: 2 }))).toMatchObject({ first: '–', second: '2', difference: '–' });
});

test('money of two currencies is not subtracted', () => {
  expect(line('Net P&L', run({ netPnl: 1 }), run({ netPnl: 2 }, {}, 'EUR'))?.difference).toBe('–');
});

test('only parameters that differ are told', () => {
  expect(changedParams(run({}, { a: 1, b: 2 }), run({}, { a: 1, b: 3, c: 'x' }))).toEqual([
    { name: 'b', first: '2', second: '3' },
    { name: 'c', first: '–', second: 'x' },
  ]);
});
