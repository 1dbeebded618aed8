/**
 * A venue's REST pages over undici: connections kept alive, TLS as settings have it, the budget waited for, a bound on the time of each
 * answer. Any status is an answer; 429 and 418 also shut the budget for as long as the venue says.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { type Rest, type RestRequest, type RestResponse, signed } from '../contract/rest.ts';
import { VenueError } from '../contract/venue-error.ts';
import type { FrameTap } from './frame-tap.ts';
import type { LiveClock } from './live-clock.ts';
import { silentUntilMs } from './retry-after.ts';
import type { SharedBudget } from './shared-budget.ts';
import type { TlsOptions } from './tls.ts';
import { inOneLine } from './web-page.ts';

const ANSWER_MS = 10_000;
/** Of that, a connection and its TLS may take this share. */
const CONNECT_SHARE = 0.5;
/** So long a request waits for the budget, looking so often. */
const BUDGET_MS = 10_000;
const LOOK_MS = 10;
const LAST_MS = 1000;
const KEEP_ALIVE_MS = 60_000;
const CONNECTIONS = 8;
const CANCEL_CONNECTIONS = 4;
/** The largest page of a venue's, all instruments of Binance, has some twenty. */
const MAX_BODY = 64 * 1024 * 1024;

/** Nothing was sent yet when these happen. */
const NOT_SENT =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+|ERR_SSL_\w+|\w*CERT\w*|UNABLE_TO_\w+|PIN)$/u;

export interface HttpSetup {
  readonly venue: string;
  /** An origin; a path may follow the host. */
  readonly address: string;
  readonly tls: TlsOptions;
  readonly budget: SharedBudget;
  readonly clock: LiveClock;
  readonly tap?: FrameTap;
  /** A request had to wait for the budget, or the venue said that there were too many. */
  readonly limited: (text: string) => void;
  /** `Venue.used`. */
  readonly used?: (headers: RestResponse['headers']) => Readonly<Record<string, number>>;
  readonly answerMs?: number;
  readonly budgetMs?: number;
}

export class HttpRest implements Rest {
  readonly origin: string;
  /** Cancels, and the like, that are under way. */
  readonly #cancels = new Set<Promise<unknown>>();
  readonly #setup: HttpSetup;
  readonly #pool: Pool;
  /** Cancels have connections of their own, so that they do not stand in a queue behind orders. */
  readonly #cancelPool: Pool;
  /** What follows the host in the address. */
  readonly #base: string;

  constructor(setup: HttpSetup) {
    const { origin, pathname } = new URL(setup.address);
    const { tls, answerMs = ANSWER_MS } = setup;
    this.#setup = setup;
    this.origin = setup.address;
    this.#base = pathname === '/' ? '' : pathname;
    const pool = (connections: number): Pool =>
      new Pool(origin, {
        connections,
        connect: { ...tls, timeout: answerMs * CONNECT_SHARE },
        keepAliveTimeout: KEEP_ALIVE_MS,
        maxResponseSize: MAX_BODY,
        allowH2: false,
      });
    this.#pool = pool(CONNECTIONS);
    this.#cancelPool = pool(CANCEL_CONNECTIONS);
  }

  async call(request: RestRequest): Promise<RestResponse> {
    const answer = this.#call(request);
    if (request.isCancel !== true) return answer;
    this.#cancels.add(answer);
    return answer.finally(() => this.#cancels.delete(answer));
  }

  async #call(asked: RestRequest): Promise<RestResponse> {
    await this.#budget(asked);
    const { venue, clock, tap, answerMs = ANSWER_MS } = this.#setup;
    const request = signed(asked, clock.venueMs(venue));
    const end = AbortSignal.timeout(answerMs);
    try {
      const answer = await (request.isCancel === true ? this.#cancelPool : this.#pool).request({
        method: request.method,
        path: this.#base + request.path,
        headers: { 'user-agent': 'quotewright', accept: 'application/json', ...request.headers },
        ...(request.body === undefined ? {} : { body: request.body }),
        signal: end,
      });
      const text = await answer.body.text();
      const receivedNs = clock.nowNs();
      const { statusCode: status } = answer;
      const headers = joined(answer.headers);
      const response = { status, headers, text: inOneLine(headers['content-type'], text), receivedNs };
      this.#mind(response);
      if (tap !== undefined && isPublic(request)) {
        const data = JSON.stringify({ method: request.method, path: request.path, status, text });
        tap({ conn: 'rest', t: 'http', nowNs: receivedNs, unixMs: clock.unixMs(receivedNs), data });
      }
      if (status >= 300 && status < 400) throw elsewhere(venue, request, response);
      return response;
    } catch (error) {
      if (error instanceof VenueError) throw error;
      throw asVenueError(venue, `${request.method} ${request.path.split('?', 1)[0]}`, error, end.aborted, answerMs);
    }
  }

  /** Cancels under way are waited for, for a second; other requests are given up. */
  async close(): Promise<void> {
    if (this.#cancels.size > 0) {
      const enough = new AbortController();
      await Promise.race([
        Promise.allSettled(this.#cancels),
        sleep(LAST_MS, undefined, { signal: enough.signal }).catch(() => undefined),
      ]);
      enough.abort();
    }
    await Promise.all([this.#pool.destroy(), this.#cancelPool.destroy()]);
  }

  async #budget({ cost, isCancel = false, path }: RestRequest): Promise<void> {
    const { venue, budget, clock, limited, budgetMs = BUDGET_MS } = this.#setup;
    const startMs = clock.nowMs();
    for (let hasTold = false; !budget.take(cost, isCancel, clock.nowMs());) {
      const nowMs = clock.nowMs();
      const freeMs = budget.bannedUntilMs;
      const [where] = path.split('?', 1);
      if (nowMs - startMs >= budgetMs || freeMs - startMs > budgetMs) {
        const waitMs = Math.max(0, Math.ceil(freeMs - nowMs));
        throw new VenueError({
          venue,
          code: 'RATE_LIMITED',
          text: `${where} was not sent: ${waitMs > 0 ? `the venue takes nothing for ${waitMs} ms` : 'the limits have no room'}`,
          ...(waitMs > 0 ? { retryAfterMs: waitMs } : {}),
        });
      }
      if (!hasTold) limited(`${where} waits for room in the limits`);
      hasTold = true;
      await sleep(LOOK_MS);
    }
  }

  #mind({ status, headers }: RestResponse): void {
    const { budget, clock, limited, used } = this.#setup;
    const nowMs = clock.nowMs();
    for (const [rule, count] of Object.entries(used?.(headers) ?? {})) budget.observe(rule, count, nowMs);
    const untilMs = silentUntilMs(status, headers['retry-after'], nowMs);
    if (untilMs === undefined) return;
    budget.banUntil(untilMs);
    limited(`the venue answers ${status}: nothing is sent for ${Math.ceil(untilMs - nowMs)} ms`);
  }
}

/** Pages that anybody may ask for: a recording holds their answers, and nobody's account. */
function isPublic({ method, headers }: RestRequest): boolean {
  return method === 'GET' && Object.keys(headers ?? {}).every((name) => /^(?:accept|content-type)$/iu.test(name));
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}

/** Nobody is followed to where a key has not been given to be used. */
function elsewhere(venue: string, { method, path }: RestRequest, { status, headers }: RestResponse): VenueError {
  const place = URL.canParse(headers['location'] ?? '') ? ` to ${new URL(headers['location']!).origin}` : '';
  const text = `${method} ${path.split('?', 1)[0]}: the answer is ${status}, another address${place}: see 'addresses' of the settings`;
  return new VenueError({ venue, code: 'UNREADABLE', text, status });
}

function asVenueError(venue: string, where: string, error: unknown, isLate: boolean, answerMs: number): VenueError {
  const text = error instanceof Error ? error.message : String(error);
  if (isLate) {
    return new VenueError(
      { venue, code: 'TIMEOUT', text: `${where}: no answer within ${answerMs} ms`, mayHaveArrived: true },
      { cause: error },
    );
  }
  const code = codeOf(error);
  const words = `${where}: ${text === '' ? code : text}`;
  return new VenueError(
    { venue, code: 'NETWORK', venueCode: code, text: words, mayHaveArrived: !NOT_SENT.test(code) },
    { cause: error },
  );
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Of several addresses none could be reached: each has its own error.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return '';
}
