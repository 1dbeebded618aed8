/** Something an operator does: whether it is under way, what the session answered, what went wrong. Said beside what was pressed. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Problem, toProblem } from '../../lib/api.ts';

export interface Action {
  /** Name of what is under way; undefined: nothing. */
  readonly busy: string | undefined;
  /** Of the last one that ended: the session's answer, or its problem. */
  readonly answer: string | undefined;
  readonly problem: Problem | undefined;
  /** True when it was done. Nothing is thrown: what went wrong is in `problem`. */
  readonly run: (name: string, what: () => Promise<{ readonly text: string }>) => Promise<boolean>;
}

export function useAction(): Action {
  const [busy, setBusy] = useState<string>();
  const [answer, setAnswer] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  const run = useCallback<Action['run']>(async (name, what) => {
    setBusy(name);
    setAnswer(undefined);
    setProblem(undefined);
    try {
      const { text } = await what();
      if (isHere.current) setAnswer(text);
      return true;
    } catch (error) {
      if (isHere.current) setProblem(toProblem(error));
      return false;
    } finally {
      if (isHere.current) setBusy(undefined);
    }
  }, []);
  return { busy, answer, problem, run };
}
