/** Acknowledging alerts: shown at once, taken back when the session refuses. */
import { useCallback, useEffect, useState } from 'react';
import type { AlertInfo, CommandAnswer } from 'quotewright/server/protocol/risk';
import { act, type Problem, toProblem } from '../../lib/api.ts';

interface Acknowledging {
  /** Keys that count as acknowledged although the server has not said so. */
  readonly pending: ReadonlySet<string>;
  /** By key: why one could not be. */
  readonly problems: ReadonlyMap<string, Problem>;
  readonly acknowledge: (alert: AlertInfo) => void;
}

export function useAcknowledge(alerts: readonly AlertInfo[]): Acknowledging {
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const [problems, setProblems] = useState<ReadonlyMap<string, Problem>>(new Map());

  // What the stream has confirmed needs no memory of ours.
  useEffect(() => {
    setPending((keys) => {
      const left = [...keys].filter((key) => alerts.some((alert) => alert.key === key && !alert.isAcknowledged));
      return left.length === keys.size ? keys : new Set(left);
    });
  }, [alerts]);

  const acknowledge = useCallback((alert: AlertInfo) => {
    const { key, number } = alert;
    if (number === null) return;
    setPending((keys) => new Set([...keys, key]));
    setProblems((all) => without(all, key));
    act<CommandAnswer>('POST', `/alerts/${number}/acknowledge`).catch((error: unknown) => {
      setPending((keys) => new Set([...keys].filter((other) => other !== key)));
      setProblems((all) => new Map([...all, [key, toProblem(error)]]));
    });
  }, []);
  return { pending, problems, acknowledge };
}

function without(problems: ReadonlyMap<string, Problem>, key: string): ReadonlyMap<string, Problem> {
  return new Map([...problems].filter(([other]) => other !== key));
}
