/**
 * Replays a recording through an engine and simulated venues: the two clocks, and the order of what happens at one time.
 *
 * At equal times: what was received from the market, then reports to the engine, then what happens in the market at the venue,
 * then requests that arrive at the venue, then timers. Between instruments and venues the row that was received first is first.
 */
import { EVENT_STRIDE, Field, headInstrument } from '../market/event.ts';
import type { LatencyModel } from '../venue-sim/latency.ts';
import type { ReplayVenue } from '../venue-sim/venue.ts';
import type { Engine } from './engine.ts';
import type { OrderCarrier } from './engine-setup.ts';
import type { FeedWindow } from './feed-window.ts';
import { Wire } from './wire.ts';

const { HEAD, LOCAL_NS } = Field;
/** Entries of `#times`. */
const LOCAL = 0;
const VENUE = 1;
const OTHER = 2;
const LIMIT = 3;

export interface ReplayVenueSetup {
  readonly venue: ReplayVenue;
  readonly latency: LatencyModel;
  /** Indices of its instruments. */
  readonly instruments: readonly number[];
}

/** Funding of a perpetual at an instant of local time. */
export interface FundingInstant {
  readonly ns: number;
  readonly instrument: number;
  /** Signed parts per billion; longs pay when it is positive. */
  readonly ratePpb: number;
}

/** Who trades: an engine, or what stands in its place. */
export type ReplayTrader = Pick<
  Engine,
  | 'instruments'
  | 'market'
  | 'report'
  | 'wake'
  | 'wakeNs'
  | 'start'
  | 'stop'
  | 'funding'
  | 'isRunning'
  | 'hasRequests'
  | 'takeRequests'
>;

export class ReplaySession implements OrderCarrier {
  readonly #engine: ReplayTrader;
  readonly #window: FeedWindow;
  /** Funding instants in order of time, and the next one. */
  readonly #funding: readonly FundingInstant[];
  #fundingNext = 0;
  readonly #wires: readonly Wire[];
  /** By instrument. */
  readonly #venues: readonly ReplayVenue[];
  readonly #wireOf: readonly Wire[];
  /** The wires on which the next report and the next request arrive, and when. */
  #reportWire: Wire;
  #requestWire: Wire;
  #reportNs = Number.POSITIVE_INFINITY;
  #requestNs = Number.POSITIVE_INFINITY;

  /** See `#runTo`. */
  readonly #times = new Float64Array(4);
  readonly #startNs: number;
  #hasStarted = false;

  /**
   * @param startNs local time at which the strategies start, unless they run already; rows before it build the books
   * @throws RangeError when an instrument of the engine has no venue
   */
  constructor(
    engine: ReplayTrader,
    window: FeedWindow,
    setups: readonly ReplayVenueSetup[],
    startNs: number,
    funding: readonly FundingInstant[] = [],
  ) {
    this.#startNs = startNs;
    this.#engine = engine;
    this.#window = window;
    this.#funding = funding.toSorted((a, b) => a.ns - b.ns);
    this.#wires = setups.map((setup) => new Wire(setup.venue, setup.latency));
    const of = engine.instruments.map((_, index) => setups.findIndex((setup) => setup.instruments.includes(index)));
    const homeless = of.indexOf(-1);
    if (homeless >= 0) throw new RangeError(`instrument ${engine.instruments[homeless].symbol} has no venue`);
    this.#venues = of.map((index) => setups[index].venue);
    this.#wireOf = of.map((index) => this.#wires[index]);
    this.#reportWire = this.#wires[0];
    this.#requestWire = this.#wires[0];
  }

  /** Takes a request of the engine. */
  send(data: Float64Array, offset: number): void {
    this.#wireOf[headInstrument(data[offset + HEAD] | 0)].send(data, offset);
  }

  /** Runs everything that lies before a time. Rows that come later must not be received before it. */
  run(limitNs: number): void {
    if (!this.#hasStarted) {
      this.#runTo(Math.min(limitNs, this.#startNs));
      if (limitNs <= this.#startNs) return;
      this.#hasStarted = true;
      if (!this.#engine.isRunning) this.#engine.start(this.#startNs);
      this.carry();
    }
    while (this.#fundingNext < this.#funding.length && this.#funding[this.#fundingNext].ns < limitNs) {
      const { ns, instrument, ratePpb } = this.#funding[this.#fundingNext++];
      this.#runTo(ns);
      this.#engine.funding(instrument, ratePpb, ns);
      this.carry();
    }
    this.#runTo(limitNs);
  }

  /** Takes what the engine sends; for who has told it something between two runs. */
  carry(): void {
    if (!this.#engine.hasRequests) return;
    this.#engine.takeRequests(this);
    this.#look();
  }

  /** Ends the session at a local time: orders are cancelled, and what is under way arrives. */
  finish(nowNs: number): void {
    this.run(nowNs);
    this.#engine.stop(nowNs);
    this.carry();
    this.#runTo(Number.POSITIVE_INFINITY);
  }

  #runTo(limitNs: number): void {
    const engine = this.#engine;
    const window = this.#window;
    // The window's arrays change with `append` only.
    const { data, venueOrder, length, venueField } = window;
    const localEnd = length * EVENT_STRIDE;
    let localAt = window.localNext * EVENT_STRIDE;
    let venueNext = window.venueNext;
    let venueAt = venueNext < length ? venueOrder[venueNext] : 0;
    // In an array, because V8 would box variables that live across these calls: when the next row is received, when the next
    // one happens, and the earliest of reports, requests and timers. Of the many rows between two of those each needs but
    // two comparisons.
    const times = this.#times;
    times[LOCAL] = Infinity;
    times[VENUE] = Infinity;
    if (localAt < localEnd) times[LOCAL] = data[localAt + LOCAL_NS];
    if (venueNext < length) times[VENUE] = data[venueAt + venueField];
    times[LIMIT] = limitNs;
    this.#findOther();
    for (;;) {
      if (times[LOCAL] <= times[VENUE] && times[LOCAL] <= times[OTHER]) {
        if (!(times[LOCAL] < times[LIMIT])) break;
        window.localNext++;
        const hasActed = engine.market(data, localAt);
        localAt += EVENT_STRIDE;
        // Not as a choice of two values, whose result V8 would box.
        if (localAt < localEnd) times[LOCAL] = data[localAt + LOCAL_NS];
        else times[LOCAL] = Infinity;
        if (hasActed) {
          this.carry();
          this.#findOther();
        }
      } else if (times[VENUE] < times[OTHER] || (times[VENUE] === times[OTHER] && times[VENUE] < this.#reportNs)) {
        if (!(times[VENUE] < times[LIMIT])) break;
        const instrument = (data[venueAt + HEAD] | 0) >> 16;
        const venue = this.#venues[instrument];
        venue.market(data, venueAt);
        window.venueNext = ++venueNext;
        if (venueNext < length) {
          venueAt = venueOrder[venueNext];
          times[VENUE] = data[venueAt + venueField];
        } else times[VENUE] = Infinity;
        if (venue.reports.length > 0) {
          this.#wireOf[instrument].collect();
          this.#look();
          this.#findOther();
        }
      } else {
        if (!(times[OTHER] < times[LIMIT])) break;
        this.#other();
        this.#findOther();
      }
    }
  }

  #findOther(): void {
    const reportNs = this.#reportNs;
    const requestNs = this.#requestNs;
    const wakeNs = this.#engine.wakeNs;
    const wireNs = reportNs <= requestNs ? reportNs : requestNs;
    this.#times[OTHER] = wireNs <= wakeNs ? wireNs : wakeNs;
  }

  /** Does what is due next that is no row: a report, else a request, else a timer. */
  #other(): void {
    if (this.#reportNs === this.#times[OTHER]) this.#report();
    else if (this.#requestNs === this.#times[OTHER]) {
      this.#requestWire.deliverRequest();
      this.#look();
    } else {
      this.#engine.wake(this.#engine.wakeNs);
      this.carry();
    }
  }

  #report(): void {
    const wire = this.#reportWire;
    const queue = wire.nextReport;
    const at = queue.peek();
    const { data } = queue;
    wire.shiftReport();
    this.#engine.report(data, at);
    this.#look();
    this.carry();
  }

  /** Finds what arrives next. */
  #look(): void {
    this.#reportNs = Number.POSITIVE_INFINITY;
    this.#requestNs = Number.POSITIVE_INFINITY;
    const wires = this.#wires;
    for (let i = 0; i < wires.length; i++) {
      const wire = wires[i];
      if (wire.nextReportNs < this.#reportNs) {
        this.#reportNs = wire.nextReportNs;
        this.#reportWire = wire;
      }
      if (wire.nextRequestNs < this.#requestNs) {
        this.#requestNs = wire.nextRequestNs;
        this.#requestWire = wire;
      }
    }
  }
}
