/** Latency that is true although the venue's clock is not: what the venue stamps late or early arrives when it would have. */
import type { LatencyModel } from '@quotewright/core/venue-sim/latency';
import type { FaultyFeed } from './faulty-feed.ts';

export class SkewedLatency implements LatencyModel {
  readonly #true: LatencyModel;
  readonly #feed: FaultyFeed;

  constructor(latency: LatencyModel, feed: FaultyFeed) {
    this.#true = latency;
    this.#feed = feed;
  }

  entryNs(kind: number, nowNs: number): number {
    return this.#true.entryNs(kind, nowNs);
  }

  reportNs(kind: number, venueNs: number): number {
    return this.#true.reportNs(kind, venueNs);
  }

  feedNs(venueNs: number): number {
    return this.#true.feedNs(venueNs) - this.#feed.clockNs;
  }
}
