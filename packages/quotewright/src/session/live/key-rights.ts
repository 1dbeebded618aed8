/** What the keys of a session may do, as far as the venues tell: less than trading is too little, and to withdraw too much. */
import { reasonOf } from '../../data/reason.ts';
import type { Credentials } from '../../venues/contract/credentials.ts';
import type { Rest } from '../../venues/contract/rest.ts';
import type { Venue } from '../../venues/contract/venue.ts';

interface Member {
  readonly access: { readonly venue: Pick<Venue, 'keyRights'>; readonly rest: Rest };
  readonly credentials: Credentials | undefined;
}

export interface KeyFindings {
  /** Venues whose key may not trade. */
  readonly cannotTrade: readonly string[];
  /** For the operator, a line each. */
  readonly warnings: readonly string[];
}

/** @param members by the venue's name; those without a key are left out */
export async function lookAtKeys(members: ReadonlyMap<string, Member>): Promise<KeyFindings> {
  const cannotTrade: string[] = [];
  const warnings: string[] = [];
  await Promise.all(
    Array.from(members, async ([name, { access, credentials }]) => {
      if (credentials === undefined) return;
      try {
        const { canTrade, canWithdraw } = await access.venue.keyRights(access.rest, credentials);
        if (canTrade === false) cannotTrade.push(name);
        if (canWithdraw === true) {
          warnings.push(`${name}: the key can withdraw: whoever steals it takes the money; make one that only trades`);
        }
      } catch (error) {
        warnings.push(`${name}: what the key may do is not known: ${reasonOf(error)}`);
      }
    }),
  );
  return { cannotTrade, warnings: warnings.toSorted() };
}
