/** docs/simulate.md tells of every option, scenario and field; what the pages say to type can be typed. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { simulateOptions } from '../packages/quotewright/src/cli/simulate-options.ts';
import { SCENARIOS } from '../packages/quotewright/src/session/scenarios.ts';
import type { SessionStatus } from '../packages/quotewright/src/session/status.ts';

const page = readFileSync('docs/simulate.md', 'utf8');

it('names every option', () => {
  const options = simulateOptions().options.flatMap(({ long }) => long ?? []);
  expect(options.length).toBeGreaterThan(20);
  for (const option of options) expect(page, option).toMatch(new RegExp(`\`${option}[\` ]`, 'u'));
});

it('says of every scenario what its help says', () => {
  for (const { name, description } of SCENARIOS) expect(page).toContain(`| \`${name}\` | ${description} |`);
});

it('names every field of a status', () => {
  const fields: Readonly<Record<keyof SessionStatus, true>> = {
    world: true,
    time: true,
    speed: true,
    lagMs: true,
    inputs: true,
    inputsPerSecond: true,
    inputNs: true,
    riskState: true,
    alerts: true,
    accounts: true,
    rows: true,
  };
  const table = page.slice(page.indexOf('| field of `status` |'));
  for (const field of Object.keys(fields)) expect(table, field).toContain(`\`${field}\``);
});

const pages = ['docs', 'docs/strategies', 'examples'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /\.(?:md|yaml|ts)$/u.test(name))
    .map((name) => `${folder}/${name}`),
);
/** In a block of code, or in backticks, and nothing after what a comment or a pipe begins. */
const typed = [...pages, 'README.md'].flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:^|[`#*]) *(?:npx )?quotewright simulate((?: [^\s`#|…]+)*)/gmu)].map(
    ([, words = '']) => [file, words.trim()] as const,
  ),
);

it.each(typed)('%s: simulate %s', (_file, words) => {
  const command = simulateOptions().configureOutput({ writeErr: () => {} });
  command.parse(words === '' ? [] : words.split(/ +/u), { from: 'user' });
  expect(command.args).toEqual([]);
});
