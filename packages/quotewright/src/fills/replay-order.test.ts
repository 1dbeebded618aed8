import type { Side } from '@quotewright/core/market/side';
import { queueModel, QueueModel } from '@quotewright/core/venue-sim/queue-model';
import { describe, expect, it } from 'vitest';
import { realOrders } from './real-orders.ts';
import { replayOrder, viewOf, type Outcome } from './replay-order.ts';
import { tapeOf, type Line } from './testing/tape-script.ts';

/** Writes down what it is shown, and stays where the prints take it. */
class Witness extends QueueModel {
  readonly seen: string[] = [];

  override join(_slot: number, _side: Side, _price: number, levelLots: number, nowNs: number): number {
    this.seen.push(`join ${levelLots} at ${nowNs / 1e9}`);
    return levelLots;
  }

  override trade(_slot: number, ahead: number, traded: number): number {
    this.seen.push(`print ${traded}`);
    return ahead - traded;
  }

  override depth(
    _slot: number,
    _side: Side,
    _price: number,
    ahead: number,
    prev: number,
    next: number,
    traded: number,
    nowNs: number,
  ): number {
    this.seen.push(`${prev} to ${next} with ${traded} at ${nowNs / 1e9}`);
    return Math.min(ahead, next);
  }
}

function replay(lines: readonly Line[], model: QueueModel, intervalSeconds = 0): Outcome {
  const tape = tapeOf(lines);
  const order = realOrders(tape).find(({ id }) => id === 7)!;
  const out: Outcome = { filledLots: 0, firstFillNs: Number.NaN };
  replayOrder(viewOf(tape, intervalSeconds * 1e9), order, model, 0, out);
  return out;
}

const BEFORE: Line[] = [
  [0, 'add', 1, 'sell', 110, 500],
  [0, 'add', 2, 'buy', 100, 300],
  [1, 'add', 7, 'buy', 100, 50],
];

/** A print of 280 so many seconds after the real fill, which a risk-averse model needs to reach its order. */
const upTo = (seconds: number, late: Line[]): Outcome =>
  replay(
    [
      ...BEFORE,
      [2, 'add', 3, 'buy', 100, 400],
      [3, 'cancel', 2, 'buy', 100, 300],
      [4, 'exec', 7, 'buy', 100, 50],
      [4 + seconds, 'exec', 3, 'buy', 100, 280],
      ...late,
    ],
    queueModel('risk-averse'),
  );

describe('the L2 view of an order', () => {
  it('shows the others, never the order: neither its size, nor its part in what trades or is cancelled', () => {
    const witness = new Witness();
    const outcome = replay(
      [
        ...BEFORE,
        [2, 'add', 3, 'buy', 100, 40],
        [3, 'exec', 2, 'buy', 100, 100],
        [4, 'cancel', 2, 'buy', 100, 200],
        [5, 'exec', 7, 'buy', 100, 20],
        [6, 'add', 4, 'buy', 100, 10],
        [7, 'cancel', 7, 'buy', 100, 30],
        [8, 'add', 5, 'buy', 100, 10],
      ],
      witness,
    );
    expect(witness.seen).toEqual([
      'join 300 at 1',
      '300 to 340 with 0 at 2',
      'print 100',
      '340 to 240 with 100 at 3',
      '240 to 40 with 0 at 4',
      'print 20',
      // The own fill left the level as it was, and counts in no later change.
      '40 to 50 with 0 at 6',
    ]);
    expect(outcome.filledLots).toBe(0);
  });

  it('fills by the print that passes what is ahead, as far as it does', () => {
    const lines: Line[] = [
      ...BEFORE,
      [2, 'exec', 2, 'buy', 100, 300],
      [3, 'exec', 7, 'buy', 100, 20],
      [9, 'add', 8, 'buy', 90, 1],
    ];
    expect(replay(lines, queueModel('risk-averse'))).toEqual({ filledLots: 20, firstFillNs: 3e9 });
    expect(replay(lines, queueModel('touch'))).toEqual({ filledLots: 50, firstFillNs: 2e9 });
  });

  it('lets the rest of the instant of the real fill reach a model that is further behind, but nothing later within the life', () => {
    expect(upTo(0, [])).toEqual({ filledLots: 30, firstFillNs: 4e9 });
    // Late: no fill in the life, but its time is known.
    expect(upTo(1, [])).toEqual({ filledLots: 0, firstFillNs: 5e9 });
    expect(upTo(100, []).firstFillNs).toBeNaN();
    // The taker went on beyond the price, or the other side came to rest there.
    expect(upTo(100, [[4, 'exec', 9, 'buy', 99, 1]]).filledLots).toBe(0);
  });

  it('fills by what trades beyond the price, or quotes across it, in the instant of the real fill', () => {
    const base: Line[] = [...BEFORE, [2, 'add', 9, 'buy', 99, 10], [4, 'exec', 7, 'buy', 100, 50]];
    expect(replay([...base, [4, 'exec', 9, 'buy', 99, 10]], queueModel('risk-averse'))).toEqual({
      filledLots: 50,
      firstFillNs: 4e9,
    });
    expect(replay([...base, [4, 'add', 8, 'sell', 100, 10]], queueModel('risk-averse')).filledLots).toBe(50);
    expect(replay([...base, [5, 'exec', 9, 'buy', 99, 10]], queueModel('risk-averse')).filledLots).toBe(0);
    expect(replay([...base, [4, 'add', 8, 'sell', 101, 10]], queueModel('risk-averse')).filledLots).toBe(0);
  });

  it('tells a cancelled order nothing of what comes after it', () => {
    const lines: Line[] = [
      ...BEFORE,
      [2, 'cancel', 7, 'buy', 100, 50],
      [2, 'exec', 2, 'buy', 100, 300],
      [2, 'add', 8, 'sell', 100, 5],
    ];
    const witness = new Witness();
    expect(replay(lines, witness)).toEqual({ filledLots: 0, firstFillNs: Number.NaN });
    expect(witness.seen).toEqual(['join 300 at 1']);
  });

  it('with an interval, shows what changes come to at its end, prints at once, and joins at what was shown less what printed', () => {
    const witness = new Witness();
    replay(
      [
        [0, 'add', 1, 'sell', 110, 500],
        [0, 'add', 2, 'buy', 100, 300],
        [11, 'add', 6, 'buy', 100, 100],
        [12, 'exec', 2, 'buy', 100, 50],
        [13, 'add', 7, 'buy', 100, 50],
        [14, 'add', 3, 'buy', 100, 40],
        [15, 'exec', 2, 'buy', 100, 10],
        [16, 'cancel', 3, 'buy', 100, 40],
        [21, 'add', 4, 'buy', 100, 5],
        [45, 'cancel', 7, 'buy', 100, 50],
      ],
      witness,
      10,
    );
    expect(witness.seen).toEqual([
      // Shown at 10: 300; printed since: 50.
      'join 250 at 13',
      'print 10',
      // 340 of others are left at 20.
      '250 to 340 with 10 at 20',
      '340 to 345 with 0 at 30',
    ]);
  });
});
