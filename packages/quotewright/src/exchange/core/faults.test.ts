import { expect, test } from 'vitest';
import { FaultDesk } from './faults.ts';

function desk() {
  const clock = { ms: 0 };
  return { clock, faults: new FaultDesk('venue', 1, () => clock.ms) };
}

test('a fault happens once unless more is asked for', () => {
  const { faults } = desk();
  expect(faults.take('drop')).toBe(false);
  faults.add({ fault: 'drop' });
  expect([faults.take('gap'), faults.take('drop'), faults.take('drop')]).toEqual([false, true, false]);
  faults.add({ fault: 'gap', count: 2 });
  expect([1, 2, 3].map(() => faults.take('gap'))).toEqual([true, true, false]);
  expect(Object.fromEntries(faults.done)).toEqual({ drop: 1, gap: 2 });
  expect(faults.isIdle).toBe(true);
});

test('by period, for a while', () => {
  const { faults, clock } = desk();
  faults.add({ fault: 'drop', periodMs: 100, durationMs: 250 });
  const taken: number[] = [];
  for (; clock.ms < 400; clock.ms += 10) if (faults.take('drop')) taken.push(clock.ms);
  expect(taken).toEqual([100, 200]);
  expect(faults.pending).toEqual([]);
});

function count(): number {
  const { faults } = desk();
  faults.add({ fault: 'gap', probability: 0.1 });
  let taken = 0;
  for (let i = 0; i < 10_000; i++) if (faults.take('gap')) taken++;
  return taken;
}

test('by chance, the same chance each time', () => {
  expect(Math.abs(count() - 1000)).toBeLessThan(150);
  expect(count()).toBe(count());
});

test('what lasts ends when it is told to', () => {
  const { faults } = desk();
  faults.add({ fault: 'maintenance', durationMs: 1e6 });
  faults.add({ fault: 'gap', count: 5 });
  expect(faults.take('maintenance')).toBe(true);
  faults.clear('maintenance');
  expect(faults.take('maintenance')).toBe(false);
  expect(faults.pending).toMatchObject([{ fault: 'gap', count: 5 }]);
  faults.clear();
  expect(faults.isIdle).toBe(true);
});
