/** Plays a flight: asks for the instant that it is by now, as often as answers come. */
import { useEffect, useRef } from 'react';
import type { MomentState } from './use-moment.ts';

/** Flight milliseconds a wall millisecond. */
export const SPEEDS = [0.1, 1, 10, 100] as const;

/** Where the flight is after some wall time; held at its end. */
function playedTo(fromMs: number, wallMs: number, speed: number, endMs: number): number {
  return Math.min(endMs, fromMs + wallMs * speed);
}

interface PlayOptions {
  readonly isPlaying: boolean;
  readonly speed: number;
  /** Of the moment that is shown. */
  readonly timeMs: number;
  readonly endMs: number;
  readonly moments: MomentState;
  readonly onEnd: () => void;
}

export function usePlay({ isPlaying, speed, timeMs, endMs, moments, onEnd }: PlayOptions): void {
  const latest = useRef({ timeMs, onEnd, moments });
  latest.current = { timeMs, onEnd, moments };
  useEffect(() => {
    if (!isPlaying) return undefined;
    const fromMs = latest.current.timeMs;
    const began = performance.now();
    let frame = 0;
    const step = (): void => {
      const atMs = playedTo(fromMs, performance.now() - began, speed, endMs);
      const { moments: now, onEnd: end } = latest.current;
      if (!now.isBusy()) now.go({ timeMs: atMs });
      if (atMs >= endMs) end();
      else frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, speed, endMs]);
}
