/** docs/risk-limits.md has the code's own tables; `UPDATE_PAGES=1` in the environment writes them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { REFUSAL_TEXT, Refusal } from '../trading/refusal.ts';
import { LIMITS } from './limits.ts';
import { limitsTable, refusalsTable } from './testing/limits-page.ts';

const PAGE = new URL('../../../../docs/risk-limits.md', import.meta.url);

test.each([
  ['limits', limitsTable()],
  ['refusals', refusalsTable()],
])('the table of %s is the code’s', (name, table) => {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [`<!-- table of ${name} -->\n`, `\n<!-- end of table of ${name} -->`];
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  expect(to).toBeGreaterThan(from - 1);
  if (process.env['UPDATE_PAGES'] === '1') writeFileSync(PAGE, page.slice(0, from) + table + page.slice(to));
  else expect(page.slice(from, to)).toBe(table);
});

test('codes and names are used once', () => {
  const codes = Object.values(Refusal);
  expect(new Set(codes).size).toBe(codes.length);
  expect(Object.keys(REFUSAL_TEXT).map(Number)).toEqual(codes);
  expect(new Set(LIMITS.map(({ name }) => name)).size).toBe(LIMITS.length);
});
