/**
 * Runs strategies in a living market: their orders stand in the same books as everyone's, and move them. With a durable session every
 * input is journalled, and a session whose process was killed goes on where it was.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import { LivingSession } from '@quotewright/core/engine/living-session';
import { type ReconcileReport, Reconciler } from '@quotewright/core/engine/reconcile';
import { Command } from '@quotewright/core/trading/records';
import { AccountTracker, TrackedVenue } from '@quotewright/core/venue-sim/account-tracker';
import type { LatencyModel } from '@quotewright/core/venue-sim/latency';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import type { MarketConfig } from '../calibrate/market-config.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import type { DurableSession } from '../journal/recovery-session.ts';
import { LoggedVenue, relive } from '../journal/venue-log.ts';
import { CutVenue, type OutagePlan, Outages } from '../session/outages.ts';
import { type Moving, type RunHost, runSlices } from '../session/run-host.ts';
import { VenueQuestions } from '../session/venue-questions.ts';

/** Market time between two looks at what is watched. Whatever the pace, they are at the same market times. */
const SECOND_NS = 1e9;
/** Between two questions to the venue, and how many are asked at most. */
const ASK_NS = 0.5e9;
const MOST_ANSWERS = 8;
/** What a session that has to halt waits for its cancels to be answered: longer than requests time out that never left. */
const HALT_NS = 12e9;

export interface LivingRunOptions {
  readonly engine: Engine;
  readonly market: LivingMarket;
  /** Of all venues, or by venue. */
  readonly latency: LatencyModel | readonly LatencyModel[];
  readonly seconds: number;
  /** Starting cash of each strategy by currency. */
  readonly cash: Readonly<Record<string, string>>;
  readonly durable?: DurableOptions | undefined;
  /** When the venues cannot be reached. */
  readonly outages?: OutagePlan | undefined;
  readonly host: RunHost;
  /** Is given how to have the venues asked while the session runs. */
  readonly onAskable?: ((ask: AskVenues) => void) | undefined;
}

/** Has the venues asked for our account; what came of it is told when it is known, in market time that follows. */
export type AskVenues = (tell: (report: ReconcileReport) => void) => void;

export interface DurableOptions {
  readonly session: DurableSession;
  /** Requests leave only when the inputs that led to them are safe. */
  readonly isSync: boolean;
  /** How long the venue lived on alone when a session is recovered. */
  readonly outageNs: number;
  /** Market time between two snapshots. */
  readonly snapshotNs: number;
  readonly unknownOrders: 'cancel' | 'adopt';
  /** Is told what a recovery has reconciled. */
  readonly onReconciled: (report: ReconcileReport) => void;
  /** Is told what is wrong and ends nothing. */
  readonly onComplaint: (text: string) => void;
}

export interface LivingOutcome {
  readonly endNs: number;
  readonly isPartial: boolean;
  /** Why the session had to end; empty = it had not. */
  readonly failure: string;
}

/** @throws InputError when the market's parameters cannot be simulated. */
export function makeMarket({ instruments, schedule }: MarketConfig, seed: number): LivingMarket {
  try {
    return new LivingMarket(instruments, seed, schedule === undefined ? {} : { schedule });
  } catch (error) {
    throw new InputError(`the market: ${reasonOf(error)}`);
  }
}

export async function runLiving(options: LivingRunOptions): Promise<LivingOutcome> {
  return new LivingRun(options).live();
}

class LivingRun implements Moving {
  readonly #options: LivingRunOptions;
  readonly #session: LivingSession;
  readonly #tracked: TrackedVenue;
  readonly #questions: VenueQuestions;
  readonly #outages: Outages | undefined;
  nowNs = 0;
  #snapshotNs = 0;
  #failure = '';
  /** Said last. */
  #complaint = '';

  constructor(options: LivingRunOptions) {
    this.#options = options;
    const { engine, market, latency, durable, cash, outages } = options;
    const tracker = new AccountTracker(market.instruments, { cash: totalCash(cash, engine.seats.length) });
    const { session, unknownOrders = 'cancel' } = durable ?? {};
    const venue = session === undefined ? market : new LoggedVenue(market, session.venueLog, () => this.#isSafe());
    this.#tracked = new TrackedVenue(venue, tracker);
    const sinceNs = session?.reconciledNs ?? Number.NEGATIVE_INFINITY;
    this.#questions = new VenueQuestions(engine, this.#tracked, unknownOrders, sinceNs);
    const cut = outages && new CutVenue(this.#tracked);
    this.#outages = cut && new Outages(outages, engine, cut, this.#questions, (nowNs) => this.#subscribe(nowNs));
    this.#session = new LivingSession(engine, cut ?? this.#tracked, latency);
  }

  async live(): Promise<LivingOutcome> {
    const { engine, seconds, durable, host } = this.#options;
    if (durable?.session.recovered === undefined) this.#session.start(0);
    else if (await this.#resume(durable)) return { endNs: this.nowNs, isPartial: true, failure: '' };
    const endNs = seconds * 1e9;
    let isPartial = false;
    this.#options.onAskable?.((tell) => this.#questions.ask(tell));
    await host.carried(this.nowNs);
    while (engine.isRunning && this.nowNs < endNs && !isPartial && this.#failure === '') {
      const secondNs = Math.min(endNs, this.nowNs + SECOND_NS);
      isPartial = await runSlices(this, secondNs, host);
      if (this.nowNs === secondNs) {
        this.#outages?.look(secondNs);
        isPartial = (await host.second(secondNs)) || isPartial;
      }
      this.carry();
      if (durable !== undefined) await this.#look(durable);
      await host.carried(this.nowNs);
    }
    // Who has lost the session does nothing more.
    if (durable?.session.lease.renew() === false) return { endNs: this.nowNs, isPartial: true, failure: this.#failure };
    this.#outages?.end();
    this.#questions.conclude(this.nowNs);
    if (this.#failure !== '') this.#halt();
    durable?.session.venueLog.stand(this.nowNs);
    if (engine.isRunning) this.#session.finish(this.nowNs);
    durable?.session.mark('end', { endNs: this.nowNs, reason: this.#failure || (isPartial ? 'interrupted' : 'over') });
    return { endNs: this.nowNs, isPartial: isPartial || this.#failure !== '', failure: this.#failure };
  }

  run(untilNs: number): void {
    this.#session.run(untilNs);
    this.nowNs = untilNs;
    this.#questions.poll(untilNs);
  }

  carry(): void {
    this.#session.carry();
  }

  /** After a slice: may the session go on, and is it time for a snapshot? */
  async #look({ session, snapshotNs, onComplaint }: DurableOptions): Promise<void> {
    this.#failure = session.failure;
    if (this.#failure !== '' || this.nowNs - this.#snapshotNs < snapshotNs) return;
    this.#snapshotNs = this.nowNs;
    const why = await session.snapshot();
    this.#failure = session.failure;
    if (why === '' || why === this.#complaint || this.#failure !== '') return;
    // The journal holds everything: a recovery only takes longer.
    this.#complaint = why;
    onComplaint(why);
  }

  /**
   * The venue lives its life again, and on while nobody watches; then it is asked, and trading goes on.
   * @returns true when it is to end before that: nothing has happened, and it can be gone on with as before
   */
  async #resume({ session, outageNs, unknownOrders, onReconciled }: DurableOptions): Promise<boolean> {
    const { engine, market, host } = this.#options;
    const { venueLog, lease } = session;
    const lastNs = Math.max(0, engine.nowNs, venueLog.lastNs);
    const nowNs = Math.ceil(lastNs + outageNs);
    const tracked = this.#tracked;
    // What is lived again is not written again.
    const tracker = new TrackedVenue(market, tracked.tracker);
    this.nowNs = nowNs;
    for (const _ of relive(venueLog.records, market, tracker, nowNs)) if (await host.turn()) return true;
    this.#snapshotNs = nowNs;
    engine.restart(lease.epoch, nowNs);
    // Killed before the journal held its start.
    if (session.recovered!.sequence === 0) engine.start(nowNs);
    engine.wake(nowNs);
    this.#session.carry();
    this.#subscribe(nowNs);
    const reconciler = new Reconciler(engine, { unknownOrders, graceNs: ASK_NS });
    for (let i = 0; i < MOST_ANSWERS && !reconciler.isSettled; i++) {
      reconciler.answer(tracked.account(session.reconciledNs), this.nowNs);
      this.#session.carry();
      this.run(this.nowNs + ASK_NS);
    }
    const report = reconciler.conclude(this.nowNs, true);
    this.#session.carry();
    if (report.differences.length === 0) session.reconciledNs = nowNs;
    const { lines: _, differences, ...counts } = report;
    session.mark('reconciled', { ...counts, differences, ...(differences.length === 0 ? { venueNs: nowNs } : {}) });
    for (const index of engine.instruments.keys()) engine.connection(index, true, this.nowNs);
    this.#session.carry();
    onReconciled(report);
    return false;
  }

  /** The venues publish their books anew. */
  #subscribe(nowNs: number): void {
    this.#options.durable?.session.venueLog.subscribe(nowNs);
    this.#options.market.subscribe(nowNs);
  }

  /** Nothing is written any more: everything is cancelled, as far as the venue answers. */
  #halt(): void {
    const { engine } = this.#options;
    engine.operate(Command.HALT, -1, 0, this.nowNs);
    this.#session.carry();
    this.run(this.nowNs + HALT_NS);
    const open = this.#tracked.account(Number.POSITIVE_INFINITY).orders.length ?? 0;
    if (open > 0) this.#failure += `; ${open} orders could not be cancelled`;
  }

  /** Whether the session is ours, and the inputs that a request comes from are as safe as was asked for. */
  #isSafe(): boolean {
    const { isSync, session } = this.#options.durable!;
    const { lease, writer } = session;
    if (!lease.renew()) return false;
    return this.#failure !== '' || !isSync || writer.waitCommitted(writer.appended);
  }
}

/** What all strategies have together. */
function totalCash(cash: Readonly<Record<string, string>>, strategies: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(cash).map(([currency, text]) => {
      const [whole = '', part = ''] = text.split('.');
      const total = (BigInt(whole + part) * BigInt(strategies)).toString().padStart(part.length + 1, '0');
      return [currency, part === '' ? total : `${total.slice(0, -part.length)}.${total.slice(-part.length)}`];
    }),
  );
}
