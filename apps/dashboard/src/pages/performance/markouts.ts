/** Markouts as a chart: points by horizon with error bars, on a common scale. */
import type { PerformanceReport } from 'quotewright/server/protocol/trading';

type Markout = PerformanceReport['strategies'][number]['markets'][number]['markouts'][number];

export interface MarkoutPoint {
  readonly horizonSeconds: number;
  readonly fills: number;
  readonly mean: number;
  /** null: one fill is too few. */
  readonly standardError: number | null;
  /** Two standard errors each way: about 95 %. Equal to the mean when the error is not known. */
  readonly low: number;
  readonly high: number;
}

/** Horizons without a fill have no point. */
export function markoutPoints(markouts: readonly Markout[]): MarkoutPoint[] {
  return markouts
    .flatMap(({ horizonSeconds, fills, meanTicks, standardErrorTicks }) => {
      if (meanTicks === null) return [];
      const reach = 2 * (standardErrorTicks ?? 0);
      return [
        {
          horizonSeconds,
          fills,
          mean: meanTicks,
          standardError: standardErrorTicks,
          low: meanTicks - reach,
          high: meanTicks + reach,
        },
      ];
    })
    .toSorted((a, b) => a.horizonSeconds - b.horizonSeconds);
}

/** "0 s", "100 ms", "30 s", "5 min". */
export function horizonText(seconds: number): string {
  if (seconds > 0 && seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds >= 60 && seconds % 60 === 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}
