/** docs/risk.md tells of every limit, refusal, trigger and alert, and of a test that makes it act; its example can be used. */
import { readFileSync } from 'node:fs';
import { AlertType } from '@quotewright/core/risk/alert';
import { TRIGGER_NAMES } from '@quotewright/core/risk/breaker/trigger';
import { BREAKER_RULES } from '@quotewright/core/risk/breaker/settings';
import { LIMITS } from '@quotewright/core/risk/limits';
import { Refusal } from '@quotewright/core/trading/refusal';
import { expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { readRiskFile } from '../packages/quotewright/src/risk/risk-file.ts';
import { LIMIT_CASES } from './support/risk-limits.ts';
import { TRIGGER_CASES } from './support/risk-triggers.ts';

const folder = tempFolder();
const page = readFileSync('docs/risk.md', 'utf8');

/** First and last cells of the table under a heading. */
function rowsUnder(heading: string): (readonly [string, string])[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(1).map((row) => {
    const cells = row.split('|').map((cell) => cell.trim());
    return [cells[1]!.replaceAll('`', ''), cells.at(-2)!] as const;
  });
}

/** Titles and cases of a test file. */
function titlesOf(file: string): string {
  const source = readFileSync(`tests/${file}.test.ts`, 'utf8');
  const titles = [...source.matchAll(/\bit(?:\.each\([^]*?\))?\(\s*(['"`])([^]*?)\1,/g)].map(([, , title]) => title);
  const cases = [...source.matchAll(/warning: '(\w+)', breach: '(\w+)'/g)].flatMap((found) => found.slice(1));
  const limits = LIMIT_CASES.flatMap(({ limit, alert }) => [limit, alert]);
  const triggers = TRIGGER_CASES.flatMap(({ trigger, warns = '' }) => [trigger, warns]);
  const beside = { 'risk-limits': limits, 'risk-breaker': triggers }[file] ?? [];
  return [...titles, ...cases, ...beside].join('\n');
}

it.each([
  ['Every limit', LIMITS.map(({ name }) => name)],
  ['Every refusal', Object.keys(Refusal).slice(1)],
  ['Every trigger', TRIGGER_NAMES.slice(1)],
  ['Every alert', Object.keys(AlertType)],
])('%s has a row, and its row names a test that there is', (heading, names) => {
  const rows = rowsUnder(heading);
  expect(rows.map(([name]) => name)).toEqual(names);
  for (const [name, proof] of rows) {
    const [, file = '', words = ''] = /^`(risk-\w+)`: (\w+)$/.exec(proof) ?? [];
    expect(titlesOf(file).split(/\W+/), `${name}: ${proof}`).toContain(words);
  }
});

it('has thresholds that are the defaults', () => {
  for (const { trigger, limit, breaker } of TRIGGER_CASES) {
    expect(breaker, trigger).toBeUndefined();
    const defaults = Object.values(BREAKER_RULES).map(({ usual }) => usual);
    expect([...defaults, ...defaults.map((ns) => ns / 1e6)], trigger).toContain(limit);
  }
});

it('shows a risk file that can be used', async () => {
  const [, example = ''] = /```yaml\n([^]*?)```/.exec(page)!;
  const { risk, var: found, sinks } = await readRiskFile(folder.write('risk.yaml', example));
  expect(risk.limits?.instruments).toHaveProperty('BTCUSDT');
  expect([found?.method, sinks.length]).toEqual(['filtered', 1]);
});
