/**
 * Posts alerts as JSON, one after the other. A message is signed with the time at which it is sent, so that the receiver can tell a
 * repeated or forged one: `X-Quotewright-Signature: t=<unix seconds>,v1=<hex>`, where v1 is HMAC-SHA256 of `<t>.<body>`. What
 * fails is sent again after a growing, partly random wait; what the receiver refuses for good (4xx) is not.
 */
import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Redactor } from '../audit/redactor.ts';
import type { Alert } from './alert.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { AlertSink, SinkCounts } from './sink.ts';

const LONGEST_WAIT_MS = 60_000;
/** Refused now, but perhaps not later. */
const TRANSIENT = new Set([408, 425, 429]);

export interface WebhookOptions {
  readonly name: string;
  readonly url: string;
  readonly secret: string | undefined;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly backoffMs: number;
  readonly queue: number;
  readonly redactor: Redactor;
}

const Outcome = { DELIVERED: 0, REFUSED: 1, AGAIN: 2 } as const;
type Outcome = (typeof Outcome)[keyof typeof Outcome];

export class WebhookSink implements AlertSink {
  readonly name: string;
  readonly #options: WebhookOptions;
  readonly #queue: DeliveryQueue;
  readonly #ending = new AbortController();
  #working: Promise<void> = Promise.resolve();
  #isWorking = false;
  #isClosed = false;
  #delivered = 0;
  #failed = 0;
  #retried = 0;

  constructor(options: WebhookOptions) {
    this.name = options.name;
    this.#options = options;
    this.#queue = new DeliveryQueue(options.queue);
  }

  get counts(): SinkCounts {
    return {
      delivered: this.#delivered,
      failed: this.#failed,
      retried: this.#retried,
      dropped: this.#queue.dropped,
    };
  }

  send(alert: Alert): void {
    if (this.#isClosed) return;
    this.#queue.push(alert);
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#working = this.#work();
  }

  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    const timer = setTimeout(() => this.#ending.abort(), graceMs);
    await this.#working;
    clearTimeout(timer);
    this.#queue.clear();
  }

  async #work(): Promise<void> {
    for (let alert = this.#queue.shift(); alert !== undefined; alert = this.#queue.shift()) {
      if (await this.#deliver(alert)) this.#delivered++;
      else this.#failed++;
      if (this.#ending.signal.aborted) break;
    }
    this.#isWorking = false;
  }

  async #deliver(alert: Alert): Promise<boolean> {
    const { attempts, backoffMs, redactor } = this.#options;
    const body = redactor.text(JSON.stringify({ ...alert, dropped: this.#queue.dropped }));
    for (let trial = 1; ; trial++) {
      const outcome = await this.#post(body);
      if (outcome !== Outcome.AGAIN) return outcome === Outcome.DELIVERED;
      if (trial >= attempts || this.#ending.signal.aborted) return false;
      this.#retried++;
      const longest = Math.min(LONGEST_WAIT_MS, backoffMs * 2 ** (trial - 1));
      // Senders that failed together shall not come back together.
      const pause = wait(longest * (0.5 + Math.random() / 2), undefined, { signal: this.#ending.signal });
      await pause.catch(() => undefined);
      if (this.#ending.signal.aborted) return false;
    }
  }

  async #post(body: string): Promise<Outcome> {
    const { url, secret, timeoutMs } = this.#options;
    const headers: Record<string, string> = { 'content-type': 'application/json', 'user-agent': 'quotewright' };
    if (secret !== undefined)
      headers['x-quotewright-signature'] = signature(secret, Math.floor(Date.now() / 1000), body);
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers,
        // An answer that leads elsewhere would carry the message to a place that nobody configured.
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#ending.signal]),
      });
      await response.body?.cancel();
      if (response.ok) return Outcome.DELIVERED;
      return response.status >= 500 || TRANSIENT.has(response.status) ? Outcome.AGAIN : Outcome.REFUSED;
    } catch {
      return Outcome.AGAIN;
    }
  }
}

export function signature(secret: string, unixSeconds: number, body: string): string {
  const hmac = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');
  return `t=${unixSeconds},v1=${hmac}`;
}
