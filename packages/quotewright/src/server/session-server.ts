/** The server of a session, put together: the second engine, what is shown of it, the stream, REST, Redis. */
import { setImmediate } from 'node:timers/promises';
import { reasonOf } from '../data/reason.ts';
import { Home } from '../home/home.ts';
import type { RedisMirror } from '../state/redis-mirror.ts';
import { Asker } from './asker.ts';
import type { ServerContext } from './context.ts';
import type { FromServer, ServerSetup, ToServer } from './link.ts';
import { closer, listen, readCertificate } from './listen.ts';
import type { SessionInfo } from './protocol/session.ts';
import type { VenuesReport } from './protocol/venues.ts';
import { readinessOf } from './readiness.ts';
import { Replica } from './replica/replica.ts';
import { RiskFigures } from './risk-figures.ts';
import { openTokens } from './security/open-tokens.ts';
import { isLoopback } from './security/origins.ts';
import { ServerLog } from './server-log.ts';
import { createServer } from './server.ts';
import { sessionOf } from './session-of.ts';
import { StreamHub } from './stream/hub.ts';
import { SystemSource } from './stream/system-source.ts';
import { SystemMonitor } from './system-info.ts';
import { SessionViews } from './views/session-views.ts';

/** Between two looks into the feed's ring. */
const TURN_MS = 4;
/** Inputs between two looks at the clock, and how long the engine may go on while requests wait. */
const DRAIN = 1024;
const BUDGET_MS = 8;
/** How long the end waits for what is not written yet. */
const GRACE_MS = 300;

interface Parts {
  readonly replica: Replica;
  readonly views: SessionViews;
  readonly hub: StreamHub;
  readonly asker: Asker;
  readonly log: ServerLog;
  readonly live: Live;
  readonly mirror: RedisMirror | undefined;
  readonly close: () => Promise<void>;
}

/** What messages of the trading thread change. */
interface Live {
  reconciled: { readonly isSettled: boolean; readonly text: string } | undefined;
  venues: VenuesReport | undefined;
  isOver: boolean;
  /** It was told that the engines differ. */
  isDifferenceTold: boolean;
}

export class SessionServer {
  /** Where it listens. */
  readonly url: string;
  readonly #parts: Parts;
  readonly #turns: NodeJS.Timeout;
  #isTurning = false;

  private constructor(parts: Parts, url: string) {
    this.url = url;
    this.#parts = parts;
    this.#turns = setInterval(() => void this.#turn(), TURN_MS);
  }

  /**
   * @param page where the page's files are; default: the package's own
   * @throws InputError when it cannot listen, or its settings, a token or the certificate cannot be read
   */
  static async open(setup: ServerSetup, post: (message: FromServer) => void, page?: string): Promise<SessionServer> {
    const { config, header } = setup;
    const { epochDay } = header;
    const home = new Home(setup.home);
    const tls = readCertificate(config);
    const tokens = openTokens(config, home.tokenFile);
    const views = await SessionViews.open(setup);
    const replica = await Replica.open(setup, views);
    const asker = new Asker(post);
    const live: Live = { reconciled: undefined, venues: undefined, isOver: false, isDifferenceTold: false };
    const log = new ServerLog(setup.dir ?? setup.home, post);
    const monitor = new SystemMonitor({
      stats: setup.stats,
      epochDay,
      startedMs: header.startedMs,
      engine: () => replica.engine,
      replica: () => replica.info(),
      rings: () => [replica.ring()],
      recorders: () => views.recorders,
      clients: () => hub.clients.counts,
      redis: () => mirror?.info() ?? { state: 'off', detail: '', written: 0 },
      venues: () => live.venues,
    });
    const context: ServerContext = {
      setup,
      home,
      views,
      get engine() {
        return replica.engine;
      },
      session: (): SessionInfo => sessionOf(setup, replica.engine),
      system: () => monitor.info(),
      readiness: () =>
        readinessOf({
          engine: replica.engine,
          stats: monitor.look() ? monitor.stats : undefined,
          recovered: setup.sequence,
          reconciled: live.reconciled,
          isLive: setup.mode === 'live',
          links: live.venues?.links,
          replica: replica.info(),
          fill: replica.ring().fill,
          isOver: live.isOver,
          wallMs: Date.now(),
        }),
      ask: (request) => asker.ask(request),
    };
    const hub = new StreamHub({
      sources: [...views.topics, new SystemSource(() => monitor.info())],
      newest: () => views.newest(),
      session: () => context.session(),
    });
    let mirror: RedisMirror | undefined;
    if (config.redis !== undefined) {
      // Its client is megabytes that a session without Redis need not hold.
      const { RedisMirror } = await import('../state/redis-mirror.ts');
      mirror = new RedisMirror(config.redis, {
        hub,
        context,
        complain: (severity, text) => log.complain(severity, text),
      });
    }
    const figures = new RiskFigures(context);
    const app = await createServer(context, { tokens, hub, figures, tls, page, say: log.say });
    const closeApp = closer(app);
    const close = async (): Promise<void> => {
      monitor.close();
      await Promise.all([closeApp(), mirror?.close(GRACE_MS), log.close(GRACE_MS)]);
    };
    try {
      const url = await listen(app, config);
      if (!isLoopback(config.host) && tls === undefined) {
        log.complain('WARNING', `the server listens on ${config.host} without TLS: tokens can be read on the way`);
      }
      return new SessionServer({ replica, views, hub, asker, log, live, mirror, close }, url);
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** A message of the trading thread, but for `close`. */
  take(message: ToServer): void {
    const { replica, views, asker, live, hub } = this.#parts;
    replica.take(message);
    views.take(message);
    if (message.type === 'reply') asker.answered(message.id, message.reply);
    else if (message.type === 'reconciled') live.reconciled = message;
    else if (message.type === 'venues') live.venues = message.report;
    else if (message.type === 'over') {
      live.isOver = true;
      asker.end();
      hub.finish();
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#turns);
    this.#parts.asker.end();
    await this.#parts.close();
  }

  /** Takes what is in the ring, and tells whoever listens. What cannot be done is said, and tried again. */
  async #turn(): Promise<void> {
    if (this.#isTurning) return;
    this.#isTurning = true;
    const { replica, hub, log } = this.#parts;
    try {
      let sinceMs = performance.now();
      while (replica.drain(DRAIN) >= DRAIN) {
        if (performance.now() - sinceMs < BUDGET_MS) continue;
        hub.tick(performance.now());
        // oxlint-disable-next-line no-await-in-loop -- requests come in between
        await setImmediate();
        sinceMs = performance.now();
      }
      hub.tick(performance.now());
      this.#compare();
    } catch (error) {
      log.say(`turn: ${error instanceof Error ? (error.stack ?? error.message) : reasonOf(error)}`);
    } finally {
      this.#isTurning = false;
    }
  }

  #compare(): void {
    const { replica, live, log } = this.#parts;
    const { failure } = replica;
    if (live.isDifferenceTold || failure === '') return;
    live.isDifferenceTold = true;
    log.complain('CRITICAL', `the server shows another state than the one that trades: ${failure}; trust the journal`);
  }
}
