/** docs/alerts.md tells of every type of alert and every kind of audit entry. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ALERT_TYPES } from './alert.ts';

const source = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const page = readFileSync(source('../../../docs/alerts.md'), 'utf8');

it('names every type of alert', () => {
  for (const type of ALERT_TYPES) expect(page, type).toContain(type);
});

it('names everything that is written into an audit log', () => {
  const files = readdirSync(source('.'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test)\.ts$/.test(name),
  );
  const text = files.map((name) => readFileSync(source(name), 'utf8')).join('\n');
  const entries = [...text.matchAll(/(?:note|append|audited|write)\(\{\s*what: '([a-z.]+)'/g)];
  expect(entries.length).toBeGreaterThan(6);
  for (const [, what = ''] of entries) expect(page, what).toContain(`\`${what}\``);
});
