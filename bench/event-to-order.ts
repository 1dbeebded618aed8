/**
 * From a decoded market event to the order record, inside the engine: book, strategy, quoter, outbox. Every event is timed on its own, the
 * clock's cost included; orders are acknowledged and cancelled at once, outside of the time.
 */
import { Engine } from '@quotewright/core/engine/engine';
import type { OrderCarrier } from '@quotewright/core/engine/engine-setup';
import { Mark } from '@quotewright/core/engine/local-market';
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { type Histogram, build } from 'hdr-histogram-js';
import { answerOf } from './answers.ts';
import { FEED_INSTRUMENT, loadFeed, ordinary } from './replay.ts';

const { LOCAL_NS } = Field;
/** Events before the measurement, for the compiler. */
const WARM_UP = 1_000_000;

const histogram = (): Histogram =>
  build({ bitBucketSize: 32, lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3 });

export async function benchEventToOrder(rows = 5_000_000): Promise<unknown> {
  const batches = await loadFeed(rows);
  const engine = new Engine({
    instruments: [FEED_INSTRUMENT],
    isL3: [false],
    venueOf: [0],
    strategies: [{ definition: ordinary, params: {}, observers: [] }],
    seed: 1,
    mark: Mark.MID,
    quoter: { canAmend: true },
  });
  // The carrier copies what it is given, as the wire does.
  const requests = new RecordQueue(64);
  const carrier: OrderCarrier = {
    send(data, at) {
      const to = requests.reserve();
      for (let i = 0; i < EVENT_STRIDE; i++) requests.data[to + i] = data[at + i]!;
    },
  };
  const all = histogram();
  const withOrder = histogram();
  engine.start(batches[0]!.data[LOCAL_NS]!);
  let seen = 0;
  for (const { data, count } of batches) {
    const durations = new Float64Array(count);
    for (let row = 0; row < count; row++) {
      const start = performance.now();
      engine.market(data, row * EVENT_STRIDE);
      engine.takeRequests(carrier);
      durations[row] = (performance.now() - start) * 1e6;
      const isOrder = requests.length > 0;
      while (requests.length > 0) {
        const at = requests.peek();
        engine.report(answerOf(requests.data.slice(at, at + EVENT_STRIDE)), 0);
        requests.shift();
        engine.takeRequests(carrier);
      }
      if (++seen > WARM_UP && isOrder) withOrder.recordValue(Math.round(durations[row]!));
    }
    if (seen > WARM_UP) for (const duration of durations) all.recordValue(Math.round(duration));
  }
  return {
    rows,
    perEvent: percentiles(all),
    eventsWithOrders: { count: withOrder.totalCount, ...percentiles(withOrder) },
  };
}

function percentiles(of: Histogram): Record<string, number> {
  const at = (percentile: number): number => of.getValueAtPercentile(percentile);
  return { p50: at(50), p99: at(99), 'p99.9': at(99.9), 'p99.99': at(99.99), max: of.maxValue };
}
