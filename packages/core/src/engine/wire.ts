/**
 * The wire between the engine and one simulated venue: requests and reports on their way, each late by the latency model. Order
 * messages never overtake one another in a direction. A request that the latency model lets fail (the venue was overloaded)
 * comes back as a refusal and never reaches the venue.
 */
import { EVENT_STRIDE, EventFlag, Field, headFlags, headInstrument, headKind, packHead } from '../market/event.ts';
import { RecordQueue } from '../trading/record-queue.ts';
import { Reject, ReportKind, RequestKind } from '../trading/records.ts';
import type { LatencyModel } from '../venue-sim/latency.ts';
import type { SimVenue } from '../venue-sim/venue.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;

/** The refusal of each kind of request. */
const REFUSAL: Readonly<Record<number, number>> = {
  [RequestKind.NEW]: ReportKind.REJECT,
  [RequestKind.CANCEL]: ReportKind.CANCEL_REJECT,
  [RequestKind.AMEND]: ReportKind.AMEND_REJECT,
};

export class Wire {
  /** When the next request arrives at the venue, and the next report at the engine; Infinity when none is on its way. */
  nextRequestNs = Number.POSITIVE_INFINITY;
  nextReportNs = Number.POSITIVE_INFINITY;
  readonly #venue: SimVenue;
  readonly #latency: LatencyModel;
  /** VENUE_NS = arrival. */
  readonly #requests = new RecordQueue();
  /** LOCAL_NS = arrival. */
  readonly #reports = new RecordQueue();
  /** Refusals of requests that failed on their way: they do not wait for the reports of the venue. */
  readonly #refusals = new RecordQueue(16);
  #lastRequestNs = Number.NEGATIVE_INFINITY;
  #lastReportNs = Number.NEGATIVE_INFINITY;
  #lastRefusalNs = Number.NEGATIVE_INFINITY;

  constructor(venue: SimVenue, latency: LatencyModel) {
    this.#venue = venue;
    this.#latency = latency;
  }

  /** Sends the request at `data[offset]`, at its LOCAL_NS. */
  send(data: Float64Array, offset: number): void {
    const nowNs = data[offset + LOCAL_NS];
    const head = data[offset + HEAD];
    const latencyNs = this.#latency.entryNs(headKind(head), nowNs);
    if (latencyNs < 0) return this.#refuse(data, offset, head, nowNs - latencyNs);
    const arrivalNs = Math.max(nowNs + latencyNs, this.#lastRequestNs);
    this.#lastRequestNs = arrivalNs;
    const at = this.#requests.reserve();
    const queue = this.#requests.data;
    for (let i = 0; i < EVENT_STRIDE; i++) queue[at + i] = data[offset + i];
    queue[at + VENUE_NS] = arrivalNs;
    if (arrivalNs < this.nextRequestNs) this.nextRequestNs = arrivalNs;
  }

  /** Lets the next request arrive at the venue. */
  deliverRequest(): void {
    const queue = this.#requests;
    const at = queue.peek();
    queue.shift();
    this.#venue.request(queue.data, at, queue.data[at + VENUE_NS]);
    this.nextRequestNs = queue.length > 0 ? queue.data[queue.peek() + VENUE_NS] : Number.POSITIVE_INFINITY;
    this.collect();
  }

  /** Takes what the venue reports; called after whatever may have made it speak. */
  collect(): void {
    const reports = this.#venue.reports;
    while (reports.length > 0) {
      const from = reports.peek();
      const data = reports.data;
      reports.shift();
      const venueNs = data[from + VENUE_NS];
      const latencyNs = this.#latency.reportNs(headKind(data[from + HEAD]), venueNs);
      const arrivalNs = Math.max(venueNs + latencyNs, this.#lastReportNs);
      this.#lastReportNs = arrivalNs;
      const at = this.#reports.reserve();
      const queue = this.#reports.data;
      for (let i = 0; i < EVENT_STRIDE; i++) queue[at + i] = data[from + i];
      queue[at + LOCAL_NS] = arrivalNs;
      if (arrivalNs < this.nextReportNs) this.nextReportNs = arrivalNs;
    }
  }

  /** The queue that holds the next report, to be read with `peek` and then taken off with `shiftReport`. */
  get nextReport(): RecordQueue {
    const { data } = this.#reports;
    const isReport = this.#reports.length > 0 && data[this.#reports.peek() + LOCAL_NS] === this.nextReportNs;
    return isReport ? this.#reports : this.#refusals;
  }

  shiftReport(): void {
    this.nextReport.shift();
    let nextNs = Number.POSITIVE_INFINITY;
    if (this.#reports.length > 0) nextNs = this.#reports.data[this.#reports.peek() + LOCAL_NS];
    if (this.#refusals.length > 0) nextNs = Math.min(nextNs, this.#refusals.data[this.#refusals.peek() + LOCAL_NS]);
    this.nextReportNs = nextNs;
  }

  #refuse(data: Float64Array, offset: number, head: number, backNs: number): void {
    const arrivalNs = Math.max(backNs, this.#lastRefusalNs);
    this.#lastRefusalNs = arrivalNs;
    const at = this.#refusals.reserve();
    const queue = this.#refusals.data;
    queue[at + HEAD] = packHead(REFUSAL[headKind(head)], headFlags(head) & EventFlag.BUY, headInstrument(head));
    queue[at + VENUE_NS] = arrivalNs;
    queue[at + LOCAL_NS] = arrivalNs;
    queue[at + PRICE_TICKS] = data[offset + PRICE_TICKS];
    queue[at + SIZE_LOTS] = data[offset + SIZE_LOTS];
    queue[at + ORDER_ID] = data[offset + ORDER_ID];
    queue[at + SEQ] = 0;
    queue[at + AUX] = Reject.OVERLOADED;
    if (arrivalNs < this.nextReportNs) this.nextReportNs = arrivalNs;
  }
}
