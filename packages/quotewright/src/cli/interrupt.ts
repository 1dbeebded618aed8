/** Ctrl-C during a run, or the system's request to end: it ends with what there is, which is valid and says that it is partial. */

/** A second one ends the process at once. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupt {
  /** True once the user has asked to stop. */
  readonly isAsked: () => boolean;
  /** No longer listens: the next signal ends the process. */
  readonly stop: () => void;
}

export function watchInterrupt(): Interrupt {
  let isAsked = false;
  const stop = (): void => {
    for (const signal of SIGNALS) process.off(signal, interrupt);
  };
  const interrupt = (): void => {
    isAsked = true;
    stop();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  return { isAsked: () => isAsked, stop };
}
