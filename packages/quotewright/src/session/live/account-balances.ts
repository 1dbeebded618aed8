/** What the venues say that we have, for the accounts of a session that begins. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { reasonOf } from '../../data/reason.ts';
import { InputError } from '../../data/report.ts';
import type { VenueMember } from './listing.ts';

/** Decimal text by venue and currency. */
export type AccountBalances = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Of each venue what its account has of the currencies of the session's instruments there.
 * @throws InputError when it cannot be asked
 */
export async function accountBalances(
  members: ReadonlyMap<string, VenueMember>,
  instruments: readonly Instrument[],
): Promise<AccountBalances> {
  const asked = [...members].map(async ([name, member]) => {
    const own = instruments.filter(({ venue }) => venue === name);
    const currencies = new Set(own.flatMap(({ base, quote }) => [base, quote]));
    const told = (await balancesOf(name, member)).filter(([currency]) => currencies.has(currency));
    return [name, Object.fromEntries(told)] as const;
  });
  return Object.fromEntries(await Promise.all(asked));
}

async function balancesOf(name: string, { access, credentials }: VenueMember): Promise<[string, string][]> {
  if (credentials === undefined) return [];
  try {
    return [...(await access.venue.balances(access.rest, credentials))];
  } catch (error) {
    throw new InputError(`${name}: the account cannot be asked: ${reasonOf(error)}`);
  }
}

/** Of the currencies that the instruments settle in, when there is one venue and it has any. */
export function accountCash(
  balances: AccountBalances,
  instruments: readonly Instrument[],
): Readonly<Record<string, string>> | undefined {
  const [told = {}, ...others] = Object.values(balances);
  if (others.length > 0) return undefined;
  const currencies = new Set(instruments.map(({ settlement }) => settlement));
  const found = Object.entries(told).filter(([currency, total]) => currencies.has(currency) && Number(total) > 0);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
