/** Market time, nanoseconds since the session's epoch day, as the API tells it: Unix milliseconds in the session's clock. */

const MS_PER_DAY = 86_400_000;

/** Local midnight of the session's first day. */
export function epochDayMs(epochDay: number): number {
  return epochDay * MS_PER_DAY;
}

/** Fractions are kept. NaN where there is no time. */
export function marketMs(epochDay: number, ns: number): number {
  return epochDay * MS_PER_DAY + ns / 1e6;
}

/** What JSON can say of a time: null where there is none. */
export function marketMsOrNull(epochDay: number, ns: number): number | null {
  const ms = marketMs(epochDay, ns);
  return Number.isFinite(ms) ? ms : null;
}

/** The other way. */
export function marketNs(epochDay: number, ms: number): number {
  return (ms - epochDay * MS_PER_DAY) * 1e6;
}
