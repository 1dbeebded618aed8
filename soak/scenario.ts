/** What happens in the session of a seed: everything is drawn from it. */
import { Random } from '@quotewright/core/base/random';
import type { SeatSetup } from '@quotewright/core/engine/strategy-seat';
import { tunedTrader } from '@quotewright/core/engine/testing/random-trader';
import { INVERSE, LINEAR, SPOT } from '@quotewright/core/engine/testing/session-kit';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { RiskSettings } from '@quotewright/core/risk/risk';
import micropriceMaker from '@quotewright/core/strategies/microprice-maker';
import type { StrategyDefinition } from '@quotewright/core/strategies/strategy';
import type { Lies } from '@quotewright/core/venue-sim/lying-venue';
import type { FeedFaults } from './faulty-feed.ts';

export interface Scenario {
  readonly seed: number;
  readonly seconds: number;
  readonly instruments: readonly Instrument[];
  readonly strategies: readonly { readonly definition: StrategyDefinition; readonly params: SeatSetup['params'] }[];
  readonly risk: RiskSettings;
  readonly lies: Lies;
  readonly feed: FeedFaults;
  readonly latencyNs: number;
  /** Chances per half second of market time. */
  readonly kill: number;
  readonly disconnect: number;
  readonly command: number;
  readonly diskFailure: number;
  /** A strategy is started, stopped or paused, or gets other parameters. */
  readonly strategy: number;
  readonly unknownOrders: 'cancel' | 'adopt';
}

const MARKETS: readonly (readonly Instrument[])[] = [[LINEAR], [SPOT], [LINEAR, SPOT], [LINEAR, INVERSE]];
const CALM: Lies = {};
const DEFAULTS = Object.fromEntries(Object.entries(micropriceMaker.params).map(([name, spec]) => [name, spec.default]));

export function scenarioOf(seed: number): Scenario {
  const random = Random.stream(seed, 'scenario');
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
  /** A chance that is 0 in half of the sessions. */
  const sometimes = (most: number): number => (random.below(2) === 0 ? 0 : random.uniform() * most);
  const instruments = pick(MARKETS);
  const isLying = random.below(3) > 0;
  const count = 1 + random.below(2);
  return {
    seed,
    seconds: 4 + random.below(8),
    instruments,
    strategies: Array.from({ length: count }, (_, index) =>
      random.below(3) === 0
        ? { definition: micropriceMaker, params: DEFAULTS }
        : { definition: tunedTrader(`trader ${index}`), params: { luck: 1, mood: 'good' } },
    ),
    risk: {
      limits: {
        global: {
          max_position_size: pick([0.02, 0.05, 0.2, 1]),
          max_order_size: pick([0.01, 0.04, 1]),
          max_daily_volume: pick([0.5, 5, null]),
          max_orders_per_second: pick([20, 100, null]),
          max_net_exposure: pick([2000, 20_000, null]),
          max_drawdown_pct: pick([0.02, 5]),
          daily_loss_limit: pick([5, 1e4]),
        },
      },
      breaker: { cooldownNs: pick([0.5e9, 2e9]), canaryNs: 1e9 },
    },
    lies: isLying
      ? {
          requestLost: sometimes(0.03),
          requestTwice: sometimes(0.03),
          requestLate: sometimes(0.05),
          requestRefused: sometimes(0.05),
          orderDenied: sometimes(0.02),
          reportLost: sometimes(0.03),
          reportTwice: sometimes(0.05),
          reportLate: sometimes(0.08),
          wrongList: sometimes(0.5),
          lateNs: 1e9,
        }
      : CALM,
    feed: { lost: sometimes(2e-4), frozen: sometimes(2e-4), crossed: sometimes(2e-4), clockJump: sometimes(5e-4) },
    latencyNs: pick([0.1e6, 1e6, 20e6]),
    kill: sometimes(0.2),
    disconnect: sometimes(0.1),
    command: sometimes(0.3),
    diskFailure: random.below(8) === 0 ? 0.05 : 0,
    unknownOrders: pick(['cancel', 'adopt']),
    strategy: sometimes(0.4),
  };
}
