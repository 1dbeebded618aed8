/**
 * What Bitstamp says of our account: open orders, and executions since a time. Positions of spot instruments and balances are left out: they
 * are those of the whole account, and ours are a session's. Executions bear the venue's id of their order and not our name of it, which is
 * asked for once an order. Whether we were resting is told nowhere: see `liquidity.ts`.
 * Source: www.bitstamp.net/api, "Open orders", "User transactions", "Order status".
 */
import { parseIsoNs } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { VenueAccount, VenueExecution, VenueOrder } from '@quotewright/core/trading/venue-account';
import { asDecimal, asList, asText, isObject, type JsonObject } from '../../data/json.ts';
import { executionNumber } from '../contract/client-ids.ts';
import { VenueError } from '../contract/venue-error.ts';
import { feeRatePpb } from '../fee-rate.ts';

const PAGE = 1000;
/** User transactions of market trades. */
const TRADE = '2';

export interface AccountSetup {
  readonly instruments: readonly Instrument[];
  readonly indices: readonly number[];
  readonly markets: number;
  readonly epochDay: number;
  /** @throws VenueError */
  readonly ask: (path: string, body: string) => Promise<unknown>;
  /** Our number of an order; asks the venue when it is not known. @throws VenueError */
  readonly numberOf: (venueId: string, clientId: string | undefined) => Promise<number>;
  readonly isMaker: (venueId: string, venueNs: number) => boolean;
}

/** @param seen is told of each open order; @throws VenueError */
export async function account(
  setup: AccountSetup,
  sinceNs: number,
  seen: (order: VenueOrder, venueId: string) => void,
): Promise<VenueAccount> {
  const orders: VenueOrder[] = [];
  const executions: VenueExecution[] = [];
  for (const [place, { symbol }] of setup.instruments.entries()) {
    for (const entry of asList(await setup.ask(`/api/v2/open_orders/${symbol}/`, ''))) {
      if (!isObject(entry)) throw unreadable('open order', entry);
      const order = await orderOf(setup, place, entry);
      orders.push(order);
      seen(order, asDecimal(entry['id']));
    }
    executions.push(...(await executionsOf(setup, place, sinceNs)));
  }
  executions.sort((a, b) => a.venueNs - b.venueNs || a.execution - b.execution);
  return { orders, executions, positionLots: Array.from({ length: setup.markets }, () => Number.NaN) };
}

async function orderOf(setup: AccountSetup, place: number, entry: JsonObject): Promise<VenueOrder> {
  const { price, size } = setup.instruments[place]!;
  const priceTicks = price.parse(asDecimal(entry['price']));
  const openLots = size.parse(asDecimal(entry['amount']));
  const wholeLots = size.parse(asDecimal(entry['amount_at_create'] ?? entry['amount']));
  const venueId = asDecimal(entry['id']);
  const filledLots = wholeLots - openLots;
  if (venueId === '' || !(priceTicks > 0 && openLots >= 0 && filledLots >= 0)) throw unreadable('open order', entry);
  return {
    orderId: await setup.numberOf(venueId, asText(entry['client_order_id'])),
    market: setup.indices[place]!,
    side: asDecimal(entry['type']) === '0' ? Side.BUY : Side.SELL,
    priceTicks,
    openLots,
    filledLots,
  };
}

async function executionsOf(setup: AccountSetup, place: number, sinceNs: number): Promise<VenueExecution[]> {
  const { symbol } = setup.instruments[place]!;
  const since = Math.max(0, Math.floor(sinceNs / 1e9) + setup.epochDay * 86_400);
  const found: VenueExecution[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const body = `offset=${offset}&limit=${PAGE}&sort=asc&since_timestamp=${since}`;
    const page = asList(await setup.ask(`/api/v2/user_transactions/${symbol}/`, body));
    for (const entry of page) {
      if (!isObject(entry)) throw unreadable('transaction', entry);
      if (asDecimal(entry['type']) === TRADE) found.push(await executionOf(setup, place, entry));
    }
    if (page.length < PAGE) break;
  }
  return found.filter(({ venueNs }) => venueNs >= sinceNs);
}

/** Its fields are named after the currencies: `btc`, `usd`, `btc_usd`. */
async function executionOf(setup: AccountSetup, place: number, entry: JsonObject): Promise<VenueExecution> {
  const instrument = setup.instruments[place]!;
  const base = instrument.base.toLowerCase();
  const amount = asDecimal(entry[base]);
  const priceTicks = instrument.price.parse(asDecimal(entry[`${base}_${instrument.quote.toLowerCase()}`]));
  const isSell = amount.startsWith('-');
  const sizeLots = instrument.size.parse(isSell ? amount.slice(1) : amount);
  const feePpb = feeRatePpb(asDecimal(entry['fee']), instrument, priceTicks, sizeLots);
  const venueNs = parseIsoNs(asText(entry['datetime']), setup.epochDay);
  const id = asDecimal(entry['id']);
  const venueId = asDecimal(entry['order_id']);
  if (id === '' || venueId === '' || !(priceTicks > 0 && sizeLots > 0) || Number.isNaN(feePpb + venueNs)) {
    throw unreadable('transaction', entry);
  }
  return {
    execution: executionNumber(id),
    orderId: await setup.numberOf(venueId, undefined),
    market: setup.indices[place]!,
    side: isSell ? Side.SELL : Side.BUY,
    priceTicks,
    sizeLots,
    feePpb,
    isMaker: setup.isMaker(venueId, venueNs),
    venueNs,
  };
}

function unreadable(what: string, entry: unknown): VenueError {
  const text = `${what} cannot be read: ${JSON.stringify(entry).slice(0, 200)}`;
  return new VenueError({ venue: 'bitstamp', code: 'UNREADABLE', text });
}
