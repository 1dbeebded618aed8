/** What a scenario does to a portfolio: the loss by its moves, and what it costs to close all positions in the market that it leaves. */
import type { Scenario } from './scenarios.ts';

export interface StressedAsset {
  /** What scenarios call it: the base currency. */
  readonly name: string;
  /** Value held, negative when short, in the currency of the answer. */
  readonly value: number;
  /** Present spread as a share of the mid. */
  readonly spread: number;
  /** Present depth: value resting on one side within one spread of the touch. Infinity: closing moves nothing. */
  readonly depth: number;
}

export interface StressFigures {
  readonly scenario: Scenario;
  /** By asset; a loss is negative. */
  readonly profits: Float64Array;
  readonly profit: number;
  /** By asset. */
  readonly closingCosts: Float64Array;
  readonly closingCost: number;
}

/** Assets that hold a dollar's value in every scenario that does not name them. */
const STABLE = new Set(['USD', 'USDT', 'USDC', 'DAI', 'FDUSD', 'EUR', 'GBP']);

export function stress(scenario: Scenario, assets: readonly StressedAsset[]): StressFigures {
  const profits = Float64Array.from(assets, ({ name, value }) => (value * movePercent(scenario, name)) / 100);
  const closingCosts = Float64Array.from(assets, (asset, i) =>
    closingCost(scenario, asset, Math.abs(asset.value + profits[i])),
  );
  return { scenario, profits, profit: sum(profits), closingCosts, closingCost: sum(closingCosts) };
}

function movePercent({ moves, others }: Scenario, name: string): number {
  const asset = name.toUpperCase();
  return moves[asset] ?? (STABLE.has(asset) ? 0 : others);
}

/**
 * Half the spread to reach the touch, and then through a book that has equal depth in every spread beyond it: value ÷ depth spreads
 * to the last of it, half of that on average.
 */
function closingCost({ spreadTimes, depthLost }: Scenario, { spread, depth }: StressedAsset, value: number): number {
  const walked = depth === Infinity ? 0 : value / (depth * (1 - depthLost));
  const cost = value * spread * spreadTimes * 0.5 * (1 + walked);
  // Nobody pays more than all of it to get rid of a long position; for a short one it is where the model ends.
  return Math.min(value, cost);
}

function sum(parts: Float64Array): number {
  return parts.reduce((total, part) => total + part, 0);
}
