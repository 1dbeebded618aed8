/**
 * Paper trading: live data, and fills by the backtest's own venues, whose clock is ours. Each message is run through the moment it comes;
 * what a simulated venue has to say of it comes back after the latency, as in a replay of the same rows.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import { type ReconcileReport, Reconciler } from '@quotewright/core/engine/reconcile';
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import { type LocalReplay, type SimulatedVenues, localReplay } from '../../backtest/local-replay.ts';
import type { LiveTrade } from './trade.ts';

const { LOCAL_NS } = Field;
/** Answers of an account that cannot change meanwhile, so that each is believed. */
const ANSWERS = 3;

export interface PaperTradeOptions {
  readonly engine: Engine;
  readonly venues: SimulatedVenues;
  /** Number of the process among all of the session, from 1. */
  readonly epoch: number;
  readonly nowNs: number;
  /** A process was killed, and its simulated venues with it: is told what became of its orders. */
  readonly recovered: ((report: ReconcileReport) => void) | undefined;
}

export class PaperTrade implements LiveTrade {
  /** A simulated venue is asked by nobody: what it says arrives. */
  readonly ask = undefined;
  readonly #options: PaperTradeOptions;
  readonly #replay: LocalReplay;
  readonly #engine: Engine;
  /** Everything before it has happened. */
  #reachedNs: number;
  #batch = new Float64Array(256 * EVENT_STRIDE);

  /** @throws InputError that names the latency */
  constructor(options: PaperTradeOptions) {
    const { engine, venues, epoch, nowNs } = options;
    this.#options = options;
    this.#engine = engine;
    this.#reachedNs = Math.max(nowNs, engine.nowNs + 1);
    this.#replay = localReplay(engine, venues, epoch, this.#reachedNs);
  }

  get wakeNs(): number {
    return this.#engine.wakeNs;
  }

  records(queue: RecordQueue): void {
    const count = queue.length;
    if (count === 0) return;
    if (this.#batch.length < count * EVENT_STRIDE) this.#batch = new Float64Array(2 * count * EVENT_STRIDE);
    const batch = this.#batch;
    let nowNs = this.#reachedNs;
    for (let row = 0; row < count; row++) {
      const from = queue.peek();
      const to = row * EVENT_STRIDE;
      for (let i = 0; i < EVENT_STRIDE; i++) batch[to + i] = queue.data[from + i]!;
      // What was done before it was done without it: it is received now.
      nowNs = Math.max(nowNs, batch[to + LOCAL_NS]!);
      batch[to + LOCAL_NS] = nowNs;
      queue.shift();
    }
    this.#replay.window.append(batch, count);
    this.#runTo(nowNs + 1);
  }

  reports(queue: RecordQueue): void {
    // Nothing was sent to a venue.
    queue.clear();
  }

  connection(): void {
    // Simulated venues are always there; what is not known of a market is a GAP in its data.
  }

  run(nowNs: number): void {
    if (nowNs > this.#reachedNs) this.#runTo(nowNs);
  }

  carry(): void {
    this.#replay.session.carry();
  }

  begin(): Promise<string> {
    const { epoch, recovered } = this.#options;
    if (recovered !== undefined) this.#recover(epoch, recovered);
    this.#runTo(this.#reachedNs + 1);
    return Promise.resolve('');
  }

  finish(nowNs: number): Promise<readonly string[]> {
    const endNs = Math.max(nowNs, this.#reachedNs);
    if (this.#engine.isRunning) this.#replay.session.finish(endNs);
    return Promise.resolve([]);
  }

  abandon(): Promise<readonly string[]> {
    // Simulated venues end with the process.
    return Promise.resolve([]);
  }

  /** The simulated venues of the process before have ended with it: their orders are gone, and what was under way never arrived. */
  #recover(epoch: number, recovered: (report: ReconcileReport) => void): void {
    const engine = this.#engine;
    const nowNs = this.#reachedNs;
    const wasRunning = engine.isRunning;
    engine.restart(epoch, nowNs);
    if (wasRunning) engine.wake(nowNs);
    // What the sweep of a halt asks for goes to orders that nobody has.
    this.carry();
    const account: VenueAccount = {
      orders: [],
      executions: [],
      positionLots: engine.instruments.map((_, market) => engine.portfolioLots(market)),
    };
    const reconciler = new Reconciler(engine, { graceNs: 0 });
    for (let i = 0; i < ANSWERS; i++) {
      reconciler.answer(account, nowNs);
      this.carry();
    }
    recovered(reconciler.conclude(nowNs));
    for (const market of engine.instruments.keys()) engine.connection(market, true, nowNs);
    this.carry();
  }

  #runTo(untilNs: number): void {
    this.#replay.session.run(untilNs);
    this.#reachedNs = untilNs;
  }
}
