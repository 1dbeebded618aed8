/**
 * A simulated venue that is shown each row when we receive it: it knows what we know when we know it, as of a paper session. Rows keep
 * their venue's time for everybody else. Each process of a session has a venue of its own, so executions are numbered by the process.
 */
import { EVENT_STRIDE, Field, headKind } from '../market/event.ts';
import { RecordQueue } from '../trading/record-queue.ts';
import { ReportKind } from '../trading/records.ts';
import type { ReplayVenue } from '../venue-sim/venue.ts';

const { HEAD, VENUE_NS, LOCAL_NS, SEQ } = Field;
/** Executions of one process. */
const NUMBERS = 2 ** 32;

export class LocalTimeVenue implements ReplayVenue {
  readonly reports = new RecordQueue();
  readonly #venue: ReplayVenue;
  readonly #firstNumber: number;
  readonly #row = new Float64Array(EVENT_STRIDE);

  /** @param epoch number of the process among all of the session, from 1 */
  constructor(venue: ReplayVenue, epoch = 1) {
    this.#venue = venue;
    this.#firstNumber = (epoch - 1) * NUMBERS;
  }

  market(data: Float64Array, offset: number): void {
    const row = this.#row;
    for (let i = 0; i < EVENT_STRIDE; i++) row[i] = data[offset + i];
    row[VENUE_NS] = row[LOCAL_NS];
    this.#venue.market(row, 0);
    if (this.#venue.reports.length > 0) this.#collect();
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    this.#venue.request(data, offset, nowNs);
    this.#collect();
  }

  #collect(): void {
    const { reports } = this.#venue;
    for (; reports.length > 0; reports.shift()) {
      const from = reports.peek();
      const to = this.reports.reserve();
      const { data } = this.reports;
      for (let i = 0; i < EVENT_STRIDE; i++) data[to + i] = reports.data[from + i];
      if (headKind(data[to + HEAD] | 0) === ReportKind.FILL) data[to + SEQ] += this.#firstNumber;
    }
  }
}
