import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { Side } from '../market/side.ts';
import { QUEUE_MODELS, type QueueModel, type QueueModelName, queueModel } from './queue-model.ts';

function depth(model: QueueModel, ahead: number, prev: number, next: number, traded = 0): number {
  return model.depth(0, Side.BUY, 100, ahead, prev, next, traded, 0);
}

/** Share of a small cancel that comes from ahead, with 25 lots of 100 ahead. */
function shareAhead(model: QueueModel): number {
  return 25 - depth(model, 25, 100, 99);
}

describe('the share of a cancelled lot that was ahead, with 25 lots ahead and 75 behind', () => {
  // 1 − p, worked out from the formulas by hand.
  it.each<[QueueModelName, number, number]>([
    ['risk-averse', 3, 0],
    ['power1', 1, 0.25],
    ['power1', 2, 0.1],
    ['power1', 3, 1 / 28],
    ['power2', 1, 0.25],
    ['power2', 2, 1 - 0.75 ** 2],
    ['power2', 3, 1 - 0.75 ** 3],
    ['power3', 1, 0.25],
    ['power3', 2, 0.0625],
    ['power3', 3, 0.015625],
    ['power3', 0.5, 0.5],
    ['log1', 3, 1 - Math.log(76) / (Math.log(76) + Math.log(26))],
    ['log2', 3, 1 - Math.log(76) / Math.log(101)],
  ])('%s, n = %d: %d', (name, exponent, share) => {
    expect(shareAhead(queueModel(name, exponent))).toBeCloseTo(share, 12);
  });

  it('of the log models depends on the unit of size', () => {
    expect(shareAhead(queueModel('log1', 3, 25))).toBeCloseTo(1 - Math.log(4) / (Math.log(4) + Math.log(2)), 12);
    expect(shareAhead(queueModel('log2', 3, 25))).toBeCloseTo(1 - Math.log(4) / Math.log(5), 12);
  });
});

describe.each(['risk-averse', 'power1', 'power2', 'power3', 'log1', 'log2'] as const)('%s', (name) => {
  const model = queueModel(name);

  it('joins at the back, and prints take from the front', () => {
    expect(model.join(0, Side.SELL, 100, 17, 0)).toBe(17);
    expect(model.trade(0, 17, 20)).toBe(-3);
  });

  it('does not count a print again when the level shows it', () => {
    expect(depth(model, 30, 100, 40, 60)).toBe(30);
    expect(depth(model, 30, 100, 90, 60)).toBe(30);
  });

  it('has nobody ahead of what the level shows', () => {
    expect(depth(model, 100, 100, 40)).toBe(40);
    expect(depth(model, 30, 100, 0)).toBe(0);
    expect(depth(model, 0, 0, 0)).toBe(0);
    expect(depth(model, 0, 0, 5)).toBe(0);
  });

  it('is not moved by a level that grows', () => {
    expect(depth(model, 30, 100, 500)).toBe(30);
  });

  it('stays within what is possible', () => {
    const random = Random.stream(3, name);
    for (let i = 0; i < 20_000; i++) {
      const prev = random.below(50);
      const ahead = random.uniform() * prev;
      const next = random.below(60);
      const traded = random.below(4) === 0 ? random.below(20) : 0;
      const after = depth(model, ahead, prev, next, traded);
      expect(after).toBeLessThanOrEqual(Math.min(ahead, next) + 1e-9);
      // No more than what was cancelled can have been ahead.
      const cancelled = Math.max(0, prev - next - traded);
      expect(after).toBeGreaterThanOrEqual(Math.min(ahead - cancelled, next) - 1e-9);
      // Who stands further back stays further back; power1 lets orders pass (the venue does not).
      if (name === 'power1') continue;
      const behind = ahead + random.uniform() * (prev - ahead);
      expect(depth(model, behind, prev, next, traded)).toBeGreaterThanOrEqual(after - 1e-9);
    }
  });
});

it('touch is always at the front, through never', () => {
  const touch = queueModel('touch');
  expect(touch.join(0, Side.BUY, 100, 50, 0)).toBe(0);
  expect(touch.trade(0, 0, 3)).toBe(-3);
  expect(depth(touch, 0, 5, 50)).toBe(0);
  const through = queueModel('through');
  expect(through.join(0, Side.BUY, 100, 50, 0)).toBe(Infinity);
  expect(through.trade(0, Infinity, 3)).toBe(Infinity);
  expect(depth(through, Infinity, 50, 0)).toBe(Infinity);
  expect(QUEUE_MODELS.filter((name) => queueModel(name).isStrictlyThrough)).toEqual(['through']);
});

it('refuses what is no model', () => {
  expect(() => queueModel(JSON.parse('"power4"'))).toThrow("queue model 'power4' is none of touch, ");
  expect(() => queueModel('power3', 0)).toThrow('exponent of the queue model: 0');
  expect(() => queueModel('power3', Number.NaN)).toThrow('exponent of the queue model: NaN');
  expect(() => queueModel('log1', 3, -1)).toThrow('unit of the queue model: -1 lots');
});
