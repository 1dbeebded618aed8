/** Each scenario does in the market what its description says. */
import { EventKind, Field, TradingStatus, headKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { describe, expect, it, test } from 'vitest';
import { sampleMarkets } from '../calibrate/sample-markets.ts';
import { findScenario } from './scenarios.ts';

interface Second {
  readonly mid: number;
  readonly spread: number;
  readonly messages: number;
  readonly statuses: readonly number[];
}

/** Two minutes of a market, by the second. */
function seconds(name: string, seed: number): Second[] {
  const { schedule } = findScenario(name);
  const market = new LivingMarket(sampleMarkets('BTC-USD'), seed, schedule === undefined ? {} : { schedule });
  return Array.from({ length: 120 }, (_, second) => {
    let messages = 0;
    const statuses: number[] = [];
    while (market.nextNs < (second + 1) * 1e9) {
      market.step();
      for (; market.feed.length > 0; market.feed.shift()) {
        const at = market.feed.peek();
        messages++;
        if (headKind(market.feed.data[at + Field.HEAD]!) === EventKind.STATUS) {
          statuses.push(market.feed.data[at + Field.SIZE_LOTS]!);
        }
      }
      while (market.reports.length > 0) market.reports.shift();
    }
    const [bid, ask] = [market.book(0).bestPrice(Side.BUY), market.book(0).bestPrice(Side.SELL)];
    return { mid: (bid + ask) / 2, spread: ask - bid, messages, statuses };
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Root mean square of the changes of the mid from second to second. */
const roughness = (part: readonly Second[]): number =>
  Math.sqrt(mean(part.slice(1).map(({ mid }, i) => (mid - part[i]!.mid) ** 2)));

/** From the twentieth second to the end. */
const way = (part: readonly Second[]): number => Math.abs(part.at(-1)!.mid - part[20]!.mid);

describe.each([1, 2, 3])('with seed %i', (seed) => {
  const calm = seconds('calm', seed);

  it('flash-crash: falls some two percent within ten seconds, and comes back in part', () => {
    const mids = seconds('flash-crash', seed).map(({ mid }) => mid);
    const before = mids[29]!;
    const bottom = Math.min(...mids.slice(30, 45));
    expect(bottom / before).toBeLessThan(0.985);
    expect(bottom / before).toBeGreaterThan(0.96);
    const after = mids[70]!;
    expect((after - bottom) / (before - bottom)).toBeGreaterThan(0.4);
    expect(after).toBeLessThan(before);
    expect(mids.slice(0, 30)).toEqual(calm.slice(0, 30).map(({ mid }) => mid));
  });

  it('volatile: wilder prices and wider spreads', () => {
    const volatile = seconds('volatile', seed).slice(25);
    expect(roughness(volatile)).toBeGreaterThan(1.5 * roughness(calm.slice(25)));
    expect(mean(volatile.map(({ spread }) => spread))).toBeGreaterThan(
      1.05 * mean(calm.slice(25).map(({ spread }) => spread)),
    );
  });

  it('trend: goes farther in one direction', () => {
    expect(way(seconds('trend', seed))).toBeGreaterThan(way(calm));
  });

  it('thin: fewer messages, wider spreads', () => {
    const thin = seconds('thin', seed).slice(25);
    const usual = calm.slice(25);
    expect(mean(thin.map(({ messages }) => messages))).toBeLessThan(0.8 * mean(usual.map(({ messages }) => messages)));
    expect(mean(thin.map(({ spread }) => spread))).toBeGreaterThan(mean(usual.map(({ spread }) => spread)));
  });

  it('halt: trading halts, an auction follows, and it goes on', () => {
    const halted = seconds('halt', seed);
    const told = halted.flatMap(({ statuses }, second) => statuses.map((status) => [second, status]));
    expect(told).toEqual([
      [30, TradingStatus.HALTED],
      [45, TradingStatus.AUCTION],
      [60, TradingStatus.TRADING],
    ]);
  });
});

test('there is none of another name', () => {
  expect(() => findScenario('boom')).toThrow("--scenario: found 'boom', expected one of calm, volatile");
});
