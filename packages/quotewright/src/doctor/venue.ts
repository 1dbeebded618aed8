/** One venue: the way to it, its clock, its listing, our key and what that may do, and the room that its limits leave. */
import { Random } from '@quotewright/core/base/random';
import { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { InputError } from '../data/report.ts';
import { reasonOf } from '../data/reason.ts';
import { type CredentialOptions, credentialsFor, keyEntryFor } from '../secrets/credentials.ts';
import { keyAgeText, keyDays } from '../secrets/key-age.ts';
import type { Credentials } from '../venues/contract/credentials.ts';
import { VenueError } from '../venues/contract/venue-error.ts';
import type { ListedInstrument } from '../venues/contract/venue.ts';
import { measureOffset } from '../venues/runtime/clock-offset.ts';
import { flawOf } from '../venues/runtime/listed.ts';
import type { VenueAccess } from '../venues/runtime/venue-access.ts';
import type { Findings } from './check.ts';
import { ProbeError, probePings, probeWay } from './probe.ts';

/** Of the middle round trip, milliseconds. */
const GRADES = [
  [1, 'excellent'],
  [10, 'good'],
  [50, 'fair'],
  [200, 'slow'],
] as const;
const SLOW_MS = 200;
/** Venues refuse requests whose time is off by seconds; what a strategy measures is off by all of it. */
const CLOCK_WARN_MS = 250;
const CLOCK_FAIL_MS = 1000;
/** Less than this share of a limit left is little. */
const LITTLE_ROOM = 0.2;

interface KeyCheckOptions {
  readonly keys: CredentialOptions;
  readonly rotateDays: number;
}

/** @param credentials undefined: there are none, and what they may do is not asked for */
export async function checkVenue(
  found: Findings,
  access: VenueAccess,
  credentials: Credentials | undefined,
): Promise<void> {
  // Without a way there is nothing more to be found out.
  if (!(await checkWay(found, access))) return;
  const listing = await checkListing(found, access);
  await checkPing(found, access, listing, credentials);
  await checkClock(found, access);
  if (credentials !== undefined) await checkRights(found, access, credentials);
  checkRoom(found, access, access.clock.nowMs());
}

async function checkWay(found: Findings, { addresses, tls, venue }: VenueAccess): Promise<boolean> {
  try {
    const { dns, tcp, tls: tlsMs, firstByte } = await probeWay(addresses.rest, tls);
    const steps = [
      `name ${ms(dns)}`,
      `TCP ${ms(tcp)}`,
      tlsMs === undefined ? 'no TLS' : `TLS ${ms(tlsMs)}`,
      `first byte ${ms(firstByte)}`,
    ];
    found.pass('way', steps.join(', '));
    return true;
  } catch (error) {
    const step = error instanceof ProbeError ? error.step : '';
    found.fail(
      'way',
      `${addresses.rest}: ${reasonOf(error)}`,
      TODO_OF_STEP[step] ?? `look whether ${venue.title} is up`,
    );
    return false;
  }
}

const TODO_OF_STEP: Readonly<Record<string, string>> = {
  name: 'look at the address in --venues, and at the name server',
  connection: 'look at the address in --venues, and at firewalls on the way',
  TLS: "look at 'ca' and 'pins' in --venues; somebody may stand in between",
};

async function checkListing(found: Findings, { venue, rest }: VenueAccess): Promise<readonly ListedInstrument[]> {
  try {
    const listing = await venue.listing(rest);
    const trading = listing.filter(({ isTrading }) => isTrading);
    const flaws = trading.map(({ spec }) => flawOf(spec)).filter((flaw) => flaw !== '');
    const uncounted = flaws.length === 0 ? '' : `; ${flaws.length} that cannot be counted, as ${flaws[0]}`;
    const text = `${listing.length} instruments, ${trading.length || 'none'} of them trading${uncounted}`;
    if (trading.length > flaws.length) found.pass('listing', text);
    else found.fail('listing', text, `look at the status page of ${venue.title}`);
    return listing;
  } catch (error) {
    found.fail('listing', reasonOf(error), 'look at the address in --venues');
    return [];
  }
}

async function checkPing(
  found: Findings,
  access: VenueAccess,
  listing: readonly ListedInstrument[],
  credentials: Credentials | undefined,
): Promise<void> {
  const { tls } = access;
  const address = feedUrl(access, listing, credentials);
  try {
    const times = (await probePings(address, tls)).toSorted((a, b) => a - b);
    const middle = times[times.length >> 1] ?? Number.NaN;
    const grade = GRADES.find(([most]) => middle <= most)?.[1] ?? 'far';
    const text = `${ms(middle)} (${ms(times[0]!)} to ${ms(times.at(-1)!)} of ${times.length}): ${grade}`;
    if (middle <= SLOW_MS) found.pass('ping', text);
    else found.warn('ping', text, 'others see prices sooner: run nearer to the venue');
  } catch (error) {
    found.fail('ping', `${address}: ${reasonOf(error)}`, 'look at addresses.feed in --venues');
  }
}

async function checkClock(found: Findings, access: VenueAccess): Promise<void> {
  try {
    const { offsetMs, errorMs } = await measureOffset(access);
    const surelyMs = Math.abs(offsetMs) - errorMs;
    const coarse = access.venue.timeStepMs === undefined ? '' : '; it tells whole seconds';
    const text = `the venue's is ${Math.abs(offsetMs).toFixed(1)} ms ${offsetMs < 0 ? 'behind' : 'ahead'}, to within ${errorMs.toFixed(1)} ms${coarse}`;
    if (surelyMs > CLOCK_FAIL_MS)
      found.fail('clock', text, 'set this machine by NTP (chrony): the venue will refuse orders');
    else if (surelyMs > CLOCK_WARN_MS) found.warn('clock', text, 'set this machine by NTP (chrony)');
    else found.pass('clock', text);
  } catch (error) {
    found.fail('clock', reasonOf(error), 'the venue does not tell its time: try again');
  }
}

/** The key of the venue, as far as it can be looked at without the venue. */
export async function checkKey(
  found: Findings,
  access: VenueAccess,
  { keys, rotateDays }: KeyCheckOptions,
  nowMs: number,
): Promise<Credentials | undefined> {
  const { venue, settings } = access;
  if (venue.abilities.isReadOnly === true) return undefined;
  try {
    const credentials = await credentialsFor(venue, settings, keys);
    const entry = await keyEntryFor(venue, settings, keys);
    if (entry === undefined)
      found.pass(
        'key',
        `${'env' in (settings.credentials ?? {}) ? 'from the environment' : 'from files'}; its age is not known`,
      );
    else {
      const due = keyAgeText(entry, nowMs, rotateDays);
      if (due === '') found.pass('key', `'${entry.name}' in the vault, ${keyDays(entry, nowMs)} days old`);
      else found.warn('key', due.split(': ', 1)[0]!, due.slice(due.indexOf(': ') + 2));
    }
    return credentials;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const text = reasonOf(error);
    if (settings.credentials === undefined) {
      found.warn(
        'key',
        `none: market data only (${text})`,
        `'quotewright secrets set ${venue.name}', when orders are to be sent`,
      );
    } else found.fail('key', text, `'quotewright secrets set ${venue.name}', or mend 'credentials' in --venues`);
    return undefined;
  }
}

async function checkRights(found: Findings, { venue, rest }: VenueAccess, credentials: Credentials): Promise<void> {
  try {
    const { canTrade, canWithdraw, notes } = await venue.keyRights(rest, credentials);
    const more = notes.length === 0 ? '' : `; ${notes.join('; ')}`;
    if (canTrade === false) found.fail('rights', `the key may not trade${more}`, `give it the right at ${venue.title}`);
    else if (canTrade === undefined)
      found.pass('rights', `${venue.title} does not tell whether the key may trade${more}`);
    else found.pass('rights', `the key may trade${more}`);
    if (canWithdraw === true) {
      found.warn(
        'withdrawals',
        'the key can withdraw: who steals it has everything',
        `take that right from it at ${venue.title}`,
      );
    } else if (canWithdraw === false) found.pass('withdrawals', 'the key cannot withdraw');
    else
      found.warn(
        'withdrawals',
        `${venue.title} does not tell whether the key can withdraw`,
        'see for yourself there that it cannot',
      );
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    const todo =
      error.code === 'CLOCK'
        ? 'set this machine by NTP (chrony)'
        : `make another key at ${venue.title}, then 'quotewright secrets rotate'`;
    found.fail(
      'rights',
      reasonOf(error),
      error.code === 'AUTH' || error.code === 'PERMISSION' || error.code === 'CLOCK' ? todo : 'try again',
    );
  }
}

function checkRoom(found: Findings, { budget }: VenueAccess, nowMs: number): void {
  const bannedMs = budget.bannedUntilMs - nowMs;
  if (bannedMs > 0) {
    return found.fail(
      'limits',
      `the venue takes nothing for ${Math.ceil(bannedMs / 1000)} s`,
      'wait, and send less: another program may use the same key or address',
    );
  }
  const uses = budget.uses(nowMs).map(({ rule, limit, used }) => ({
    name: `${rule.name} ${Math.max(0, Math.floor(limit - used))} of ${limit}`,
    left: 1 - used / limit,
  }));
  const text = uses.length === 0 ? 'none are published' : `left of ours: ${uses.map(({ name }) => name).join(', ')}`;
  if (uses.every(({ left }) => left >= LITTLE_ROOM)) found.pass('limits', text);
  else found.warn('limits', text, 'another program may use the same key or address');
}

function nothing(): void {}

/** Where its market data would come from: as its feed says, which knows what belongs behind the address. */
function feedUrl(
  access: VenueAccess,
  listing: readonly ListedInstrument[],
  credentials: Credentials | undefined,
): string {
  const first = listing.find(({ isTrading, spec }) => isTrading && flawOf(spec) === '');
  if (first === undefined) return access.addresses.feed;
  const random = Random.stream(1, 'doctor');
  return access.venue.feed({
    instruments: [new Instrument(first.spec)],
    indices: [0],
    epochDay: access.clock.epochDay,
    addresses: access.addresses,
    isL3: false,
    credentials,
    host: {
      out: new RecordQueue(64),
      send: nothing,
      fetch: nothing,
      reconnect: nothing,
      tell: nothing,
      random: () => random.uniform(),
    },
  }).url;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
}
