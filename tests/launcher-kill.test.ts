import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { SIMULATE, quotewright } from './support/command.ts';

const folder = tempFolder();

/** Bytes of the journal. */
function written(dir: string): number {
  if (!existsSync(dir)) return 0;
  const names = readdirSync(dir).filter((name) => name.endsWith('.qwj'));
  return names.reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
}

it('the launcher that is killed takes the session with it, and the session can be gone on with', async () => {
  const dir = join(folder.fresh(), 'session');
  const launcher = 'packages/quotewright/bin/quotewright.js';
  const child = spawn(process.execPath, [launcher, ...SIMULATE, '--duration', '90m', '--journal', dir]);
  while (written(dir) < 1e6 && child.exitCode === null) await setTimeout(20);
  child.kill('SIGKILL');
  await once(child, 'exit');
  // The lease of a process that is not there any more is free.
  const { status, stderr, stdout } = quotewright(...SIMULATE, '--journal', dir, '--duration', '90m');
  expect(stderr + stdout).toContain('recovered: ');
  expect(status).toBe(0);
});
