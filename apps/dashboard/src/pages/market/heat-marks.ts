/** What lies over the colours: the touch, prints as bubbles, own fills and own quotes. */
import type { HeatmapColumn, QuoteOrder } from 'quotewright/server/protocol/stream';
import { colour } from '../../lib/theme.ts';
import { type Box, type Frame, priceY, timeX } from './heat-view.ts';
import type { Print } from './print-log.ts';

/** Best bid and ask as stepped lines. */
export function drawTouch(
  context: CanvasRenderingContext2D,
  columns: readonly HeatmapColumn[],
  from: number,
  to: number,
  frame: Frame,
  box: Box,
): void {
  for (const side of ['bidTicks', 'askTicks'] as const) {
    context.beginPath();
    let lastY: number | undefined;
    for (let at = from; at < to; at++) {
      const column = columns[at];
      const ticks = column?.[side] ?? null;
      if (column === undefined || ticks === null) {
        lastY = undefined;
        continue;
      }
      const x = timeX(column.timeMs, frame, box);
      const y = priceY(ticks, frame, box);
      if (lastY === undefined) context.moveTo(x, y);
      else {
        if (lastY !== y) context.lineTo(x, lastY);
        context.lineTo(x, y);
      }
      lastY = y;
    }
    // A casing keeps the line apart from bright cells.
    context.strokeStyle = colour('--mark-edge');
    context.lineWidth = 3.5;
    context.stroke();
    context.strokeStyle = colour(side === 'bidTicks' ? '--buy' : '--sell');
    context.lineWidth = 1.5;
    context.stroke();
  }
}

const LEAST_RADIUS = 1.25;
const MOST_RADIUS = 12;
/** Pixels a second at which marks have their full size; with less room they are smaller. */
const ROOMY = 16;

/** Area in proportion to the size, within what can be seen and what leaves room. `unit` lots make a bubble of 3 px. */
function bubbleRadius(lots: number, unit: number, scale: number): number {
  return Math.min(MOST_RADIUS * scale, Math.max(LEAST_RADIUS, 3 * scale * Math.sqrt(lots / unit)));
}

function markScale(frame: Frame, box: Box): number {
  const pixelsPerSecond = (box.width * 1000) / (frame.toMs - frame.fromMs);
  return Math.min(1.25, Math.max(0.5, Math.sqrt(pixelsPerSecond / ROOMY)));
}

/** Bubbles of one side in one path: discs for buyers, diamonds for sellers. */
function bubbles(
  context: CanvasRenderingContext2D,
  prints: readonly Print[],
  from: number,
  side: 1 | -1,
  unit: number,
  frame: Frame,
  box: Box,
): void {
  const scale = markScale(frame, box);
  context.beginPath();
  for (let at = from; at < prints.length; at++) {
    const print = prints[at];
    if (print === undefined || print.isOwn || print.side !== side) continue;
    const x = timeX(print.timeMs, frame, box);
    if (x > box.left + box.width) break;
    const y = priceY(print.ticks, frame, box);
    const r = bubbleRadius(print.lots, unit, scale);
    // So small that nobody could tell a disc from a square.
    if (r < 2) context.rect(x - r, y - r, 2 * r, 2 * r);
    else if (side === 1) {
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, 2 * Math.PI);
    } else {
      const d = r * 1.2;
      context.moveTo(x, y - d);
      context.lineTo(x + d, y);
      context.lineTo(x, y + d);
      context.lineTo(x - d, y);
      context.closePath();
    }
  }
  context.globalAlpha = 0.75;
  context.fillStyle = colour(side === 1 ? '--buy' : '--sell');
  context.fill();
  context.globalAlpha = 1;
  if (scale < 0.8) return;
  context.strokeStyle = colour('--mark-edge');
  context.lineWidth = 0.75;
  context.stroke();
}

const FILL_MARK = 6;

/** Own fills: triangles, up for buys and down for sells. */
function ownFills(
  context: CanvasRenderingContext2D,
  prints: readonly Print[],
  from: number,
  frame: Frame,
  box: Box,
): void {
  const size = FILL_MARK * Math.max(0.6, Math.min(1, markScale(frame, box)));
  context.beginPath();
  for (let at = from; at < prints.length; at++) {
    const print = prints[at];
    if (print === undefined || !print.isOwn) continue;
    const x = timeX(print.timeMs, frame, box);
    const y = priceY(print.ticks, frame, box);
    const tip = print.side * size;
    context.moveTo(x, y - tip);
    context.lineTo(x + size, y + tip);
    context.lineTo(x - size, y + tip);
    context.closePath();
  }
  context.fillStyle = colour('--accent');
  context.fill();
  context.strokeStyle = colour('--mark-edge');
  context.lineWidth = 1;
  context.stroke();
}

export function drawPrints(
  context: CanvasRenderingContext2D,
  prints: readonly Print[],
  from: number,
  unit: number,
  frame: Frame,
  box: Box,
): void {
  bubbles(context, prints, from, 1, unit, frame, box);
  bubbles(context, prints, from, -1, unit, frame, box);
  ownFills(context, prints, from, frame, box);
}

/** Own resting orders: a bar at the right edge of the plot, at their price. */
export function drawQuotes(
  context: CanvasRenderingContext2D,
  orders: readonly QuoteOrder[],
  frame: Frame,
  box: Box,
): void {
  const right = box.left + box.width;
  context.fillStyle = colour('--accent');
  for (const { ticks } of orders) {
    const y = priceY(ticks, frame, box);
    if (y >= box.top && y <= box.top + box.height) context.fillRect(right - 16, Math.round(y) - 1, 16, 2);
  }
}
