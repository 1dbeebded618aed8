/** What is on its way between the engine and one venue of a living market: requests and reports on the wire, and market data. */
import { EVENT_STRIDE, EventFlag, Field, headFlags } from '../market/event.ts';
import { RecordQueue } from '../trading/record-queue.ts';
import type { LatencyModel } from '../venue-sim/latency.ts';
import type { SimVenue } from '../venue-sim/venue.ts';
import { Wire } from './wire.ts';

const { HEAD, VENUE_NS, LOCAL_NS } = Field;

export class VenueLine {
  readonly wire: Wire;
  /** Market data on its way. */
  readonly feed = new RecordQueue(1024);
  /** When the next record of it arrives; Infinity when none is on its way. */
  feedNs = Number.POSITIVE_INFINITY;
  readonly #latency: LatencyModel;
  #lastFeedNs = Number.NEGATIVE_INFINITY;
  #isInMessage = false;

  constructor(venue: SimVenue, latency: LatencyModel) {
    this.#latency = latency;
    this.wire = new Wire(venue, latency);
  }

  /** Sends the market record at `data[from]` on its way. A message's records arrive together. */
  publish(data: Float64Array, from: number): void {
    if (!this.#isInMessage) {
      const venueNs = data[from + VENUE_NS];
      this.#lastFeedNs = Math.max(this.#lastFeedNs, venueNs + this.#latency.feedNs(venueNs));
    }
    this.#isInMessage = (headFlags(data[from + HEAD] | 0) & EventFlag.LAST) === 0;
    const at = this.feed.reserve();
    const feed = this.feed.data;
    for (let i = 0; i < EVENT_STRIDE; i++) feed[at + i] = data[from + i];
    feed[at + LOCAL_NS] = this.#lastFeedNs;
    if (this.feed.length === 1) this.feedNs = this.#lastFeedNs;
  }

  /** Takes the oldest record off the feed, which has arrived. */
  shiftFeed(): void {
    const { feed } = this;
    feed.shift();
    this.feedNs = feed.length > 0 ? feed.data[feed.peek() + LOCAL_NS] : Number.POSITIVE_INFINITY;
  }
}
