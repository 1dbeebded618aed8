/** What `--help` says, of every command. */
import { describe, expect, it } from 'vitest';
import { quotewright } from './support/command.ts';

/** Names of the commands that a help lists. */
function commandsOf(help: string): string[] {
  const [, list = ''] = help.split('\nCommands:\n');
  const names = [...list.matchAll(/^ {2}(\S+)/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'help');
}

const commands = commandsOf(quotewright('--help').stdout);

describe('help', () => {
  it('lists the commands by name', () => {
    expect(commands.length).toBeGreaterThan(10);
    expect(commands).toEqual(commands.toSorted());
  });

  it.each(['backtest', 'journal replay', 'journal export', 'simulate', 'var'])(
    'of %s keeps to 80 columns and tells defaults in words',
    (command) => {
      const { status, stdout } = quotewright(...command.split(' '), '--help');
      expect(status).toBe(0);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(stdout).not.toMatch(/default:\s+[[{]/);
    },
  );
});
