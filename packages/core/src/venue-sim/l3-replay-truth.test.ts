/** A single own order: its fills are those it would truly have had, step by step. */
import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { OrderFlag } from '../trading/records.ts';
import { L3Desk } from './testing/l3-desk.ts';
import { randomFlow, replay, trueFate } from './testing/l3-truth.ts';

describe('L3 replay against a market in which the own order was there', () => {
  it('fills a single resting order when, and by as much as, it truly would', () => {
    let fills = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const random = Random.stream(seed, 'l3-truth');
      const flow = randomFlow(random, 120);
      const at = 20 + random.below(60);
      const side = random.below(2) === 0 ? 'buy' : 'sell';
      const price = 92 + random.below(17);
      const lots = 1 + random.below(15);
      const desk = new L3Desk();
      let isRefused = false;
      const seen = flow.map(() => 0);
      let filled = 0;
      const note = (step: number): void => {
        for (const line of desk.said()) {
          const size = sizeOf(line);
          if (size === 0) continue;
          seen[step]! += size;
          filled += size;
          expect(line).toBe(`FILL 1 ${size}@${price} maker`);
        }
      };
      replay(flow, desk, (step) => {
        if (step > 0) note(step - 1);
        if (step !== at) return;
        isRefused = desk.order(1, side, price, lots, OrderFlag.POST_ONLY)[0]!.startsWith('REJECT');
      });
      note(flow.length - 1);
      if (isRefused) continue;
      expect(filled, `seed ${seed}`).toBeLessThanOrEqual(lots);
      expect(seen, `seed ${seed}`).toEqual(trueFate(flow, at, side, price, lots));
      fills += filled > 0 ? 1 : 0;
    }
    expect(fills).toBeGreaterThan(80);
  });

  it('gives many own orders together no more than each print and each recorded order held', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = Random.stream(seed, 'l3-crowd');
      const flow = randomFlow(random, 150);
      const desk = new L3Desk();
      let next = 1;
      let made = 0;
      let taken = 0;
      // What the step before brought the makers among our orders, at most all of the order that it was.
      const collect = (step: number): void => {
        const sizes = desk.said().map(sizeOf);
        const sum = sizes.reduce((total, size) => total + size, 0);
        const cause = flow[step - 1];
        expect(sum).toBeLessThanOrEqual(cause === undefined || cause.kind === 'reduce' ? 0 : cause.lots);
        made += sum;
      };
      replay(flow, desk, (step) => {
        collect(step);
        if (step < 10 || random.below(2) === 0) return;
        const side = random.below(2) === 0 ? 'buy' : 'sell';
        const flags = [0, OrderFlag.POST_ONLY, OrderFlag.IOC, OrderFlag.FOK][random.below(4)]!;
        const lines = desk.order(next++, side, 92 + random.below(17), 1 + random.below(12), flags);
        const mine = lines.reduce((sum, line) => sum + sizeOf(line), 0);
        taken += mine;
        if ((flags & OrderFlag.FOK) !== 0 && mine > 0) expect(lines.at(-1)).toMatch(/^FILL/);
        if (random.below(3) === 0) desk.cancel(1 + random.below(next));
      });
      collect(flow.length);
      const added = flow.reduce((sum, step) => sum + (step.kind === 'limit' ? step.lots : 0), 0);
      expect(taken).toBeLessThanOrEqual(added);
      expect(made + taken).toBeGreaterThan(0);
    }
  });
});

/** Lots of a FILL; 0 for another report. */
function sizeOf(line: string): number {
  return line.startsWith('FILL') ? Number(line.split(' ')[2]!.split('@')[0]) : 0;
}
