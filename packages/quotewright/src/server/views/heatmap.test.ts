import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { LivingReplica } from '../replica/testing/living-replica.ts';
import { marketOf } from './book-data.ts';
import { HEATMAP_CELLS, Heatmap } from './heatmap.ts';

const SECOND = 1e9;

describe('columns of liquidity', () => {
  it('hold what stands at each price around the mid', async () => {
    const pair = await LivingReplica.open({ seed: 31 });
    const { session, engine } = pair;
    const heatmap = new Heatmap(20_000);
    const shares: number[] = [];
    session.start(0);
    for (let i = 1; i <= 300; i++) {
      session.run((i * SECOND) / 4);
      session.carry();
      const market = marketOf(engine, 0);
      heatmap.add(market, (i * SECOND) / 4);
      const [column] = heatmap.entries(i - 1, i);
      const { lots, fromTicks, stepTicks, bidTicks, askTicks, timeMs, imbalance } = column!;
      expect(lots).toHaveLength(HEATMAP_CELLS);
      expect([bidTicks, askTicks]).toEqual([market.bidTicks, market.askTicks]);
      expect(timeMs).toBe(20_000 * 86_400_000 + i * 250);
      // The mid is in the middle, and cells lie on a grid that stands still.
      expect(Math.abs((market.midTicks - fromTicks) / stepTicks - HEATMAP_CELLS / 2)).toBeLessThanOrEqual(1);
      expect(fromTicks % stepTicks).toBe(0);
      const naive = Array.from({ length: HEATMAP_CELLS }, () => 0);
      let all = 0;
      let seen = 0;
      const near = [0, 0];
      for (const side of [Side.BUY, Side.SELL] as const) {
        const count = market.book.levelCount(side);
        const prices = new Float64Array(count);
        const sizes = new Float64Array(count);
        market.book.top(side, count, prices, sizes);
        for (let k = 0; k < count; k++) {
          all++;
          if (k < 5) near[side]! += sizes[k]!;
          const cell = Math.floor((prices[k]! - fromTicks) / stepTicks);
          if (naive[cell] === undefined) continue;
          naive[cell] += sizes[k]!;
          seen++;
        }
      }
      expect(lots).toEqual(naive);
      shares.push(seen / all);
      const [first = 0, second = 0] = [near[Side.BUY], near[Side.SELL]];
      expect(imbalance).toBeCloseTo((first - second) / (first + second), 12);
    }
    // Most of the book is seen.
    expect(shares.reduce((a, b) => a + b) / shares.length).toBeGreaterThan(0.75);
  });

  it('are kept for ten minutes', async () => {
    const pair = await LivingReplica.open({ seed: 32 });
    pair.session.start(0);
    pair.session.run(SECOND);
    const heatmap = new Heatmap(0);
    for (let i = 0; i < 5000; i++) heatmap.add(marketOf(pair.engine, 0), i * 250e6);
    const columns = heatmap.entries(0, 5000);
    expect(columns).toHaveLength(2400);
    expect(columns.map(({ timeMs }) => timeMs)).toEqual(Array.from({ length: 2400 }, (_, i) => (2600 + i) * 250));
    expect(heatmap.entries(4998, 5000)).toEqual(columns.slice(-2));
  });

  it('come at fixed steps of market time', async () => {
    const pair = await LivingReplica.open({ seed: 33 });
    pair.session.start(0);
    pair.session.run(20 * SECOND);
    pair.drain();
    const topic = pair.views.topics.find((each) => each.topic.startsWith('heatmap'))!;
    topic.poll();
    // oxlint-disable-next-line no-unsafe-type-assertion -- what the topic tells
    const { items } = topic.snapshot() as { items: { timeMs: number }[] };
    const steps = new Set(items.slice(1).map(({ timeMs }, i) => timeMs - items[i]!.timeMs));
    expect(items.length).toBeGreaterThan(75);
    expect([...steps]).toEqual([250]);
  });
});
