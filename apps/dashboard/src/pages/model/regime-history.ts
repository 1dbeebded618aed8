/** What the `regime` topic has said while the page was open: points thinned to a bounded number, and spans of one regime. */
import type { RegimeData } from 'quotewright/server/protocol/stream';

type Mood = Omit<RegimeData['instruments'][number], 'instrument'>;

export interface RegimePoint extends Mood {
  readonly timeMs: number;
}

/** Points kept of an instrument; beyond them every other one is dropped, and the interval doubles. */
export const POINTS = 1200;
const FIRST_STEP_MS = 250;

export class RegimeHistory {
  readonly #byInstrument = new Map<number, RegimePoint[]>();
  #stepMs = FIRST_STEP_MS;
  #newestMs = Number.NEGATIVE_INFINITY;

  /** False: it was too soon after the last one to be kept. */
  add(timeMs: number, data: RegimeData): boolean {
    // Time that goes back: another session.
    if (timeMs < this.#newestMs) this.#clear();
    const isChange = data.instruments.some(({ instrument, regime }) => this.of(instrument).at(-1)?.regime !== regime);
    if (!isChange && timeMs - this.#newestMs < this.#stepMs) return false;
    this.#newestMs = timeMs;
    for (const { instrument, ...mood } of data.instruments) {
      const points = this.#byInstrument.get(instrument) ?? [];
      this.#byInstrument.set(instrument, [...points, { timeMs, ...mood }]);
    }
    if (data.instruments.some(({ instrument }) => this.of(instrument).length > POINTS)) this.#thin();
    return true;
  }

  /** Oldest first. */
  of(instrument: number): readonly RegimePoint[] {
    return this.#byInstrument.get(instrument) ?? [];
  }

  #clear(): void {
    this.#byInstrument.clear();
    this.#stepMs = FIRST_STEP_MS;
    this.#newestMs = Number.NEGATIVE_INFINITY;
  }

  /** Points at which the regime changes stay. */
  #thin(): void {
    this.#stepMs *= 2;
    for (const [instrument, points] of this.#byInstrument) {
      const kept = points.filter((point, index) => index % 2 === 0 || points[index - 1]?.regime !== point.regime);
      // Where it changes at every point, the oldest go.
      this.#byInstrument.set(instrument, kept.slice(-POINTS));
    }
  }
}

export interface RegimeSpan {
  readonly regime: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** From change to change; the last one goes to the newest point. */
export function spansOf(points: readonly RegimePoint[]): RegimeSpan[] {
  const spans: RegimeSpan[] = [];
  for (const { timeMs, regime } of points) {
    const last = spans.at(-1);
    if (last !== undefined) spans[spans.length - 1] = { ...last, toMs: timeMs };
    if (last?.regime !== regime) spans.push({ regime, fromMs: timeMs, toMs: timeMs });
  }
  return spans;
}

/** Share of the time in each regime, most first. */
export function sharesOf(spans: readonly RegimeSpan[]): { regime: string; share: number }[] {
  const all = spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const sums = new Map<string, number>();
  for (const { regime, fromMs, toMs } of spans) sums.set(regime, (sums.get(regime) ?? 0) + toMs - fromMs);
  return [...sums]
    .map(([regime, sum]) => ({ regime, share: all > 0 ? sum / all : 1 }))
    .toSorted((a, b) => b.share - a.share);
}
