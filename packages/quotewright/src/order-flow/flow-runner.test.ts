import { describe, expect, it } from 'vitest';
import { FlowRunner } from './flow-runner.ts';

function run(...ops: number[][]): ReturnType<FlowRunner['result']> {
  const runner = new FlowRunner(64, 64);
  runner.run(Int32Array.from(ops.flat()), ops.length, (index) => `operation ${index + 1}`);
  return runner.result();
}

/** The hash as the format defines it, in exact arithmetic. */
function hashOf(...values: number[]): number {
  let hash = 2_166_136_261n;
  for (const value of values) hash = ((hash ^ BigInt(value)) * 16_777_619n) % 2n ** 32n;
  return Number(hash);
}

describe('an order flow', () => {
  it('trades at the maker price, oldest first, and hashes maker id, price and quantity', () => {
    const result = run([0, 1, 1, 100, 5], [0, 2, 1, 100, 5], [0, 3, 1, 101, 5], [2, 4, 0, 102, 12]);
    expect(result).toMatchObject({ trades: 3, tradedQty: 12, resting: 1, bidLevels: 0, askLevels: 1, bestAsk: 101 });
    expect(result.bestBid).toBeNull();
    expect(result.tradeHash).toBe(hashOf(1, 100, 5, 2, 100, 5, 3, 101, 2));
  });

  it('cancels only the order of the id, though its slot is used again', () => {
    const result = run([0, 1, 0, 100, 5], [2, 2, 1, 100, 5], [0, 3, 0, 99, 7], [1, 1, 0, 0, 0], [1, 9, 0, 0, 0]);
    expect(result).toMatchObject({ trades: 1, resting: 1, bestBid: 99, unknownCancels: 2 });
  });

  it('refuses an id that rests already, and takes one that rests no more', () => {
    expect(() => run([0, 1, 0, 100, 5], [0, 1, 0, 101, 5])).toThrow('operation 2: the id of a new order');
    expect(run([0, 1, 0, 100, 5], [1, 1, 0, 0, 0], [0, 1, 0, 101, 5]).bestBid).toBe(101);
  });

  it('starts empty', () => {
    expect(run()).toMatchObject({ ops: 0, trades: 0, tradeHash: 2_166_136_261, resting: 0, bestBid: null });
  });
});
