import { describe, expect, it } from 'vitest';
import { ReportKind } from '../../trading/records.ts';
import { LivingMarket, type LivingOptions } from './living-market.ts';
import { Participant } from './order-table.ts';
import { DEFAULT_PARAMS, type MarketParams } from './params.ts';
import type { Schedule } from './regimes.ts';
import { Follower, RandomUser, instrumentOf, ownLots } from './testing/driver.ts';

const NS = 1e9;
const ALL: Schedule = {
  isRandom: false,
  spells: [
    { regime: 'calm', seconds: 10 },
    { regime: 'crisis', seconds: 10, haltSeconds: 2 },
    { regime: 'thin', seconds: 10 },
    { regime: 'volatile', seconds: 10 },
    { regime: 'trend', seconds: 10 },
    { regime: 'mean-reverting', seconds: 10 },
  ],
};

interface Run {
  readonly market: LivingMarket;
  readonly follower: Follower;
}

/** Runs a market with a random user for some seconds; `each` messages the books are compared. */
function run(seed: number, seconds: number, options: LivingOptions = {}, each = 1, users = true, count = 1): Run {
  const instruments = Array.from({ length: count }, (_, i) => ({
    instrument: instrumentOf(`X${i}`),
    params: DEFAULT_PARAMS,
  }));
  const market = new LivingMarket(instruments, seed, options);
  const follower = new Follower(market, options.isL3 ?? false);
  const startNs = options.startNs ?? 0;
  const user = new RandomUser(market, seed);
  const hasHalts = options.schedule === ALL;
  let userNs = startNs;
  let calls = 0;
  follower.drain();
  follower.compare();
  while (market.nextNs < startNs + seconds * NS) {
    const spell = ((market.nextNs - startNs) / NS) % 60;
    follower.mayCross = hasHalts && spell >= 9.9 && spell < 14.1;
    market.step();
    follower.drain();
    if (calls++ % each === 0) follower.compare();
    if (!users || market.nextNs < userNs) continue;
    user.act(Math.max(userNs, startNs));
    userNs = market.nextNs + 0.05 * NS;
    follower.drain();
    follower.compare();
  }
  return { market, follower };
}

describe('a living market', () => {
  it.each([
    ['levels', false],
    ['orders', true],
  ])('publishes the book that the engine has, as %s, through regimes, halts and own orders', (_, isL3) => {
    for (let seed = 1; seed <= 4; seed++) {
      const { follower } = run(seed, 60, { schedule: ALL, isL3 }, 1);
      expect(follower.faults.slice(0, 3)).toEqual([]);
      expect(follower.messages).toBeGreaterThan(10_000);
    }
  });

  it('keeps the lots of all participants at zero, and ours as reported', () => {
    const { market, follower } = run(7, 120, { schedule: ALL }, 1e9, true, 2);
    let fills = 0;
    for (const instrument of [0, 1]) {
      const positions = market.positions(instrument);
      expect(positions.reduce((sum, lots) => sum + lots, 0)).toBe(0);
      expect(positions[Participant.OWN]).toBe(ownLots(follower.reports, instrument));
      expect(positions.every((lots) => Number.isSafeInteger(lots))).toBe(true);
    }
    for (const { kind } of follower.reports) if (kind === ReportKind.FILL) fills++;
    expect(fills).toBeGreaterThan(100);
  });

  it('is the same for a seed and another for another, with a user and without', () => {
    for (const users of [true, false]) {
      const first = run(3, 20, {}, 1e9, users).follower;
      const again = run(3, 20, {}, 1e9, users).follower;
      const other = run(4, 20, {}, 1e9, users).follower;
      expect(again.hash).toBe(first.hash);
      expect(again.reports).toEqual(first.reports);
      expect(other.hash).not.toBe(first.hash);
    }
  });

  it('is not moved by requests that trade with nobody', () => {
    const instruments = [{ instrument: instrumentOf('X'), params: DEFAULT_PARAMS }];
    const market = new LivingMarket(instruments, 5);
    const watched = new LivingMarket(instruments, 5);
    // Unknown orders and bad prices, at any time between two events.
    const data = new Float64Array(8);
    for (let i = 0; i < 5000; i++) {
      market.step();
      data[0] = 65;
      watched.request(data, 0, watched.nextNs - 1);
      watched.step();
      expect(watched.nextNs).toBe(market.nextNs);
    }
    expect(watched.valueTicks(0)).toBe(market.valueTicks(0));
    expect(watched.operations).toBe(market.operations);
  });

  it('publishes a halt, an auction and the resumption', () => {
    const schedule: Schedule = { isRandom: false, spells: [{ regime: 'calm', seconds: 20, haltSeconds: 3 }] };
    const market = new LivingMarket([{ instrument: instrumentOf('X'), params: DEFAULT_PARAMS }], 9, { schedule });
    const seen: string[] = [];
    let levels = 0;
    while (market.nextNs < 19 * NS) {
      market.step();
      for (; market.feed.length > 0; market.feed.shift()) {
        const at = market.feed.peek();
        const kind = market.feed.data[at]! & 0xff;
        if (kind === 12) seen.push(`${market.feed.data[at + 4]} at ${Math.round(market.feed.data[at + 1]! / NS)}`);
        if (kind === 1 && seen.length === 1) levels++;
      }
    }
    expect(seen).toEqual(['0 at 0', '1 at 3', '2 at 6']);
    expect(levels).toBe(0);
  });

  it('keeps what it needs in bounds however long it lives', () => {
    const market = new LivingMarket([{ instrument: instrumentOf('X'), params: DEFAULT_PARAMS }], 2);
    let most = 0;
    let early = 0;
    while (market.nextNs < 1200 * NS) {
      market.step();
      market.feed.clear();
      const records = market.book(0).slotLimit;
      if (market.nextNs < 300 * NS) early = Math.max(early, records);
      most = Math.max(most, records);
    }
    expect(most).toBeLessThan(early * 1.5);
    expect(market.feed.data.length).toBeLessThan(100_000);
  });

  it.each([
    ['a seed that is no whole number', DEFAULT_PARAMS, 0.5, 'seed 0.5'],
    [
      'a size of nothing',
      { ...DEFAULT_PARAMS, noise: { ...DEFAULT_PARAMS.noise, sizeLots: 0 } },
      1,
      'noise.sizeLots 0',
    ],
    [
      'not a number',
      { ...DEFAULT_PARAMS, value: { ...DEFAULT_PARAMS.value, volatilityTicks: Number.NaN } },
      1,
      'volatilityTicks NaN',
    ],
    [
      'an unstable matrix',
      { ...DEFAULT_PARAMS, hawkes: { ...DEFAULT_PARAMS.hawkes, children: identity(1.2) } },
      1,
      'spectral radius',
    ],
  ])('refuses %s', (_, params: MarketParams, seed, message) => {
    expect(() => new LivingMarket([{ instrument: instrumentOf('X'), params }], seed)).toThrow(message);
  });

  it('refuses a market without instruments and a schedule without spells', () => {
    expect(() => new LivingMarket([], 1)).toThrow('at least one instrument');
    const instruments = [{ instrument: instrumentOf('X'), params: DEFAULT_PARAMS }];
    expect(() => new LivingMarket(instruments, 1, { schedule: { spells: [], isRandom: false } })).toThrow('no spell');
  });
});

function identity(diagonal: number): number[][] {
  return Array.from({ length: 6 }, (_, row) =>
    Array.from({ length: 6 }, (__, column) => (row === column ? diagonal : 0)),
  );
}
