/** A living market under random parameters, schedules and requests, markets swept empty among them. */
import { expect, it } from 'vitest';
import { Random } from '../../base/random.ts';
import { OrderFlag, RequestKind } from '../../trading/records.ts';
import { LivingMarket } from './living-market.ts';
import { Participant } from './order-table.ts';
import { DEFAULT_PARAMS, type MarketParams } from './params.ts';
import { REGIME_NAMES } from './regimes.ts';
import { Follower, RandomUser, instrumentOf, ownLots, send } from './testing/driver.ts';

const STEPS = 5000;

/** Parameters within a factor of twelve of the defaults, from markets of a few ticks without makers to busy ones. */
function randomParams(random: Random): MarketParams {
  const factor = (): number => Math.exp((random.uniform() - 0.5) * 5);
  const { value, noise, makers, momentum, fundamental, impact } = DEFAULT_PARAMS;
  const startTicks = Math.ceil(20 + 100_000 * random.uniform() ** 4);
  return {
    ...DEFAULT_PARAMS,
    value: {
      ...value,
      startTicks,
      volatilityTicks: Math.min(value.volatilityTicks * factor(), startTicks / 20),
      jumpTicks: Math.min(20, startTicks / 4),
    },
    noise: {
      ...noise,
      limitsPerSecond: noise.limitsPerSecond * factor(),
      lifeSeconds: noise.lifeSeconds * factor(),
      takesPerSecond: noise.takesPerSecond * factor(),
      pullsPerSecond: noise.pullsPerSecond * factor(),
      sizeLots: Math.ceil(noise.sizeLots * factor()),
      placementTicks: noise.placementTicks * factor(),
    },
    makers: {
      ...makers,
      count: random.below(5),
      levels: 1 + random.below(8),
      spacingTicks: 1 + random.below(4),
      halfSpreadTicks: Math.min(Math.max(0.5, factor()), startTicks / 10),
      errorTicks: 0.1,
      skewTicks: 0.5,
    },
    momentum: { ...momentum, thresholdTicks: 2 },
    fundamental: { ...fundamental, thresholdTicks: 2 },
    impact: { ...impact, ticks: 0.1 },
  };
}

it('keeps feed and books alike, and the sum of all positions at zero, whatever the parameters', () => {
  for (let seed = 1; seed <= 16; seed++) {
    const random = Random.stream(seed, 'property');
    const params = randomParams(random);
    const isL3 = random.below(2) === 1;
    const spells = REGIME_NAMES.map((regime, i) => ({ regime, seconds: 5 + random.below(10), haltSeconds: i & 1 }));
    const instruments = [
      { instrument: instrumentOf('A'), params },
      { instrument: instrumentOf('B'), params },
    ];
    const market = new LivingMarket(instruments, seed, { isL3, schedule: { spells, isRandom: true } });
    const follower = new Follower(market, isL3);
    follower.mayCross = true;
    const user = new RandomUser(market, seed);
    for (let i = 0; i < STEPS; i++) {
      market.step();
      follower.drain();
      const nowNs = Math.max(0, market.nextNs - 1);
      if (i % 3 === 0) user.act(nowNs);
      if (i % 500 === 0) {
        // Takes all that a side holds.
        const isBuy = random.below(2) === 0;
        const flags = (isBuy ? OrderFlag.BUY : 0) | OrderFlag.IOC;
        send(market, RequestKind.NEW, 1_000_000 + i, flags, isBuy ? 1e12 : -1e12, 1e7, nowNs, random.below(2));
      }
      follower.drain();
      if (i % 50 === 0 || i % 500 < 3) follower.compare();
    }
    expect(follower.faults.slice(0, 3)).toEqual([]);
    for (const instrument of [0, 1]) {
      const positions = market.positions(instrument);
      expect(positions.reduce((sum, lots) => sum + lots, 0)).toBe(0);
      expect(positions[Participant.OWN]).toBe(ownLots(follower.reports, instrument));
    }
  }
});
