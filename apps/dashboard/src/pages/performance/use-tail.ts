/** The last updates of the `pnl` topic, for charts: kept as they come, shown a few times a second. */
import { useEffect, useRef, useState } from 'react';
import type { PnlData } from 'quotewright/server/protocol/stream';
import { subscribeRaw } from '../../lib/stream.ts';
import { appendTail, type TailPoint } from './live-series.ts';

/** Charts need not move with every update: a line is not read at twenty a second. */
const SHOW_MS = 250;

export interface Tail {
  readonly points: readonly TailPoint[];
  /** Rises when there is more in `points`, which is one and the same array. */
  readonly version: number;
  /** Market time of the newest; undefined before the first. */
  readonly nowMs: number | undefined;
}

export function useTail(): Tail {
  const points = useRef<TailPoint[]>([]);
  const [version, setVersion] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = subscribeRaw('pnl', (data, { timeMs }) => {
      // oxlint-disable-next-line no-unsafe-type-assertion -- what a topic carries is said by its name
      appendTail(points.current, { timeMs, data: data as PnlData });
      timer ??= setTimeout(() => {
        timer = undefined;
        setVersion((last) => last + 1);
      }, SHOW_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  return { points: points.current, version, nowMs: points.current.at(-1)?.timeMs };
}
