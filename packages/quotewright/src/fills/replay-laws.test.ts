import { Random } from '@quotewright/core/base/random';
import { HazardQueue } from '@quotewright/core/venue-sim/hazard-queue';
import { queueModel, type QueueModel } from '@quotewright/core/venue-sim/queue-model';
import { describe, expect, it } from 'vitest';
import { isRegular } from './queue-walk.ts';
import { LifeEnd, realOrders } from './real-orders.ts';
import { PATIENCE_NS, replayOrder, viewOf, type Outcome } from './replay-order.ts';
import { randomMarket } from './testing/random-market.ts';
import { tapeOf, type Line } from './testing/tape-script.ts';

const MARKETS = Array.from({ length: 40 }, (_, seed) => randomMarket(seed, 150));

/** What a model says of every order of a market, by id. */
function outcomes(lines: readonly Line[], make: () => QueueModel, intervalNs = 0): Map<number, Outcome> {
  const tape = tapeOf(lines);
  const view = viewOf(tape, intervalNs);
  return new Map(
    realOrders(tape).map((order) => {
      const out: Outcome = { filledLots: 0, firstFillNs: Number.NaN };
      replayOrder(view, order, make(), 0, out);
      return [order.id, out];
    }),
  );
}

const hazard = (): QueueModel => new HazardQueue(Random.stream(1, 'laws'));

describe('laws of the replay in a market that keeps price-time priority', () => {
  it('is regular', () => {
    for (const lines of MARKETS) {
      const tape = tapeOf(lines);
      expect(realOrders(tape).every((order) => isRegular(tape, order))).toBe(true);
    }
  });

  it('has the touch model fill whatever filled, and the risk-averse model nothing that did not', () => {
    let early = 0;
    let late = 0;
    for (const lines of MARKETS) {
      const touch = outcomes(lines, () => queueModel('touch'));
      const averse = outcomes(lines, () => queueModel('risk-averse'));
      for (const order of realOrders(tapeOf(lines))) {
        const real = order.filledLots;
        if (real > 0) expect(touch.get(order.id)!.filledLots).toBeGreaterThan(0);
        // Beyond the real fill nothing was left to fill it with, so a model that is ahead of the truth is at most as full.
        if (averse.get(order.id)!.filledLots > 0) expect(real).toBeGreaterThan(0);
        if (real === 0 && touch.get(order.id)!.filledLots > 0) early++;
        if (real > 0 && averse.get(order.id)!.filledLots === 0) late++;
      }
    }
    // The market is one in which the models differ.
    expect(early).toBeGreaterThan(50);
    expect(late).toBeGreaterThan(50);
  });

  it('gives the hazard model a place between the two', () => {
    for (const lines of MARKETS) {
      const touch = outcomes(lines, () => queueModel('touch'));
      const averse = outcomes(lines, () => queueModel('risk-averse'));
      for (const [id, out] of outcomes(lines, hazard)) {
        expect(out.filledLots).toBeLessThanOrEqual(touch.get(id)!.filledLots);
        expect(out.filledLots).toBeGreaterThanOrEqual(averse.get(id)!.filledLots);
      }
    }
  });

  it('says the same when the future is cut off after the life', () => {
    for (const intervalNs of [0, 4e9]) {
      for (const lines of MARKETS.slice(0, 10)) {
        const whole = outcomes(lines, hazard, intervalNs);
        for (const order of realOrders(tapeOf(lines))) {
          if (order.end === LifeEnd.UNSEEN) continue;
          const momentNs = order.end === LifeEnd.FILLED ? Math.max(0.5, intervalNs) : 0.5;
          const known = lines.filter(([seconds]) => seconds * 1e9 < order.endNs + momentNs);
          const cut = outcomes(known, hazard, intervalNs).get(order.id)!;
          expect(cut.filledLots).toBe(whole.get(order.id)!.filledLots);
        }
      }
    }
  });

  it('waits for no fill longer than its patience', () => {
    for (const lines of MARKETS) {
      const found = outcomes(lines, () => queueModel('risk-averse'));
      for (const order of realOrders(tapeOf(lines))) {
        const { firstFillNs } = found.get(order.id)!;
        if (!Number.isNaN(firstFillNs)) expect(firstFillNs).toBeLessThanOrEqual(order.endNs + PATIENCE_NS + 1);
      }
    }
  });
});
