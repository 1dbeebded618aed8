/** Instruments that follow another one: the same coin at two venues. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../base/random.ts';
import { Side } from '../../market/side.ts';
import { FollowingValue } from './following-value.ts';
import { LivingMarket, type LivingInstrument } from './living-market.ts';
import { DEFAULT_FOLLOW, DEFAULT_PARAMS, type FollowParams } from './params.ts';
import { type Taken, instrumentOf, readRecord } from './testing/driver.ts';

const NS = 1e9;
const STEP_SECONDS = 0.05;

/** A leader that walks at random, and the value that follows it. */
function walk(params: Partial<FollowParams>, steps: number) {
  const leader = { ticks: 50_000 };
  const random = Random.stream(5, 'leader');
  const all = { ...DEFAULT_FOLLOW, instrument: 0, ...params };
  const following = new FollowingValue(leader, all, 200_000, STEP_SECONDS, Random.stream(6, 'basis'));
  const rows: { readonly leader: number; readonly value: number }[] = [];
  for (let i = 0; i < steps; i++) {
    leader.ticks *= 1 + 1e-4 * random.normal();
    rows.push({ leader: leader.ticks, value: following.step() });
  }
  return rows;
}

describe('a value that follows another', () => {
  it('differs from it by a basis of the deviation and half-life that were asked for', () => {
    const rows = walk({ basisBps: 4, halfLifeSeconds: 2 }, 200_000);
    const basis = rows.map(({ leader, value }) => (value / 200_000 / (leader / 50_000) - 1) * 1e4);
    const lag = 2 / STEP_SECONDS;
    const variance = basis.reduce((sum, b) => sum + b * b, 0) / basis.length;
    let products = 0;
    for (let i = lag; i < basis.length; i++) products += basis[i]! * basis[i - lag]!;
    expect(Math.sqrt(variance) / 4).toBeGreaterThan(0.95);
    expect(Math.sqrt(variance) / 4).toBeLessThan(1.05);
    expect(products / (basis.length - lag) / variance).toBeCloseTo(0.5, 1);
  });

  it('moves by beta for each of its moves', () => {
    for (const beta of [1, 1.5, -0.5]) {
      let before = { leader: 50_000, value: 200_000 };
      for (const row of walk({ beta, basisBps: 0 }, 1000)) {
        expect(row.value / before.value - 1).toBeCloseTo(beta * (row.leader / before.leader - 1), 12);
        before = row;
      }
    }
  });
});

const COIN: LivingInstrument = { instrument: instrumentOf('COIN', { tick: '0.5' }), params: DEFAULT_PARAMS };
/** The same price in ticks of a fifth, at another venue. */
const PERP: LivingInstrument = {
  instrument: instrumentOf('PERP', { tick: '0.1', venue: 'other' }),
  params: { ...DEFAULT_PARAMS, value: { ...DEFAULT_PARAMS.value, startTicks: 500_000 } },
  follows: { ...DEFAULT_FOLLOW, instrument: 0 },
};

/** All that a market publishes in some seconds, by instrument. */
function published(instruments: readonly LivingInstrument[], seconds: number, each?: (market: LivingMarket) => void) {
  const market = new LivingMarket(instruments, 8);
  const records: Taken[][] = instruments.map(() => []);
  while (market.nextNs < seconds * NS) {
    market.step();
    for (; market.feed.length > 0; market.feed.shift()) {
      const record = readRecord(market.feed.data, market.feed.peek());
      records[record.instrument]!.push(record);
    }
    each?.(market);
  }
  return records;
}

describe('two venues of one coin', () => {
  it('have prices that stay together, with books of their own', () => {
    let widest = 0;
    const [coin, perp] = published([COIN, PERP], 120, (market) => {
      const [a, b] = [0, 1].map((i) => market.book(i).bestPrice(Side.BUY) + market.book(i).bestPrice(Side.SELL));
      const gap = Math.abs(b! / 5 / a! - 1);
      // A side may be empty for a moment.
      if (gap > widest) widest = gap;
    });
    expect(widest).toBeLessThan(8e-4);
    expect(widest).toBeGreaterThan(1e-5);
    expect(coin!.length).toBeGreaterThan(5000);
    expect(perp!.length).toBeGreaterThan(5000);
  });

  it('number their messages each for itself, and the one that is followed lives as it does alone', () => {
    const [coin, perp] = published([COIN, PERP], 20);
    const [alone] = published([COIN], 20);
    expect(coin).toEqual(alone);
    const numbers = [...new Set(perp!.map(({ seq }) => seq))];
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it.each([
    [{ instrument: 1 }, 'market of PERP: follows: 1 is no index of an instrument before it'],
    [{ instrument: -1 }, 'follows: -1 is no index'],
    [{ instrument: Number.NaN }, 'follows: NaN is no index'],
    [{ beta: 0 }, 'beta 0 is not'],
    [{ beta: 11 }, 'beta 11 is not from -10 to 10'],
    [{ basisBps: -1 }, 'basisBps -1 is not'],
    [{ halfLifeSeconds: 0 }, 'halfLifeSeconds 0 is not'],
    [{ halfLifeSeconds: Number.NaN }, 'halfLifeSeconds NaN is not'],
  ])('%j is refused', (change, message) => {
    const perp = { ...PERP, follows: { ...PERP.follows!, ...change } };
    expect(() => new LivingMarket([COIN, perp], 1)).toThrow(message);
  });
});
