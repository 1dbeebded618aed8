/** Resident memory of ten million resting orders, and of the table that finds them by id. */
import { FlowRunner } from 'quotewright/order-flow/flow-runner';

const ORDERS = 10_000_000;
const LEVELS = 10_000;
const BATCH = 65_536;

export function benchMemory() {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const runner = new FlowRunner(ORDERS + 2 * LEVELS, ORDERS);
  const ops = new Int32Array(BATCH * 5);
  for (let from = 0; from < ORDERS; from += BATCH) {
    const length = Math.min(BATCH, ORDERS - from);
    for (let i = 0; i < length; i++) {
      const id = from + i;
      const side = id & 1;
      const distance = 1 + (id % LEVELS);
      ops.set([0, id, side, side === 0 ? 1_000_000 - distance : 1_000_000 + distance, 1], i * 5);
    }
    runner.run(ops, length, String);
  }
  const { resting } = runner.result();
  globalThis.gc?.();
  const megabytes = (process.memoryUsage().rss - before) / 1e6;
  return {
    name: 'resting orders',
    orders: resting,
    megabytes: Math.round(megabytes),
    bytesPerOrder: (megabytes * 1e6) / resting,
  };
}
