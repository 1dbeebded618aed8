/**
 * Weights and counts of orders, told in headers and `rateLimits`, and 429, then 418 for who goes on regardless. Source: "Limits" of the REST
 * API. Weights belong to an address; here, where every customer has the same one, to a key, or to all who have none.
 */
import { Refusal } from './refusal.ts';

export interface LimitRule {
  readonly rateLimitType: 'REQUEST_WEIGHT' | 'ORDERS';
  readonly interval: 'SECOND' | 'MINUTE' | 'DAY';
  readonly intervalNum: number;
  readonly limit: number;
}

export const SPOT_LIMITS: readonly LimitRule[] = [
  { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
  { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 },
  { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 200_000 },
];
export const USDM_LIMITS: readonly LimitRule[] = [
  { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 2400 },
  { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 300 },
  { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200 },
];

const INTERVAL_MS = { SECOND: 1000, MINUTE: 60_000, DAY: 86_400_000 } as const;
const HEADERS = { REQUEST_WEIGHT: 'x-mbx-used-weight-', ORDERS: 'x-mbx-order-count-' } as const;
/** Refused so often within a window, one is shut out. */
const PATIENCE = 20;
const BAN_MS = 120_000;

interface Use {
  readonly counts: number[];
  readonly windows: number[];
  refused: number;
  bannedUntilMs: number;
}

export class Limits {
  readonly #rules: readonly LimitRule[];
  readonly #uses = new Map<string, Use>();

  constructor(rules: readonly LimitRule[]) {
    this.#rules = rules;
  }

  /** Counts a request of a customer. @throws Refusal 429 or 418 */
  take(customer: string, weight: number, orders: number, nowMs: number): void {
    const use = this.#use(customer, nowMs);
    if (nowMs < use.bannedUntilMs) throw banned(use.bannedUntilMs, nowMs);
    for (const [i, rule] of this.#rules.entries()) {
      const part = rule.rateLimitType === 'ORDERS' ? orders : weight;
      if (part === 0) continue;
      if (use.counts[i]! + part > rule.limit) this.#refuse(use, rule, nowMs);
      use.counts[i]! += part;
    }
  }

  headers(customer: string, nowMs: number): Record<string, string> {
    const use = this.#use(customer, nowMs);
    const headers: Record<string, string> = {};
    for (const [i, { rateLimitType, interval, intervalNum }] of this.#rules.entries()) {
      headers[`${HEADERS[rateLimitType]}${intervalNum}${interval[0]!.toLowerCase()}`] = String(use.counts[i]);
    }
    return headers;
  }

  /** As answers of the WebSocket API end. */
  counts(customer: string, nowMs: number): unknown[] {
    const use = this.#use(customer, nowMs);
    return this.#rules.map((rule, i) => ({ ...rule, count: use.counts[i] }));
  }

  #refuse(use: Use, { rateLimitType, interval, intervalNum, limit }: LimitRule, nowMs: number): never {
    use.refused++;
    const lengthMs = INTERVAL_MS[interval] * intervalNum;
    const untilMs = (Math.floor(nowMs / lengthMs) + 1) * lengthMs;
    if (use.refused > PATIENCE) {
      use.bannedUntilMs = nowMs + BAN_MS;
      throw banned(use.bannedUntilMs, nowMs);
    }
    const span = `${intervalNum} ${interval}`;
    const data = { serverTime: nowMs, retryAfter: untilMs };
    if (rateLimitType === 'ORDERS') {
      throw new Refusal(-1015, `Too many new orders; current limit is ${limit} orders per ${span}.`, 429, data);
    }
    const words = `Too much request weight used; current limit is ${limit} request weight per ${span}.`;
    throw new Refusal(
      -1003,
      `${words} Please use WebSocket Streams for live updates to avoid polling the API.`,
      429,
      data,
    );
  }

  #use(customer: string, nowMs: number): Use {
    let use = this.#uses.get(customer);
    if (use === undefined) {
      use = { counts: this.#rules.map(() => 0), windows: this.#rules.map(() => 0), refused: 0, bannedUntilMs: 0 };
      this.#uses.set(customer, use);
    }
    for (const [i, { interval, intervalNum }] of this.#rules.entries()) {
      const window = Math.floor(nowMs / (INTERVAL_MS[interval] * intervalNum));
      if (use.windows[i] === window) continue;
      use.windows[i] = window;
      use.counts[i] = 0;
      use.refused = 0;
    }
    return use;
  }
}

function banned(untilMs: number, nowMs: number): Refusal {
  const words = `Way too much request weight used; IP banned until ${untilMs}.`;
  const data = { serverTime: nowMs, retryAfter: untilMs };
  return new Refusal(-1003, `${words} Please use WebSocket Streams for live updates to avoid bans.`, 418, data);
}
