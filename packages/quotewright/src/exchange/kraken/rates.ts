/**
 * Kraken's counters, of an account of the highest tier: that of REST's calls, and that of the trading engine for each pair.
 * Source: docs.kraken.com/exchange/guides/rest/ratelimits, docs.kraken.com/exchange/guides/general/ratelimits.
 */

const REST = { most: 20, decay: 1 };
export const ENGINE = { most: 180, decay: 3.75 };

/** What REST calls cost; others cost one, and orders nothing. */
const REST_COSTS: Readonly<Record<string, number>> = {
  AddOrder: 0,
  AmendOrder: 0,
  CancelOrder: 0,
  CancelAll: 0,
  CancelAllOrdersAfter: 0,
  CancelOrderBatch: 0,
  AddOrderBatch: 0,
  TradesHistory: 2,
  ClosedOrders: 1,
  QueryTrades: 1,
};

/** Seconds since the order was placed or amended, and what is added. */
const CANCEL: readonly (readonly [number, number])[] = [
  [5, 8],
  [10, 6],
  [15, 5],
  [45, 4],
  [90, 2],
  [300, 1],
];
const AMEND: readonly (readonly [number, number])[] = [
  [5, 3],
  [10, 2],
  [15, 1],
];

class Counter {
  value = 0;
  #atMs = 0;

  sink(nowMs: number, decay: number): void {
    this.value = Math.max(0, this.value - ((nowMs - this.#atMs) / 1000) * decay);
    this.#atMs = nowMs;
  }
}

export class KrakenRates {
  readonly #counters = new Map<string, Counter>();

  /** @returns false: 'EAPI:Rate limit exceeded' */
  rest(account: string, page: string, nowMs: number): boolean {
    const counter = this.#counter(account, nowMs, REST.decay);
    const cost = REST_COSTS[page] ?? 1;
    if (cost > 0 && counter.value + cost > REST.most) return false;
    counter.value += cost;
    return true;
  }

  /** Adding an order. @returns false: 'EOrder:Rate limit exceeded' */
  add(account: string, market: number, nowMs: number): boolean {
    return this.#take(account, market, 1, nowMs);
  }

  amend(account: string, market: number, ageMs: number, nowMs: number): boolean {
    return this.#take(account, market, 1 + costAt(AMEND, ageMs), nowMs);
  }

  cancel(account: string, market: number, ageMs: number, nowMs: number): boolean {
    return this.#take(account, market, costAt(CANCEL, ageMs), nowMs);
  }

  /** What the executions channel tells as `ratecount`. */
  count(account: string, market: number, nowMs: number): number {
    return this.#counter(`${account} ${market}`, nowMs, ENGINE.decay).value;
  }

  #take(account: string, market: number, cost: number, nowMs: number): boolean {
    const counter = this.#counter(`${account} ${market}`, nowMs, ENGINE.decay);
    if (counter.value + cost > ENGINE.most) return false;
    counter.value += cost;
    return true;
  }

  #counter(name: string, nowMs: number, decay: number): Counter {
    let counter = this.#counters.get(name);
    if (counter === undefined) this.#counters.set(name, (counter = new Counter()));
    counter.sink(nowMs, decay);
    return counter;
  }
}

function costAt(costs: readonly (readonly [number, number])[], ageMs: number): number {
  for (const [seconds, cost] of costs) if (ageMs < seconds * 1000) return cost;
  return 0;
}
