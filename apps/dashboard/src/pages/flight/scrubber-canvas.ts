/** Draws the scrubber: mid price as a line, P&L as an area under it, marks of what happened, and the cursor. */
import type { FlightOverview } from 'quotewright/server/protocol/research';
import { type Extent, type Range, bucketOf, extentOf } from './timeline.ts';

export interface ScrubberColours {
  readonly line: string;
  readonly area: string;
  readonly zero: string;
  readonly buy: string;
  readonly sell: string;
  readonly warn: string;
  readonly text: string;
  readonly cursor: string;
}

export interface ScrubberScene {
  readonly overview: FlightOverview;
  readonly total: number;
  readonly range: Range;
  /** Mid of the instrument shown, and P&L of all strategies; by bucket. */
  readonly mids: readonly (number | null)[];
  readonly pnl: readonly number[];
  /** Bucket with its fraction. */
  readonly cursor: number;
}

/** Height of the strip of marks. */
const MARKS = 18;
const GAP = 4;

export function drawScrubber(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  scene: ScrubberScene,
  colours: ScrubberColours,
): void {
  const { range, mids, pnl, overview, total, cursor } = scene;
  context.clearRect(0, 0, width, height);
  const span = Math.max(1, range.to - range.from);
  const x = (bucket: number): number => ((bucket - range.from) / span) * width;
  const bottom = height - MARKS - GAP;
  const middle = Math.round(bottom * 0.62);
  const pnlExtent = withZero(extentOf(pnl, range));
  if (pnlExtent !== undefined) {
    const y = scaleOf(pnlExtent, middle + GAP, bottom);
    context.fillStyle = colours.area;
    context.beginPath();
    context.moveTo(x(range.from), y(0));
    for (let i = range.from; i < range.to; i++) context.lineTo(x(i), y(pnl[i] ?? 0));
    context.lineTo(x(range.to - 1), y(0));
    context.fill();
    context.fillStyle = colours.zero;
    context.fillRect(0, Math.round(y(0)), width, 1);
  }
  const midExtent = extentOf(mids, range);
  if (midExtent !== undefined) {
    const y = scaleOf(midExtent, GAP, middle - GAP);
    context.strokeStyle = colours.line;
    context.lineWidth = 1.25;
    context.beginPath();
    let isDown = false;
    for (let i = range.from; i < range.to; i++) {
      const mid = mids[i];
      if (mid === null || mid === undefined) isDown = false;
      else if (isDown) context.lineTo(x(i), y(mid));
      else {
        context.moveTo(x(i), y(mid));
        isDown = true;
      }
    }
    context.stroke();
  }
  for (const { event, kind, text } of overview.marks) {
    const at = x(bucketOf(overview, event, total));
    if (at >= -4 && at <= width + 4) drawMark(context, at, height - MARKS / 2, kind, text, colours);
  }
  const at = Math.round(x(cursor)) + 0.5;
  context.strokeStyle = colours.cursor;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(at, 0);
  context.lineTo(at, height);
  context.stroke();
  context.fillStyle = colours.cursor;
  context.beginPath();
  context.moveTo(at - 5, 0);
  context.lineTo(at + 5, 0);
  context.lineTo(at, 7);
  context.fill();
}

/** A fill is a triangle that points up for a buy and down for a sell; an alert a diamond; everything else a square. */
function drawMark(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  kind: string,
  text: string,
  colours: ScrubberColours,
): void {
  context.beginPath();
  if (kind === 'fill') {
    const isBuy = text.startsWith('bought');
    const tip = isBuy ? -4 : 4;
    context.fillStyle = isBuy ? colours.buy : colours.sell;
    context.moveTo(x, y + tip);
    context.lineTo(x - 3.5, y - tip);
    context.lineTo(x + 3.5, y - tip);
  } else if (kind === 'alert' || kind === 'trip') {
    const size = kind === 'trip' ? 6 : 4.5;
    context.fillStyle = colours.warn;
    context.moveTo(x, y - size);
    context.lineTo(x + size, y);
    context.lineTo(x, y + size);
    context.lineTo(x - size, y);
  } else {
    context.fillStyle = colours.text;
    context.rect(x - 2.5, y - 2.5, 5, 5);
  }
  context.fill();
}

function withZero(extent: Extent | undefined): Extent | undefined {
  return extent && { low: Math.min(0, extent.low), high: Math.max(0, extent.high) };
}

function scaleOf({ low, high }: Extent, top: number, bottom: number): (value: number) => number {
  const span = high > low ? high - low : 1;
  return (value) => bottom - ((value - low) / span) * (bottom - top);
}
