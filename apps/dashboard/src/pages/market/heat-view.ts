/** What part of time and price the heatmap shows, and where that is on the canvas. All pure: a view is never changed in place. */
import type { HeatmapColumn } from 'quotewright/server/protocol/stream';
import { niceStep } from '../../lib/nice-step.ts';

export interface HeatView {
  /** Milliseconds shown. */
  readonly rangeMs: number;
  /** Right edge; undefined: the newest column. */
  readonly endMs: number | undefined;
  /** Middle and height in ticks; undefined: they follow the market. */
  readonly centreTicks: number | undefined;
  readonly spanTicks: number | undefined;
}

/** The view with nothing left open. */
export interface Frame {
  readonly fromMs: number;
  readonly toMs: number;
  readonly lowTicks: number;
  readonly highTicks: number;
}

/** The plot's box on the canvas. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Share of the range that stays free at the right, for what comes next. */
const HEADROOM = 0.03;

export const midOf = (column: Pick<HeatmapColumn, 'bidTicks' | 'askTicks'>): number | undefined =>
  column.bidTicks === null || column.askTicks === null ? undefined : (column.bidTicks + column.askTicks) / 2;

/** Steps of a quarter more each, so that the height changes seldom and clearly. */
const GROWTH = 1.25;
const upTo = (ticks: number): number => GROWTH ** Math.ceil(Math.log(ticks) / Math.log(GROWTH));

/** What following the market comes to. */
export interface Fit {
  readonly centreTicks: number;
  readonly spanTicks: number;
}

/** Middle and height that show how the market moved, and liquidity round it. It stays as it is while that still holds. */
export function fitMarket(columns: readonly HeatmapColumn[], held: Fit | undefined): Fit {
  let [low, high, depth] = [Infinity, -Infinity, 1];
  for (const column of columns) {
    const mid = midOf(column);
    depth = Math.max(depth, column.lots.length * column.stepTicks);
    if (mid === undefined) continue;
    low = Math.min(low, mid);
    high = Math.max(high, mid);
  }
  if (low > high) return held ?? { centreTicks: 0, spanTicks: upTo(depth) };
  const moved = high - low;
  const spanTicks = upTo(Math.max(8, moved * 1.5, moved + depth * 0.25));
  const margin = spanTicks * 0.1;
  const isHeld =
    held?.spanTicks === spanTicks &&
    held.centreTicks - spanTicks / 2 + margin <= low &&
    held.centreTicks + spanTicks / 2 - margin >= high;
  return isHeld ? held : { centreTicks: (low + high) / 2, spanTicks };
}

export function frameOf(view: HeatView, newestMs: number, fit: Fit): Frame {
  const toMs = view.endMs ?? newestMs + view.rangeMs * HEADROOM;
  const middle = view.centreTicks ?? fit.centreTicks;
  const half = (view.spanTicks ?? fit.spanTicks) / 2;
  return { fromMs: toMs - view.rangeMs, toMs, lowTicks: middle - half, highTicks: middle + half };
}

export const timeX = (ms: number, frame: Frame, box: Box): number =>
  box.left + ((ms - frame.fromMs) / (frame.toMs - frame.fromMs)) * box.width;
export const priceY = (ticks: number, frame: Frame, box: Box): number =>
  box.top + ((frame.highTicks - ticks) / (frame.highTicks - frame.lowTicks)) * box.height;
export const xTime = (x: number, frame: Frame, box: Box): number =>
  frame.fromMs + ((x - box.left) / box.width) * (frame.toMs - frame.fromMs);
export const yPrice = (y: number, frame: Frame, box: Box): number =>
  frame.highTicks - ((y - box.top) / box.height) * (frame.highTicks - frame.lowTicks);

/** Moves the view by pixels; a view that reaches the newest column follows it again. */
export function pan(view: HeatView, frame: Frame, box: Box, dx: number, dy: number, newestMs: number): HeatView {
  const endMs = frame.toMs - (dx / box.width) * view.rangeMs;
  const span = frame.highTicks - frame.lowTicks;
  return {
    ...view,
    endMs: endMs >= newestMs + view.rangeMs * HEADROOM ? undefined : endMs,
    ...(dy === 0
      ? {}
      : { centreTicks: (frame.lowTicks + frame.highTicks) / 2 + (dy / box.height) * span, spanTicks: span }),
  };
}

const LEAST_SPAN = 4;
const MOST_SPAN = 10_000_000;

/** Zooms the price by `factor` round `ticks`, which stays where it is. */
export function zoomPrice(view: HeatView, frame: Frame, ticks: number, factor: number): HeatView {
  const span = frame.highTicks - frame.lowTicks;
  const next = Math.min(MOST_SPAN, Math.max(LEAST_SPAN, span * factor));
  const middle = (frame.lowTicks + frame.highTicks) / 2;
  return { ...view, spanTicks: next, centreTicks: ticks + (middle - ticks) * (next / span) };
}

/** Index of the first column at or after `ms`; columns are in order of time. */
export function firstAt(columns: readonly { readonly timeMs: number }[], ms: number): number {
  let [low, high] = [0, columns.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((columns[middle]?.timeMs ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Round positions for labels from `low` to `high`, about `wanted` of them. */
export function labelsAt(low: number, high: number, wanted: number, step?: number): readonly number[] {
  const distance = step ?? niceStep((high - low) / Math.max(1, wanted));
  const labels: number[] = [];
  for (let at = Math.ceil(low / distance) * distance; at <= high; at += distance) labels.push(at);
  return labels;
}

const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * 1000);

export function timeLabels(frame: Frame, wanted: number): readonly number[] {
  const least = (frame.toMs - frame.fromMs) / Math.max(1, wanted);
  return labelsAt(frame.fromMs, frame.toMs, wanted, TIME_STEPS.find((step) => step >= least) ?? niceStep(least));
}

/** Stretches of columns at even distances: each can be drawn as one picture. `from` and `to` as slice has them. */
export function evenRuns(
  columns: readonly { readonly timeMs: number }[],
  from: number,
  to: number,
): readonly { readonly from: number; readonly to: number; readonly stepMs: number }[] {
  const runs: { from: number; to: number; stepMs: number }[] = [];
  let start = from;
  let stepMs = 0;
  for (let at = from + 1; at <= to; at++) {
    const gap = at < to ? (columns[at]?.timeMs ?? 0) - (columns[at - 1]?.timeMs ?? 0) : Infinity;
    if (stepMs === 0 && at < to && gap > 0) stepMs = gap;
    else if (Math.abs(gap - stepMs) > stepMs * 0.5) {
      runs.push({ from: start, to: at, stepMs: stepMs === 0 ? Math.min(gap, 1000) : stepMs });
      start = at;
      stepMs = 0;
    }
  }
  return runs;
}

/** How far a picture of one frame may be shifted to stand for another, as a share of its width. */
const FARTHEST_SHIFT = 0.08;

/** Pixels by which a picture of the frame `drawn` shows `wanted`: only time has gone on, and not far. Undefined: it does not. */
export function shiftOf(drawn: Frame | undefined, wanted: Frame, box: Box): number | undefined {
  if (drawn?.lowTicks !== wanted.lowTicks || drawn.highTicks !== wanted.highTicks) return undefined;
  const range = wanted.toMs - wanted.fromMs;
  if (Math.abs(drawn.toMs - drawn.fromMs - range) > 1e-6) return undefined;
  const shift = ((drawn.fromMs - wanted.fromMs) / range) * box.width;
  return shift <= 0 && -shift <= box.width * FARTHEST_SHIFT ? shift : undefined;
}
