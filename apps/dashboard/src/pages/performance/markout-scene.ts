/** Markouts by horizon: a dot for the mean, a bar of two standard errors each way, zero marked. Horizons stand at equal distances: they grow by factors. */
import { axisAround } from './axis.ts';
import { horizonText, type MarkoutPoint } from './markouts.ts';
import type { Scene, Shape } from './scene.ts';

const BELOW = 28;
const ABOVE = 12;
const CAP = 5;

export function markoutScene(points: readonly MarkoutPoint[], width: number, height: number): Scene {
  const axis = axisAround(points.flatMap(({ low, high }) => [low, high]));
  const written = axis.ticks.map((tick) => tick.toFixed(axis.digits).replace('-', '−'));
  const left = Math.max(...written.map((text) => text.length)) * 7.4 + 10;
  const bottom = height - BELOW;
  const y = (value: number): number => bottom - ((value - axis.from) / (axis.to - axis.from)) * (bottom - ABOVE);
  const stride = (width - left) / Math.max(1, points.length);
  const shapes: Shape[] = axis.ticks.flatMap((tick, index): Shape[] => [
    { kind: 'line', x1: left, y1: y(tick), x2: width, y2: y(tick), ink: tick === 0 ? 'muted' : 'grid' },
    { kind: 'text', x: left - 8, y: y(tick), text: written[index] ?? '', ink: 'muted', anchor: 'end' },
  ]);
  // Where labels would touch, every second one is left out.
  const every = Math.max(1, Math.ceil(48 / stride));
  let last: { readonly x: number; readonly y: number } | undefined;
  for (const [index, { mean, low, high, horizonSeconds }] of points.entries()) {
    const x = left + (index + 0.5) * stride;
    const ink = mean < 0 ? 'loss' : 'gain';
    if (last !== undefined) {
      shapes.push({ kind: 'line', x1: last.x, y1: last.y, x2: x, y2: y(mean), ink: 'grid', isDashed: true });
    }
    shapes.push({ kind: 'line', x1: x, y1: y(low), x2: x, y2: y(high), ink, thickness: 1.5 });
    for (const end of [low, high]) {
      shapes.push({ kind: 'line', x1: x - CAP, y1: y(end), x2: x + CAP, y2: y(end), ink, thickness: 1.5 });
    }
    shapes.push({ kind: 'dot', x, y: y(mean), radius: 4, ink });
    if (index % every === 0) {
      shapes.push({
        kind: 'text',
        x,
        y: height - BELOW / 2 + 4,
        text: horizonText(horizonSeconds),
        ink: 'muted',
        anchor: 'middle',
      });
    }
    last = { x, y: y(mean) };
  }
  return { width, height, shapes };
}
