/** A series of the server, asked again every few seconds; the last answer stays until the next one is there. */
import { useEffect, useRef, useState } from 'react';
import type { SeriesReport } from 'quotewright/server/protocol/trading';
import { type Problem, useApi } from '../../lib/api.ts';
import { askedStart, type RangeKey } from './ranges.ts';

const EVERY_MS = 5000;
/** At high speeds a range is over in no time: the question changes no more often than this. */
const ASK_MS = 2500;

interface Wanted {
  readonly metric: SeriesReport['metric'];
  readonly strategy: number;
  /** `venue:symbol`, of what instruments have. */
  readonly instrument?: string | undefined;
}

/** Where questions begin, market time; the same for all charts of a page. undefined: at the beginning. */
export function useAskedStart(range: RangeKey, nowMs: number | undefined): number | undefined {
  const latest = useRef(nowMs);
  latest.current = nowMs;
  const isKnown = nowMs !== undefined;
  const [start, setStart] = useState<number>();
  useEffect(() => {
    const ask = (): void => setStart(latest.current === undefined ? undefined : askedStart(range, latest.current));
    ask();
    const timer = setInterval(ask, ASK_MS);
    return () => clearInterval(timer);
  }, [range, isKnown]);
  return start;
}

export interface SeriesAnswer {
  readonly series: SeriesReport | undefined;
  readonly error: Problem | undefined;
  readonly reload: () => void;
}

/** @param fromMs of `useAskedStart` */
export function useSeries({ metric, strategy, instrument }: Wanted, fromMs: number | undefined): SeriesAnswer {
  const of = `metric=${metric}&strategy=${strategy}${instrument === undefined ? '' : `&instrument=${encodeURIComponent(instrument)}`}`;
  const from = fromMs === undefined ? '' : `&from=${Math.round(fromMs)}`;
  const { data, error, reload } = useApi<SeriesReport>(`/performance/series?${of}${from}`, { everyMs: EVERY_MS });
  const last = useRef<{ readonly of: string; readonly series: SeriesReport } | undefined>(undefined);
  if (data !== undefined) last.current = { of, series: data };
  return { series: last.current?.of === of ? last.current.series : undefined, error, reload };
}
