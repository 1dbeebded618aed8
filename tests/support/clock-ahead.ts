/** A session in a living market whose venue stamps its market data with a clock that is ahead of ours. */
import { Engine } from '@quotewright/core/engine/engine';
import { LivingSession } from '@quotewright/core/engine/living-session';
import { Mark } from '@quotewright/core/engine/local-market';
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import { findStrategy } from '@quotewright/core/strategies/registry';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import type { LivingVenue } from '@quotewright/core/venue-sim/venue';
import { sampleMarkets } from '../../packages/quotewright/src/calibrate/sample-markets.ts';

const WAY_NS = 1e6;

class AheadVenue implements LivingVenue {
  readonly feed = new RecordQueue(1024);
  readonly #venue: LivingVenue;
  readonly #aheadNs: number;

  constructor(venue: LivingVenue, aheadNs: number) {
    this.#venue = venue;
    this.#aheadNs = aheadNs;
  }

  get reports(): RecordQueue {
    return this.#venue.reports;
  }

  get nextNs(): number {
    return this.#venue.nextNs;
  }

  step(): void {
    this.#venue.step();
    this.#stamp();
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    this.#venue.request(data, offset, nowNs);
    this.#stamp();
  }

  #stamp(): void {
    const { feed } = this.#venue;
    for (; feed.length > 0; feed.shift()) {
      const from = feed.peek();
      const to = this.feed.reserve();
      this.feed.data.set(feed.data.subarray(from, from + EVENT_STRIDE), to);
      this.feed.data[to + Field.VENUE_NS]! += this.#aheadNs;
    }
  }
}

/** A maker's engine after so many seconds. */
export function runAhead(aheadNs: number, seconds: number): Engine {
  const markets = sampleMarkets('BTCUSDT');
  const definition = findStrategy('basic-maker')!;
  const params = Object.fromEntries(Object.entries(definition.params).map(([name, spec]) => [name, spec.default]));
  const engine = new Engine({
    instruments: markets.map(({ instrument }) => instrument),
    isL3: [false],
    venueOf: [0],
    strategies: [{ definition, params, observers: [] }],
    seed: 1,
    mark: Mark.MID,
    risk: {},
  });
  // Messages take as long as ever: what is stamped later arrives sooner after its stamp.
  const latency = { entryNs: () => WAY_NS, reportNs: () => WAY_NS, feedNs: () => WAY_NS - aheadNs };
  const session = new LivingSession(engine, new AheadVenue(new LivingMarket(markets, 1), aheadNs), latency);
  session.start(0);
  session.run(seconds * 1e9);
  return engine;
}
