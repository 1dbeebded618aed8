/**
 * Has every change that is asked of the server in the audit log: what goes to the trading thread is written there, before it acts; all
 * others here, before their handler runs; and what is refused, too.
 */
import type { FastifyRequest } from 'fastify';
import { AuditLog } from '../../audit/audit-log.ts';
import { reasonOf } from '../../data/reason.ts';
import type { App } from '../http/app.ts';
import { actorOf } from '../http/command.ts';
import { pathOf } from '../http/errors.ts';
import { accessOf } from '../http/openapi.ts';
import { Problem } from '../http/problems.ts';

/** Refusals that are written within a minute: who is refused must not fill the disk. */
const MOST_REFUSALS = 60;
const WINDOW_MS = 60_000;

export class ChangeAudit {
  readonly #dir: string;
  #log: AuditLog | undefined;
  #windowMs = Number.NEGATIVE_INFINITY;
  #refusals = 0;

  /** @param dir of the session; of the home when it keeps none */
  constructor(dir: string) {
    this.#dir = dir;
  }

  install(app: App): void {
    app.addHook('preHandler', async (request) => {
      if (!isChange(request) || request.routeOptions.config.isCommand === true) return;
      this.#write('server.change', request);
    });
  }

  /** A problem that ended a request. What the trading thread has refused it has audited itself. */
  refused(request: FastifyRequest, problem: Problem): void {
    const { code } = problem;
    if (!isChange(request) || request.is404 || NOT_AUDITED.has(code)) return;
    const nowMs = performance.now();
    if (nowMs - this.#windowMs > WINDOW_MS) {
      this.#windowMs = nowMs;
      this.#refusals = 0;
    }
    if (this.#refusals++ >= MOST_REFUSALS) return;
    try {
      this.#write('server.refused', request, `${code}: ${problem.message}`);
    } catch {
      // It was refused: nothing has happened that needs the line.
    }
  }

  #write(what: string, request: FastifyRequest, after?: string): void {
    const subject = `${request.method} ${pathOf(request).slice(0, 500)}`;
    try {
      this.#log ??= new AuditLog({ dir: this.#dir, role: 'server' });
      this.#log.append({ what, who: actorOf(request), subject, ...(after === undefined ? {} : { after }) });
    } catch (error) {
      throw new Problem('unaudited', `the audit log cannot be written: ${reasonOf(error)}`);
    }
  }
}

/** Refused by the trading thread, which has written it, or not written for a reason. */
const NOT_AUDITED: ReadonlySet<string> = new Set(['refused', 'unaudited', 'too-many-requests', 'too-many-failures']);

/** What reading is enough for changes nothing, by whatever method. */
function isChange({ method, routeOptions: { url = '', config } }: FastifyRequest): boolean {
  const access = accessOf({ method, url, config });
  return access === 'trade' || access === 'admin';
}
