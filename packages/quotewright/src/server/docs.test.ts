/** docs/server.md tells of every problem, setting and check. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ROLES, serverConfig } from './config.ts';
import { PROBLEMS, PROBLEM_CODES } from './http/problems.ts';
import { readiness } from './protocol/system.ts';

const page = readFileSync(fileURLToPath(new URL('../../../../docs/server.md', import.meta.url)), 'utf8');

it('names every problem beside its status', () => {
  for (const code of PROBLEM_CODES) {
    const row = page.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${code}\``));
    expect(row, code).toContain(String(PROBLEMS[code][0]));
  }
});

it('names every setting, role and check', () => {
  for (const field of Object.keys(serverConfig.shape)) expect(page, field).toMatch(new RegExp(`\`${field}[\`.]`, 'u'));
  for (const role of ROLES) expect(page).toContain(`| \`${role}\` |`);
  for (const check of readiness.shape.checks.element.shape.name.options) expect(page).toContain(`\`${check}\``);
});
