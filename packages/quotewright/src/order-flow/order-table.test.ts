import { expect, it } from 'vitest';
import { OrderTable } from './order-table.ts';

it('finds every id again: small, large, negative and at the bounds of the dense part', () => {
  const table = new OrderTable(100);
  const ids = [0, 1, 65_535, 65_536, 2 ** 20, 2 ** 26 - 1, 2 ** 26, 2 ** 31 - 1, -1, -(2 ** 31)];
  for (const [index, id] of ids.entries()) table.set(id, index + 1);
  expect(ids.map((id) => table.get(id))).toEqual(ids.map((_, index) => index + 1));
  table.set(-1, 0);
  table.set(1, 0);
  expect([table.get(-1), table.get(1), table.get(2), table.get(2 ** 30)]).toEqual([0, 0, 0, 0]);
});
