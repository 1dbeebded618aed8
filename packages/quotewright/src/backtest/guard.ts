/**
 * Proves that a strategy does not look ahead: the data is cut at several times, the run is made again with nothing after the cut in
 * reach, and what was sent before the cut must be the same, request by request (by the hash over all of them). The cuts
 * follow requests by a nanosecond, where a decision that needed the future is missing all of it.
 */
import { nsToIso } from '@quotewright/core/base/time';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { StrategyDefinition } from '@quotewright/core/strategies/strategy';
import { InputError } from '../data/report.ts';
import { type BacktestPlan, planBacktest } from './plan.ts';
import { runBacktest } from './run-backtest.ts';
import type { BacktestSettings } from './settings.ts';

const CUTS = 6;

export interface GuardCut {
  /** Local time of the cut, nanoseconds since the epoch day. */
  readonly ns: number;
  /** The same, as ISO text. */
  readonly text: string;
  /** Requests sent before it. */
  readonly requests: number;
  readonly agrees: boolean;
}

/** @throws InputError when the data is unusable, or the strategy sends nothing. */
export async function guardBacktest(settings: BacktestSettings, definition: StrategyDefinition): Promise<GuardCut[]> {
  const alone: BacktestSettings = { ...settings, bounds: false };
  const plan = (): Promise<BacktestPlan> => planBacktest(alone, definition);
  const requestsNs: number[] = [];
  const first = await plan();
  await runBacktest(first, {
    observers: () => [{ ...NOTHING, onRequest: (_market, _kind, _order, nowNs) => void requestsNs.push(nowNs) }],
  });
  if (requestsNs.length === 0) throw new InputError('guard: the strategy sends nothing, so nothing is proved');
  const times = cutsAfter(requestsNs);
  const whole = new Map<number, string>();
  await runBacktest(await plan(), {
    observers: noObservers,
    checkpoints: times,
    onCheckpoint: ({ engine }, ns) => whole.set(ns, engine.outputs.digest()),
  });
  const cuts: GuardCut[] = [];
  for (const ns of times) {
    await runBacktest(await plan(), {
      observers: noObservers,
      cutNs: ns,
      checkpoints: [ns],
      onCheckpoint: ({ engine }) =>
        cuts.push({
          ns,
          text: nsToIso(ns, first.feed.epochDay),
          requests: engine.outputs.count,
          agrees: engine.outputs.digest() === whole.get(ns),
        }),
    });
  }
  return cuts;
}

const noObservers = (): Observer[] => [];
const NOTHING: Observer = {
  onBook: () => {},
  onFill: () => {},
  onOrder: () => {},
  onRequest: () => {},
  onFunding: () => {},
};

/** Times just after requests that share the session evenly. */
function cutsAfter(requestsNs: readonly number[]): number[] {
  const times = new Set<number>();
  for (let i = 1; i <= CUTS; i++) times.add(requestsNs[Math.ceil((i * requestsNs.length) / (CUTS + 1)) - 1]! + 1);
  return [...times];
}
