/** The strategies that come with Quotewright. */
import avellanedaStoikov from './avellaneda-stoikov.ts';
import basicMaker from './basic-maker.ts';
import glft from './glft.ts';
import grid from './grid.ts';
import hedger from './hedger.ts';
import liquidityTaker from './liquidity-taker.ts';
import micropriceMaker from './microprice-maker.ts';
import pairs from './pairs.ts';
import type { StrategyDefinition } from './strategy.ts';

export const STRATEGIES: readonly StrategyDefinition[] = [
  basicMaker,
  avellanedaStoikov,
  glft,
  grid,
  micropriceMaker,
  liquidityTaker,
  pairs,
  hedger,
];

/** The definition of a name; undefined when there is none. */
export function findStrategy(name: string): StrategyDefinition | undefined {
  return STRATEGIES.find((each) => each.name === name);
}
