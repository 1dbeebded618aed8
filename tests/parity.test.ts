/** `quotewright backtest parity` against the figures of the reference simulator, and against a naive one on other feeds. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { naiveParity } from '../packages/quotewright/src/backtest/testing/naive-parity.ts';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { CHILD_ENV, MAIN, quotewright } from './support/command.ts';
import { crossingFeed } from './support/crossing-feed.ts';
import { generatedFeed } from './support/feed-generator.ts';

function parity(file: string): unknown {
  const { status, stdout, stderr } = quotewright('backtest', 'parity', file, '--json');
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

const folder = tempFolder();
/** Linux's count of the most memory that a process has held since its start. */
const TELL_PEAK = `import { readFileSync } from 'node:fs';
process.on('exit', () => process.stderr.write('peak ' + /VmHWM:\\s+(.*)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]));`;

describe('backtest parity', () => {
  it('gives the figures of hftbacktest on five million rows', () => {
    expect(parity(generatedFeed(5_000_000))).toEqual({
      steps: 454_669,
      requests: 498_131,
      fills: 124_359,
      position: -0.77,
      balance: 46_232.656,
      fee: -3729.3423956,
      nsPerRow: expect.any(Number),
    });
  });

  it.skipIf(process.platform !== 'linux')('runs five million rows in constant memory', () => {
    const file = generatedFeed(5_000_000);
    const args = ['--tick', '0.1', '--lot', '0.001', '--no-bounds', '--out', folder.path];
    const { status, stderr } = spawnSync(
      process.execPath,
      [`--import=data:text/javascript,${encodeURIComponent(TELL_PEAK)}`, MAIN, 'backtest', 'glft', file, ...args],
      { encoding: 'utf8', env: CHILD_ENV },
    );
    expect(status).toBe(0);
    expect(Number(/^peak (\d+) kB$/.exec(stderr.trim())?.[1])).toBeLessThan(300 * 1024);
  });

  it.each([2, 77, 123_456])('gives the figures of a naive simulator on the feed of seed %i', (seed) => {
    const file = generatedFeed(200_000, seed);
    const expected = naiveParity(readFileSync(file));
    expect(expected.fills).toBeGreaterThan(3000);
    expect(parity(file)).toMatchObject(expected);
  });

  it.each([1, 2])('gives them where levels cross and rows come out of order (seed %i)', (seed) => {
    const feed = crossingFeed(20_000, seed);
    const expected = naiveParity(feed, true);
    expect(expected.fills).toBeGreaterThan(50);
    expect(parity(folder.write(`crossing-${seed}.bin`, feed))).toMatchObject(expected);
  });
});
