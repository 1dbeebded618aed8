/** What the venues say that we have, for the accounts of a session that begins. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { reasonOf } from '../../data/reason.ts';
import { InputError } from '../../data/report.ts';
import type { VenueMember } from './listing.ts';

/**
 * Balances of the settlement currencies of the session's instruments, when there is one venue and it has any.
 * @throws InputError when it cannot be asked
 */
export async function accountCash(
  members: ReadonlyMap<string, VenueMember>,
  instruments: readonly Instrument[],
): Promise<Record<string, string> | undefined> {
  const [first, ...others] = members;
  if (first === undefined || others.length > 0) return undefined;
  const [name, { access, credentials }] = first;
  if (credentials === undefined) return undefined;
  const currencies = new Set(instruments.map(({ settlement }) => settlement));
  try {
    const balances = await access.venue.balances(access.rest, credentials);
    const found = [...balances].filter(([currency, total]) => currencies.has(currency) && Number(total) > 0);
    return found.length === 0 ? undefined : Object.fromEntries(found);
  } catch (error) {
    throw new InputError(`${name}: the account cannot be asked: ${reasonOf(error)}`);
  }
}
