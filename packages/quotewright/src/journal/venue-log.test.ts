import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '@quotewright/core/engine/engine';
import { LivingSession } from '@quotewright/core/engine/living-session';
import { Mark } from '@quotewright/core/engine/local-market';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import basicMaker from '@quotewright/core/strategies/basic-maker';
import { AccountTracker, TrackedVenue } from '@quotewright/core/venue-sim/account-tracker';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { describe, expect, it } from 'vitest';
import { resolveParams } from '../backtest/load-strategy.ts';
import { sampleMarkets } from '../calibrate/sample-markets.ts';
import { tempFolder } from '../data/testing/files.ts';
import { LoggedVenue, VenueLog, relive } from './venue-log.ts';

const SECOND = 1e9;
const RECORD_BYTES = 72;
const folder = tempFolder();

function venueOf(seed: number) {
  const market = new LivingMarket(sampleMarkets('BTCUSDT,ETHUSDT'), seed);
  return { market, tracker: new AccountTracker(market.instruments) };
}

/** A maker trades for some seconds; the venue writes down what it is asked for. */
function trade(dir: string, seed: number, seconds: number, mayAct = (): boolean => true) {
  const { market, tracker } = venueOf(seed);
  const log = new VenueLog(dir);
  const venue = new TrackedVenue(new LoggedVenue(market, log, mayAct), tracker);
  const engine = new Engine({
    instruments: market.instruments,
    isL3: [false, false],
    venueOf: [0, 0],
    strategies: [{ definition: basicMaker, params: resolveParams(basicMaker, { levels: 3 }), observers: [] }],
    seed,
    mark: Mark.MID,
  });
  const session = new LivingSession(engine, venue, new DelayLatency({ request: 1e6, report: 1e6, marketData: 1e6 }));
  session.start(0);
  session.run(seconds * SECOND);
  const before = tracker.account(0);
  log.stand(seconds * SECOND);
  session.finish(seconds * SECOND);
  log.close();
  return { before, account: tracker.account(0), requests: engine.desk.requests };
}

function relived(dir: string, seed: number, untilNs = 0) {
  const { market, tracker } = venueOf(seed);
  const log = new VenueLog(dir);
  Array.from(relive(log.records, market, new TrackedVenue(market, tracker), untilNs));
  log.close();
  return { account: tracker.account(0), requests: log.records.length / EVENT_STRIDE - 1, log };
}

describe('the memory of a simulated venue', () => {
  it.each([1, 2, 3])('gives the account that it had, to the last execution (seed %i)', (seed) => {
    const dir = folder.fresh();
    const { before, account, requests } = trade(dir, seed, 40);
    expect(before.executions.length).toBeGreaterThan(5);
    const again = relived(dir, seed);
    expect(again.account).toEqual(account);
    expect(again.requests).toBe(requests);
    expect(again.account.orders).toEqual([]);
  });

  it('keeps what was written before a kill, and goes on behind it', () => {
    const dir = folder.fresh();
    trade(dir, 4, 20);
    const path = join(dir, 'venue.log');
    const { log } = relived(dir, 4);
    const bytes = readFileSync(path);
    // Killed in the middle of a record, then room that was made ahead.
    truncateSync(path, (log.records.length / EVENT_STRIDE) * RECORD_BYTES - 30);
    appendFileSync(path, new Uint8Array(4096));
    writeFileSync(join(dir, 'whole'), bytes);
    const torn = new VenueLog(dir);
    expect(Array.from(torn.records)).toEqual(Array.from(log.records.subarray(0, -EVENT_STRIDE)));
    torn.subscribe(30 * SECOND);
    torn.close();
    const next = new VenueLog(dir);
    expect([next.records.length, next.lastNs]).toEqual([log.records.length, 30 * SECOND]);
    next.close();
    expect(statSync(path).size % RECORD_BYTES).toBe(0);
  });

  it('is refused when a bit of it is another one, wherever that is', () => {
    const dir = folder.fresh();
    trade(dir, 6, 20);
    const { log } = relived(dir, 6);
    const path = join(dir, 'venue.log');
    const bytes = readFileSync(path);
    const records = log.records.length / EVENT_STRIDE;
    expect(records).toBeGreaterThan(20);
    for (let bit = 0; bit < RECORD_BYTES * 8; bit += 7) {
      const at = bit % (records - 1);
      const byte = at * RECORD_BYTES + (bit >> 3);
      bytes[byte]! ^= 1 << (bit & 7);
      writeFileSync(path, bytes);
      expect(() => new VenueLog(dir)).toThrow(`venue.log: the record at byte ${at * RECORD_BYTES} is damaged`);
      bytes[byte]! ^= 1 << (bit & 7);
    }
  });

  it('lets nothing arrive that may not', () => {
    const dir = folder.fresh();
    const { account, requests } = trade(dir, 5, 20, () => false);
    expect(requests).toBeGreaterThan(0);
    expect([account.orders, account.executions]).toEqual([[], []]);
    expect(relived(dir, 5).requests).toBe(0);
  });
});
