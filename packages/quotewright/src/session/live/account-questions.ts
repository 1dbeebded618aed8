/**
 * Asks one venue for our account until an answer brings no news, and settles what differs: when the way for orders comes back, when an order
 * was not answered, when somebody wants it. Answers take their time, and the session goes on meanwhile.
 */
import { setTimeout } from 'node:timers/promises';
import type { Engine } from '@quotewright/core/engine/engine';
import { type ReconcileReport, Reconciler, agrees } from '@quotewright/core/engine/reconcile';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import { reasonOf } from '../../data/reason.ts';

/** Wall time between two questions, and how many are asked at most before what is known is told. */
const ASK_MS = 500;
const GRACE_NS = 0.4e9;
const MOST_ANSWERS = 12;
/** So long is asked, however few answers that makes (of Kraken they take seconds), before a difference counts. */
const DECIDED_NS = 5e9;
/** A venue that does not answer is asked again, later and later. */
const LONGEST_WAIT_MS = 8000;
/** Executions come late into a venue's list: those of so long before an answer are asked for again. */
const MARGIN_NS = 10e9;

export interface QuestionsOptions {
  readonly engine: Engine;
  readonly venue: string;
  /** Indices of its instruments. */
  readonly markets: readonly number[];
  /** @throws VenueError */
  readonly account: (sinceNs: number) => Promise<VenueAccount>;
  readonly unknownOrders: 'cancel' | 'adopt';
  /** Executions at the venue before it are not ours, or are booked. */
  readonly sinceNs: number;
  readonly nowNs: () => number;
  /** Something was told to the engine. */
  readonly told: () => void;
  readonly say: (line: string) => void;
}

/** Undefined: it was broken off, as the way to the venue has gone, or come back. */
type Tell = (report: ReconcileReport | undefined) => void;

export class AccountQuestions {
  readonly #options: QuestionsOptions;
  readonly #tells: Tell[] = [];
  /** Executions at or after it are asked for. */
  #sinceNs: number;
  /** Raised by `stop`, so that whoever waits for an answer knows that it is not wanted any more. */
  #round = 0;
  #isAsking = false;

  constructor(options: QuestionsOptions) {
    this.#options = options;
    this.#sinceNs = options.sinceNs;
  }

  /** Venue time before which all executions are booked. */
  get sinceNs(): number {
    return this.#sinceNs;
  }

  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** Begins to ask, unless that is under way; who asks is told when it is over. */
  ask(tell: Tell): void {
    this.#tells.push(tell);
    if (this.#isAsking) return;
    this.#isAsking = true;
    void this.#run(this.#round);
  }

  /** What is being asked is not wanted any more. */
  stop(): void {
    this.#round++;
    this.#isAsking = false;
    for (const tell of this.#tells.splice(0)) tell(undefined);
  }

  async #run(round: number): Promise<void> {
    const { engine, unknownOrders, markets, nowNs, told } = this.#options;
    const reconciler = new Reconciler(engine, { unknownOrders, graceNs: GRACE_NS, markets });
    const beganNs = nowNs();
    const isOver = (): boolean => reconciler.isSettled || (reconciler.isDecided && nowNs() - beganNs >= DECIDED_NS);
    for (let answers = 0; answers < MOST_ANSWERS && !isOver(); answers++) {
      if (answers > 0) await setTimeout(ASK_MS);
      const account = await this.#answer(round);
      if (account === undefined || round !== this.#round) return;
      reconciler.answer(account, nowNs());
      told();
    }
    const report = reconciler.conclude(nowNs());
    told();
    if (agrees(report) && report.pending === 0) {
      this.#sinceNs = Math.max(this.#sinceNs, beganNs - MARGIN_NS);
    }
    this.#isAsking = false;
    for (const tell of this.#tells.splice(0)) tell(report);
  }

  /** Asked until there is an answer; undefined when it is not wanted any more. */
  async #answer(round: number): Promise<VenueAccount | undefined> {
    const { account, venue, say } = this.#options;
    for (let waitMs = ASK_MS; round === this.#round; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      try {
        return await account(this.#sinceNs);
      } catch (error) {
        if (round !== this.#round) return undefined;
        say(`${venue}: the account cannot be asked: ${reasonOf(error)}; again in ${waitMs} ms`);
      }
      await setTimeout(waitMs);
    }
    return undefined;
  }
}
