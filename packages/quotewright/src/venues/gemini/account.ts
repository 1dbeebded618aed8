/**
 * What Gemini says of our account: active orders, and executions since a time. Positions of spot instruments and balances are left out: they
 * are those of the whole account, and ours are a session's.
 * Source: docs.gemini.com, "Get Active Orders", "Get Past Trades".
 */
import { unixMsToNs } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { VenueAccount, VenueExecution, VenueOrder } from '@quotewright/core/trading/venue-account';
import { asDecimal, asInteger, asList, asText, isObject, type JsonObject } from '../../data/json.ts';
import { executionNumber } from '../contract/client-ids.ts';
import { VenueError } from '../contract/venue-error.ts';
import { feeRatePpb } from '../fee-rate.ts';

/** Most trades that a page holds. */
export const PAGE = 500;

/** Whom the account is asked for. */
export interface AccountSetup {
  readonly instruments: readonly Instrument[];
  readonly indices: readonly number[];
  readonly markets: number;
  readonly epochDay: number;
  /** @throws VenueError */
  readonly ask: (path: string, fields: string) => Promise<unknown>;
  /** Our number of an order, given its id and the name that we gave it ('' when the venue does not tell it here). */
  readonly numberOf: (venueId: string, clientId: string) => number;
}

/** @param seen is told of each open order before the answer is given; @throws VenueError */
export async function account(
  setup: AccountSetup,
  sinceNs: number,
  seen: (order: VenueOrder, venueId: string) => void,
): Promise<VenueAccount> {
  const orders: VenueOrder[] = [];
  for (const entry of asList(await setup.ask('/v1/orders', ''))) {
    if (!isObject(entry)) continue;
    const order = orderOf(setup, entry);
    if (order === undefined) continue;
    orders.push(order);
    seen(order, asText(entry['order_id']));
  }
  const executions: VenueExecution[] = [];
  for (const place of setup.instruments.keys()) executions.push(...(await executionsOf(setup, place, sinceNs)));
  executions.sort((a, b) => a.venueNs - b.venueNs || a.execution - b.execution);
  return { orders, executions, positionLots: Array.from({ length: setup.markets }, () => Number.NaN) };
}

/** Undefined: of an instrument that is not ours, or not live any more. */
function orderOf(setup: AccountSetup, entry: JsonObject): VenueOrder | undefined {
  const symbol = asText(entry['symbol']).toLowerCase();
  const place = setup.instruments.findIndex((instrument) => instrument.symbol === symbol);
  if (place < 0 || entry['is_live'] !== true) return undefined;
  const { price, size } = setup.instruments[place]!;
  const priceTicks = price.parse(asDecimal(entry['price']));
  const openLots = size.parse(asDecimal(entry['remaining_amount']));
  const filledLots = size.parse(asDecimal(entry['executed_amount']));
  const venueId = asText(entry['order_id']);
  if (!(priceTicks > 0 && openLots >= 0 && filledLots >= 0) || venueId === '') throw unreadable('active order', entry);
  return {
    orderId: setup.numberOf(venueId, asText(entry['client_order_id'])),
    market: setup.indices[place]!,
    side: entry['side'] === 'buy' ? Side.BUY : Side.SELL,
    priceTicks,
    openLots,
    filledLots,
  };
}

/** Page by page, as far as pages bring something new. */
async function executionsOf(setup: AccountSetup, place: number, sinceNs: number): Promise<VenueExecution[]> {
  const { symbol } = setup.instruments[place]!;
  const found = new Map<string, VenueExecution>();
  let sinceMs = Math.max(0, Math.floor(sinceNs / 1e6) + setup.epochDay * 86_400_000);
  for (;;) {
    const fields = `,"symbol":"${symbol}","limit_trades":${PAGE},"timestamp":${sinceMs}`;
    const page = asList(await setup.ask('/v1/mytrades', fields));
    const before = found.size;
    for (const entry of page) {
      if (!isObject(entry)) continue;
      found.set(asDecimal(entry['tid']), executionOf(setup, place, entry));
      sinceMs = Math.max(sinceMs, asInteger(entry['timestampms']));
    }
    if (page.length < PAGE || found.size === before) break;
  }
  return [...found.values()].filter(({ venueNs }) => venueNs >= sinceNs);
}

function executionOf(setup: AccountSetup, place: number, entry: JsonObject): VenueExecution {
  const instrument = setup.instruments[place]!;
  const priceTicks = instrument.price.parse(asDecimal(entry['price']));
  const sizeLots = instrument.size.parse(asDecimal(entry['amount']));
  const feePpb = feeRatePpb(asDecimal(entry['fee_amount']), instrument, priceTicks, sizeLots);
  const venueNs = unixMsToNs(asInteger(entry['timestampms']), setup.epochDay);
  const tid = asDecimal(entry['tid']);
  if (tid === '' || !(priceTicks > 0 && sizeLots > 0) || Number.isNaN(feePpb + venueNs))
    throw unreadable('trade', entry);
  return {
    execution: executionNumber(tid),
    orderId: setup.numberOf(asDecimal(entry['order_id']), asText(entry['client_order_id'])),
    market: setup.indices[place]!,
    side: asText(entry['type']).toLowerCase() === 'buy' ? Side.BUY : Side.SELL,
    priceTicks,
    sizeLots,
    feePpb,
    isMaker: entry['aggressor'] === false,
    venueNs,
  };
}

function unreadable(what: string, entry: JsonObject): VenueError {
  const text = `${what} cannot be read: ${JSON.stringify(entry).slice(0, 200)}`;
  return new VenueError({ venue: 'gemini', code: 'UNREADABLE', text });
}
