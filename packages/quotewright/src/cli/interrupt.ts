/** Ctrl-C during a run: it ends with what there is, which is valid and says that it is partial. */

export interface Interrupt {
  /** True once the user has asked to stop. */
  readonly isAsked: () => boolean;
  /** No longer listens: the next Ctrl-C ends the process. */
  readonly stop: () => void;
}

export function watchInterrupt(): Interrupt {
  let isAsked = false;
  const interrupt = (): void => {
    isAsked = true;
  };
  process.once('SIGINT', interrupt);
  return { isAsked: () => isAsked, stop: () => void process.off('SIGINT', interrupt) };
}
