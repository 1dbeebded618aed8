/** Series from REST, carried on by what the `pnl` topic says until the next answer. */
import type { PnlData, StrategyPnl } from 'quotewright/server/protocol/stream';

/** Metrics that the topic can carry on; the others move when REST is asked again. */
export type LiveMetric = 'pnl' | 'realised' | 'unrealised' | 'fees' | 'equity' | 'drawdown' | 'fills' | 'position';

export interface Series {
  readonly timesMs: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface TailPoint {
  readonly timeMs: number;
  readonly data: PnlData;
}

/** Updates kept between two answers: at 20 a second, and answers every five seconds, there are a hundred. */
const TAIL_LENGTH = 2000;

/** Appends in place. Time that goes back means another session: what was kept is dropped. */
export function appendTail(tail: TailPoint[], point: TailPoint): void {
  const last = tail.at(-1);
  if (last !== undefined && point.timeMs < last.timeMs) tail.length = 0;
  if (tail.length >= TAIL_LENGTH) tail.splice(0, TAIL_LENGTH / 2);
  tail.push(point);
}

/** The account of a strategy whose series are told: its first one. */
export function accountOf({ strategies }: PnlData, strategy: number): StrategyPnl | undefined {
  return strategies.find((each) => each.strategy === strategy);
}

/** undefined: nothing is known of it. @param instrument index, of `position` */
export function valueOf(strategy: StrategyPnl | undefined, metric: LiveMetric, instrument: number): number | undefined {
  if (strategy === undefined) return undefined;
  if (metric === 'pnl') return strategy.total;
  if (metric === 'position') return strategy.positions.find((each) => each.instrument === instrument)?.lots;
  return strategy[metric];
}

/**
 * The answer's points and behind them those of the tail, at most one a resolution step: the newest. What lies before `fromMs`, and what
 * is not known at the beginning, is left out.
 *
 * @param scale what the topic's values are multiplied by to be in the answer's unit (lots → size)
 */
export function joined(
  series: Series & { readonly resolutionSeconds: number },
  tail: readonly TailPoint[],
  pick: (data: PnlData) => number | undefined,
  { fromMs, scale = 1 }: { readonly fromMs: number; readonly scale?: number },
): { timesMs: number[]; values: (number | null)[] } {
  // What lies before the session's first value is no part of it.
  let first = 0;
  while (first < series.timesMs.length && ((series.timesMs[first] ?? 0) < fromMs || series.values[first] === null))
    first += 1;
  const timesMs = series.timesMs.slice(first);
  const values = series.values.slice(first);
  const answered = timesMs.length;
  const stepMs = series.resolutionSeconds * 1000;
  const end = series.timesMs.at(-1) ?? Number.NEGATIVE_INFINITY;
  for (const { timeMs, data } of tail) {
    if (timeMs <= end || timeMs < fromMs) continue;
    const value = pick(data);
    if (value === undefined) continue;
    const last = timesMs.length - 1;
    const isSameStep = last >= answered && Math.floor(timeMs / stepMs) === Math.floor((timesMs[last] ?? 0) / stepMs);
    if (isSameStep) {
      timesMs[last] = timeMs;
      values[last] = value * scale;
    } else {
      timesMs.push(timeMs);
      values.push(value * scale);
    }
  }
  return { timesMs, values };
}

/** Several series over the union of their times; each holds its last value until its next one, null before its first. */
export function aligned(all: readonly Series[]): { timesMs: number[]; values: (number | null)[][] } {
  const timesMs = [...new Set(all.flatMap((each) => each.timesMs))].toSorted((a, b) => a - b);
  const values = all.map((series) => {
    let at = 0;
    let held: number | null = null;
    return timesMs.map((timeMs) => {
      while (at < series.timesMs.length && (series.timesMs[at] ?? 0) <= timeMs) {
        held = series.values[at] ?? null;
        at += 1;
      }
      return at === 0 ? null : held;
    });
  });
  return { timesMs, values };
}
