/**
 * Confidence intervals for scores of forecasts: a block bootstrap. Entries are in the order of time, and neighbours share
 * one market (the same prints decide many orders), so whole blocks of them are drawn again, with replacement. Percentile intervals.
 */
import { Random } from '../base/random.ts';
import { quantileOfSorted, sorted } from './distribution.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BlockBootstrapOptions {
  readonly seed: number;
  readonly resamples: number;
  /** Of equal numbers of entries, except that the last may be shorter. */
  readonly blocks: number;
  /** 0.95 when absent. */
  readonly level?: number;
}

/**
 * Draws the same blocks for every statistic. `statistics` is given the indexes of a resample and answers one number for each
 * interval wanted; a NaN among them is left out of its interval.
 */
export function blockBootstrap(
  entries: number,
  statistics: (indexes: Uint32Array) => readonly number[],
  options: BlockBootstrapOptions,
): Interval[] {
  const { seed, resamples, level = 0.95 } = options;
  const blocks = Math.max(1, Math.min(options.blocks, entries));
  const random = Random.stream(seed, 'forecast scores');
  const drawn: number[][] = [];
  for (let round = 0; round < resamples; round++) {
    const picks = Array.from({ length: blocks }, () => random.below(blocks));
    let length = 0;
    for (const block of picks) length += blockStart(block + 1, blocks, entries) - blockStart(block, blocks, entries);
    const indexes = new Uint32Array(length);
    let at = 0;
    for (const block of picks) {
      const end = blockStart(block + 1, blocks, entries);
      for (let entry = blockStart(block, blocks, entries); entry < end; entry++) indexes[at++] = entry;
    }
    statistics(indexes).forEach((value, i) => {
      if (!Number.isNaN(value)) (drawn[i] ??= []).push(value);
    });
  }
  const tail = (1 - level) / 2;
  return Array.from(drawn, (values: readonly number[] | undefined) => {
    const inOrder = sorted(values ?? []);
    return { low: quantileOfSorted(inOrder, tail), high: quantileOfSorted(inOrder, 1 - tail) };
  });
}

function blockStart(block: number, blocks: number, entries: number): number {
  return Math.floor((block * entries) / blocks);
}
