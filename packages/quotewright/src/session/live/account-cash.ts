/** What the venues say that we have, for the accounts of a session that begins. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { reasonOf } from '../../data/reason.ts';
import { InputError } from '../../data/report.ts';
import type { LiveClock } from '../../venues/runtime/live-clock.ts';
import type { VenueMember } from './listing.ts';
import { marketsOf } from './venue-links.ts';

const nothing = (): void => {};

/**
 * Balances of the settlement currencies of the session's instruments, when there is one venue and it tells them.
 * @throws InputError when it cannot be asked
 */
export async function accountCash(
  members: ReadonlyMap<string, VenueMember>,
  instruments: readonly Instrument[],
  clock: LiveClock,
  tag: string,
): Promise<Record<string, string> | undefined> {
  const [first, ...others] = members;
  if (first === undefined || others.length > 0) return undefined;
  const [name, { access, credentials }] = first;
  if (credentials === undefined) return undefined;
  const indices = marketsOf(instruments, name);
  const gateway = access.venue.orders({
    instruments: indices.map((index) => instruments[index]!),
    indices,
    markets: instruments.length,
    epochDay: clock.epochDay,
    addresses: access.addresses,
    credentials,
    rest: access.rest,
    budget: access.budget,
    tag,
    host: {
      reports: new RecordQueue(16),
      send: nothing,
      flush: nothing,
      reconnect: nothing,
      tell: nothing,
      nowNs: () => clock.nowNs(),
      nowMs: () => clock.nowMs(),
    },
  });
  try {
    const { balances } = await gateway.account(clock.nowNs());
    const currencies = new Set(instruments.map(({ settlement }) => settlement));
    const found = Object.entries(balances ?? {}).filter(([currency]) => currencies.has(currency));
    return found.length === 0 ? undefined : Object.fromEntries(found);
  } catch (error) {
    throw new InputError(`${name}: the account cannot be asked: ${reasonOf(error)}`);
  }
}
