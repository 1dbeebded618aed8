/** A clock that reads the same on every thread of the process: the machine's monotonic one, and the wall. */
import type { ClockSources } from '../venues/runtime/live-clock.ts';

/** `performance.now` counts from the start of the thread; the high-resolution clock is one for all, and allocates when it is read. */
const SINCE_BOOT_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

export const MACHINE_CLOCK: ClockSources = {
  monotonicMs: () => SINCE_BOOT_MS + performance.now(),
  wallMs: () => Date.now(),
};
