/**
 * What a venue lists, kept in a file a venue: `instruments/<venue>.json` of the home. Each listing that differs from the one before is a
 * new version, and says what has changed. Without the venue the file does, for reading market data; who sends orders wants it fresh.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Home } from '../../home/home.ts';
import { VenueError } from '../contract/venue-error.ts';
import type { ListedInstrument } from '../contract/venue.ts';
import type { VenueAccess } from './venue-access.ts';

const rates = { maker: z.string(), taker: z.string() };
const listed = z.object({
  isTrading: z.boolean(),
  spec: z.object({
    venue: z.string(),
    symbol: z.string(),
    base: z.string(),
    quote: z.string(),
    tick: z.string(),
    lot: z.string(),
    contract: z.enum(['spot', 'linear', 'inverse']),
    multiplier: z.string().exactOptional(),
    minSize: z.string().exactOptional(),
    maxSize: z.string().exactOptional(),
    minNotional: z.string().exactOptional(),
    fees: z
      .object({
        ...rates,
        currency: z.string().exactOptional(),
        tiers: z.array(z.object({ volume: z.string(), ...rates })).exactOptional(),
      })
      .exactOptional(),
  }),
});
const cacheFile = z.object({
  /** Where the listing is from: another environment of the venue lists others. */
  address: z.string(),
  version: z.number().int().positive(),
  fetchedMs: z.number(),
  instruments: z.array(listed),
});
type CacheFile = z.output<typeof cacheFile>;

export interface Listing {
  readonly instruments: readonly ListedInstrument[];
  /** Counts the listings that differed from the one before, from 1. */
  readonly version: number;
  /** Unix milliseconds. */
  readonly fetchedMs: number;
  /** The venue could not be reached, and this is its last listing. */
  readonly failure: VenueError | undefined;
  /** One line each: what is new, gone or other than it was. */
  readonly changes: readonly string[];
}

/**
 * The venue's listing now; or its last one, when the venue cannot be reached and `mayBeOld`.
 * @throws VenueError when it cannot be had
 */
export async function fetchListing(access: VenueAccess, home: Home, mayBeOld: boolean): Promise<Listing> {
  const { venue, rest, addresses, clock } = access;
  const path = join(home.instruments, `${venue.name}.json`);
  const last = await readCache(path, addresses.rest);
  let fetched: readonly ListedInstrument[];
  try {
    fetched = await venue.listing(rest);
  } catch (error) {
    if (!(error instanceof VenueError) || !mayBeOld || last === undefined) throw error;
    return { ...last, failure: error, changes: [] };
  }
  // As it will be read again: what is undefined or out of order is no change.
  const instruments = z.array(listed).parse(JSON.parse(JSON.stringify(fetched)));
  const changes = last === undefined ? [] : differences(last.instruments, instruments);
  const version = last === undefined ? 1 : last.version + (changes.length > 0 ? 1 : 0);
  const fetchedMs = Math.floor(clock.nowMs());
  await writeCache(home.instruments, path, { address: addresses.rest, version, fetchedMs, instruments });
  return { instruments, version, fetchedMs, failure: undefined, changes };
}

/** A file that is not there, is another address's, or is damaged, is none: it is made anew. */
async function readCache(path: string, address: string): Promise<CacheFile | undefined> {
  try {
    const parsed = cacheFile.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success && parsed.data.address === address ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

async function writeCache(dir: string, path: string, content: CacheFile): Promise<void> {
  await mkdir(dir, { recursive: true });
  const next = `${path}.${process.pid}.tmp`;
  await writeFile(next, `${JSON.stringify(content)}\n`);
  await rename(next, path);
}

function differences(before: readonly ListedInstrument[], after: readonly ListedInstrument[]): string[] {
  const known = new Map(before.map((each) => [each.spec.symbol, each]));
  const lines: string[] = [];
  for (const now of after) {
    const { symbol } = now.spec;
    const was = known.get(symbol);
    known.delete(symbol);
    if (was === undefined) lines.push(`${symbol}: new`);
    else lines.push(...changesOf(was, now).map((change) => `${symbol}: ${change}`));
  }
  for (const symbol of known.keys()) lines.push(`${symbol}: gone`);
  return lines;
}

function changesOf(was: ListedInstrument, now: ListedInstrument): string[] {
  const [from, to] = [was, now].map(({ isTrading, spec }) => new Map(Object.entries({ isTrading, ...spec })));
  const names = new Set([...from!.keys(), ...to!.keys()]);
  return [...names].flatMap((name) => {
    const [a, b] = [from!, to!].map((each) => JSON.stringify(each.get(name)) ?? 'none');
    return a === b ? [] : [`${name} ${a} → ${b}`];
  });
}
