/** Simulations: the Avellaneda-Stoikov paper's table, and the living market's own speed. */
import { simulatePaper } from '@quotewright/core/analytics/paper/avellaneda-stoikov';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { sampleMarket } from 'quotewright/calibrate/sample-markets';

const ROUNDS = 5;

export function benchPaper(paths = 50_000): unknown {
  const seconds = times(ROUNDS, () => {
    const began = performance.now();
    simulatePaper(0.1, paths, 1);
    return (performance.now() - began) / 1000;
  });
  return { paths, steps: 200, seconds: seconds[0], medianSeconds: seconds[ROUNDS >> 1] };
}

export function benchLiving(minutes = 30): unknown {
  let operations = 0;
  let rows = 0;
  const seconds = times(ROUNDS, () => {
    const market = new LivingMarket([sampleMarket('BTCUSDT')], 1);
    const before = market.operations;
    rows = 0;
    const began = performance.now();
    while (market.nextNs < minutes * 60e9) {
      market.step();
      rows += market.feed.length;
      market.feed.clear();
    }
    operations = market.operations - before;
    return (performance.now() - began) / 1000;
  });
  const best = seconds[0]!;
  return {
    minutes,
    operations,
    publishedRows: rows,
    operationsPerSecond: Math.round(operations / best),
    engineEventsPerSecond: Math.round((operations + rows) / best),
    seconds: best,
    medianSeconds: seconds[ROUNDS >> 1],
  };
}

/** Rising. */
function times(rounds: number, run: () => number): number[] {
  return Array.from({ length: rounds }, run).toSorted((a, b) => a - b);
}
