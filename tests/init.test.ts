/** `quotewright init`: what it makes type-checks, backtests and tests itself at once, offline, against this checkout. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { runResult } from '../packages/quotewright/src/reports/run-result.ts';
import { CHILD_ENV, quotewright } from './support/command.ts';

const folder = tempFolder();
const project = join(folder.path, 'my-maker');

function inProject(...args: readonly string[]) {
  return spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8', env: CHILD_ENV });
}

/** What `npm install` would do with the packages of this checkout. */
function install(): void {
  const modules = join(project, 'node_modules');
  for (const scope of ['@quotewright', '@types']) mkdirSync(join(modules, scope), { recursive: true });
  symlinkSync(resolve('packages/core'), join(modules, '@quotewright', 'core'));
  symlinkSync(resolve('packages/quotewright'), join(modules, 'quotewright'));
  symlinkSync(resolve('node_modules/@types/node'), join(modules, '@types', 'node'));
}

describe('init', () => {
  beforeAll(() => {
    const { status, stdout, stderr } = quotewright('init', project);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('npm install');
    install();
  });

  it('makes a project that names its strategy and finds this checkout', () => {
    expect(readdirSync(project)).toEqual(
      expect.arrayContaining(['my-maker.ts', 'package.json', 'sample', 'tsconfig.json']),
    );
    const { name, dependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    expect(name).toBe('my-maker');
    for (const path of Object.values<string>(dependencies)) {
      expect(readdirSync(resolve(project, path.replace(/^file:/, '')))).toContain('package.json');
    }
  });

  it('makes one that type-checks', () => {
    const { status, stdout } = inProject(resolve('node_modules/typescript/bin/tsc'));
    expect([status, stdout]).toEqual([0, '']);
  });

  it('makes one that backtests with fills', () => {
    const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    const [command, ...args]: string[] = scripts.backtest.split(' ');
    expect(command).toBe('quotewright');
    const { status, stderr, stdout } = inProject(resolve('packages/quotewright/dist/cli/main.js'), ...args, '--json');
    expect([status, stderr]).toEqual([0, '']);
    const { strategy, runs } = runResult.parse(JSON.parse(stdout));
    expect(strategy.name).toBe('my-maker');
    expect(runs.modelled.markets[0]?.metrics['fills']).toBeGreaterThan(10);
    expect(readdirSync(join(project, 'run'))).toContain('report.html');
  });

  it('makes one whose own test passes', () => {
    const { status, stdout } = inProject('--test');
    expect(stdout).toMatch(/pass 1\b/);
    expect(status).toBe(0);
  });

  it('refuses a folder that holds something, and a name that is none for a strategy', () => {
    const full = join(folder.path, 'full');
    mkdirSync(full);
    writeFileSync(join(full, 'notes.txt'), 'mine');
    for (const [target, words] of [
      [full, 'is not empty: it holds notes.txt'],
      [join(folder.path, 'My Maker'), "found 'My Maker'"],
      [join(full, 'notes.txt'), "found 'notes.txt'"],
      [join(full, 'notes.txt', 'maker'), 'not a directory'],
    ] as const) {
      const { status, stderr } = quotewright('init', target);
      expect(stderr).toContain(words);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(status).toBe(2);
    }
    expect(readFileSync(join(full, 'notes.txt'), 'utf8')).toBe('mine');
  });
});
