/**
 * What Kraken says of an account: open orders, and the history of trades. A trade's id is that of its execution report (`exec_id`), so both give
 * the same number. Spot accounts have no positions; balances are those of all that the account does, and are not told.
 * Source: docs.kraken.com/api/docs/rest-api (get-open-orders, get-trade-history, get-orders-info, cancel-order-batch).
 */
import { NS_PER_SECOND, SECONDS_PER_DAY, unixTextToNs, UnixUnit } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { VenueAccount, VenueExecution, VenueOrder } from '@quotewright/core/trading/venue-account';
import { asDecimal, asInteger, asObject, asText, type JsonObject } from '../../data/json.ts';
import { executionNumber, foreignNumber, type ClientIds } from '../contract/client-ids.ts';
import type { Credentials } from '../contract/credentials.ts';
import type { Rest } from '../contract/rest.ts';
import { VenueError } from '../contract/venue-error.ts';
import { feeRatePpb } from '../fee-rate.ts';
import { HISTORY_COST } from './limits.ts';
import { pairs } from './listing.ts';
import { callPrivate, type PrivateCall } from './rest.ts';

/** As many orders as one question may name. */
const MOST_IDS = 50;
/** Pages of trades that are read at most; each has fifty. */
const MOST_PAGES = 40;

export interface AccountSetup {
  readonly instruments: readonly Instrument[];
  readonly indices: readonly number[];
  readonly markets: number;
  readonly epochDay: number;
  readonly rest: Rest;
  readonly credentials: Credentials;
  readonly ids: ClientIds;
  /** Our number of an order that the gateway knows by the venue's id; 0 = it does not. */
  readonly numberOf: (venueId: string) => number;
}

/** An open order, and the venue's id of it. */
export interface OpenOrder extends VenueOrder {
  readonly venueId: string;
  readonly isOurs: boolean;
}

export class KrakenAccount {
  readonly #setup: AccountSetup;
  /** Our number of each order that was seen in an answer, by the venue's id. */
  readonly #numbers = new Map<string, number>();
  /** Our instruments by each name that REST has for them. */
  #places: ReadonlyMap<string, number> | undefined;

  constructor(setup: AccountSetup) {
    this.#setup = setup;
  }

  /** @throws VenueError */
  async account(sinceNs: number): Promise<{ readonly account: VenueAccount; readonly open: readonly OpenOrder[] }> {
    // Orders first: what is filled between the two answers is in the trades, and the order seems open; the next question settles it.
    const open = await this.open();
    const executions = await this.#executions(sinceNs);
    const positionLots = Array.from({ length: this.#setup.markets }, () => Number.NaN);
    return { account: { orders: open, executions, positionLots }, open };
  }

  /** @param isToCancel it may use what is kept back for cancels @throws VenueError */
  async open(isToCancel = false): Promise<readonly OpenOrder[]> {
    const { instruments, indices } = this.#setup;
    const places = await this.#pairs();
    const result = asObject(await this.#call({ page: 'OpenOrders', isCancel: isToCancel }));
    return Object.entries(asObject(result?.['open']) ?? {}).flatMap(([venueId, value]) => {
      const entry = asObject(value) ?? {};
      const terms = asObject(entry['descr']) ?? {};
      const i = places.get(asText(terms['pair']));
      if (i === undefined || terms['ordertype'] !== 'limit') return [];
      const { price, size } = instruments[i]!;
      const priceTicks = price.parse(asText(terms['price']));
      const sizeLots = size.parse(asText(entry['vol']));
      const filledLots = size.parse(asText(entry['vol_exec']));
      const side = sideOf(terms['type']);
      if (!(priceTicks > 0 && sizeLots > 0 && filledLots >= 0) || side === undefined) {
        throw unreadable('open order', entry);
      }
      const orderId = this.#note(venueId, entry);
      const openLots = sizeLots - filledLots;
      const isOurs = orderId !== foreignNumber(venueId);
      return [{ orderId, venueId, isOurs, market: indices[i]!, side, priceTicks, openLots, filledLots }];
    });
  }

  /** Cancels orders by the venue's ids. @throws VenueError */
  async cancel(venueIds: readonly string[]): Promise<void> {
    for (let from = 0; from < venueIds.length; from += MOST_IDS) {
      const orders = venueIds.slice(from, from + MOST_IDS);
      // oxlint-disable-next-line no-await-in-loop -- one request at a time keeps the nonces in order
      await this.#call({ page: 'CancelOrderBatch', json: { orders }, isCancel: true, cost: {} });
    }
  }

  /** At or after a venue time, oldest first. */
  async #executions(sinceNs: number): Promise<readonly VenueExecution[]> {
    const { epochDay } = this.#setup;
    const places = await this.#pairs();
    // The venue's start is exclusive, and in seconds.
    const seconds = epochDay * SECONDS_PER_DAY + Math.floor(sinceNs / NS_PER_SECOND) - 1;
    const trades = new Map<string, JsonObject>();
    for (let page = 0; page < MOST_PAGES; page++) {
      const fields = {
        ...(Number.isFinite(seconds) ? { start: seconds.toString() } : {}),
        ...(page === 0 ? {} : { ofs: trades.size.toString() }),
      };
      // oxlint-disable-next-line no-await-in-loop -- a page begins where the last has ended
      const result = asObject(await this.#call({ page: 'TradesHistory', fields, cost: HISTORY_COST }));
      const before = trades.size;
      for (const [id, trade] of Object.entries(asObject(result?.['trades']) ?? {}))
        trades.set(id, asObject(trade) ?? {});
      if (trades.size === before || !(asInteger(result?.['count']) > trades.size)) break;
    }
    await this.#learn([...trades.values()].map((trade) => asText(trade['ordertxid'])));
    const executions = [...trades].flatMap(([id, trade]) => {
      const i = places.get(asText(trade['pair']));
      return i === undefined ? [] : [this.#execution(id, trade, i)];
    });
    return executions
      .filter(({ venueNs }) => !(venueNs < sinceNs))
      .toSorted((a, b) => a.venueNs - b.venueNs || a.execution - b.execution);
  }

  #execution(id: string, trade: JsonObject, i: number): VenueExecution {
    const { instruments, indices, epochDay } = this.#setup;
    const instrument = instruments[i]!;
    const priceTicks = instrument.price.parse(asText(trade['price']));
    const sizeLots = instrument.size.parse(asText(trade['vol']));
    const feePpb = feeRatePpb(asText(trade['fee']), instrument, priceTicks, sizeLots);
    const venueNs = unixTextToNs(asDecimal(trade['time']), UnixUnit.SECONDS, epochDay);
    const side = sideOf(trade['type']);
    const isRead = priceTicks > 0 && sizeLots > 0 && feePpb === feePpb && venueNs === venueNs;
    if (!isRead || side === undefined) throw unreadable('trade', trade);
    const venueId = asText(trade['ordertxid']);
    return {
      execution: executionNumber(id),
      orderId: this.#numbers.get(venueId) ?? foreignNumber(venueId),
      market: indices[i]!,
      side,
      priceTicks,
      sizeLots,
      feePpb,
      isMaker: trade['maker'] === true,
      venueNs,
    };
  }

  /** Asks for the names of orders that no answer has told yet. */
  async #learn(venueIds: readonly string[]): Promise<void> {
    const unknown = [...new Set(venueIds)].filter((id) => id !== '' && !this.#isKnown(id));
    for (let from = 0; from < unknown.length; from += MOST_IDS) {
      const txid = unknown.slice(from, from + MOST_IDS).join(',');
      // oxlint-disable-next-line no-await-in-loop -- one request at a time keeps the nonces in order
      const result = asObject(await this.#call({ page: 'QueryOrders', fields: { txid } })) ?? {};
      for (const [id, entry] of Object.entries(result)) this.#note(id, asObject(entry) ?? {});
    }
  }

  #isKnown(venueId: string): boolean {
    const number = this.#setup.numberOf(venueId);
    if (number > 0) this.#numbers.set(venueId, number);
    return this.#numbers.has(venueId);
  }

  /** Our number of an order by the name that it has. */
  #note(venueId: string, entry: JsonObject): number {
    const number = this.#setup.ids.number(asText(entry['cl_ord_id'])) || foreignNumber(venueId);
    this.#numbers.set(venueId, number);
    return number;
  }

  async #pairs(): Promise<ReadonlyMap<string, number>> {
    if (this.#places !== undefined) return this.#places;
    const places = new Map<string, number>();
    for (const { id, altname, listed } of await pairs(this.#setup.rest)) {
      const i = this.#setup.instruments.findIndex(({ symbol }) => symbol === listed.spec.symbol);
      if (i >= 0) for (const name of [id, altname]) places.set(name, i);
    }
    return (this.#places = places);
  }

  async #call(call: PrivateCall): Promise<unknown> {
    const { rest, credentials } = this.#setup;
    return callPrivate(rest, credentials, call);
  }
}

function sideOf(type: unknown): Side | undefined {
  if (type === 'buy') return Side.BUY;
  return type === 'sell' ? Side.SELL : undefined;
}

function unreadable(what: string, entry: JsonObject): VenueError {
  return new VenueError({
    venue: 'kraken',
    code: 'UNREADABLE',
    text: `${what}: ${JSON.stringify(entry).slice(0, 300)}`,
  });
}
