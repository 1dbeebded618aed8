/** Pressing for a while, by pointer or by key, instead of a press: a slip is too short. */
import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from 'react';

const HOLD_MS = 1500;

interface Hold {
  readonly isHeld: boolean;
  /** For the button. */
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: () => void;
    readonly onPointerLeave: () => void;
    readonly onPointerCancel: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onKeyUp: (event: KeyboardEvent) => void;
    readonly onBlur: () => void;
    readonly onContextMenu: (event: { preventDefault(): void }) => void;
  };
}

const isPress = ({ key }: KeyboardEvent): boolean => key === ' ' || key === 'Enter';

export function useHold(done: () => void): Hold {
  const [isHeld, setIsHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(done);
  latest.current = done;
  const release = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setIsHeld(false);
  }, []);
  const press = useCallback(() => {
    if (timer.current !== undefined) return;
    setIsHeld(true);
    timer.current = setTimeout(() => {
      release();
      latest.current();
    }, HOLD_MS);
  }, [release]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    isHeld,
    handlers: {
      onPointerDown: (event) => {
        if (event.button === 0) press();
      },
      onPointerUp: release,
      onPointerLeave: release,
      onPointerCancel: release,
      onKeyDown: (event) => {
        if (!isPress(event)) return;
        event.preventDefault();
        // A key that is kept down repeats: only the first counts, or each would begin anew.
        if (!event.repeat) press();
      },
      onKeyUp: (event) => {
        if (isPress(event)) release();
      },
      onBlur: release,
      // On a phone a long press would open a menu.
      onContextMenu: (event) => event.preventDefault(),
    },
  };
}
