import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderSizes } from './order-sizes.ts';

describe('OrderSizes', () => {
  it('is a map of what is left, through growth and deletion', () => {
    // Few distinct ids, so that the same ones come back; some far apart in the high half.
    const id = fc.oneof(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 20 }).map((n) => n * 2 ** 40 + 3),
    );
    const step = fc.tuple(fc.constantFrom('set', 'reduce', 'remove'), id, fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const sizes = new OrderSizes();
        const model = new Map<number, number>();
        for (const [action, key, amount] of steps) {
          if (action === 'set') {
            sizes.set(key, amount);
            model.set(key, amount);
          } else if (action === 'remove') {
            sizes.remove(key);
            model.delete(key);
          } else {
            const before = model.get(key);
            const left = before === undefined ? Number.NaN : Math.max(0, before - amount);
            expect(sizes.reduce(key, amount)).toBe(left);
            if (left > 0) model.set(key, left);
            else model.delete(key);
          }
        }
      }),
    );
  });

  it('holds many orders, and forgets each once', () => {
    const sizes = new OrderSizes();
    const count = 200_000;
    for (let i = 0; i < count; i++) sizes.set(i * 7919, i + 1);
    for (let i = 0; i < count; i += 2) sizes.remove(i * 7919);
    let left = 0;
    for (let i = 0; i < count; i++) {
      const remaining = sizes.reduce(i * 7919, 1);
      if (i % 2 === 0 ? !Number.isNaN(remaining) : remaining !== i) throw new Error(`order ${i}: ${remaining} left`);
      left += i % 2;
    }
    expect(left).toBe(count / 2);
  });
});
