/** What Example says of our account: the evidence after a time-out, a break, or a kill. */
import { SECONDS_PER_DAY } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { VenueAccount, VenueExecution, VenueOrder } from '@quotewright/core/trading/venue-account';
import { asText, type JsonObject } from '../../../packages/quotewright/src/data/json.ts';
import { foreignNumber, type ClientIds } from '../../../packages/quotewright/src/venues/contract/client-ids.ts';
import type { OrdersSetup } from '../../../packages/quotewright/src/venues/contract/orders.ts';
import { unreadable } from './errors.ts';
import { executionOf } from './execution.ts';
import { listOf, signedPage } from './pages.ts';

export class ExampleAccount {
  readonly #setup: OrdersSetup;
  readonly #ids: ClientIds;
  /** The venue's ids of orders that are not this session's, by the number that we have given them. */
  readonly #foreign = new Map<number, string>();

  constructor(setup: OrdersSetup, ids: ClientIds) {
    this.#setup = setup;
    this.#ids = ids;
  }

  foreign(number: number): string | undefined {
    return this.#foreign.get(number);
  }

  numberOf(venueId: string): number {
    const number = foreignNumber(venueId);
    return this.#foreign.has(number) ? number : 0;
  }

  /** @throws VenueError */
  async read(sinceNs: number): Promise<VenueAccount> {
    const { instruments, indices, markets, epochDay } = this.#setup;
    // The venue's times are whole milliseconds.
    const fromMs = Math.max(0, Math.floor(sinceNs / 1e6) + epochDay * SECONDS_PER_DAY * 1e3);
    const orders: VenueOrder[] = [];
    const executions: VenueExecution[] = [];
    for (const [i, instrument] of instruments.entries()) {
      const query = `?symbol=${encodeURIComponent(instrument.symbol)}`;
      // Orders first: what is filled between the two answers is in the fills then.
      // oxlint-disable-next-line no-await-in-loop -- the budget is one
      for (const entry of await this.#list(`/orders${query}`)) orders.push(this.#order(instrument, indices[i]!, entry));
      // oxlint-disable-next-line no-await-in-loop
      for (const entry of await this.#list(`/fills${query}&from=${fromMs}`)) {
        const execution = executionOf(instrument, indices[i]!, this.#number(entry), entry, epochDay);
        if (execution === undefined) throw unreadable('fills', entry);
        executions.push(execution);
      }
    }
    const positionLots = Array.from({ length: markets }, () => Number.NaN);
    return { orders, executions: executions.toSorted((a, b) => a.venueNs - b.venueNs), positionLots };
  }

  /** @throws VenueError */
  async cancelAll(): Promise<void> {
    const { instruments, rest, credentials } = this.#setup;
    for (const { symbol } of instruments) {
      const path = `/orders?symbol=${encodeURIComponent(symbol)}`;
      // oxlint-disable-next-line no-await-in-loop -- the budget is one
      await signedPage(rest, credentials, 'DELETE', path);
    }
  }

  async #list(path: string): Promise<readonly JsonObject[]> {
    const { rest, credentials } = this.#setup;
    return listOf(path, await signedPage(rest, credentials, 'GET', path));
  }

  #order({ price, size }: Instrument, market: number, entry: JsonObject): VenueOrder {
    const priceTicks = price.parse(asText(entry['limit']));
    const filledLots = size.parse(asText(entry['filled']));
    const openLots = size.parse(asText(entry['total'])) - filledLots;
    if (!(priceTicks > 0 && openLots >= 0)) throw unreadable('orders', entry);
    const side = entry['side'] === 'buy' ? Side.BUY : Side.SELL;
    return { orderId: this.#number(entry), market, side, priceTicks, openLots, filledLots };
  }

  /** Ours, or one that stands for somebody else's. */
  #number(entry: JsonObject): number {
    const number = this.#ids.number(asText(entry['name']));
    if (number > 0) return number;
    const venueId = asText(entry['order']);
    const foreign = foreignNumber(venueId);
    this.#foreign.set(foreign, venueId);
    return foreign;
  }
}
