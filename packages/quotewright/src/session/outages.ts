/**
 * A venue that cannot be reached for a while: what it publishes and reports meanwhile is lost, and requests do not arrive. It lives on.
 * When it is back its books are published anew and it is asked for our account; only then is it connected.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { LivingVenue } from '@quotewright/core/venue-sim/venue';
import type { Tell, VenueQuestions } from './venue-questions.ts';

/** Market time of the first outage, from one to the next, and how long each lasts. Nanoseconds. */
export interface OutagePlan {
  readonly firstNs: number;
  readonly everyNs: number;
  readonly forNs: number;
}

/** Venues that can be cut off. */
export class CutVenue implements LivingVenue {
  isCut = false;
  readonly #venue: LivingVenue;

  constructor(venue: LivingVenue) {
    this.#venue = venue;
  }

  get feed(): RecordQueue {
    return this.#venue.feed;
  }

  get reports(): RecordQueue {
    return this.#venue.reports;
  }

  get nextNs(): number {
    return this.#venue.nextNs;
  }

  step(): void {
    this.#venue.step();
    if (!this.isCut) return;
    for (const queue of [this.#venue.feed, this.#venue.reports]) while (queue.length > 0) queue.shift();
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    if (!this.isCut) this.#venue.request(data, offset, nowNs);
  }
}

export class Outages {
  readonly #plan: OutagePlan;
  readonly #engine: Engine;
  readonly #venue: CutVenue;
  readonly #questions: VenueQuestions;
  readonly #subscribe: (nowNs: number) => void;
  #isConnected = true;

  /** @param subscribe has the venue publish its books anew */
  constructor(
    plan: OutagePlan,
    engine: Engine,
    venue: CutVenue,
    questions: VenueQuestions,
    subscribe: (nowNs: number) => void,
  ) {
    this.#plan = plan;
    this.#engine = engine;
    this.#venue = venue;
    this.#questions = questions;
    this.#subscribe = subscribe;
  }

  /** At each second of market time. May tell the engine something. */
  look(nowNs: number): void {
    const { firstNs, everyNs, forNs } = this.#plan;
    const isCut = nowNs >= firstNs && (nowNs - firstNs) % everyNs < forNs;
    if (isCut === this.#venue.isCut) return;
    this.#venue.isCut = isCut;
    if (isCut) {
      this.#connect(false, nowNs);
      return;
    }
    this.#subscribe(nowNs);
    const told: Tell = ({ unsettled }, toldNs) => {
      if (unsettled.length > 0) this.#questions.ask(told);
      // It may be cut off again by now.
      else if (!this.#venue.isCut) this.#connect(true, toldNs);
    };
    this.#questions.ask(told);
  }

  /** The session ends: its cancels are to arrive. */
  end(): void {
    this.#venue.isCut = false;
  }

  #connect(isUp: boolean, nowNs: number): void {
    if (isUp === this.#isConnected) return;
    this.#isConnected = isUp;
    for (const market of this.#engine.instruments.keys()) this.#engine.connection(market, isUp, nowNs);
  }
}
