/** Asks the venues for our account while a session trades, and settles what differs: every half second until an answer brings no news. */
import type { Engine } from '@quotewright/core/engine/engine';
import { type ReconcileReport, Reconciler, agrees } from '@quotewright/core/engine/reconcile';
import type { AskableVenue } from '@quotewright/core/trading/venue-account';

/** Market time between two questions, and how many are asked at most. */
const ASK_NS = 0.5e9;
const MOST_ANSWERS = 8;

/** What came of it. */
export type Tell = (report: ReconcileReport, nowNs: number) => void;

export class VenueQuestions {
  readonly #engine: Engine;
  readonly #venue: AskableVenue;
  readonly #unknownOrders: 'cancel' | 'adopt';
  /** Venue time of the last reconciliation without a difference: executions before it are booked. */
  #sinceNs: number;
  #reconciler: Reconciler | undefined;
  #answers = 0;
  #nextNs = Number.NEGATIVE_INFINITY;
  #askedNs = Number.NaN;
  readonly #tells: Tell[] = [];

  constructor(engine: Engine, venue: AskableVenue, unknownOrders: 'cancel' | 'adopt', sinceNs: number) {
    this.#engine = engine;
    this.#venue = venue;
    this.#unknownOrders = unknownOrders;
    this.#sinceNs = sinceNs;
  }

  /** Begins to ask, unless that is under way; who asks is told when it is over. */
  ask(tell: Tell): void {
    this.#tells.push(tell);
  }

  /** Between two slices. May tell the engine something. */
  poll(nowNs: number): void {
    if (this.#tells.length === 0 || nowNs < this.#nextNs) return;
    if (this.#reconciler === undefined) {
      this.#reconciler = new Reconciler(this.#engine, { unknownOrders: this.#unknownOrders, graceNs: ASK_NS });
      this.#answers = 0;
      this.#askedNs = nowNs;
    }
    this.#reconciler.answer(this.#venue.account(this.#sinceNs), nowNs);
    this.#nextNs = nowNs + ASK_NS;
    if (!this.#reconciler.isSettled && ++this.#answers < MOST_ANSWERS) return;
    this.conclude(nowNs);
  }

  /** No more is asked: who waits is told what is known. */
  conclude(nowNs: number): void {
    const reconciler = this.#reconciler;
    if (reconciler === undefined) return;
    this.#reconciler = undefined;
    this.#nextNs = Number.NEGATIVE_INFINITY;
    const report = reconciler.conclude(nowNs);
    if (agrees(report)) this.#sinceNs = this.#askedNs;
    for (const tell of this.#tells.splice(0)) tell(report, nowNs);
  }
}
