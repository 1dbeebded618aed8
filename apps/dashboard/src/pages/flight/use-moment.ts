/** The moment that is looked at: fetched one at a time, and what is asked for meanwhile is asked next, so that scrubbing never queues. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FlightMoment } from 'quotewright/server/protocol/research';
import { type Problem, read, toProblem } from '../../lib/api.ts';

/** After an event, or after the last one at or before a time. */
type Wanted = { readonly event: number } | { readonly timeMs: number };

export interface MomentState {
  readonly moment: FlightMoment | undefined;
  readonly problem: Problem | undefined;
  readonly go: (wanted: Wanted) => void;
  /** An answer is awaited. */
  readonly isBusy: () => boolean;
}

export function useMoment(flight: string): MomentState {
  const [moment, setMoment] = useState<FlightMoment>();
  const [problem, setProblem] = useState<Problem>();
  const next = useRef<Wanted | undefined>(undefined);
  const isBusy = useRef(false);
  const abort = useRef<AbortController | undefined>(undefined);

  useEffect(() => {
    const mine = new AbortController();
    abort.current = mine;
    return () => {
      mine.abort();
      next.current = undefined;
      isBusy.current = false;
    };
  }, [flight]);

  const go = useCallback(
    (wanted: Wanted) => {
      next.current = wanted;
      if (isBusy.current) return;
      isBusy.current = true;
      const mine = abort.current;
      const run = async (): Promise<void> => {
        while (next.current !== undefined && mine?.signal.aborted === false) {
          const asked = next.current;
          next.current = undefined;
          const query = 'event' in asked ? `event=${asked.event}` : `timeMs=${asked.timeMs}`;
          try {
            const found = await read<FlightMoment>(`/flights/${flight}/moment?${query}`, mine.signal);
            setMoment(found);
            setProblem(undefined);
          } catch (error) {
            if (mine.signal.aborted) return;
            setProblem(toProblem(error));
          }
        }
        if (mine?.signal.aborted === false) isBusy.current = false;
      };
      void run();
    },
    [flight],
  );

  return { moment, problem, go, isBusy: useCallback(() => isBusy.current, []) };
}
