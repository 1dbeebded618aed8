/** `quotewright simulate`: a strategy in the living market, its output, and what it says to input that it cannot use. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { runResult } from '../packages/quotewright/src/reports/run-result.ts';
import { SIMULATE, quotewright } from './support/command.ts';

const folder = tempFolder();

describe('simulate', () => {
  it('trades in the living market, the same each time, and writes what a backtest writes', () => {
    const out = join(folder.path, 'run');
    const args = [
      ...SIMULATE,
      '--strategy',
      'basic-maker',
      '--symbols',
      'BTCUSDT,ETHUSDT',
      '--duration',
      '1m',
      '--json',
    ];
    const [first, second] = [quotewright(...args, '--out', out), quotewright(...args)];
    expect([first.status, first.stderr]).toEqual([0, '']);
    expect(second.stdout).toBe(first.stdout);
    const { runs, instruments } = runResult.parse(JSON.parse(first.stdout));
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'ETHUSDT']);
    for (const { metrics } of runs.modelled.markets) expect(metrics['fills']).toBeGreaterThan(0);
    expect(readdirSync(out)).toEqual(expect.arrayContaining(['fills.csv', 'report.html', 'result.json']));
  });

  it.each([
    [['--symbols', ','], "--symbols: found ',', expected names that differ"],
    [['--symbols', 'BTCUSDT,BTCUSDT'], "--symbols: found 'BTCUSDT,BTCUSDT', expected names that differ"],
    [['--market', 'none.yaml'], 'none.yaml: cannot be read'],
    [['--duration', '-1s'], 'expected a duration such as 10m'],
    [['--latency', 'fast'], "latency latency: found 'fast'"],
    [['--param', 'levels=0'], "parameter levels: found '0'"],
    [['--strategy', 'nobody'], "strategy: found 'nobody'"],
  ] as const)('says in one line what is wrong with %j, and exits 2', (args, words) => {
    const { status, stdout, stderr } = quotewright(...SIMULATE, ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
