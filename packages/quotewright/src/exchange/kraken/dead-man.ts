/**
 * Cancel-all-after: an account's orders are cancelled when it has not said for so long that it is there.
 * Source: docs.kraken.com/exchange/api-reference/spot-websocket-v2/cancel_after, docs.kraken.com/api/docs/rest-api/cancel-all-orders-after.
 */
import type { ExchangeKey, VenueExchange } from '../contract.ts';
import { Refusal } from './auth.ts';
import { allow, type OrderEntry } from './order-entry.ts';

const MOST_SECONDS = 86_400;

export class DeadMan {
  readonly #exchange: VenueExchange;
  readonly #entry: OrderEntry;
  readonly #dueMs = new Map<string, number>();

  constructor(exchange: VenueExchange, entry: OrderEntry) {
    this.#exchange = exchange;
    this.#entry = entry;
  }

  /** @param seconds 0 = never. @returns the answer of the venue @throws Refusal */
  set(key: ExchangeKey, seconds: number): { readonly currentTime: string; readonly triggerTime: string } {
    allow(key);
    const { account } = key;
    if (!(Number.isInteger(seconds) && seconds >= 0 && seconds <= MOST_SECONDS)) {
      throw new Refusal('EGeneral:Invalid arguments:timeout');
    }
    const nowMs = this.#exchange.nowMs();
    if (seconds === 0) this.#dueMs.delete(account);
    else this.#dueMs.set(account, nowMs + seconds * 1000);
    return { currentTime: secondText(nowMs), triggerTime: seconds === 0 ? '0' : secondText(nowMs + seconds * 1000) };
  }

  turn(): void {
    if (this.#dueMs.size === 0) return;
    const nowMs = this.#exchange.nowMs();
    for (const [account, dueMs] of this.#dueMs) {
      if (dueMs > nowMs) continue;
      this.#dueMs.delete(account);
      this.#entry.cancelThose(account);
    }
  }
}

/** RFC 3339 with whole seconds. */
function secondText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
