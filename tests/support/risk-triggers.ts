/** What shows each trigger at work: a market that does it, the thresholds as they are by default unless said otherwise. */
import type { FeedPlan } from './risk-feed.ts';
import type { Params } from './risk-run.ts';

interface TriggerCase {
  readonly trigger: string;
  /** Recordings of the instruments. */
  readonly feeds: readonly FeedPlan[];
  readonly params?: Params;
  /** Of the circuit breakers, in place of the defaults. */
  readonly breaker?: Readonly<Record<string, number | string | null>>;
  readonly flags?: readonly string[];
  /** The threshold, and the alert that warns before or beside the trip. */
  readonly limit: number;
  readonly warns?: string;
  /** The breaker of all instruments opens. */
  readonly isGlobal?: boolean;
}

const MID = 60_000;
/** Ten bitcoins are held; limits are off in these runs. */
const HOLD: Params = { mode: 'hold', size: 10, away: -0.1 };

/** Falls so much, from a second on for so long. */
const falling = (share: number, from: number, seconds: number) => (second: number) => ({
  mid: MID * (1 - share * Math.min(1, Math.max(0, (second - from) / seconds))),
});

/** After two minutes and a half prices jump to and fro, and the spread is three times as wide. */
const crisis = (second: number) => {
  const isCalm = second < 150;
  return { mid: MID + Math.sin(second * 7) * (isCalm ? 1 : 60), spread: isCalm ? 2 : 8 };
};

export const TRIGGER_CASES: readonly TriggerCase[] = [
  { trigger: 'PRICE_MOVE_1M', feeds: [{ seconds: 40, at: falling(0.02, 20, 10) }], limit: 0.015 },
  { trigger: 'PRICE_MOVE_5M', feeds: [{ seconds: 300, at: falling(0.04, 10, 280) }], limit: 0.03 },
  {
    trigger: 'SPREAD',
    feeds: [{ seconds: 140, at: (second) => ({ spread: second < 130 ? 2 : 40 }) }],
    limit: 10,
    warns: 'SPREAD_ANOMALY',
  },
  {
    trigger: 'VOLUME',
    feeds: [{ seconds: 80, at: (second) => ({ prints: second < 70 ? 0.05 : 8 }) }],
    limit: 30,
    warns: 'VOLUME_ANOMALY',
  },
  {
    trigger: 'LATENCY',
    feeds: [{ seconds: 60 }],
    params: { mode: 'order' },
    flags: ['--latency', '1200ms'],
    limit: 2000,
    warns: 'LATENCY_WARNING',
  },
  {
    trigger: 'VOLATILITY',
    feeds: [{ seconds: 260, at: crisis }],
    limit: 10,
    warns: 'REGIME_CHANGE',
  },
  {
    trigger: 'DRAWDOWN',
    feeds: [{ seconds: 280, at: falling(0.009, 10, 260) }],
    params: HOLD,
    limit: 0.04,
    isGlobal: true,
  },
  {
    trigger: 'LOSS_VELOCITY',
    feeds: [{ seconds: 60, at: falling(0.006, 10, 40) }],
    params: HOLD,
    limit: 2500,
    isGlobal: true,
  },
  {
    trigger: 'OPEN_SHARE',
    feeds: [
      { seconds: 40, at: falling(0.02, 20, 10) },
      { seconds: 40, symbol: 'ETHUSDT', at: falling(0.02, 20, 12) },
    ],
    limit: 0.6,
    isGlobal: true,
  },
  {
    trigger: 'FEED_DELAY',
    feeds: [{ seconds: 140, at: (second) => ({ delayMs: second < 130 ? 5 : 1600 }) }],
    limit: 1000,
    warns: 'LATENCY_WARNING',
  },
];
