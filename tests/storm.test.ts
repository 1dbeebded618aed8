/**
 * A scripted storm of faults at an exchange of several venues, with a paper and a live session on it. When it is over books are right, orders
 * reconciled, and the ledger holds what the exchange says.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { FAULT_NAMES } from '../packages/quotewright/src/exchange/contract.ts';
import { quotewrightBeside } from './support/command.ts';
import { askPage } from './support/exchange.ts';
import { units } from './support/money.ts';
import { type Session, TradingWorld } from './support/trading-world.ts';

/** By venue: the instrument that is traded there. */
const TRADED: Readonly<Record<string, string>> = {
  coinbase: 'BTC-USD',
  binance: 'BTCUSDT',
  kraken: 'BTC/USD',
  bitstamp: 'btcusd',
};
const VENUES = Object.keys(TRADED);
const SYMBOLS = Object.entries(TRADED).map(([venue, symbol]) => `${venue}:${symbol}`);
const CASH: Readonly<Record<string, string>> = { USD: '100000', USDT: '100000' };
/** Faults that wait for their occasions from the first second on: sessions begin under them. */
const DRIZZLE = `faults:
  - { at: 0s, fault: duplicate-fill, count: 5 }
  - { at: 0s, fault: lost-ack, count: 1 }
  - { at: 1s, fault: delay, delay: 100ms, every: 1s }
`;
/** Seconds after both sessions trade, and what is ordered of every venue then. What is counted waits for its occasion. */
const STORM: readonly (readonly [at: number, fault: string, more: object])[] = [
  [0, 'delay', { delay: '400ms', every: '1s', for: '9s' }],
  [0, 'gap', { every: '2s', for: '9s' }],
  [0, 'bad-checksum', { every: '3s', for: '9s' }],
  [0, 'lost-ack', { count: 2 }],
  [1, 'drop', { every: '3s', for: '8s' }],
  [2, 'error-5xx', { count: 3 }],
  [3, 'lost-ack', { count: 2 }],
  [4, 'rate-limit', { count: 1 }],
  [7, 'maintenance', { count: 3 }],
];
/** Breakers open in a storm, as they should, and longer than the test lasts. */
const RISK = `limits: { global: { max_position_size: 1, max_order_size: 1 } }
rates: { USDT: 1 }
breaker: { move1m: null, move5m: null, volatilityRatio: null, spreadRatio: null, volumeRatio: null, latencyRatio: null, latencyCap: null, feedDelay: null, disconnect: null, drawdown: null, lossPerMinute: null, openShare: null }
`;
/** The last fault's time, and some. */
const STORM_TAIL_MS = 3000;
const LEVELS = 8;
const PATIENCE_MS = 30_000;

interface Sides {
  readonly bids: readonly (readonly [price: string, size: string])[];
  readonly asks: readonly (readonly [price: string, size: string])[];
}

describe('a storm of faults', () => {
  const folder = tempFolder();
  let world: TradingWorld;
  afterAll(async () => {
    await world.exchange.stop();
  });

  it('ends with books right, orders reconciled, the ledger conserved, and a paper session that is its backtest', async () => {
    const drizzle = folder.write('drizzle.yaml', DRIZZLE);
    world = await TradingWorld.open(folder.path, VENUES.join(','), '--coins', 'BTC', '--faults', drizzle);
    const before = await totals(world);
    const cash = Object.entries(CASH).map((entry) => entry.join('='));
    const args = ['--symbols', SYMBOLS.join(','), '--risk', folder.write('calm.yaml', RISK), '--port', '0'];
    const live = world.begin('live', 'live', ...args, '--confirm', '--cash', cash.join(','));
    const paper = world.begin('paper', 'paper', ...args);
    const sessions = [live, paper];
    await moreFills(sessions);
    const beganMs = performance.now();
    for (const [at, fault, more] of STORM) {
      await wait(Math.max(0, at * 1000 - (performance.now() - beganMs)));
      await world.fault(fault, more);
    }
    await wait(STORM_TAIL_MS);
    const done = async (): Promise<Set<string>> => {
      const venues = await world.exchange.ask<{ done: Record<string, number> }[]>('/faults');
      return new Set(venues.flatMap((each) => Object.keys(each.done)));
    };
    const untilMs = performance.now() + PATIENCE_MS;
    while ((await done()).size < FAULT_NAMES.length && performance.now() < untilMs) await wait(200);
    expect(await done()).toEqual(new Set(FAULT_NAMES));
    await world.fault('none');
    for (const session of sessions) expect(session.said()).toMatch(/feed: stale: /u);
    await moreFills(sessions);

    await world.exchange.ask('/market', { paused: true });
    for (const session of sessions) await expectBooks(world, session);
    await world.exchange.ask('/market', { paused: false });

    expect(await live.end()).toBe(130);
    expect(live.said()).not.toMatch(/not confirmed|CANNOT CANCEL|DRIFT/u);
    for (const venue of VENUES) expect([venue, await world.openOrders(venue)]).toEqual([venue, 0]);
    await expectConserved(world, before);

    expect(await paper.end()).toBe(130);
    const [replay, reconciled] = await Promise.all([
      quotewrightBeside('journal', 'replay', world.folder('paper'), '--json'),
      quotewrightBeside('reconcile', 'session', world.folder('paper'), '--json'),
    ]);
    expect(JSON.parse(replay.stdout)).toMatchObject({ isIdentical: true, difference: null });
    expect(JSON.parse(reconciled.stdout)).toMatchObject({ isEqual: true, isSameStrategy: true, differentReports: 0 });
  }, 240_000);
});

async function moreFills(sessions: readonly Session[]): Promise<void> {
  const fills = sessions.map((each) => each.fills());
  await Promise.all(
    sessions.map(async (each, i) => each.until('new fills', () => each.fills() > fills[i]! + 1, 3 * PATIENCE_MS)),
  );
}

/** The books that a session serves, and the exchange's. */
async function expectBooks(world: TradingWorld, session: Session): Promise<void> {
  const url = session.lines().find(({ type }) => type === 'session')?.['url'];
  for (const [venue, symbol] of Object.entries(TRADED)) {
    const query = `venue=${venue}&symbol=${encodeURIComponent(symbol)}`;
    const name = encodeURIComponent(`${venue}:${symbol}`);
    // Our own orders still change it.
    await until(async () => [
      await askPage<Sides>(`${String(url)}/api/v1/books/${name}?depth=${LEVELS}`),
      await world.exchange.ask<Sides>(`/book?${query}`),
    ]);
  }
}

/** The live session's cash has changed by what the accounts have, and its journal says the same. */
async function expectConserved(world: TradingWorld, before: Record<string, bigint>): Promise<void> {
  const { stdout } = await quotewrightBeside('journal', 'replay', world.folder('live'), '--json');
  const { isIdentical, accounts, orders } = JSON.parse(stdout);
  expect([isIdentical, orders]).toEqual([true, []]);
  const after = await totals(world);
  for (const account of accounts) {
    const [, text = '', currency = ''] = /: cash (\S+) (\w+), equity/u.exec(account) ?? [];
    const ours = units(text) - units(CASH[currency] ?? '0');
    expect([currency, ours]).toEqual([currency, after[currency]! - before[currency]!]);
  }
  expect(accounts).toHaveLength(3);
}

/** What the venues' first accounts have together, by currency, and would have if all fees were taken in the quote currency. */
async function totals(world: TradingWorld): Promise<Record<string, bigint>> {
  const sums: Record<string, bigint> = {};
  const add = (currency: string, amount: bigint): void => {
    sums[currency] = (sums[currency] ?? 0n) + amount;
  };
  for (const venue of VENUES) {
    for (const [currency, text] of Object.entries(await world.balances(venue))) add(currency, units(text));
    for (const { price, fee, feeCurrency } of await world.fills(venue)) {
      if (feeCurrency !== 'BTC') continue;
      add('BTC', units(fee));
      add('USDT', -(units(fee) * units(price)) / units('1'));
    }
  }
  return sums;
}

/** Books that are the same in the end. */
async function until(books: () => Promise<readonly [Sides, Sides]>): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const [ours, theirs] = (await books()).map(({ bids, asks }) => [bids, asks].map(top));
    try {
      expect(ours).toEqual(theirs);
      return;
    } catch (error) {
      if (performance.now() > untilMs) throw error;
    }
    await wait(100);
  }
}

function top(levels: Sides['bids']): (readonly [number, number])[] {
  return levels.slice(0, LEVELS).map(([price, size]) => [Number(price), Number(size)]);
}

async function wait(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
