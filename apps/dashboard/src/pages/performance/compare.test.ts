import { expect, test } from 'vitest';
import { compared } from './compare.ts';

const figure = (key: string, value: number | null) => ({ key, label: key, unit: 'ratio', description: '', value });
const report = (strategy: number, figures: ReturnType<typeof figure>[], fills: number | null) => ({
  strategy,
  name: String(strategy),
  fromMs: null,
  toMs: null,
  accounts: [{ currency: 'USDT', figures }],
  markets: [
    {
      instrument: 1,
      figures: [figure('fills', fills)],
      markouts: [],
      attribution: { spreadCapture: 0, adverseSelection: 0, inventory: 0, fees: 0, funding: 0, total: 0 },
    },
  ],
});

test('differences are to the first strategy, and only of what both have', () => {
  const rows = compared(
    [report(0, [figure('sharpe', 2)], null), report(1, [figure('sharpe', 5), figure('calmar', 1)], 7)],
    () => 'BTC',
  );
  expect(rows.map(({ of, key, values, differences }) => ({ of, key, values, differences }))).toEqual([
    { of: 'USDT', key: 'sharpe', values: [2, 5], differences: [null, 3] },
    { of: 'USDT', key: 'calmar', values: [null, 1], differences: [null, null] },
    { of: 'BTC', key: 'fills', values: [null, 7], differences: [null, null] },
  ]);
  expect(compared([], () => '')).toEqual([]);
});
