/** `quotewright backtest parity` against the figures of the reference simulator, and against a naive one on other feeds. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { naiveParity } from '../packages/quotewright/src/backtest/testing/naive-parity.ts';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { quotewright } from './support/command.ts';
import { crossingFeed } from './support/crossing-feed.ts';
import { generatedFeed } from './support/feed-generator.ts';

function parity(file: string): unknown {
  const { status, stdout, stderr } = quotewright('backtest', 'parity', file, '--json');
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

const folder = tempFolder();

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
