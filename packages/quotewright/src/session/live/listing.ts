/** The instruments that a session names, as their venues list them, with the fees that are paid for them. */
import { setTimeout } from 'node:timers/promises';
import { Instrument, type InstrumentSpec } from '@quotewright/core/market/instrument';
import { venueFees } from '../../backtest/venue-fees.ts';
import { reasonOf } from '../../data/reason.ts';
import { InputError } from '../../data/report.ts';
import type { Home } from '../../home/home.ts';
import type { Credentials } from '../../venues/contract/credentials.ts';
import type { FeeRates, ListedInstrument } from '../../venues/contract/venue.ts';
import { VenueError } from '../../venues/contract/venue-error.ts';
import { fetchListing } from '../../venues/runtime/instrument-cache.ts';
import { findListed } from '../../venues/runtime/listed.ts';
import type { VenueAccess } from '../../venues/runtime/venue-access.ts';

/** What passes. */
const PASSING: ReadonlySet<VenueError['code']> = new Set(['SERVER', 'RATE_LIMITED', 'MAINTENANCE', 'TIMEOUT']);
const MOST_TRIES = 4;
const AGAIN_MS = 700;

export interface VenueMember {
  readonly access: VenueAccess;
  readonly credentials: Credentials | undefined;
}

export interface ListingResult {
  readonly instruments: readonly Instrument[];
  /** What a person should know, a line each. */
  readonly notes: readonly string[];
}

export interface ListingSetup {
  /** `venue:SYMBOL`. */
  readonly names: readonly string[];
  /** By name. */
  readonly venues: ReadonlyMap<string, VenueMember>;
  /** By venue, in place of what the venue says. */
  readonly fees: Readonly<Record<string, FeeRates>>;
  readonly home: Home;
  /** A venue's last listing will do when it cannot be reached. */
  readonly mayBeOld: boolean;
}

/**
 * @throws InputError when a venue cannot be asked, or does not list or trade an instrument
 */
export async function listInstruments(setup: ListingSetup): Promise<ListingResult> {
  const { names, venues, fees } = setup;
  const notes: string[] = [];
  const specs = new Map<string, InstrumentSpec>();
  await Promise.all(
    [...venues].map(async ([venue, member]) => {
      const symbols = names.flatMap((name) => (name.startsWith(`${venue}:`) ? [name.slice(venue.length + 1)] : []));
      const [listed, told] = await Promise.all([
        listingOf(venue, member, setup, notes),
        feesOf(venue, member, symbols, fees[venue], notes),
      ]);
      for (const symbol of symbols) {
        const rates = told.get(symbol);
        const { spec, isTrading } = findListed(venue, symbol, listed);
        if (!isTrading) throw new InputError(`${venue}:${symbol}: the venue does not trade it now`);
        specs.set(`${venue}:${symbol}`, withFees(spec, rates, notes));
      }
    }),
  );
  return { instruments: names.map((name) => new Instrument(specs.get(name)!)), notes };
}

async function listingOf(
  venue: string,
  { access }: VenueMember,
  { home, mayBeOld }: ListingSetup,
  notes: string[],
): Promise<readonly ListedInstrument[]> {
  try {
    const { instruments, failure, fetchedMs } = await patiently(async () => fetchListing(access, home, mayBeOld));
    if (failure !== undefined) {
      notes.push(`${failure.message}: its listing of ${new Date(fetchedMs).toISOString()} is taken`);
    }
    return instruments;
  } catch (error) {
    throw new InputError(`${venue}: its listing cannot be fetched: ${reasonOf(error)}`);
  }
}

/** A venue that has no time at the moment is asked again. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries === MOST_TRIES || !(error instanceof VenueError) || !PASSING.has(error.code)) throw error;
    }
    await setTimeout(tries * AGAIN_MS);
  }
}

/** What the user says, else what the venue says of the account. */
async function feesOf(
  venue: string,
  { access, credentials }: VenueMember,
  symbols: readonly string[],
  given: FeeRates | undefined,
  notes: string[],
): Promise<ReadonlyMap<string, FeeRates>> {
  if (given !== undefined) return new Map(symbols.map((symbol) => [symbol, given]));
  if (credentials === undefined) return new Map();
  try {
    return await access.venue.fees(access.rest, credentials, symbols);
  } catch (error) {
    notes.push(`${venue}: the account's fees are not known (${reasonOf(error)}): the published ones are taken`);
    return new Map();
  }
}

function withFees(spec: InstrumentSpec, told: FeeRates | undefined, notes: string[]): InstrumentSpec {
  const fees = told ?? spec.fees ?? venueFees(spec.venue);
  if (fees !== undefined) return { ...spec, fees };
  notes.push(`no fees are known of ${spec.venue} ${spec.symbol}: none are counted (fees in the configuration)`);
  return spec;
}
