/**
 * What Coinbase Exchange says of a profile: open orders, fills, fee rates, and its clock.
 *
 * A match has one number for each product (`trade_id`), and two of our orders may meet in it: an execution's number is made of product, match
 * and side of it (maker or taker), here and in the private channel alike. Balances are not told: they are those of all that the profile does.
 * Source: docs.cdp.coinbase.com, "Get all orders", "Get all fills", "Get fees", "Get server time".
 */
import { parseIsoNs } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { VenueAccount, VenueExecution, VenueOrder } from '@quotewright/core/trading/venue-account';
import {
  asDecimal,
  asInteger,
  asList,
  asObject,
  asText,
  isObject,
  parseJson,
  type JsonObject,
} from '../../data/json.ts';
import { executionNumber, foreignNumber } from '../contract/client-ids.ts';
import type { Credentials } from '../contract/credentials.ts';
import type { Rest } from '../contract/rest.ts';
import type { Balances, FeeRates, KeyRights } from '../contract/venue.ts';
import { VenueError } from '../contract/venue-error.ts';
import { balancesOf } from '../balances.ts';
import { feeRatePpb } from '../fee-rate.ts';
import type { KnownOrders } from '../known-orders.ts';
import type { OrderNumbers } from '../order-numbers.ts';
import type { ClientUuids } from './client-uuid.ts';
import { statusError, unreadable } from './errors.ts';
import { FILLS, PRIVATE, PUBLIC } from './limits.ts';
import { SignedRest } from './rest.ts';

export interface AccountView {
  readonly instruments: readonly Instrument[];
  readonly indices: readonly number[];
  readonly markets: number;
  readonly epochDay: number;
  readonly uuids: ClientUuids;
}

export interface OpenOrder extends VenueOrder {
  readonly venueId: string;
}

/** The number of one side of a match. */
export function executionOf(symbol: string, tradeId: number, isMaker: boolean): number {
  return executionNumber(`${symbol}:${tradeId}:${isMaker ? 'M' : 'T'}`);
}

/** @throws VenueError */
export async function openOrders(rest: SignedRest, view: AccountView): Promise<readonly OpenOrder[]> {
  const entries = await rest.list('/orders?status=open&status=pending&status=active', PRIVATE);
  return entries.flatMap((entry) => {
    const i = view.instruments.findIndex(({ symbol }) => symbol === entry['product_id']);
    if (i < 0) return [];
    const { price, size } = view.instruments[i]!;
    const venueId = asText(entry['id']);
    const priceTicks = price.parse(asText(entry['price']));
    const sizeLots = size.parse(asText(entry['size']));
    const filledLots = size.parse(asText(entry['filled_size']) || '0');
    const { side } = entry;
    const isPriced = priceTicks > 0 && sizeLots > 0 && filledLots >= 0;
    if (venueId === '' || !isPriced || (side !== 'buy' && side !== 'sell')) {
      throw unreadable('open order', JSON.stringify(entry));
    }
    const number = view.uuids.number(asText(entry['client_oid']));
    const orderId = number > 0 ? number : foreignNumber(venueId);
    const where = { market: view.indices[i]!, side: side === 'buy' ? Side.BUY : Side.SELL };
    return [{ orderId, venueId, ...where, priceTicks, openLots: sizeLots - filledLots, filledLots }];
  });
}

/** @param asked numbers that the venue was asked for @throws VenueError */
export async function readAccount(
  rest: SignedRest,
  view: AccountView,
  sinceNs: number,
  known: KnownOrders,
  asked: OrderNumbers,
): Promise<{ readonly account: VenueAccount; readonly open: readonly OpenOrder[] }> {
  // Orders first: what is filled between the answers is in the fills, and the order seems open; the next question settles it.
  const open = await openOrders(rest, view);
  const names = new Map(open.map(({ venueId, orderId }) => [venueId, orderId]));
  const executions: VenueExecution[] = [];
  for (const [i, instrument] of view.instruments.entries()) {
    const timeOf = (entry: JsonObject) => parseIsoNs(asText(entry['created_at']), view.epochDay);
    const path = `/fills?product_id=${instrument.symbol}`;
    // Newest first: an account may have years of them.
    const entries = await rest.list(path, FILLS, (entry) => timeOf(entry) < sinceNs);
    for (const entry of entries) {
      const venueNs = timeOf(entry);
      if (venueNs < sinceNs) continue;
      const venueId = asText(entry['order_id']);
      let orderId = names.get(venueId);
      if (orderId === undefined) {
        orderId = known.byVenueId(venueId)?.number ?? asked.of(venueId);
        if (orderId === undefined) {
          orderId = await numberAtVenue(rest, view, venueId);
          asked.remember(venueId, orderId);
        }
        names.set(venueId, orderId);
      }
      executions.push(executionFrom(entry, instrument, view.indices[i]!, orderId, venueNs));
    }
  }
  const account = {
    orders: open,
    executions: executions.toSorted((a, b) => a.venueNs - b.venueNs),
    positionLots: Array.from({ length: view.markets }, () => Number.NaN),
  };
  return { account, open };
}

function executionFrom(
  entry: JsonObject,
  instrument: Instrument,
  market: number,
  orderId: number,
  venueNs: number,
): VenueExecution {
  const tradeId = asInteger(entry['trade_id']);
  const priceTicks = instrument.price.parse(asText(entry['price']));
  const sizeLots = instrument.size.parse(asText(entry['size']));
  const feePpb = feeRatePpb(asText(entry['fee']) || '0', instrument, priceTicks, sizeLots);
  const { side, liquidity } = entry;
  const isWhole = tradeId >= 0 && priceTicks > 0 && sizeLots > 0 && venueNs === venueNs && feePpb === feePpb;
  if (!isWhole || (side !== 'buy' && side !== 'sell') || (liquidity !== 'M' && liquidity !== 'T')) {
    throw unreadable('fill', JSON.stringify(entry));
  }
  const isMaker = liquidity === 'M';
  return {
    execution: executionOf(instrument.symbol, tradeId, isMaker),
    orderId,
    market,
    side: side === 'buy' ? Side.BUY : Side.SELL,
    priceTicks,
    sizeLots,
    feePpb,
    isMaker,
    venueNs,
  };
}

/** Our number of an order that this process has not sent. Orders that were cancelled without a fill are forgotten by the venue. */
async function numberAtVenue(rest: SignedRest, view: AccountView, venueId: string): Promise<number> {
  const order = asObject(await orderAtVenue(rest, venueId));
  const number = view.uuids.number(asText(order?.['client_oid']));
  return number > 0 ? number : foreignNumber(venueId);
}

/** @returns undefined when the venue knows no such order */
export async function orderAtVenue(rest: SignedRest, venueId: string): Promise<JsonObject | undefined> {
  try {
    const path = `/orders/${encodeURIComponent(venueId)}`;
    return asObject(await rest.call({ method: 'GET', path, cost: PRIVATE }));
  } catch (error) {
    if (error instanceof VenueError && error.status === 404) return undefined;
    throw error;
  }
}

/** The profile's rates. @throws VenueError */
export async function ratesOf(rest: SignedRest): Promise<FeeRates> {
  const answer = asObject(await rest.call({ method: 'GET', path: '/fees', cost: PRIVATE })) ?? {};
  const rates = { maker: asText(answer['maker_fee_rate']), taker: asText(answer['taker_fee_rate']) };
  if (rates.maker === '' || rates.taker === '') throw unreadable('fees', JSON.stringify(answer));
  return rates;
}

export async function exchangeFees(
  rest: Rest,
  credentials: Credentials,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, FeeRates>> {
  const rates = await ratesOf(new SignedRest(rest, credentials));
  return new Map(symbols.map((symbol) => [symbol, rates]));
}

/** @throws VenueError */
export async function exchangeBalances(rest: Rest, credentials: Credentials): Promise<Balances> {
  const page = new SignedRest(rest, credentials);
  const accounts = asList(await page.call({ method: 'GET', path: '/accounts', cost: PRIVATE }));
  const rows = accounts.filter(isObject).map((each) => [asText(each['currency']), asText(each['balance'])] as const);
  return balancesOf('coinbase-exchange', rows);
}

/** The venue does not tell what a key may do; that it may view, the answer shows. @throws VenueError */
export async function exchangeRights(rest: Rest, credentials: Credentials): Promise<KeyRights> {
  await new SignedRest(rest, credentials).call({ method: 'GET', path: '/accounts', cost: PRIVATE });
  return { canTrade: undefined, canWithdraw: undefined, notes: ['this venue does not tell what a key may do'] };
}

/** The venue's clock, Unix milliseconds. @throws VenueError */
export async function exchangeTime(rest: Rest): Promise<number> {
  const response = await rest.call({ method: 'GET', path: '/time', cost: PUBLIC });
  if (response.status !== 200) throw statusError(response);
  const seconds = Number(asDecimal(asObject(parseJson(response.text))?.['epoch']));
  if (!(seconds > 0)) throw unreadable('time', response.text);
  return Math.round(seconds * 1000);
}
