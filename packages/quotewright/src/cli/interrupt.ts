/**
 * Ctrl-C during a run, the system's request to end, or an output that is lost: the run ends with what there is, which is valid and says
 * that it is partial.
 */
import { endWithOutput } from './lost-output.ts';

/** A second one ends the process at once. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C comes several times: from the terminal, and from each of the processes in front of this one. */
const SAME_MS = 400;

export interface Interrupt {
  /** True once the user has asked to stop. */
  readonly isAsked: () => boolean;
  /** No longer listens: the next signal ends the process. */
  readonly stop: () => void;
}

export function watchInterrupt(): Interrupt {
  let askedMs = Number.NaN;
  const release = endWithOutput(() => {
    if (askedMs !== askedMs) askedMs = performance.now();
  });
  const stop = (): void => {
    release();
    for (const signal of SIGNALS) process.off(signal, interrupt);
  };
  const interrupt = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    if (askedMs !== askedMs) askedMs = nowMs;
    else if (nowMs - askedMs > SAME_MS) {
      stop();
      process.kill(process.pid, signal);
    }
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  return { isAsked: () => askedMs === askedMs, stop };
}
