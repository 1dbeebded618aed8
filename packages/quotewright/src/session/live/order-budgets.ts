/** How many requests for orders an engine may plan at the venues of its session: what their limits leave, and of that our share. */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { SessionHeader } from '../../journal/session-header.ts';
import type { VenueMember } from './listing.ts';
import { marketsOf } from './venue-links.ts';

type Member = { readonly access: Pick<VenueMember['access'], 'venue' | 'settings'> };

/** @param members by the venue's name */
export function orderBudgets(
  instruments: readonly Instrument[],
  members: ReadonlyMap<string, Member>,
): NonNullable<SessionHeader['budgets']> {
  return [...members].flatMap(([name, { access }]) => {
    const { venue, settings } = access;
    if (venue.orderRate === undefined) return [];
    const share = settings.budgetShare;
    // What the account's tier allows is known to who trades.
    const orderRate = { ...venue.orderRate, ...settings.orderRate };
    const perSecond = orderRate.perSecond * share;
    const burst = Math.max(1, Math.floor(orderRate.burst * share));
    const markets = marketsOf(instruments, name);
    const groups = orderRate.scope === 'account' ? [markets] : markets.map((market) => [market]);
    return groups.map((group) => ({ perSecond, burst, instruments: group }));
  });
}
