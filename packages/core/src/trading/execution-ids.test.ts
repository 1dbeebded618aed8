import { expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { ExecutionIds } from './execution-ids.ts';

const KEPT = 65_536;

test.each([
  ['rising', (i: number) => i + 1],
  ['on one place of a table that does not hash', (i: number) => (i + 1) * 131_072],
  ['large', (i: number) => 2 ** 53 - 1 - i],
])('numbers %s: the last 65,536 are known, and no more', (_name, idOf) => {
  const ids = new ExecutionIds();
  const add = (i: number): boolean => ids.add(Float64Array.of(0, idOf(i)), 1);
  for (let i = 0; i < 2 * KEPT; i++) if (!add(i)) throw new Error(`${i} is said to be known`);
  for (let i = KEPT; i < 2 * KEPT; i++) if (add(i)) throw new Error(`${i} is said to be new`);
  expect([add(KEPT - 1), add(KEPT + 1), add(KEPT)]).toEqual([true, false, true]);
});

test('equals a list of the last 65,536, with repetitions near and far', () => {
  const random = Random.stream(1, 'executions');
  const ids = new ExecutionIds();
  const known = new Set<number>();
  const list: number[] = [];
  let next = 1;
  for (let i = 0; i < 200_000; i++) {
    const id = random.below(4) === 0 ? 1 + random.below(next) : next++;
    if (ids.add(Float64Array.of(id), 0) === known.has(id)) throw new Error(`${id} was not told rightly, at ${i}`);
    if (known.has(id)) continue;
    known.add(id);
    list.push(id);
    if (list.length > KEPT) known.delete(list[list.length - 1 - KEPT]!);
  }
});
