/** The matching engine through the real command, on the workloads with known answers. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sharedFile } from '../packages/quotewright/src/data/testing/files.ts';

const LAUNCHER = 'packages/quotewright/bin/quotewright.js';
const folder = mkdtempSync(join(tmpdir(), 'match-'));

function quotewright(...args: string[]) {
  return spawnSync(process.execPath, [LAUNCHER, ...args], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
}

afterAll(() => rmSync(folder, { recursive: true }));

describe('match replay', () => {
  it.each(['mix', 'cross', 'deep'])('gives the expected result of %s', (name) => {
    const expected: Record<string, Record<string, unknown>> = JSON.parse(
      readFileSync(sharedFile('workloads/expected.json'), 'utf8'),
    );
    const generator = join(folder, 'gen_ops');
    if (!existsSync(generator)) execFileSync('g++', ['-O2', '-o', generator, sharedFile('workloads/gen_ops.cpp')]);
    const { ops, trades, tradedQty, tradeHash, resting, bidLevels, askLevels, bestBid, bestAsk } = expected[name]!;
    execFileSync(generator, [name, String(ops), join(folder, name)]);
    const { status, stdout } = quotewright('match', 'replay', join(folder, `${name}.bin`));
    rmSync(join(folder, `${name}.bin`));
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ops,
      trades,
      tradedQty,
      tradeHash,
      resting,
      bidLevels,
      askLevels,
      bestBid,
      bestAsk,
      unknownCancels: 0,
    });
  });

  it('times single operations and gives the same result', () => {
    const file = join(folder, 'generated.bin');
    expect(quotewright('match', 'generate', file, '--ops', '100000', '--seed', '5').status).toBe(0);
    const plain = JSON.parse(quotewright('match', 'replay', file).stdout);
    const timed = JSON.parse(quotewright('match', 'replay', file, '--latency').stdout);
    expect(timed.tradeHash).toBe(plain.tradeHash);
    expect(plain.trades).toBeGreaterThan(10_000);
    const { p50, p99, 'p99.9': p999, 'p99.99': p9999, max } = timed.latencyNs;
    expect([p50, p99, p999, p9999, max].toSorted((a, b) => a - b)).toEqual([p50, p99, p999, p9999, max]);
  });

  it('says in one line what is wrong with a file, and exits 2', () => {
    const bad = join(folder, 'bad.csv');
    writeFileSync(bad, '0,1,0,100,5\n0,1,0,100,5\n');
    for (const [args, words] of [
      [['match', 'replay', bad], `${bad}:2: the id of a new order is that of an order that rests already`],
      [['match', 'replay', join(folder, 'absent')], 'absent'],
      [['match', 'replay', folder], 'is a directory'],
      [['match', 'generate', bad, '--ops', '0'], 'expected a whole number from 1'],
      [['match', 'generate', join(folder, 'no', 'such', 'place'), '--ops', '10'], 'no such'],
    ] as const) {
      const { status, stderr } = quotewright(...args);
      expect(stderr).toContain(words);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(status).toBe(2);
    }
  });
});
