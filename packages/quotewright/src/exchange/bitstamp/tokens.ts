/** The tokens with which private channels are subscribed to: good for a minute. Source: www.bitstamp.net/api, "Websockets token". */
import { randomBytes } from 'node:crypto';
import type { VenueExchange } from '../contract.ts';

const SECONDS = 60;
const FIRST_USER = 1_000_001;

export class Tokens {
  readonly #exchange: VenueExchange;
  readonly #users: string[] = [];
  readonly #tokens = new Map<string, { readonly user: string; readonly untilMs: number }>();

  constructor(exchange: VenueExchange) {
    this.#exchange = exchange;
  }

  /** The venue's number of an account. */
  userNumber(account: string): number {
    let place = this.#users.indexOf(account);
    if (place < 0) place = this.#users.push(account) - 1;
    return FIRST_USER + place;
  }

  make(account: string): object {
    const nowMs = this.#exchange.nowMs();
    for (const [token, { untilMs }] of this.#tokens) if (untilMs < nowMs) this.#tokens.delete(token);
    const token = randomBytes(24).toString('base64url');
    const user = this.userNumber(account);
    this.#tokens.set(token, { user: String(user), untilMs: nowMs + SECONDS * 1000 });
    return { token, valid_sec: SECONDS, user_id: user };
  }

  /** Whose token it is; '' when it is none, or too old. */
  userOf(token: string): string {
    const found = this.#tokens.get(token);
    return found !== undefined && found.untilMs >= this.#exchange.nowMs() ? found.user : '';
  }
}
