/** Which of our orders the venue speaks of: by the client id that we gave, or by the venue's number when the order is another's. */
import { foreignNumber, type ClientIds } from '../contract/client-ids.ts';

/** Venue numbers are kept for so many orders at least; then the older half goes. */
const KEPT = 65_536;

export class OrderNames {
  readonly ids: ClientIds;
  /** By `SYMBOL:venue's number`: ours. The venue counts by symbol. */
  #numbers = new Map<string, number>();
  #before = new Map<string, number>();
  /** By our number of an order that is another's: the venue's. */
  readonly #foreign = new Map<number, string>();

  constructor(ids: ClientIds) {
    this.ids = ids;
  }

  /** @returns our number; of another's order one made of the venue's */
  learn(symbol: string, venueId: string, clientId: string): number {
    const own = this.ids.number(clientId);
    const number = own > 0 ? own : foreignNumber(`${symbol}:${venueId}`);
    if (own === 0) this.#foreign.set(number, venueId);
    if (this.#numbers.size >= KEPT) {
      this.#before = this.#numbers;
      this.#numbers = new Map();
    }
    this.#numbers.set(`${symbol}:${venueId}`, number);
    return number;
  }

  /** Our number of the venue's; undefined when it was not learnt. */
  known(symbol: string, venueId: string): number | undefined {
    const name = `${symbol}:${venueId}`;
    return this.#numbers.get(name) ?? this.#before.get(name);
  }

  /** The venue's number of another's order that we have been told of. */
  foreign(number: number): string | undefined {
    return this.#foreign.get(number);
  }
}
