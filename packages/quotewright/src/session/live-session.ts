/**
 * A session that runs: its engine with whatever is around it. Journal, server, alerts, commands, what is watched between two slices. What
 * its market is (a living one, a replay) is the run's affair.
 */
import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Engine } from '@quotewright/core/engine/engine';
import { agrees } from '@quotewright/core/engine/reconcile';
import { Instrument } from '@quotewright/core/market/instrument';
import type { Observer } from '@quotewright/core/strategies/observer';
import { AlertCenter } from '../alerts/alert-center.ts';
import { StreamSink } from '../alerts/stream-sink.ts';
import { AuditLog } from '../audit/audit-log.ts';
import type { PlannedStrategy } from '../backtest/plan.ts';
import type { AskVenues } from '../backtest/run-living.ts';
import { SessionWatch } from '../backtest/session-watch.ts';
import type { Watching } from '../backtest/simulation-header.ts';
import type { Home } from '../home/home.ts';
import type { Durability } from '../journal/journal.ts';
import { DurableSession, type Keep } from '../journal/recovery-session.ts';
import { reconcileText } from '../journal/recovery-report.ts';
import type { Recovered } from '../journal/recovery.ts';
import { headerEngine } from '../journal/replay-engine.ts';
import { type SessionHeader, isDryRun } from '../journal/session-header.ts';
import { Control } from '../risk/control.ts';
import type { ServerConfig } from '../server/config.ts';
import type { SessionInfo } from '../server/protocol/session.ts';
import type { VenuesReport } from '../server/protocol/venues.ts';
import { pnlData } from '../server/views/pnl-data.ts';
import { IdleWatch } from './idle-watch.ts';
import type { Pace } from './pace.ts';
import type { RunHost } from './run-host.ts';
import { ServerLink } from './server-link.ts';
import { type SessionStatus, StatusMeter, statusOf } from './status.ts';

/** Wall time between two signs of life of a journal's holder. */
const RENEW_MS = 500;
/** How long alerts that are late are waited for when somebody wants the session to end. */
const HASTY_MS = 700;

export interface JournalSettings {
  readonly dir: string;
  readonly durability: Durability;
  readonly keep: Keep;
  /** Nanoseconds of market time. */
  readonly outageNs: number;
  readonly snapshotNs: number;
  readonly unknownOrders: 'cancel' | 'adopt';
}

/** What a session is run with, whatever its market is. */
export interface SessionWorld {
  readonly pace: Pace;
  /** Absent: nobody serves it. */
  readonly server: ServerConfig | undefined;
  readonly home: Home;
  readonly isInterrupted: () => boolean;
  /** Takes a text for the operator, whole lines. */
  readonly say: (text: string) => void;
}

export interface LiveOptions {
  readonly world: SessionWorld;
  readonly header: SessionHeader;
  readonly mode: SessionInfo['mode'];
  readonly strategies: readonly PlannedStrategy[];
  readonly observers: (strategy: number) => readonly Observer[];
  readonly journal: JournalSettings | undefined;
  /** The journal's folder holds the session already. */
  readonly isKept: boolean;
  /** Who watches, and who is told; asked for once nothing stands in the way of a beginning. */
  readonly watching: (audit: AuditLog | undefined) => Promise<Watching>;
}

export class LiveSession implements RunHost {
  readonly engine: Engine;
  readonly durable: DurableSession | undefined;
  readonly alerts: AlertCenter;
  /** Where its server listens; undefined: it has none. */
  readonly url: string | undefined;
  readonly pace: Pace;
  readonly #world: SessionWorld;
  readonly #header: SessionHeader;
  readonly #control: Control;
  readonly #watch: SessionWatch;
  readonly #link: ServerLink | undefined;
  readonly #meter = new StatusMeter();
  readonly #idle: IdleWatch;
  /** How the venues are asked; undefined: they cannot be. */
  #ask: AskVenues | undefined;
  #inputs: number;
  #nowNs = 0;
  #renewedMs = 0;
  #isClosed = false;

  private constructor(
    { world, header }: LiveOptions,
    parts: Pick<LiveSession, 'engine' | 'durable' | 'alerts'>,
    control: Control,
    watch: SessionWatch,
    link: ServerLink | undefined,
  ) {
    this.#world = world;
    this.#header = header;
    this.pace = world.pace;
    this.engine = parts.engine;
    this.durable = parts.durable;
    this.alerts = parts.alerts;
    this.url = link?.url;
    this.#control = control;
    this.#watch = watch;
    this.#link = link;
    this.#inputs = this.engine.inputs.count;
    this.#idle = new IdleWatch(this.engine, (line) => world.say(`${line}\n`));
  }

  /** What an operator was told of strategies that limits keep from trading. */
  get notes(): readonly string[] {
    return this.#idle.notes;
  }

  /** @throws InputError when the session cannot be begun, or gone on with: nothing of a new one is left behind but a folder */
  static async open(options: LiveOptions): Promise<LiveSession> {
    const { header, journal, isKept, strategies, observers, world } = options;
    const { dir } = journal ?? {};
    const stream = new StreamSink();
    const instruments = header.instruments.map((spec) => new Instrument(spec));
    // Before anything is written: a server that cannot listen ends it.
    let link = isKept ? undefined : await openLink(options);
    let alerts: AlertCenter | undefined;
    let durable: DurableSession | undefined;
    try {
      const audit = dir === undefined ? undefined : new AuditLog({ dir, role: 'session' });
      const watching = await options.watching(audit);
      // Before a session is begun: one that cannot tell anybody is none.
      alerts = await AlertCenter.open({
        instruments,
        epochDay: header.epochDay,
        dir,
        sinks: watching.sinks,
        audit,
        stream,
      });
      durable =
        journal &&
        (await DurableSession.open({
          ...journal,
          header,
          observers,
          feed: async (recovered) => {
            link ??= await openLink(options, recovered);
            return link?.feed;
          },
        }));
      const made: { session?: LiveSession } = {};
      const control = await Control.open({
        dir,
        audit,
        alerts,
        say: (line) => world.say(`${line}\n`),
        reconcile: (_nowNs, tell) => made.session?.reconcile(tell),
      });
      const feed = link && { journal: link.feed };
      const engine = durable?.engine ?? headerEngine(header, { strategies, observers, ...feed });
      const watch = new SessionWatch(engine, alerts, watching, durable?.writer);
      stream.open(link);
      made.session = new LiveSession(options, { engine, durable, alerts }, control, watch, link);
      return made.session;
    } catch (error) {
      await durable?.close();
      await alerts?.close();
      await link?.close();
      throw error;
    }
  }

  slice(nowNs: number, elapsedMs: number): boolean {
    const { engine, durable } = this;
    const inputs = engine.inputs.count;
    this.#nowNs = nowNs;
    this.#meter.slice(inputs - this.#inputs, elapsedMs);
    this.#link?.stats.slice(inputs - this.#inputs, elapsedMs);
    this.poll(nowNs);
    this.#inputs = engine.inputs.count;
    const nowMs = performance.now();
    if (durable !== undefined && nowMs - this.#renewedMs > RENEW_MS) {
      this.#renewedMs = nowMs;
      // Who has lost it is told at the end of the second.
      durable.lease.renew();
    }
    return this.#world.isInterrupted();
  }

  async second(nowNs: number): Promise<boolean> {
    await this.#watch.look(nowNs);
    this.#idle.look(nowNs);
    // Signals and commands are seen between two turns of the event loop.
    await setImmediate();
    return this.#world.isInterrupted();
  }

  async turn(): Promise<boolean> {
    this.durable?.lease.renew();
    await setImmediate();
    return this.#world.isInterrupted();
  }

  async carried(nowNs: number): Promise<void> {
    const link = this.#link;
    if (link === undefined) return;
    const { writer } = this.durable ?? {};
    link.poll(this.engine, nowNs, writer);
    if (this.pace.speed === undefined) await link.room(this.#world.isInterrupted);
  }

  /** Does what was commanded meanwhile. */
  poll(nowNs: number): void {
    const { engine } = this;
    const link = this.#link;
    for (let complaint = link?.complaint(); complaint !== undefined; complaint = link?.complaint()) {
      this.alerts.raise({ type: 'SYSTEM_ERROR', ...complaint }, nowNs);
      this.#world.say(`${complaint.detail}\n`);
    }
    for (let asked = link?.take(); asked !== undefined; asked = link?.take()) this.#control.take(asked);
    this.#control.poll(engine, nowNs);
  }

  /** The run tells how its venues are asked. */
  readonly askable = (ask: AskVenues): void => {
    this.#ask = ask;
  };

  /** A restart has asked the venue: how it went. */
  reconciled(isSettled: boolean, text: string): void {
    this.#link?.reconciled(isSettled, text);
  }

  /** How the ways to the venues are, for who looks at the session. */
  venues(report: VenuesReport): void {
    this.#link?.venues(report);
  }

  /** Has the venues asked for our account; what came of it is told when it is known. */
  reconcile(tell: (text: string) => void): void {
    if (this.#ask === undefined) {
      tell('there is no venue to ask: a recording answers nothing');
      return;
    }
    this.#ask((report) => {
      this.reconciled(agrees(report), reconcileText(report).trimEnd());
      tell(reconcileText(report).trimEnd());
    });
  }

  /** No more is run; what the engine has said last is handed on. */
  drain(): void {
    this.#watch.drain();
  }

  status(): SessionStatus {
    const { engine, pace } = this;
    const pnl = pnlData(engine, this.#header.cash);
    // Before its first slice a recovered session stands where its engine does.
    const nowNs = Math.max(this.#nowNs, engine.nowNs);
    const status = statusOf(
      engine,
      this.#header.epochDay,
      nowNs,
      pnl,
      pace,
      this.alerts.counts,
      this.#meter,
      this.#idle,
    );
    return { world: worldOf(this.#header), ...status };
  }

  /** Once is enough. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.durable?.close();
    await this.#watch.close();
    await this.#control.close(this.engine);
    const isHasty = this.#world.isInterrupted();
    const [lines] = await Promise.all([
      isHasty ? this.alerts.close(HASTY_MS) : this.alerts.close(),
      this.#link?.close(),
    ]);
    for (const line of lines) this.#world.say(`${line}\n`);
  }
}

function worldOf(header: SessionHeader): string {
  if (header.mode === 'paper') return 'paper';
  if (header.mode !== 'live') return '';
  return isDryRun(header) ? 'dry run' : 'LIVE';
}

/** @param recovered the engine does not begin at its beginning */
async function openLink(options: LiveOptions, recovered?: Recovered): Promise<ServerLink | undefined> {
  const { world, header, mode, journal } = options;
  const { server, pace, home } = world;
  if (server === undefined) return undefined;
  return ServerLink.open({
    config: server,
    header,
    mode,
    epoch: randomBytes(8).toString('hex'),
    speed: pace.speed ?? null,
    dir: journal?.dir,
    home: home.dir,
    ...(recovered === undefined ? {} : { sequence: recovered.sequence, state: recovered.engine.save() }),
  });
}
