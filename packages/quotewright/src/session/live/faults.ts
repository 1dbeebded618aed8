/**
 * Errors that nobody catches while a session trades: of a strategy, or a bug of ours, thrown in the turn of a socket or a timer. The process
 * would go down with them, and leave its orders at the venues.
 */
export interface Faults {
  /** Rejects with the first one. */
  readonly happened: Promise<never>;
  /** Later ones are the process's again. */
  readonly stop: () => void;
}

export function watchFaults(): Faults {
  const first = Promise.withResolvers<never>();
  // A fault after nobody waits for it is no other fault.
  first.promise.catch(() => {});
  process.on('uncaughtException', first.reject);
  return { happened: first.promise, stop: () => process.off('uncaughtException', first.reject) };
}
