import { describe, expect, test } from 'vitest';
import { Random } from './random.ts';
import { SortedMap } from './sorted-map.ts';

/** The slow, obvious map: sorted only when asked. */
class Model {
  readonly entries = new Map<number, number>();

  ceiling(bound: number): number {
    let best = Infinity;
    for (const key of this.entries.keys()) if (key >= bound && key < best) best = key;
    return best;
  }
}

/** All keys from the smallest up, as the map tells them one after another. */
function keysOf(map: SortedMap): number[] {
  const keys: number[] = [];
  // Keys here are whole numbers, so the next is at or above one more.
  for (let key = map.firstKey(); key !== Infinity; key = map.ceilingKey(key + 1)) keys.push(key);
  return keys;
}

function expectEqual(map: SortedMap, model: Model): void {
  const keys = [...model.entries.keys()].toSorted((a, b) => a - b);
  expect(map.size).toBe(keys.length);
  expect(keysOf(map)).toEqual(keys);
  for (const key of keys)
    if (map.get(key) !== model.entries.get(key)) expect(map.get(key)).toBe(model.entries.get(key));
}

interface Keys {
  readonly name: string;
  readonly ops: number;
  key(random: Random, step: number): number;
}

const flows: Keys[] = [
  { name: 'few keys', ops: 300_000, key: (random) => random.below(40) - 20 },
  { name: 'keys in some hundred blocks', ops: 400_000, key: (random) => random.below(20_000) },
  { name: 'keys to ±2^46', ops: 150_000, key: (random) => Math.round((random.uniform() - 0.5) * 2 ** 47) },
  { name: 'rising keys', ops: 200_000, key: (random, step) => step + random.below(300) },
  { name: 'falling keys', ops: 200_000, key: (random, step) => -step - random.below(300) },
];

describe('a sorted map', () => {
  for (const flow of flows) {
    test(`is a map sorted by key: ${flow.name}`, () => {
      const random = Random.stream(7, flow.name);
      const map = new SortedMap();
      const model = new Model();
      let growing = true;
      for (let step = 0; step < flow.ops; step++) {
        // It fills and empties in turn, so that blocks split and merge.
        if (step % 20_000 === 0) growing = !growing || map.size === 0;
        const key = flow.key(random, step);
        const isIn = model.entries.has(key);
        if (map.get(key) !== (model.entries.get(key) ?? -1)) expect([step, map.get(key)]).toEqual([step, isIn]);
        if (!isIn && (growing || random.below(4) === 0)) {
          map.insert(key, step);
          model.entries.set(key, step);
        } else if (isIn && (!growing || random.below(4) === 0)) {
          map.remove(key);
          model.entries.delete(key);
        } else if (!growing && map.size > 0) {
          const next = map.ceilingKey(key);
          const victim = next === Infinity ? map.firstKey() : next;
          expect(model.entries.delete(victim)).toBe(true);
          map.remove(victim);
        }
        if (step % 1009 === 0 && map.ceilingKey(key) !== model.ceiling(key)) {
          expect([step, key, map.ceilingKey(key)]).toEqual([step, key, model.ceiling(key)]);
        }
        if (step % 19_997 === 0) expectEqual(map, model);
      }
      expectEqual(map, model);
    });
  }

  test('an empty map has no first key and nothing above any bound', () => {
    const map = new SortedMap();
    expect([map.size, map.get(0), map.firstKey(), map.ceilingKey(-Infinity)]).toEqual([0, -1, Infinity, Infinity]);
  });

  test('after clear it is empty and takes keys again, whatever it held', () => {
    const map = new SortedMap();
    for (const count of [1, 128, 129, 5000, 0, 20_000, 3]) {
      map.clear();
      expect([map.size, map.get(1), map.firstKey()]).toEqual([0, -1, Infinity]);
      for (let i = 0; i < count; i++) map.insert((i * 7919) % 20_011, i);
      expect(keysOf(map)).toEqual([...Array(count).keys()].map((i) => (i * 7919) % 20_011).toSorted((a, b) => a - b));
    }
  });

  test('bounds need not be keys, nor whole numbers', () => {
    const map = new SortedMap();
    for (const key of [-10, 0, 10]) map.insert(key, key + 100);
    expect([-Infinity, -10.5, -10, -9.5, 0.5, 10, 10.5].map((bound) => map.ceilingKey(bound))).toEqual([
      -10,
      -10,
      -10,
      0,
      10,
      10,
      Infinity,
    ]);
    expect(map.get(-0)).toBe(100);
  });
});
