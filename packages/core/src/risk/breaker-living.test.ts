import { describe, expect, it } from 'vitest';
import { LocalMarket, Mark } from '../engine/local-market.ts';
import { EventKind, Field } from '../market/event.ts';
import { Instrument } from '../market/instrument.ts';
import { LivingMarket } from '../venue-sim/living/living-market.ts';
import { DEFAULT_PARAMS, type ValueParams } from '../venue-sim/living/params.ts';
import type { Spell } from '../venue-sim/living/regimes.ts';
import { AlertDesk } from './alert-desk.ts';
import { TRIGGER_NAMES } from './breaker/trigger.ts';
import { Breaker } from './breaker.ts';

const { HEAD, VENUE_NS, LOCAL_NS } = Field;
const INSTRUMENTS = ['A', 'B'].map(
  (symbol) =>
    new Instrument({
      venue: 'living',
      symbol,
      base: symbol,
      quote: 'USDT',
      tick: '0.1',
      lot: '0.001',
      contract: 'linear',
    }),
);

/** Lets a market of two instruments live, and answers the trips of breakers with the usual settings, as `seconds instrument trigger`. */
function live(seed: number, seconds: number, spells: readonly Spell[], jumps: Partial<ValueParams> = {}): string[] {
  const value = { ...DEFAULT_PARAMS.value, ...jumps };
  const params = { ...DEFAULT_PARAMS, value };
  const living = new LivingMarket(
    INSTRUMENTS.map((instrument) => ({ instrument, params })),
    seed,
    { schedule: { spells, isRandom: false } },
  );
  const locals = INSTRUMENTS.map((instrument, index) => new LocalMarket(index, instrument, false, Mark.MID));
  const breaker = new Breaker(locals, new AlertDesk());
  while (living.nextNs < seconds * 1e9) {
    living.step();
    living.reports.clear();
    const { feed } = living;
    while (feed.length > 0) {
      const at = feed.peek();
      const { data } = feed;
      feed.shift();
      data[at + LOCAL_NS] = data[at + VENUE_NS]! + 1e6;
      const head = data[at + HEAD]! | 0;
      const local = locals[head >> 16]!;
      const hasChanged = local.apply(data, at);
      if ((head & 0xff) === EventKind.TRADE) breaker.trade(local.index, data, at);
      if (hasChanged) breaker.book(local);
    }
  }
  return breaker.trips.map(({ ns, market, trigger }) => `${Math.round(ns / 1e9)} ${market} ${TRIGGER_NAMES[trigger]}`);
}

describe('the usual thresholds in the living market', () => {
  it.each([1, 2, 3])('ten minutes of calm open nothing (seed %i)', (seed) => {
    expect(live(seed, 600, [{ regime: 'calm', seconds: 3600 }])).toEqual([]);
  });

  it.each([1, 2])('a crisis opens the breakers of both instruments, and so the global one (seed %i)', (seed) => {
    const trips = live(seed, 900, [
      { regime: 'calm', seconds: 600 },
      { regime: 'crisis', seconds: 300 },
    ]);
    expect(trips.map((trip) => trip.split(' ').slice(1).join(' '))).toEqual(
      expect.arrayContaining(['0 VOLATILITY', '1 VOLATILITY', '-1 OPEN_SHARE']),
    );
    for (const trip of trips) expect(Number(trip.split(' ')[0])).toBeGreaterThan(600);
  });

  it('flash moves of some per cent open the one that moved at once', () => {
    const trips = live(1, 300, [{ regime: 'calm', seconds: 3600 }], { jumpTicks: 4000, jumpsPerHour: 60 });
    expect(trips.filter((trip) => trip.includes('PRICE_MOVE')).length).toBeGreaterThan(0);
  });
});
