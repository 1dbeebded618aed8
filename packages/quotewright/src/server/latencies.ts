/** How long things take, as REST and the page tell it. */
import { LogHistogram } from '@quotewright/core/analytics/log-histogram';
import type { SessionRecorder } from '@quotewright/core/analytics/recorder';
import { SLICE_BUCKET_COUNT, STAT } from '../feed/host-stats.ts';
import type { LatencySummary } from './protocol/system.ts';
import { finiteOrNull } from './views/finite.ts';

type Market = SessionRecorder['markets'][number];

const KINDS: readonly (readonly [name: string, description: string, of: (market: Market) => LogHistogram])[] = [
  [
    'order new',
    'From sending a new order until its answer is here, in market time.',
    ({ orders }) => orders.newLatency,
  ],
  [
    'order cancel',
    'From asking for a cancel until its answer is here, in market time.',
    ({ orders }) => orders.cancelLatency,
  ],
  [
    'order amend',
    'From asking for an amendment until its answer is here, in market time.',
    ({ orders }) => orders.amendLatency,
  ],
  [
    'report',
    'From the venue doing something with an order until we know it, in market time.',
    ({ orders }) => orders.reportLatency,
  ],
  ['feed', 'From the venue sending market data until they are here, in market time.', ({ feedLatency }) => feedLatency],
];

/** @param recorders one a strategy */
export function recordedLatencies(recorders: readonly SessionRecorder[]): LatencySummary[] {
  return KINDS.map(([name, description, of]) => {
    const all = new LogHistogram();
    for (const { markets } of recorders) for (const market of markets) all.merge(of(market));
    return {
      name,
      description,
      count: all.weight,
      meanNs: finiteOrNull(all.mean),
      p50Ns: finiteOrNull(all.quantile(0.5)),
      p90Ns: finiteOrNull(all.quantile(0.9)),
      p99Ns: finiteOrNull(all.quantile(0.99)),
      p999Ns: finiteOrNull(all.quantile(0.999)),
      maxNs: finiteOrNull(all.max),
      buckets: all.quarters().map(([upTo, weight]): [number, number] => [upTo, weight]),
    };
  });
}

/** Lower edge of the first bucket of slices; each is a quarter of an octave wide. */
const FIRST_NS = 16;

/** Mean time of an input in each slice of the trading thread: machine time, as `HostStats` measures it. */
export function engineLatency(stats: Float64Array): LatencySummary {
  const count = stats[STAT.SLICES]!;
  const edges = Array.from({ length: SLICE_BUCKET_COUNT }, (_, i) => FIRST_NS * 2 ** ((i + 1) / 4));
  const weights = Array.from(edges, (_, i) => stats[STAT.SLICE_BUCKETS + i]!);
  const first = weights.findIndex((weight) => weight > 0);
  const last = weights.findLastIndex((weight) => weight > 0);
  const quantile = (share: number): number | null => {
    let below = 0;
    const at = weights.findIndex((weight) => (below += weight) >= share * count && below > 0);
    return at < 0 ? null : edges[at]!;
  };
  // Of a bucket its middle is taken.
  const sum = weights.reduce((total, weight, i) => total + weight * edges[i]! * 2 ** -0.125, 0);
  return {
    name: 'engine',
    description:
      'Machine time of the trading thread for one input, as the mean of each slice; in a simulation the market’s agents are part of it.',
    count,
    meanNs: count === 0 ? null : sum / count,
    p50Ns: quantile(0.5),
    p90Ns: quantile(0.9),
    p99Ns: quantile(0.99),
    p999Ns: quantile(0.999),
    maxNs: last < 0 ? null : edges[last]!,
    buckets:
      first < 0 ? [] : weights.slice(first, last + 1).map((weight, i): [number, number] => [edges[first + i]!, weight]),
  };
}
