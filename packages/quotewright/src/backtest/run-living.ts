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
import type { LivingVenue } from '@quotewright/core/venue-sim/venue';
import type { MarketConfig } from '../calibrate/market-config.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import type { DurableSession } from '../journal/recovery-session.ts';
import { LoggedVenue, relive } from '../journal/venue-log.ts';

/** Market time between two looks at the world outside. */
const SLICE_NS = 1e9;
/** Between two questions to the venue, and how many are asked at most. */
const ASK_NS = 0.5e9;
const MOST_ANSWERS = 8;
/** What a session that has to halt waits for its cancels to be answered. */
const HALT_NS = 2e9;

export interface LivingRunOptions {
  readonly engine: Engine;
  readonly market: LivingMarket;
  /** Of all venues, or by venue. */
  readonly latency: LatencyModel | readonly LatencyModel[];
  readonly seconds: number;
  /** Starting cash of each strategy by currency. */
  readonly cash: Readonly<Record<string, string>>;
  readonly durable?: DurableOptions | undefined;
  /** Called after each second of market time, and may do something to the engine; true ends the run there. */
  readonly onSlice: (nowNs: number) => Promise<boolean>;
}

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
  return new LivingRun(options).run();
}

class LivingRun {
  readonly #options: LivingRunOptions;
  readonly #session: LivingSession;
  /** Absent: nobody asks. */
  readonly #tracked: TrackedVenue | undefined;
  #nowNs = 0;
  #snapshotNs = 0;
  #failure = '';
  /** Said last. */
  #complaint = '';

  constructor(options: LivingRunOptions) {
    this.#options = options;
    const { engine, market, latency, durable, cash } = options;
    let venue: LivingVenue = market;
    if (durable !== undefined) {
      const tracker = new AccountTracker(market.instruments, { cash: totalCash(cash, engine.seats.length) });
      const { venueLog } = durable.session;
      this.#tracked = new TrackedVenue(new LoggedVenue(market, venueLog, () => this.#isSafe()), tracker);
      venue = this.#tracked;
    }
    this.#session = new LivingSession(engine, venue, latency);
  }

  async run(): Promise<LivingOutcome> {
    const { engine, seconds, durable, onSlice } = this.#options;
    if (durable?.session.recovered === undefined) this.#session.start(0);
    else this.#resume(durable);
    const endNs = seconds * 1e9;
    let isPartial = false;
    while (engine.isRunning && this.#nowNs < endNs && !isPartial && this.#failure === '') {
      this.#run(Math.min(endNs, this.#nowNs + SLICE_NS));
      isPartial = await onSlice(this.#nowNs);
      this.#session.carry();
      if (durable !== undefined) await this.#look(durable);
    }
    // Who has lost the session does nothing more.
    if (durable?.session.lease.renew() === false)
      return { endNs: this.#nowNs, isPartial: true, failure: this.#failure };
    if (this.#failure !== '') this.#halt();
    durable?.session.venueLog.stand(this.#nowNs);
    if (engine.isRunning) this.#session.finish(this.#nowNs);
    durable?.session.mark('end', { endNs: this.#nowNs, reason: this.#failure || (isPartial ? 'interrupted' : 'over') });
    return { endNs: this.#nowNs, isPartial: isPartial || this.#failure !== '', failure: this.#failure };
  }

  #run(untilNs: number): void {
    this.#session.run(untilNs);
    this.#nowNs = untilNs;
  }

  /** After a slice: may the session go on, and is it time for a snapshot? */
  async #look({ session, snapshotNs, onComplaint }: DurableOptions): Promise<void> {
    this.#failure = session.failure;
    if (this.#failure !== '' || this.#nowNs - this.#snapshotNs < snapshotNs) return;
    this.#snapshotNs = this.#nowNs;
    const why = await session.snapshot();
    this.#failure = session.failure;
    if (why === '' || why === this.#complaint || this.#failure !== '') return;
    // The journal holds everything: a recovery only takes longer.
    this.#complaint = why;
    onComplaint(why);
  }

  /** The venue lives its life again, and on while nobody watches; then it is asked, and trading goes on. */
  #resume({ session, outageNs, unknownOrders, onReconciled }: DurableOptions): void {
    const { engine, market } = this.#options;
    const { venueLog, lease } = session;
    const lastNs = Math.max(0, engine.nowNs, venueLog.lastNs);
    const nowNs = Math.ceil(lastNs + outageNs);
    const tracked = this.#tracked!;
    // What is lived again is not written again.
    const tracker = new TrackedVenue(market, tracked.tracker);
    relive(venueLog.records, market, tracker, nowNs);
    this.#nowNs = nowNs;
    this.#snapshotNs = nowNs;
    engine.restart(lease.epoch, nowNs);
    // Killed before the journal held its start.
    if (session.recovered!.sequence === 0) engine.start(nowNs);
    engine.wake(nowNs);
    this.#session.carry();
    venueLog.subscribe(nowNs);
    market.subscribe(nowNs);
    const reconciler = new Reconciler(engine, { unknownOrders, graceNs: ASK_NS });
    for (let i = 0; i < MOST_ANSWERS && !reconciler.isSettled; i++) {
      reconciler.answer(tracked.account(session.reconciledNs), this.#nowNs);
      this.#session.carry();
      this.#run(this.#nowNs + ASK_NS);
    }
    const report = reconciler.conclude(this.#nowNs);
    this.#session.carry();
    if (report.differences.length === 0) session.reconciledNs = nowNs;
    const { lines: _, differences, ...counts } = report;
    session.mark('reconciled', { ...counts, differences, ...(differences.length === 0 ? { venueNs: nowNs } : {}) });
    for (const index of engine.instruments.keys()) engine.connection(index, true, this.#nowNs);
    this.#session.carry();
    onReconciled(report);
  }

  /** Nothing is written any more: everything is cancelled, as far as the venue answers. */
  #halt(): void {
    const { engine } = this.#options;
    engine.operate(Command.HALT, -1, 0, this.#nowNs);
    this.#session.carry();
    this.#run(this.#nowNs + HALT_NS);
    const open = this.#tracked?.account(Number.POSITIVE_INFINITY).orders.length ?? 0;
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
