/** The two doors of the project: `npm start` and the launcher, on new and on old Nodes. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Makes a Node say that it is another one. */
const pretend = (version: string): string =>
  `--import=data:text/javascript,Object.defineProperty(process,'version',{value:'${version}'})`;

function node(...args: string[]) {
  return spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
}

describe('npm start', () => {
  it('runs the main job on data of its own, the same each time', () => {
    const [first, second] = [0, 0].map(() =>
      node('scripts/start.mjs', '--speed', 'max', '--no-server', '--no-journal', '--duration', '2m', '--seed', '7'),
    );
    expect(first?.status).toBe(0);
    expect(first?.stdout).toMatch(/living BTC-USD/);
    expect(first?.stdout).toMatch(/Fills +│ +[1-9]/);
    expect(first?.stdout).toMatch(/\d operations of the matching engine/);
    expect(second?.stdout).toBe(first?.stdout);
  });

  it('exits 2 at an option that is not one', () => {
    const { status, stderr } = node('scripts/start.mjs', '--duration', 'long');
    expect(stderr).toContain('expected a duration');
    expect(status).toBe(2);
  });
});

describe('the launcher', () => {
  it('tells an old Node in one line what to do when there is no new one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'launcher-'));
    cpSync('packages/quotewright/bin', join(folder, 'a', 'b', 'bin'), { recursive: true });
    const { status, stdout, stderr } = node(
      pretend('v20.20.2'),
      join(folder, 'a', 'b', 'bin', 'quotewright.js'),
      '--help',
    );
    rmSync(folder, { recursive: true });
    expect(stderr).toMatch(/^quotewright: needs Node 24\.15 or newer, this is v20\.20\.2; .*\n$/);
    expect(stdout).toBe('');
    expect(status).toBe(2);
  });

  it('lists its commands', () => {
    const { status, stdout } = node('packages/quotewright/bin/quotewright.js', '--help');
    const commands = [
      'backtest',
      'book',
      'calibrate',
      'data',
      'fills',
      'match',
      'doctor',
      'exchange',
      'live',
      'paper',
      'reconcile',
      'record',
      'reproduce',
      'secrets',
      'report',
      'simulate',
      'strategies',
    ];
    expect(commands.filter((name) => !stdout.includes(`\n  ${name} `))).toEqual([]);
    expect(status).toBe(0);
  });
});
