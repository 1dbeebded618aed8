/** Time as it is: nobody can make it go faster, and it waits for nobody. */
import type { Pace } from '../pace.ts';

export const LIVE_PACE: Pace = { speed: 1, lagMs: 0, next: (_nowNs, limitNs) => Promise.resolve(limitNs) };
