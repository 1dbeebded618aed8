/**
 * Recordings of markets that do what a test wants: a book of five levels a side around a mid and a print, four times a second, written
 * as a combined stream of Binance's USD-M futures (docs/data.md), which has both clocks. A file an instrument.
 */
const STEPS_PER_SECOND = 4;
const LEVELS = 5;
const TICK = 0.5;
/** Milliseconds since the epoch: 2026-01-05T00:00:00Z. */
const FEED_START = Date.UTC(2026, 0, 5);

/** What a market is like at a time. */
interface Moment {
  readonly mid: number;
  /** Ticks. */
  readonly spread: number;
  /** Printed in a quarter of a second, base currency. */
  readonly prints: number;
  /** Received so long after it was sent, whole milliseconds; negative: before. */
  readonly delayMs: number;
  /** Nothing is sent. */
  readonly isSilent: boolean;
}

const CALM: Moment = { mid: 60_000, spread: 2, prints: 0.05, delayMs: 5, isSilent: false };

export interface FeedPlan {
  readonly seconds: number;
  readonly symbol?: string;
  /** What is not ordinary at a second. */
  readonly at?: (second: number) => Partial<Moment>;
  /** Seconds after midnight at which it begins. */
  readonly begin?: number;
}

/** A mid that falls by 6 a second. */
export function falling(second: number): Partial<Moment> {
  return { mid: 60_000 - Math.floor(6 * second) };
}

export function recordingOf({ seconds, symbol = 'BTCUSDT', at, begin = 0 }: FeedPlan): string {
  const lines: string[] = [];
  let before = new Map<string, string>();
  let sent = 0;
  for (let step = 0; step < seconds * STEPS_PER_SECOND; step++) {
    const moment = { ...CALM, ...at?.(step / STEPS_PER_SECOND) };
    if (moment.isSilent) continue;
    sent++;
    const sentMs = FEED_START + begin * 1000 + (step * 1000) / STEPS_PER_SECOND;
    const head = { E: sentMs, T: sentMs, s: symbol };
    const line = (message: object): void => {
      lines.push(`${sentMs + moment.delayMs}000000 ${JSON.stringify(message)}`);
    };
    const told = (data: object): void => line({ stream: symbol.toLowerCase(), data: { ...data, ...head } });
    const now = levelsOf(moment, step);
    const changed = [...now].filter(([key, amount]) => before.get(key) !== amount);
    const gone = [...before.keys()].filter((key) => !now.has(key)).map((key): [string, string] => [key, '0']);
    const of = (side: string): string[][] =>
      [...gone, ...changed].filter(([key]) => key.startsWith(side)).map(([key, amount]) => [key.slice(1), amount]);
    told({ e: 'depthUpdate', U: sent, u: sent, pu: sent - 1, b: of('b'), a: of('a') });
    if (before.size === 0) line({ lastUpdateId: sent, E: sentMs, T: sentMs, bids: of('b'), asks: of('a') });
    before = now;
    const isSold = step % 2 === 0;
    const print = { t: step + 1, p: priceOf(moment, isSold ? -1 : 1, 0), q: moment.prints.toFixed(3) };
    told({ e: 'trade', ...print, X: 'MARKET', m: isSold });
  }
  return `${lines.join('\n')}\n`;
}

function priceOf({ mid, spread }: Moment, sign: number, level: number): string {
  return (Math.round(mid / TICK + sign * (spread / 2 + level)) * TICK).toFixed(1);
}

/** Amounts by side and price; the best ones change with every step, so that each is a message. */
function levelsOf(moment: Moment, step: number): Map<string, string> {
  const levels = new Map<string, string>();
  for (let level = 0; level < LEVELS; level++) {
    const amount = (level === 0 ? 5 + (step % 3) : 5).toFixed(3);
    levels.set(`b${priceOf(moment, -1, level)}`, amount);
    levels.set(`a${priceOf(moment, 1, level)}`, amount);
  }
  return levels;
}
