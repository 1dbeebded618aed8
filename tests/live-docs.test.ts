/** docs/live.md tells of every option of paper and live. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { liveCommand } from '../packages/quotewright/src/cli/live.ts';
import { paperCommand } from '../packages/quotewright/src/cli/paper.ts';
import { reconcileCommand } from '../packages/quotewright/src/cli/reconcile.ts';

const page = readFileSync('docs/live.md', 'utf8');

it.each([paperCommand(), liveCommand(), ...reconcileCommand().commands].map((command) => [command.name(), command]))(
  'names every option of %s',
  (_name, command) => {
    const options = typeof command === 'string' ? [] : command.options.flatMap(({ long }) => long ?? []);
    expect(options.length).toBeGreaterThan(1);
    for (const option of options) expect(page, option).toMatch(new RegExp(`\`${option}[\` ]`, 'u'));
  },
);
