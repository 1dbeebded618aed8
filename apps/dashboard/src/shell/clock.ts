/** The market's clock: what the system topic says, carried on between its messages at the session's speed. */
import type { SystemData } from 'quotewright/server/protocol/stream';
import { useEffect, useState } from 'react';
import { useConnection, useTopic } from '../lib/stream.ts';

const TICK_MS = 250;

/** Unix ms in the session's clock, several times a second; null: not known. */
export function useMarketClock(): number | null {
  const system = useTopic<SystemData>('system').data;
  const { session, state } = useConnection();
  const speed = session?.speed ?? null;
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  // Before the trading thread has said anything there is no time.
  if (system === undefined || system.wallMs === 0) return null;
  if (state !== 'live' || speed === null) return system.marketMs;
  // Never far ahead of what was said last: a session that stands still shows it.
  const sinceMs = Math.min(3000, Math.max(0, nowMs - system.wallMs));
  return system.marketMs + sinceMs * speed;
}
