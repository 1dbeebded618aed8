/**
 * What Coinbase Advanced Trade says of an account: open orders, executions, fee rates, what the key may do, and its clock.
 *
 * An execution's number is made of `entry_id`, which is unique for each side of each trade (`trade_id` is not: corrections have that of what
 * they correct). Spot accounts have no positions; balances are not told, because they are those of all that the account does.
 * Source: docs.cdp.coinbase.com, "List Orders", "List Fills", "Get Transactions Summary", "Get API Key Permissions", "Get Server Time".
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { nsToIso, parseIsoNs } from '@quotewright/core/base/time';
import type { VenueAccount, VenueExecution, VenueOrder } from '@quotewright/core/trading/venue-account';
import { asInteger, asObject, asText, type JsonObject } from '../../data/json.ts';
import { executionNumber, foreignNumber, type ClientIds } from '../contract/client-ids.ts';
import type { Credentials } from '../contract/credentials.ts';
import type { Rest } from '../contract/rest.ts';
import type { Balances, FeeRates, KeyRights } from '../contract/venue.ts';
import { balancesOf } from '../balances.ts';
import { feeRatePpb } from '../fee-rate.ts';
import { unreadable } from './errors.ts';
import type { OwnOrders } from './own-orders.ts';
import { PUBLIC } from './limits.ts';
import { API, objectOf, SignedRest } from './rest.ts';

export interface AccountView {
  readonly instruments: readonly Instrument[];
  readonly indices: readonly number[];
  readonly markets: number;
  readonly epochDay: number;
  readonly ids: ClientIds;
}

/** An open order of the account in one of our instruments. */
export interface OpenOrder extends VenueOrder {
  readonly venueId: string;
}

/** @throws VenueError */
export async function openOrders(rest: SignedRest, view: AccountView): Promise<readonly OpenOrder[]> {
  const entries = await rest.list('/orders/historical/batch?order_status=OPEN&limit=250', 'orders');
  return entries.flatMap((entry) => {
    const i = view.instruments.findIndex(({ symbol }) => symbol === entry['product_id']);
    if (i < 0) return [];
    const { price, size } = view.instruments[i]!;
    const venueId = asText(entry['order_id']);
    const configuration = Object.values(asObject(entry['order_configuration']) ?? {});
    const terms = asObject(configuration[0]) ?? {};
    const priceTicks = price.parse(asText(terms['limit_price']));
    const sizeLots = size.parse(asText(terms['base_size']));
    const filledLots = size.parse(asText(entry['filled_size']) || '0');
    const side = entry['side'];
    const isPriced = priceTicks > 0 && sizeLots > 0 && filledLots >= 0;
    if (venueId === '' || !isPriced || (side !== 'BUY' && side !== 'SELL')) {
      throw unreadable('open order', JSON.stringify(entry));
    }
    const number = view.ids.number(asText(entry['client_order_id']));
    return [
      {
        orderId: number > 0 ? number : foreignNumber(venueId),
        venueId,
        market: view.indices[i]!,
        side: side === 'BUY' ? Side.BUY : Side.SELL,
        priceTicks,
        openLots: sizeLots - filledLots,
        filledLots,
      },
    ];
  });
}

/** A fill as it stands in the venue's list; `orderId` is not our number yet, which the list does not tell. */
export interface ListedFill extends VenueExecution {
  readonly venueId: string;
}

/**
 * Reads a list of fills, oldest first.
 * @param numberOf our number of a venue's order
 * @throws VenueError
 */
export function readFills(
  entries: readonly JsonObject[],
  view: AccountView,
  numberOf: (venueId: string) => number,
): readonly ListedFill[] {
  const fills = entries.flatMap((entry): ListedFill[] => {
    const i = view.instruments.findIndex(({ symbol }) => symbol === entry['product_id']);
    // Corrections and reversals are booked by hand at the venue, years after.
    if (i < 0 || (entry['trade_type'] !== undefined && entry['trade_type'] !== 'FILL')) return [];
    const instrument = view.instruments[i]!;
    const venueId = asText(entry['order_id']);
    const id = asText(entry['entry_id']) || asText(entry['trade_id']);
    const priceTicks = instrument.price.parse(asText(entry['price']));
    const sizeLots = instrument.size.parse(asText(entry['size']));
    const venueNs = parseIsoNs(asText(entry['trade_time']), view.epochDay);
    const ppb = feeRatePpb(asText(entry['commission']) || '0', instrument, priceTicks, sizeLots);
    const { side } = entry;
    const isWhole = priceTicks > 0 && sizeLots > 0 && venueNs === venueNs && ppb === ppb && id !== '' && venueId !== '';
    if (!isWhole || entry['size_in_quote'] === true || (side !== 'BUY' && side !== 'SELL')) {
      throw unreadable('fill', JSON.stringify(entry));
    }
    return [
      {
        execution: executionNumber(id),
        orderId: numberOf(venueId),
        venueId,
        market: view.indices[i]!,
        side: side === 'BUY' ? Side.BUY : Side.SELL,
        priceTicks,
        sizeLots,
        feePpb: ppb,
        isMaker: entry['liquidity_indicator'] === 'MAKER',
        venueNs,
      },
    ];
  });
  return fills.toSorted((a, b) => a.venueNs - b.venueNs);
}

/** Executions at or after a venue time, and open orders. @throws VenueError */
export async function readAccount(
  rest: SignedRest,
  view: AccountView,
  sinceNs: number,
  known: Pick<OwnOrders, 'numberOf' | 'remember'>,
): Promise<{ readonly account: VenueAccount; readonly open: readonly OpenOrder[] }> {
  const since = Number.isFinite(sinceNs) ? `&start_sequence_timestamp=${nsToIso(sinceNs, view.epochDay)}` : '';
  // Orders first: what is filled between the two answers is in the fills, and the order seems open; the next question settles it.
  const open = await openOrders(rest, view);
  const names = new Map(open.map(({ venueId, orderId }) => [venueId, orderId]));
  const entries = await rest.list(`/orders/historical/fills?limit=250${since}`, 'fills');
  const unnamed = new Set(entries.map((entry) => asText(entry['order_id'])));
  for (const venueId of unnamed) {
    if (names.has(venueId)) continue;
    let number = known.numberOf(venueId);
    if (number === undefined) {
      number = await numberAtVenue(rest, view, venueId);
      known.remember(venueId, number);
    }
    names.set(venueId, number);
  }
  const fills = readFills(entries, view, (venueId) => names.get(venueId) ?? foreignNumber(venueId));
  return {
    account: {
      orders: open,
      executions: fills.filter(({ venueNs }) => !(venueNs < sinceNs)),
      positionLots: Array.from({ length: view.markets }, () => Number.NaN),
    },
    open,
  };
}

/** Our number of an order that this process has not sent, or that has ended: the venue knows its name. */
async function numberAtVenue(rest: SignedRest, view: AccountView, venueId: string): Promise<number> {
  const answer = await rest.get(`/orders/historical/${encodeURIComponent(venueId)}`);
  const number = view.ids.number(asText(asObject(answer['order'])?.['client_order_id']));
  return number > 0 ? number : foreignNumber(venueId);
}

/** The venue's clock, Unix milliseconds. @throws VenueError */
export async function coinbaseTime(rest: Rest): Promise<number> {
  const response = await rest.call({ method: 'GET', path: `${API}/time`, cost: PUBLIC });
  const ms = asInteger(objectOf(response)['epochMillis']);
  if (!(ms > 0)) throw unreadable('time', response.text);
  return ms;
}

/** One pair of rates for all spot products. @throws VenueError */
export async function coinbaseFees(
  rest: Rest,
  credentials: Credentials,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, FeeRates>> {
  const answer = await new SignedRest(rest, credentials).get('/transaction_summary?product_type=SPOT');
  const tier = asObject(answer['fee_tier']) ?? {};
  const rates = { maker: asText(tier['maker_fee_rate']), taker: asText(tier['taker_fee_rate']) };
  if (rates.maker === '' || rates.taker === '') throw unreadable('fees', JSON.stringify(answer));
  return new Map(symbols.map((symbol) => [symbol, rates]));
}

const valueOf = (part: unknown): string => asText(asObject(part)?.['value']);

/** @throws VenueError */
export async function coinbaseBalances(rest: Rest, credentials: Credentials): Promise<Balances> {
  const accounts = await new SignedRest(rest, credentials).list('/accounts?limit=250', 'accounts');
  return balancesOf(
    'coinbase',
    accounts.map(
      (each) => [asText(each['currency']), valueOf(each['available_balance']), valueOf(each['hold'])] as const,
    ),
  );
}

/** @throws VenueError */
export async function coinbaseRights(rest: Rest, credentials: Credentials): Promise<KeyRights> {
  const answer = await new SignedRest(rest, credentials).get('/key_permissions');
  const flag = (name: string) => (typeof answer[name] === 'boolean' ? answer[name] : undefined);
  const portfolio = asText(answer['portfolio_type']);
  return {
    canTrade: flag('can_trade'),
    canWithdraw: flag('can_transfer'),
    notes: portfolio === '' ? [] : [`bound to one portfolio (${portfolio.toLowerCase()})`],
  };
}
