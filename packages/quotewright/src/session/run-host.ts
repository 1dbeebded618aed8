/** What a run of a session, whatever its market is, asks of the world outside between two slices of market time. */
import type { Pace } from './pace.ts';

export interface RunHost {
  readonly pace: Pace;
  /** Market time was run for so long (wall milliseconds). May do something to the engine; true ends the run there. */
  slice(nowNs: number, elapsedMs: number): boolean;
  /** A second of market time is full. May do something to the engine, and is waited for; true ends the run there. */
  second(nowNs: number): Promise<boolean>;
  /** Lets the event loop turn while nothing runs yet; true ends the run before it begins. */
  turn(): Promise<boolean>;
  /** What was done to the engine is on its way: no request waits in it. */
  carried(nowNs: number): Promise<void>;
}

/** What moves in market time. */
export interface Moving {
  readonly nowNs: number;
  /** Runs everything before a time. */
  run(untilNs: number): void;
  /** Sends the requests that the engine has. */
  carry(): void;
}

/** Runs up to a time in slices at the host's pace, the last of which is left to the caller to end. @returns true when it is to end before */
export async function runSlices(moving: Moving, limitNs: number, host: RunHost): Promise<boolean> {
  for (;;) {
    const untilNs = await host.pace.next(moving.nowNs, limitNs);
    const beganMs = performance.now();
    moving.run(untilNs);
    const isOver = host.slice(untilNs, performance.now() - beganMs);
    if (untilNs >= limitNs) return isOver;
    moving.carry();
    await host.carried(untilNs);
    if (isOver) return true;
  }
}
