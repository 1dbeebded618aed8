/**
 * Runs an engine in a living market: the venue makes its own events, and what it publishes reaches the engine after the latency of
 * market data, a message at a time, in the order in which it was published. The order of what happens at one time is that of
 * `ReplaySession`.
 */
import { EVENT_STRIDE, EventFlag, Field, headFlags } from '../market/event.ts';
import { RecordQueue } from '../trading/record-queue.ts';
import type { LatencyModel } from '../venue-sim/latency.ts';
import type { LivingVenue } from '../venue-sim/venue.ts';
import type { Engine } from './engine.ts';
import { Wire } from './wire.ts';

const { HEAD, VENUE_NS, LOCAL_NS } = Field;

export class LivingSession {
  readonly #engine: Engine;
  readonly #venue: LivingVenue;
  readonly #latency: LatencyModel;
  readonly #wire: Wire;
  /** Market data on its way. */
  readonly #feed = new RecordQueue(1024);
  #feedNs = Number.POSITIVE_INFINITY;
  #lastFeedNs = Number.NEGATIVE_INFINITY;
  #isInMessage = false;
  #isOver = false;

  constructor(engine: Engine, venue: LivingVenue, latency: LatencyModel) {
    this.#engine = engine;
    this.#venue = venue;
    this.#latency = latency;
    this.#wire = new Wire(venue, latency);
  }

  /** The strategies start. */
  start(nowNs: number): void {
    this.#engine.start(nowNs);
    this.#carry();
  }

  /** Runs everything that lies before a time. */
  run(limitNs: number): void {
    const engine = this.#engine;
    const wire = this.#wire;
    const venue = this.#venue;
    for (;;) {
      const feedNs = this.#feedNs;
      const venueNs = this.#isOver ? Number.POSITIVE_INFINITY : venue.nextNs;
      const reportNs = wire.nextReportNs;
      const requestNs = wire.nextRequestNs;
      const wakeNs = engine.wakeNs;
      if (feedNs <= venueNs && feedNs <= reportNs && feedNs <= requestNs && feedNs <= wakeNs) {
        if (!(feedNs < limitNs)) return;
        const feed = this.#feed;
        engine.market(feed.data, feed.peek());
        feed.shift();
        this.#feedNs = feed.length > 0 ? feed.data[feed.peek() + LOCAL_NS] : Number.POSITIVE_INFINITY;
        this.#carry();
      } else if (reportNs <= venueNs && reportNs <= requestNs && reportNs <= wakeNs) {
        if (!(reportNs < limitNs)) return;
        const queue = wire.nextReport;
        const at = queue.peek();
        wire.shiftReport();
        engine.report(queue.data, at);
        this.#carry();
      } else if (venueNs <= requestNs && venueNs <= wakeNs) {
        if (!(venueNs < limitNs)) return;
        venue.step();
        wire.collect();
        this.#publish();
      } else if (requestNs <= wakeNs) {
        if (!(requestNs < limitNs)) return;
        wire.deliverRequest();
        this.#publish();
      } else {
        if (!(wakeNs < limitNs)) return;
        engine.wake();
        this.#carry();
      }
    }
  }

  /** Ends the session: the market stands still, orders are cancelled, and what is under way arrives. */
  finish(nowNs: number): void {
    this.run(nowNs);
    this.#engine.stop(nowNs);
    this.#carry();
    this.#isOver = true;
    this.run(Number.POSITIVE_INFINITY);
  }

  #carry(): void {
    if (this.#engine.hasRequests) this.#engine.takeRequests(this.#wire);
  }

  /** Sends out what the venue has published. */
  #publish(): void {
    const published = this.#venue.feed;
    while (published.length > 0) {
      const from = published.peek();
      const { data } = published;
      published.shift();
      if (!this.#isInMessage) {
        const venueNs = data[from + VENUE_NS];
        this.#lastFeedNs = Math.max(this.#lastFeedNs, venueNs + this.#latency.feedNs(venueNs));
      }
      this.#isInMessage = (headFlags(data[from + HEAD] | 0) & EventFlag.LAST) === 0;
      const at = this.#feed.reserve();
      const feed = this.#feed.data;
      for (let i = 0; i < EVENT_STRIDE; i++) feed[at + i] = data[from + i];
      feed[at + LOCAL_NS] = this.#lastFeedNs;
      if (this.#feed.length === 1) this.#feedNs = this.#lastFeedNs;
    }
  }
}
