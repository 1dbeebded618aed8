/** Cases about what is asked over REST. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Home } from '../../../packages/quotewright/src/home/home.ts';
import { VenueError } from '../../../packages/quotewright/src/venues/contract/venue-error.ts';
import { fetchListing } from '../../../packages/quotewright/src/venues/runtime/instrument-cache.ts';
import { measureOffset } from '../../../packages/quotewright/src/venues/runtime/clock-offset.ts';
import type { ConformanceCase } from './case.ts';

/** Venues give their time in whole seconds at worst. */
const CLOCK_STEP_MS = 1000;

async function codeOf(call: Promise<unknown>): Promise<string> {
  const found = await call.then(
    () => 'an answer',
    (error: unknown) => error,
  );
  return found instanceof VenueError ? found.code : String(found);
}

/** A decimal without zeros that say nothing. */
function plain(decimal: string | undefined): string | undefined {
  return decimal?.includes('.') === true ? decimal.replace(/\.?0+$/u, '') : decimal;
}

export const PAGES: readonly ConformanceCase[] = [
  {
    name: 'listing: symbols, ticks and lots',
    run: async (bench) => {
      const listed = await bench.venue.listing(bench.access().rest);
      for (const { spec } of bench.desk.instruments) {
        const found = listed.find((each) => each.spec.symbol === spec.symbol);
        expect(found?.isTrading, spec.symbol).toBe(true);
        expect(found?.spec.venue).toBe(bench.venue.name);
        expect([Number(found?.spec.tick), Number(found?.spec.lot)]).toEqual([Number(spec.tick), Number(spec.lot)]);
        expect([found?.spec.base, found?.spec.quote, found?.spec.contract]).toEqual([
          spec.base,
          spec.quote,
          spec.contract,
        ]);
      }
    },
  },
  {
    name: 'listing: kept in a file, versioned, and read from it while the venue fails',
    run: async (bench) => {
      const access = bench.access();
      const folder = await mkdtemp(join(tmpdir(), 'quotewright-test-'));
      try {
        const home = new Home(folder);
        const first = await fetchListing(access, home, false);
        const again = await fetchListing(access, home, false);
        expect([first.version, again.version, again.changes]).toEqual([1, 1, []]);
        // Until the case ends: some venues list over several pages.
        bench.fault({ fault: 'error-5xx', count: 1000 });
        const old = await fetchListing(access, home, true);
        expect([old.failure?.code, old.version, old.instruments]).toEqual(['SERVER', 1, again.instruments]);
        expect(await codeOf(fetchListing(access, home, false))).toBe('SERVER');
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
  {
    name: 'the venue’s clock',
    run: async (bench) => {
      // On an exchange whose time has not been put forward: some venues tell theirs in the head of any answer.
      const own = await bench.another();
      try {
        const { offsetMs, errorMs } = await measureOffset(own.access(), 3);
        expect(Math.abs(offsetMs)).toBeLessThan(errorMs + CLOCK_STEP_MS);
      } finally {
        await own.close();
      }
    },
  },
  {
    name: 'fees of the account',
    run: async (bench) => {
      const { symbol, spec } = bench.instrument;
      const fees = await bench.venue.fees(bench.access().rest, bench.credentials(), [symbol]);
      const found = fees.get(symbol);
      expect([Number(found?.maker), Number(found?.taker)]).toEqual([
        Number(spec.fees?.maker),
        Number(spec.fees?.taker),
      ]);
    },
  },
  {
    name: 'balances of the account, exactly',
    run: async (bench) => {
      const found = await bench.venue.balances(bench.access().rest, bench.credentials());
      for (const { currency, total } of bench.desk.balances('ours')) {
        expect(plain(found.get(currency)), currency).toBe(plain(total));
      }
    },
  },
  {
    name: 'what the key may do',
    run: async (bench) => {
      const rights = await bench.venue.keyRights(bench.access().rest, bench.credentials());
      expect(rights.canTrade).not.toBe(false);
      expect(rights.canWithdraw).not.toBe(true);
    },
  },
  {
    name: 'a wrong signature is AUTH',
    run: async (bench) => {
      const { symbol } = bench.instrument;
      expect(await codeOf(bench.venue.fees(bench.access().rest, bench.credentials(true), [symbol]))).toBe('AUTH');
    },
  },
  {
    name: 'maintenance, a failure and too many requests, each with its code',
    run: async (bench) => {
      const ask = async (): Promise<unknown> =>
        bench.venue.fees(bench.access().rest, bench.credentials(), [bench.instrument.symbol]);
      for (const [fault, codes] of [
        ['maintenance', ['MAINTENANCE', 'SERVER']],
        ['error-5xx', ['SERVER', 'MAINTENANCE']],
        ['rate-limit', ['RATE_LIMITED', 'BANNED']],
      ] as const) {
        bench.fault({ fault, count: 1 });
        expect(codes, fault).toContain(await codeOf(ask()));
        bench.faults.clear();
      }
      expect(await codeOf(ask())).toBe('an answer');
    },
  },
];
