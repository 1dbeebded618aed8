import { array, assert, double, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { waterfall } from './attribution.ts';
import { markoutScene } from './markout-scene.ts';
import type { Scene } from './scene.ts';
import { waterfallScene } from './waterfall-scene.ts';

/** No shape is outside of the drawing, and none has no size at all. */
function expectInside({ width, height, shapes }: Scene): void {
  for (const shape of shapes) {
    const xs = shape.kind === 'line' ? [shape.x1, shape.x2] : [shape.x];
    const ys = shape.kind === 'line' ? [shape.y1, shape.y2] : [shape.y];
    if (shape.kind === 'rect') {
      expect(shape.width).toBeGreaterThan(0);
      ys.push(shape.y + shape.height);
    }
    for (const x of xs) {
      expect(x).toBeGreaterThanOrEqual(-1e-6);
      expect(x).toBeLessThanOrEqual(width + 1e-6);
    }
    for (const y of ys) {
      expect(y).toBeGreaterThanOrEqual(-1e-6);
      expect(y).toBeLessThanOrEqual(height + 1e-6);
    }
  }
}

const money = double({ min: -1e7, max: 1e7, noNaN: true });

test('a waterfall is inside of its drawing, on a phone and on a wall', () => {
  assert(
    property(array(money, { minLength: 5, maxLength: 5 }), integer({ min: 300, max: 2000 }), (values, width) => {
      const [spreadCapture = 0, adverseSelection = 0, inventory = 0, fees = 0, funding = 0] = values;
      const parts = { spreadCapture, adverseSelection, inventory, fees, funding };
      const total = values.reduce((sum, value) => sum + value, 0);
      const steps = waterfall({ currency: 'USD', parts, total }, 2);
      expectInside(waterfallScene(steps, width, (value) => value.toFixed(2)));
    }),
  );
});

test('markouts are inside of theirs, whatever the errors', () => {
  const value = double({ min: -1000, max: 1000, noNaN: true }).filter((each) => each === 0 || Math.abs(each) > 1e-6);
  assert(
    property(array(value, { minLength: 1, maxLength: 8 }), integer({ min: 300, max: 2000 }), (means, width) => {
      const points = means.map((mean, index) => ({
        horizonSeconds: index,
        fills: 1,
        mean,
        standardError: 1,
        low: mean - 2,
        high: mean + 2,
      }));
      expectInside(markoutScene(points, width, 200));
    }),
  );
});
