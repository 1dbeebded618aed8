/**
 * Runs an engine in a living market: the market makes its own events, and what its venues publish reaches the engine after the
 * latency of market data, a message at a time, in the order in which a venue published it. Each venue has a wire and latencies of
 * its own. The order of what happens at one time is that of `ReplaySession`, and among venues that of the instruments.
 */
import { EVENT_STRIDE, Field, headInstrument } from '../market/event.ts';
import { instrumentVenues } from '../market/instrument-venues.ts';
import { RecordQueue } from '../trading/record-queue.ts';
import type { LatencyModel } from '../venue-sim/latency.ts';
import type { LivingVenue, SimVenue } from '../venue-sim/venue.ts';
import type { Engine } from './engine.ts';
import type { OrderCarrier } from './engine-setup.ts';
import { VenueLine } from './venue-line.ts';

const { HEAD } = Field;

export class LivingSession implements OrderCarrier {
  readonly #engine: Engine;
  readonly #market: LivingVenue;
  /** By venue, and by instrument. */
  readonly #lines: readonly VenueLine[];
  readonly #lineOf: readonly VenueLine[];
  /** By instrument: reports of its venue that the wire has not taken yet; empty when there is one venue. */
  readonly #reportsOf: readonly RecordQueue[];
  #isOver = false;

  /**
   * @param latency of all venues, or of each of them, in the order in which they first occur among the instruments
   * @throws RangeError when latencies are not as many as venues
   */
  constructor(engine: Engine, market: LivingVenue, latency: LatencyModel | readonly LatencyModel[]) {
    const { names, venueOf } = instrumentVenues(engine.instruments);
    const latencies = isList(latency) ? latency : names.map(() => latency);
    if (latencies.length !== names.length) {
      throw new RangeError(`living session: ${latencies.length} latencies for ${names.length} venues`);
    }
    this.#engine = engine;
    this.#market = market;
    const faces: readonly SimVenue[] =
      names.length === 1
        ? [market]
        : names.map(() => ({
            reports: new RecordQueue(),
            request: (data, offset, nowNs) => {
              market.request(data, offset, nowNs);
              this.#sortReports();
            },
          }));
    this.#lines = faces.map((face, index) => new VenueLine(face, latencies[index]));
    this.#lineOf = venueOf.map((venue) => this.#lines[venue]);
    this.#reportsOf = names.length === 1 ? [] : venueOf.map((venue) => faces[venue].reports);
  }

  /** The strategies start. */
  start(nowNs: number): void {
    this.#engine.start(nowNs);
    this.carry();
  }

  /** Runs everything that lies before a time. */
  run(limitNs: number): void {
    const engine = this.#engine;
    const market = this.#market;
    const lines = this.#lines;
    for (;;) {
      let feedLine = lines[0];
      let reportLine = feedLine;
      let requestLine = feedLine;
      for (let i = 1; i < lines.length; i++) {
        const line = lines[i];
        if (line.feedNs < feedLine.feedNs) feedLine = line;
        if (line.wire.nextReportNs < reportLine.wire.nextReportNs) reportLine = line;
        if (line.wire.nextRequestNs < requestLine.wire.nextRequestNs) requestLine = line;
      }
      const { feedNs } = feedLine;
      const venueNs = this.#isOver ? Number.POSITIVE_INFINITY : market.nextNs;
      const reportNs = reportLine.wire.nextReportNs;
      const requestNs = requestLine.wire.nextRequestNs;
      const wakeNs = engine.wakeNs;
      if (feedNs <= venueNs && feedNs <= reportNs && feedNs <= requestNs && feedNs <= wakeNs) {
        if (!(feedNs < limitNs)) return;
        engine.market(feedLine.feed.data, feedLine.feed.peek());
        feedLine.shiftFeed();
        this.carry();
      } else if (reportNs <= venueNs && reportNs <= requestNs && reportNs <= wakeNs) {
        if (!(reportNs < limitNs)) return;
        const queue = reportLine.wire.nextReport;
        const at = queue.peek();
        reportLine.wire.shiftReport();
        engine.report(queue.data, at);
        this.carry();
      } else if (venueNs <= requestNs && venueNs <= wakeNs) {
        if (!(venueNs < limitNs)) return;
        market.step();
        this.#sortReports();
        for (let i = 0; i < lines.length; i++) lines[i].wire.collect();
        this.#publish();
      } else if (requestNs <= wakeNs) {
        if (!(requestNs < limitNs)) return;
        requestLine.wire.deliverRequest();
        this.#publish();
      } else {
        if (!(wakeNs < limitNs)) return;
        engine.wake(wakeNs);
        this.carry();
      }
    }
  }

  /** Ends the session: the market stands still, orders are cancelled, and what is under way arrives. */
  finish(nowNs: number): void {
    this.run(nowNs);
    this.#engine.stop(nowNs);
    this.carry();
    this.#isOver = true;
    this.run(Number.POSITIVE_INFINITY);
  }

  /** A request of the engine goes to the venue of its instrument. */
  send(data: Float64Array, offset: number): void {
    this.#lineOf[headInstrument(data[offset + HEAD])].wire.send(data, offset);
  }

  /** Sends the requests that the engine has: after anything was done to it from outside. */
  carry(): void {
    if (this.#engine.hasRequests) this.#engine.takeRequests(this);
  }

  /** Gives each venue its reports. A request is answered by its own venue, so that its wire is the one that collects them. */
  #sortReports(): void {
    if (this.#reportsOf.length === 0) return;
    const { reports } = this.#market;
    while (reports.length > 0) {
      const from = reports.peek();
      const { data } = reports;
      reports.shift();
      const queue = this.#reportsOf[headInstrument(data[from + HEAD])];
      const to = queue.reserve();
      for (let i = 0; i < EVENT_STRIDE; i++) queue.data[to + i] = data[from + i];
    }
  }

  /** Sends out what the venues have published. */
  #publish(): void {
    const published = this.#market.feed;
    while (published.length > 0) {
      const from = published.peek();
      const { data } = published;
      published.shift();
      this.#lineOf[headInstrument(data[from + HEAD])].publish(data, from);
    }
  }
}

function isList(latency: LatencyModel | readonly LatencyModel[]): latency is readonly LatencyModel[] {
  return Array.isArray(latency);
}
