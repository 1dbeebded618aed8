/**
 * A session with the world, as it happens: sockets call in whenever something comes, and between them slices of a few milliseconds do what
 * is due, hear commands and interrupts, look at the journal, and take snapshots.
 */
import { setTimeout } from 'node:timers/promises';
import { Command } from '@quotewright/core/trading/records';
import { RISK_STATE_NAMES, RiskState } from '@quotewright/core/trading/risk-state';
import type { DurableSession } from '../../journal/recovery-session.ts';
import { openOrdersOf } from '../../risk/operable.ts';
import type { LiveSession } from '../live-session.ts';
import { INTERRUPTED, type LiveTrade } from './trade.ts';

/** Wall time of a slice: what is due is done at most so late. */
const SLICE_MS = 4;
const SECOND_NS = 1e9;
/** Between two polls of the connections. */
const POLL_NS = 100e6;
/** What a session that has to halt waits for its cancels to be answered: longer than requests time out that never left. */
const HALT_NS = 12e9;
/** An end that takes so long is told of. */
const TELL_MS = 1000;

type Durable = Pick<DurableSession, 'dir' | 'failure' | 'mark' | 'snapshot'> & {
  readonly lease: Pick<DurableSession['lease'], 'renew'>;
};

export interface LiveRunOptions {
  readonly session: Pick<LiveSession, 'engine' | 'slice' | 'second' | 'carried'> & {
    readonly durable: Durable | undefined;
  };
  readonly trade: LiveTrade;
  /** Nanoseconds since the session's epoch day; never back. */
  readonly nowNs: () => number;
  /** Some times a second: heartbeats, time-outs. */
  readonly pollVenues: (nowNs: number) => void;
  /** How long it runs; Infinity: until it is interrupted. */
  readonly seconds: number;
  readonly snapshotNs: number;
  readonly say: (text: string) => void;
  /** Rejects with an error that nobody has caught: of a strategy, or a bug of ours, in the turn of a socket or a timer. */
  readonly fault: Promise<never>;
}

export interface LiveOutcome {
  readonly startNs: number;
  readonly endNs: number;
  readonly isPartial: boolean;
  /** Why the session had to end; empty = it had not. */
  readonly failure: string;
}

export class LiveRun {
  readonly #options: LiveRunOptions;
  #pollNs = Number.NEGATIVE_INFINITY;
  #secondNs: number;
  #snapshotNs: number;
  #isSnapshotting = false;
  #complaint = '';
  #isBroken = false;

  constructor(options: LiveRunOptions) {
    this.#options = options;
    this.#secondNs = options.nowNs() + SECOND_NS;
    this.#snapshotNs = options.nowNs() + options.snapshotNs;
  }

  /** @throws whatever the engine threw, once the venues were told to cancel everything: nothing that it says can be believed any more */
  async live(): Promise<LiveOutcome> {
    try {
      return await Promise.race([this.#live(), this.#options.fault]);
    } catch (error) {
      this.#isBroken = true;
      await this.#whilePolled(async () => this.#options.trade.abandon());
      throw error;
    }
  }

  async #live(): Promise<LiveOutcome> {
    const { session, nowNs, seconds } = this.#options;
    const { engine, durable } = session;
    const startNs = nowNs();
    const obstacle = await this.#begin(startNs);
    if (obstacle !== '' || this.#isBroken) return this.#giveUp(startNs, obstacle);
    if (engine.riskState !== RiskState.ACTIVE) {
      const state = RISK_STATE_NAMES[engine.riskState];
      this.#options.say(
        `trading is ${state}, as it was left; quotewright risk state ${durable?.dir} active ends that\n`,
      );
    }
    let failure = '';
    let isPartial = false;
    const endNs = nowNs() + seconds * SECOND_NS;
    while (engine.isRunning && !isPartial && failure === '' && nowNs() < endNs && !this.#isBroken) {
      isPartial = await this.#slice(endNs);
      failure = durable?.failure ?? '';
    }
    // Who has broken down is not asked any more. Who has lost the session does nothing more.
    if (this.#isBroken || durable?.lease.renew() === false) {
      return { startNs, endNs: nowNs(), isPartial: true, failure };
    }
    if (failure !== '') await this.#halt();
    await this.#finish();
    await session.carried(engine.nowNs);
    const left = openOrdersOf(engine).length;
    const end = { endNs: engine.nowNs, reason: failure || (isPartial ? 'interrupted' : 'over') };
    // With orders left it is not at its end: it can be gone on with, and asks for them again.
    durable?.mark(left === 0 ? 'end' : 'left', left === 0 ? end : { ...end, orders: left });
    if (left > 0) failure += `${failure === '' ? '' : '; '}${left} orders are not confirmed to be cancelled`;
    return { startNs, endNs: Math.max(engine.nowNs, startNs), isPartial: isPartial || failure !== '', failure };
  }

  /** The connections are polled while the session comes up. */
  async #begin(startNs: number): Promise<string> {
    const { session, trade, nowNs, pollVenues } = this.#options;
    const polling = setInterval(() => {
      pollVenues(nowNs());
      trade.run(nowNs());
      session.durable?.lease.renew();
    }, SLICE_MS);
    try {
      return await trade.begin(startNs);
    } finally {
      clearInterval(polling);
      trade.carry();
      await session.carried(session.engine.nowNs);
    }
  }

  /** It has not come to trading: nothing is ended, and the session can be gone on with. */
  async #giveUp(startNs: number, obstacle: string): Promise<LiveOutcome> {
    const { engine } = this.#options.session;
    const { trade } = this.#options;
    if (engine.riskState === RiskState.HALTED) await this.#waitForCancels();
    // Of the process before, as far as is known.
    if (!this.#isBroken && openOrdersOf(engine).length > 0) await this.#whilePolled(async () => trade.abandon());
    const failure = obstacle === INTERRUPTED ? '' : obstacle;
    return { startNs, endNs: Math.max(engine.nowNs, startNs), isPartial: true, failure };
  }

  /** @returns true when somebody wants it to end */
  async #slice(endNs: number): Promise<boolean> {
    const { session, trade, nowNs, pollVenues, snapshotNs } = this.#options;
    const untilMs = Math.max(0, (Math.min(trade.wakeNs, endNs) - nowNs()) / 1e6);
    await setTimeout(Math.min(SLICE_MS, Math.floor(untilMs)));
    if (this.#isBroken) return true;
    const beganMs = performance.now();
    const now = nowNs();
    trade.run(now);
    if (now >= this.#pollNs) {
      this.#pollNs = now + POLL_NS;
      pollVenues(now);
    }
    // Connections may have told of something since: commands come after it.
    let isOver = session.slice(nowNs(), performance.now() - beganMs);
    trade.carry();
    await session.carried(now);
    if (now >= this.#secondNs) {
      this.#secondNs = now + SECOND_NS;
      isOver = (await session.second(nowNs())) || isOver;
      trade.carry();
    }
    if (session.durable !== undefined && now >= this.#snapshotNs && !this.#isSnapshotting) {
      this.#snapshotNs = now + snapshotNs;
      await this.#snapshot(session.durable);
    }
    return isOver;
  }

  async #snapshot(durable: Durable): Promise<void> {
    this.#isSnapshotting = true;
    const why = await durable.snapshot();
    this.#isSnapshotting = false;
    if (why === '' || why === this.#complaint || durable.failure !== '') return;
    // The journal holds everything: a recovery only takes longer.
    this.#complaint = why;
    this.#options.say(`${why}\n`);
  }

  /** Strategies stop, and every order is cancelled. */
  async #finish(): Promise<void> {
    const { session, trade, nowNs, say } = this.#options;
    const telling = globalThis.setTimeout(() => {
      const open = openOrdersOf(session.engine).length;
      if (open > 0) say(`${open} orders are being cancelled; another Ctrl-C leaves them where they are\n`);
    }, TELL_MS);
    await this.#whilePolled(async () => trade.finish(nowNs()));
    clearTimeout(telling);
  }

  /** Venues answer meanwhile. */
  async #whilePolled(work: () => Promise<readonly string[]>): Promise<void> {
    const { nowNs, say, pollVenues } = this.#options;
    const polling = setInterval(() => pollVenues(nowNs()), POLL_NS / 1e6);
    try {
      for (const line of await work()) say(`${line}\n`);
    } finally {
      clearInterval(polling);
    }
  }

  /** Nothing is written any more: everything is cancelled, as far as the venues answer. */
  async #halt(): Promise<void> {
    const { session, trade, nowNs } = this.#options;
    const { engine } = session;
    trade.run(nowNs());
    engine.operate(Command.HALT, -1, 0, nowNs());
    trade.carry();
    await this.#waitForCancels();
  }

  async #waitForCancels(): Promise<void> {
    const { session, trade, nowNs, pollVenues } = this.#options;
    const untilNs = nowNs() + HALT_NS;
    while (openOrdersOf(session.engine).length > 0 && nowNs() < untilNs) {
      await setTimeout(SLICE_MS);
      pollVenues(nowNs());
      trade.run(nowNs());
    }
  }
}
