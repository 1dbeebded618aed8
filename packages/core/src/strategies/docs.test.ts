/** The pages in docs/strategies say what the code does: every parameter, its default and its meaning. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { STRATEGIES, findStrategy } from './registry.ts';

const page = (name: string): string =>
  readFileSync(new URL(`../../../../docs/strategies/${name}.md`, import.meta.url), 'utf8');

for (const { name, description, params } of STRATEGIES) {
  test(`${name} has a page with all of its parameters`, () => {
    expect(page('README')).toContain(`| [${name}](${name}.md) | ${description} |`);
    const text = page(name) + page('README');
    for (const [param, spec] of Object.entries(params)) {
      const start = `| \`${param}\` | ${spec.default === '' ? '(empty)' : spec.default} | `;
      const row = text.split('\n').find((line) => line.startsWith(start) && line.endsWith(` | ${spec.description} |`));
      if (row === undefined) expect(`${start}… | ${spec.description} |`).toBe('a row of the page');
      if ('unit' in spec) expect(row).toContain(`| ${spec.unit} |`);
      if (spec.type === 'number' || spec.type === 'integer') {
        expect(spec.default).toBeGreaterThanOrEqual(spec.min ?? -Infinity);
        expect(spec.default).toBeLessThanOrEqual(spec.max ?? Infinity);
      }
    }
    expect(findStrategy(name)?.name).toBe(name);
  });
}

test('a name that is not there has no definition', () => {
  expect(findStrategy('nothing')).toBeUndefined();
});
