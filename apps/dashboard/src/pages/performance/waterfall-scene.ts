/** The waterfall: a row for each part with its name, its bar from where the last one ended, and its value; the total below. */
import { axisAround } from './axis.ts';
import { PART_TEXTS, type WaterfallStep } from './attribution.ts';
import type { Scene, Shape } from './scene.ts';

const ROW = 34;
const BAR = 18;
const LABEL = 128;
const GAP = 12;

/** @param write a value with its sign, without its unit */
export function waterfallScene(
  steps: readonly WaterfallStep[],
  width: number,
  write: (value: number) => string,
): Scene {
  const written = steps.map(({ value }) => write(value));
  // Digits are of one width: seven pixels at twelve are what the widest of the usual fonts takes.
  const values = Math.max(...written.map((text) => text.length)) * 7.4 + GAP;
  const axis = axisAround(steps.flatMap(({ from, to }) => [from, to]));
  const left = LABEL + GAP;
  const right = Math.max(left + 40, width - values);
  const x = (value: number): number => left + ((value - axis.from) / (axis.to - axis.from)) * (right - left);
  const height = steps.length * ROW + 8;
  const shapes: Shape[] = [
    { kind: 'line', x1: x(0), y1: 0, x2: x(0), y2: height, ink: 'grid' },
    {
      kind: 'line',
      x1: 0,
      y1: (steps.length - 1) * ROW + 4,
      x2: width,
      y2: (steps.length - 1) * ROW + 4,
      ink: 'grid',
    },
  ];
  for (const [index, { key, label, from, to, value }] of steps.entries()) {
    const isTotal = key === 'total';
    const top = index * ROW + (isTotal ? 8 : 0);
    const middle = top + ROW / 2;
    const start = Math.min(x(from), x(to));
    const ink = isTotal ? 'total' : value < 0 ? 'loss' : 'gain';
    shapes.push(
      {
        kind: 'text',
        x: 0,
        y: middle,
        text: label,
        ink: 'text',
        anchor: 'start',
        isBold: isTotal,
        about: PART_TEXTS[key],
      },
      {
        kind: 'rect',
        x: start,
        y: middle - BAR / 2,
        // What is not zero is seen.
        width: value === 0 ? 1 : Math.max(2, Math.abs(x(to) - x(from))),
        height: BAR,
        ink: value === 0 ? 'grid' : ink,
        isHatched: value < 0,
      },
      { kind: 'text', x: width, y: middle, text: written[index] ?? '', ink: 'text', anchor: 'end', isBold: isTotal },
    );
    if (index < steps.length - 2) {
      const next = middle + ROW - BAR / 2;
      shapes.push({ kind: 'line', x1: x(to), y1: middle + BAR / 2, x2: x(to), y2: next, ink: 'muted', isDashed: true });
    }
  }
  return { width, height, shapes };
}
