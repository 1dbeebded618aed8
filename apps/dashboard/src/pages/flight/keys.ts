/** Keys of the flight recorder: arrows step by event, with shift to the next of the kind, space plays. */
import { useEffect, useRef } from 'react';

interface FlightKeys {
  readonly step: (events: number) => void;
  readonly find: (direction: 'next' | 'previous') => void;
  readonly play: () => void;
}

/** Where these keys have a meaning of their own: all of them, and space alone. */
const TAKEN = 'input, select, textarea, [role="radio"], [role="dialog"] *';
const PRESSED = 'button, a, summary';

export function useFlightKeys(keys: FlightKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { step, find, play } = latest.current;
      const { target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (target instanceof Element && target.matches(TAKEN)) return;
      if (event.key === ' ' && target instanceof Element && target.matches(PRESSED)) return;
      if (event.key === ' ') play();
      else if (event.key === 'ArrowLeft' && event.shiftKey) find('previous');
      else if (event.key === 'ArrowRight' && event.shiftKey) find('next');
      else if (event.key === 'ArrowLeft') step(-1);
      else if (event.key === 'ArrowRight') step(1);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
