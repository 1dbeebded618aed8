/** Faults of the server: in a file and, now and then, an alert; never without end, never with a secret. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { redactor } from '../audit/redactor.ts';
import { tempFolder } from '../data/testing/files.ts';
import type { FromServer } from './link.ts';
import { ServerLog } from './server-log.ts';

const folder = tempFolder();

it('is written and told, but not a thousand times', async () => {
  const dir = folder.fresh();
  const posted: FromServer[] = [];
  const log = new ServerLog(dir, (message) => posted.push(message));
  redactor.register('a-secret-of-the-log-test');
  for (let i = 0; i < 1000; i++) log.say(`turn ${i}:\nfailed with a-secret-of-the-log-test`);
  await log.close(1000);
  const text = readFileSync(join(dir, 'server.log'), 'utf8');
  expect(text.trim().split('\n')).toHaveLength(100);
  expect(text).toMatch(/^\d{4}-.*Z turn 0: failed with \[redacted\]$/mu);
  expect(posted).toEqual([
    {
      type: 'complaint',
      severity: 'WARNING',
      detail: expect.stringMatching(/turn 0: failed with \[redacted\].*server\.log/u),
    },
  ]);
  expect(text + JSON.stringify(posted)).not.toContain('a-secret-of-the-log-test');
});

it('is no file while nothing is wrong', async () => {
  const dir = folder.fresh();
  const log = new ServerLog(dir, () => {});
  await log.close(1000);
  expect(() => readFileSync(join(dir, 'server.log'))).toThrow(/ENOENT/u);
});
