/** What the venue says of the limits that we have used: `rateLimits` of WebSocket answers, `X-MBX-…` headers of pages. */
import { asInteger, asList, asObject, isObject } from '../../data/json.ts';
import type { Budget } from '../contract/budget.ts';
import type { RestResponse } from '../contract/rest.ts';

/** Names of `budgets.ts` by kind, interval and number of intervals. */
const RULES: Readonly<Record<string, string>> = {
  'REQUEST_WEIGHT MINUTE 1': 'weight',
  'ORDERS SECOND 10': 'orders',
  'ORDERS MINUTE 1': 'orders-minute',
  'ORDERS DAY 1': 'orders-day',
};
const HEADERS: readonly (readonly [header: string, rule: string])[] = [
  ['x-mbx-used-weight-1m', 'weight'],
  ['x-mbx-order-count-10s', 'orders'],
  ['x-mbx-order-count-1m', 'orders-minute'],
  ['x-mbx-order-count-1d', 'orders-day'],
];

export function observeLimits(budget: Budget, rateLimits: unknown, nowMs: number): void {
  for (const limit of asList(rateLimits).filter(isObject)) {
    const rule =
      RULES[`${String(limit['rateLimitType'])} ${String(limit['interval'])} ${String(limit['intervalNum'])}`];
    const used = asInteger(limit['count']);
    if (rule !== undefined && used >= 0) budget.observe(rule, used, nowMs);
  }
}

export function usedOf(headers: RestResponse['headers']): Record<string, number> {
  const used: Record<string, number> = {};
  for (const [header, rule] of HEADERS) {
    const count = asInteger(headers[header]);
    if (count >= 0) used[rule] = count;
  }
  return used;
}

/** Silence after a refusal that does not say until when. */
const SILENCE_MS: Readonly<Record<number, number>> = { 429: 1000, 418: 120_000 };

/** An error of the WebSocket API says until when nothing is to be sent. */
export function observeBan(budget: Budget, error: unknown, status: number, nowMs: number): void {
  const untilMs = asInteger(asObject(asObject(error)?.['data'])?.['retryAfter']);
  const silenceMs = SILENCE_MS[status];
  if (untilMs > 0) budget.banUntil(untilMs);
  else if (silenceMs !== undefined) budget.banUntil(nowMs + silenceMs);
}
