/** A world outside that has nothing to say, for a run that goes as fast as it can. */
import { UNPACED } from '../pace.ts';
import type { RunHost } from '../run-host.ts';

/** @param onSecond called when a second of market time is full */
export function unpacedHost(onSecond: (nowNs: number) => Promise<void>): RunHost {
  return {
    pace: UNPACED,
    slice: () => false,
    second: async (nowNs) => {
      await onSecond(nowNs);
      return false;
    },
    turn: () => Promise.resolve(false),
    carried: () => Promise.resolve(),
  };
}
