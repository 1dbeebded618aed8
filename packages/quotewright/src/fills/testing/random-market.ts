/** A seeded market of two bid levels that keeps price-time priority, as a script for `tapeOf`. For tests. */
import { Random } from '@quotewright/core/base/random';
import type { Line } from './tape-script.ts';

const PRICES = [100, 99] as const;

export function randomMarket(seed: number, steps: number): Line[] {
  const random = Random.stream(seed, 'random market');
  const queues = PRICES.map((): { id: number; lots: number }[] => []);
  const lines: Line[] = [[0, 'add', 1, 'sell', 110, 1000]];
  let nextId = 2;
  let seconds = 1;
  for (let step = 0; step < steps; step++) {
    seconds += random.below(3);
    const at = random.below(PRICES.length);
    const queue = queues[at]!;
    const what = random.below(10);
    if (what < 5 || queue.length === 0) {
      const lots = 1 + random.below(5);
      lines.push([seconds, 'add', nextId, 'buy', PRICES[at]!, lots]);
      queue.push({ id: nextId++, lots });
    } else if (what < 8) {
      const [gone] = queue.splice(random.below(queue.length), 1);
      lines.push([seconds, 'cancel', gone!.id, 'buy', PRICES[at]!, gone!.lots]);
    } else sell(1 + random.below(12));
  }
  return lines;

  /** A taker: the better price first, the older order first, each execution a line, all of one instant. */
  function sell(lots: number): void {
    let left = lots;
    seconds += 1;
    queues.forEach((queue, level) => {
      while (left > 0 && queue.length > 0) {
        const front = queue[0]!;
        const taken = Math.min(left, front.lots);
        lines.push([seconds, 'exec', front.id, 'buy', PRICES[level]!, taken]);
        left -= taken;
        front.lots -= taken;
        if (front.lots === 0) queue.shift();
      }
    });
    seconds += 1;
  }
}
