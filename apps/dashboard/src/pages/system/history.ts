/** What the system topic said while the page was open, for its lines over time. */
import type { SystemInfo } from 'quotewright/server/protocol/system';
import { useEffect, useState } from 'react';

const KEPT = 600;

export interface SystemHistory {
  readonly timesMs: readonly number[];
  readonly inputsPerSecond: readonly number[];
  readonly tradingMs: readonly number[];
  readonly serverMs: readonly number[];
}

const NONE: SystemHistory = { timesMs: [], inputsPerSecond: [], tradingMs: [], serverMs: [] };

const add = (list: readonly number[], value: number): readonly number[] => [...list.slice(1 - KEPT), value];

export function useSystemHistory(system: SystemInfo | undefined): SystemHistory {
  const [history, setHistory] = useState(NONE);
  useEffect(() => {
    if (system === undefined) return;
    setHistory((was) => {
      if (system.wallMs <= (was.timesMs.at(-1) ?? 0)) return was;
      return {
        timesMs: add(was.timesMs, system.wallMs),
        inputsPerSecond: add(was.inputsPerSecond, system.inputsPerSecond),
        tradingMs: add(was.tradingMs, system.trading.p99Ms),
        serverMs: add(was.serverMs, system.server.p99Ms),
      };
    });
  }, [system]);
  return history;
}
