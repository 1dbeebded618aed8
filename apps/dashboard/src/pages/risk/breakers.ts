/** Circuit breakers in words: what tripped one, by which numbers, and when it may close. */
import type { BreakerInfo, TripInfo } from 'quotewright/server/protocol/risk';

interface TriggerWords {
  readonly label: string;
  /** Unit of value and threshold, as of `shownUnit`. */
  readonly unit: string;
}

const TRIGGERS: Readonly<Record<string, TriggerWords>> = {
  PRICE_MOVE_1M: { label: 'Price moved within a minute', unit: 'fraction' },
  PRICE_MOVE_5M: { label: 'Price moved within five minutes', unit: 'fraction' },
  SPREAD: { label: 'Spread against its median', unit: '×' },
  VOLUME: { label: 'Volume against its norm', unit: '×' },
  LATENCY: { label: 'Venue answers late', unit: 'ms' },
  CONNECTIVITY: { label: 'Connection away', unit: 'ms' },
  VOLATILITY: { label: 'Volatility against its norm', unit: '×' },
  MANUAL: { label: 'By an operator', unit: '' },
  DRAWDOWN: { label: 'Drawdown', unit: 'fraction' },
  LOSS_VELOCITY: { label: 'Lost within a minute', unit: 'currency' },
  OPEN_SHARE: { label: 'Share of open breakers', unit: 'fraction' },
  FEED_DELAY: { label: 'Market data late', unit: 'ms' },
};

export function triggerWords(trigger: string): TriggerWords {
  return TRIGGERS[trigger] ?? { label: trigger, unit: '' };
}

export const BREAKER_WORDS: Readonly<Record<BreakerInfo['state'], { readonly label: string; readonly text: string }>> =
  {
    CLOSED: { label: 'Closed', text: 'Quotes stand; every measure is watched.' },
    HALF_OPEN: { label: 'Half open', text: 'A canary quotes: one level a side, a small size. It trips more easily.' },
    OPEN: { label: 'Open', text: 'No quotes; only what reduces a position is sent.' },
  };

/** Seconds of market time until it may close or try; 0 when that time has come and it waits for calm; undefined: it is not open, or by hand. */
export function secondsLeft({ state, untilMs }: BreakerInfo, nowMs: number): number | undefined {
  if (state === 'CLOSED' || untilMs === null || !Number.isFinite(untilMs)) return undefined;
  return Math.max(0, (untilMs - nowMs) / 1000);
}

/** How often each instrument's breaker has changed, newest change first. */
export function newestFirst(history: readonly TripInfo[]): readonly TripInfo[] {
  return history.toReversed();
}
