/** A topic at a pace of its own: for text that nobody could read twenty times a second. */
import { useEffect, useState } from 'react';
import { subscribeRaw } from '../../lib/stream.ts';

// oxlint-disable-next-line no-unnecessary-type-parameters -- what a topic carries is said by its name
export function useSlowly<T>(topic: string, everyMs: number): T | undefined {
  const [shown, setShown] = useState<T>();
  useEffect(() => {
    let latest: unknown;
    let isNew = false;
    let isFirst = true;
    const show = (): void => {
      if (!isNew || document.hidden) return;
      isNew = false;
      // oxlint-disable-next-line no-unsafe-type-assertion -- what a topic carries is said by its name
      setShown(latest as T);
    };
    const stop = subscribeRaw(topic, (data) => {
      latest = data;
      isNew = true;
      if (!isFirst) return;
      isFirst = false;
      show();
    });
    const timer = setInterval(show, everyMs);
    return () => {
      stop();
      clearInterval(timer);
      setShown(undefined);
    };
  }, [topic, everyMs]);
  return shown;
}
