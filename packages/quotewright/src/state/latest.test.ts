/** The latest of a topic, kept up by updates: what the whole would be, and nothing twice. */
import { Random } from '@quotewright/core/base/random';
import { describe, expect, it } from 'vitest';
import type { TopicUpdate } from '../server/protocol/stream.ts';
import { latestOf } from './latest.ts';

const update = (topic: string, type: 'snapshot' | 'delta', data: unknown): TopicUpdate => ({
  op: 'update',
  topic,
  type,
  seq: 1,
  timeMs: 0,
  wallMs: 0,
  data,
});

const open = (side: Map<number, number>): [number, number][] => [...side].filter(([, lots]) => lots > 0);
const fill = (number: number) => ({ number, timeMs: number });
const fills = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => fill(from + i));
const alert = (key: string, isAcknowledged: boolean) => ({ key, timeMs: 5, isAcknowledged });

describe('the latest of a topic', () => {
  it('is a book’s levels, whatever deltas brought them', () => {
    const random = Random.stream(1, 'latest');
    const latest = latestOf('book:v:s');
    const sides = { bids: new Map<number, number>(), asks: new Map<number, number>() };
    for (let step = 0; step < 500; step++) {
      const changes = (): [number, number][] =>
        [...new Set(Array.from({ length: 3 }, () => Math.floor(random.uniform() * 20)))].map((ticks) => [
          ticks,
          Math.floor(random.uniform() * 3),
        ]);
      const isSnapshot = step % 50 === 0;
      const data = { bids: changes(), asks: changes(), isReady: true, lastTicks: step };
      if (isSnapshot) {
        sides.bids.clear();
        sides.asks.clear();
      }
      for (const name of ['bids', 'asks'] as const)
        for (const [ticks, lots] of data[name]) sides[name].set(ticks, lots);
      expect(latest.take(update('book:v:s', isSnapshot ? 'snapshot' : 'delta', data))).toEqual([data]);
      expect(latest.data).toEqual({
        bids: open(sides.bids).toSorted(([a], [b]) => b - a),
        asks: open(sides.asks).toSorted(([a], [b]) => a - b),
        isReady: true,
        lastTicks: step,
      });
    }
  });

  it('is the newest of a state', () => {
    const latest = latestOf('pnl');
    latest.take(update('pnl', 'snapshot', { a: 1 }));
    latest.take(update('pnl', 'delta', { a: 2 }));
    expect(latest.data).toEqual({ a: 2 });
  });

  it('is the end of a list; a snapshot brings only what was not written', () => {
    const latest = latestOf('fills');
    expect(latest.take(update('fills', 'snapshot', { items: fills(1, 4) }))).toEqual(fills(1, 4));
    latest.settle(true);
    expect(latest.take(update('fills', 'delta', { items: fills(4, 6) }))).toEqual(fills(4, 6));
    latest.settle(false);
    expect(latest.take(update('fills', 'snapshot', { items: fills(1, 8) }))).toEqual(fills(4, 8));
    latest.settle(true);
    expect(latest.take(update('fills', 'snapshot', { items: fills(1, 8) }))).toEqual([]);
    latest.take(update('fills', 'delta', { items: fills(8, 200) }));
    expect(latest.data).toEqual({ items: fills(100, 200) });
  });

  it('replaces an alert that was acknowledged', () => {
    const latest = latestOf('alerts');
    latest.take(update('alerts', 'delta', { items: [alert('a', false), alert('b', false)] }));
    latest.take(update('alerts', 'delta', { items: [alert('a', true)] }));
    expect(latest.data).toEqual({ items: [alert('b', false), alert('a', true)] });
  });
});
