/**
 * How fast market time goes: so many times as fast as the clock on the wall, in slices of a few milliseconds, or as fast as it can.
 * A slice is run when its time has come, and meanwhile the thread sleeps. After a stall of the machine market time does not jump:
 * it follows in slices as fast as the machine can, and `lagMs` says how far behind it is.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';

/** Wall time of a slice, and of one that makes good for a stall: longer, so that it catches up, and short enough for commands. */
const SLICE_MS = 4;
const CATCH_UP_MS = 25;

export interface Pace {
  /** Market time a wall time; undefined: as fast as it goes. */
  readonly speed: number | undefined;
  /** By how much wall time the market is late. */
  readonly lagMs: number;
  /** Resolves when the market may go on, with the time to which it may go: above `nowNs`, at most `limitNs`. */
  next(nowNs: number, limitNs: number): Promise<number>;
}

/** As fast as it goes: the whole way at once. Whoever drives it lets the event loop turn. */
export const UNPACED: Pace = {
  speed: undefined,
  lagMs: 0,
  next: (_nowNs, limitNs) => Promise.resolve(limitNs),
};

export interface PaceClock {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Resolves after so many milliseconds; 0: after the event loop has turned. */
  readonly sleep: (ms: number) => Promise<unknown>;
}

const WALL: PaceClock = {
  now: () => performance.now(),
  sleep: (ms) => (ms > 0 ? setTimeout(ms) : setImmediate()),
};

export class WallPace implements Pace {
  readonly speed: number;
  lagMs = 0;
  readonly #clock: PaceClock;
  /** The market time that belongs to a wall time; NaN before the first slice. */
  #startMs = Number.NaN;
  #startNs = 0;

  constructor(speed: number, clock: PaceClock = WALL) {
    this.speed = speed;
    this.#clock = clock;
  }

  async next(nowNs: number, limitNs: number): Promise<number> {
    const { now, sleep } = this.#clock;
    const nsPerMs = 1e6 * this.speed;
    if (this.#startMs !== this.#startMs) {
      this.#startMs = now();
      this.#startNs = nowNs;
    }
    const dueMs = (to: number): number => this.#startMs + (to - this.#startNs) / nsPerMs;
    // A slice ends at its time, not after it: what lies in it has happened by then.
    let untilNs = Math.min(limitNs, nowNs + SLICE_MS * nsPerMs);
    let lateMs = now() - dueMs(untilNs);
    if (lateMs < 0) {
      await sleep(-lateMs);
      lateMs = now() - dueMs(untilNs);
    } else await sleep(0);
    if (lateMs > SLICE_MS) {
      const behindNs = Math.min(CATCH_UP_MS * nsPerMs, (lateMs + SLICE_MS) * nsPerMs);
      untilNs = Math.min(limitNs, nowNs + Math.max(SLICE_MS * nsPerMs, behindNs));
    }
    this.lagMs = Math.max(0, now() - dueMs(untilNs));
    return untilNs;
  }
}

/** `max`, or a factor as `1x`, `10x`, `0.5`; undefined when it is neither. */
export function parseSpeed(text: string): 'max' | number | undefined {
  if (text === 'max') return 'max';
  const [, digits] = /^(\d+(?:\.\d+)?)x?$/u.exec(text) ?? [];
  const factor = Number(digits);
  return factor >= 0.001 && factor <= 1_000_000 ? factor : undefined;
}

export function paceOf(speed: 'max' | number): Pace {
  return speed === 'max' ? UNPACED : new WallPace(speed);
}
