/** Axes, hover and legend of the heatmap. */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import { font } from '../../lib/canvas.ts';
import { formatTicks, formatTime } from '../../lib/format.ts';
import { colour } from '../../lib/theme.ts';
import { type Box, type Frame, labelsAt, priceY, timeLabels, timeX } from './heat-view.ts';

const RIGHT_AXIS = 76;
const BOTTOM_AXIS = 20;

export const plotBox = (width: number, height: number): Box => ({
  left: 0,
  top: 0,
  width: Math.max(1, width - RIGHT_AXIS),
  height: Math.max(1, height - BOTTOM_AXIS),
});

export function drawAxes(context: CanvasRenderingContext2D, frame: Frame, box: Box, instrument: InstrumentInfo): void {
  context.font = font(11);
  context.fillStyle = colour('--muted');
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const right = box.left + box.width;
  for (const ticks of labelsAt(frame.lowTicks, frame.highTicks, box.height / 48)) {
    const y = priceY(ticks, frame, box);
    if (y < 8 || y > box.height - 8) continue;
    context.fillRect(right, Math.round(y), 4, 1);
    context.fillText(formatTicks(ticks, instrument), right + 8, y);
  }
  context.textAlign = 'center';
  for (const ms of timeLabels(frame, box.width / 96)) {
    const x = timeX(ms, frame, box);
    if (x < 28 || x > right - 28) continue;
    context.fillRect(Math.round(x), box.top + box.height, 1, 4);
    context.fillText(formatTime(ms), x, box.top + box.height + 12);
  }
}

/** A label on the price axis, filled so that it stands out. */
export function drawPriceTag(
  context: CanvasRenderingContext2D,
  y: number,
  box: Box,
  text: string,
  fill: string,
  ink: string,
): void {
  if (y < box.top || y > box.top + box.height) return;
  const x = box.left + box.width;
  context.fillStyle = fill;
  context.fillRect(x, y - 8, RIGHT_AXIS, 16);
  context.fillStyle = ink;
  context.font = font(11, 'mono', 600);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(text, x + 8, y + 0.5);
}

/** Lines of text beside the pointer, inside the box. */
export function drawNote(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  box: Box,
  lines: readonly string[],
): void {
  context.font = font(11);
  const width = Math.max(...lines.map((line) => context.measureText(line).width)) + 16;
  const height = lines.length * 16 + 8;
  const left = x + 12 + width > box.left + box.width ? x - 12 - width : x + 12;
  const top = Math.min(Math.max(box.top, y - height - 8), box.top + box.height - height);
  context.fillStyle = colour('--raised');
  context.strokeStyle = colour('--line');
  context.beginPath();
  context.roundRect(left + 0.5, top + 0.5, width, height, 4);
  context.fill();
  context.stroke();
  context.fillStyle = colour('--text');
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const [index, line] of lines.entries()) context.fillText(line, left + 8, top + 12 + index * 16);
}
