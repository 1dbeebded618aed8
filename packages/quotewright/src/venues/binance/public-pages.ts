/** What needs no account, and what an account and its key are: listing, clock, rates of fees, balances, rights. */
import { asDecimal, asInteger, asList, asObject, asText, isObject } from '../../data/json.ts';
import type { Credentials } from '../contract/credentials.ts';
import type { Rest } from '../contract/rest.ts';
import { VenueError } from '../contract/venue-error.ts';
import type { Balances, FeeRates, KeyRights, ListedInstrument } from '../contract/venue.ts';
import { balancesOf } from '../balances.ts';
import { bodyOf, page, signedRequest } from './pages.ts';
import type { BinanceProduct } from './product.ts';
import { readListing } from './listing.ts';
import { Signer } from './sign.ts';

export async function listing(product: BinanceProduct, rest: Rest): Promise<readonly ListedInstrument[]> {
  const weight = product.isFutures ? 1 : 20;
  const response = await rest.call({ method: 'GET', path: `${product.pages}/exchangeInfo`, cost: { weight } });
  bodyOf(product.venue, response);
  const listed = readListing(product, response.text);
  if (listed === undefined) throw unreadable(product, "the listing has no 'symbols'");
  return listed;
}

export async function serverTime(product: BinanceProduct, rest: Rest): Promise<number> {
  const body = await page(product.venue, rest, { method: 'GET', path: `${product.pages}/time`, cost: { weight: 1 } });
  const time = asInteger(asObject(body)?.['serverTime']);
  if (Number.isNaN(time)) throw unreadable(product, "the time has no 'serverTime'");
  return time;
}

/** The clock of this machine will do for a request now and then: sessions have one that follows the venue's. */
export async function fees(
  product: BinanceProduct,
  rest: Rest,
  credentials: Credentials,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, FeeRates>> {
  const signer = new Signer(product.venue, credentials);
  const path = product.isFutures ? '/fapi/v1/commissionRate' : '/api/v3/account/commission';
  const rates = new Map<string, FeeRates>();
  for (const symbol of symbols) {
    const request = { method: 'GET', path, parameters: [['symbol', symbol]], cost: { weight: 20 } } as const;
    // One after the other: the budget lets no more through.
    // oxlint-disable-next-line no-await-in-loop
    const body = asObject(await page(product.venue, rest, signedRequest(signer, request)));
    const standard = product.isFutures ? body : asObject(body?.['standardCommission']);
    const maker = asDecimal(standard?.['maker'] ?? standard?.['makerCommissionRate']);
    const taker = asDecimal(standard?.['taker'] ?? standard?.['takerCommissionRate']);
    if (maker === '' || taker === '') throw unreadable(product, `the commission of ${symbol} has no rates`);
    rates.set(symbol, { maker, taker });
  }
  return rates;
}

/** Spot: `GET /api/v3/account`; futures: `GET /fapi/v3/balance`, the wallet without what open positions have won or lost. */
export async function balances(product: BinanceProduct, rest: Rest, credentials: Credentials): Promise<Balances> {
  const signer = new Signer(product.venue, credentials);
  const asked = product.isFutures
    ? ({ path: '/fapi/v3/balance', parameters: [], cost: { weight: 5 } } as const)
    : ({ path: '/api/v3/account', parameters: [['omitZeroBalances', 'true']], cost: { weight: 20 } } as const);
  const body = await page(product.venue, rest, signedRequest(signer, { method: 'GET', ...asked }));
  const list = product.isFutures ? body : asObject(body)?.['balances'];
  if (!Array.isArray(list)) throw unreadable(product, 'the account has no balances');
  const rows = asList(list).map((entry) => {
    const of = asObject(entry) ?? {};
    const name = asText(of['asset']);
    return product.isFutures
      ? ([name, asText(of['balance'])] as const)
      : ([name, asText(of['free']), asText(of['locked'])] as const);
  });
  return balancesOf(product.venue, rows);
}

/** Spot: `GET /sapi/v1/account/apiRestrictions`, which stands for futures keys too but only at spot's address. */
export async function spotKeyRights(rest: Rest, credentials: Credentials): Promise<KeyRights> {
  const request = {
    method: 'GET',
    path: '/sapi/v1/account/apiRestrictions',
    parameters: [],
    cost: { weight: 1 },
  } as const;
  const body = asObject(await page('binance', rest, signedRequest(new Signer('binance', credentials), request)));
  const notes: string[] = [];
  if (body?.['ipRestrict'] === false) notes.push('the key is not bound to addresses');
  const until = asInteger(body?.['tradingAuthorityExpirationTime']);
  if (!Number.isNaN(until)) notes.push(`its right to trade ends ${new Date(until).toISOString()}`);
  return {
    canTrade: flag(body?.['enableSpotAndMarginTrading']),
    canWithdraw: flag(body?.['enableWithdrawals']),
    notes,
  };
}

/** Futures: the account says whether it may trade and withdraw. */
export async function futuresKeyRights(rest: Rest, credentials: Credentials): Promise<KeyRights> {
  const request = { method: 'GET', path: '/fapi/v1/accountConfig', parameters: [], cost: { weight: 5 } } as const;
  const body = await page('binance-usdm', rest, signedRequest(new Signer('binance-usdm', credentials), request));
  if (!isObject(body)) return { canTrade: undefined, canWithdraw: undefined, notes: [] };
  return {
    canTrade: flag(body['canTrade']),
    canWithdraw: undefined,
    notes:
      body['dualSidePosition'] === true
        ? ['the account is in hedge mode: orders without a position side are refused']
        : [],
  };
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function unreadable(product: BinanceProduct, text: string): VenueError {
  return new VenueError({ venue: product.venue, code: 'UNREADABLE', text, status: 200 });
}
