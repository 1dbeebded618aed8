/**
 * Keys that require heartbeats: 30 s after their last request all orders of theirs are cancelled. Here a key is taken for one of those when it
 * sends its first heartbeat. Source: docs.gemini.com, "Heartbeat".
 */
import type { VenueExchange } from '../contract.ts';

const SILENCE_NS = 30e9;

export class DeadMan {
  readonly #exchange: VenueExchange;
  /** When each account was last heard of. */
  readonly #heardNs = new Map<string, number>();

  constructor(exchange: VenueExchange) {
    this.#exchange = exchange;
  }

  heard(account: string, isHeartbeat: boolean): void {
    if (isHeartbeat || this.#heardNs.has(account)) this.#heardNs.set(account, this.#exchange.nowNs());
  }

  turn(nowNs: number): void {
    for (const [account, heardNs] of this.#heardNs) {
      if (nowNs - heardNs < SILENCE_NS) continue;
      this.#heardNs.delete(account);
      for (const { number } of this.#exchange.openOrders(account)) this.#exchange.cancel(account, number);
    }
  }
}
