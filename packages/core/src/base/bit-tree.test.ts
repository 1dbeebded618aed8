import { expect, test } from 'vitest';
import { BitTree } from './bit-tree.ts';
import { Random } from './random.ts';

for (const bits of [5, 9, 10, 11, 15, 16, 20]) {
  test(`a tree of 2^${bits} numbers equals a plain set`, () => {
    const random = Random.stream(bits, 'bit tree');
    const size = 2 ** bits;
    const tree = new BitTree(bits);
    const model = new Set<number>();
    /** Members at the edges of words, groups and tops are drawn often. */
    const draw = (): number =>
      (random.below(2) === 0 ? random.below(size) : (random.below(size + 1) & ~31) - random.below(2)) & (size - 1);
    for (let round = 0; round < 60; round++) {
      for (let i = 0; i < 20; i++) {
        const member = draw();
        if (random.below(2) === 0) {
          tree.add(member);
          model.add(member);
        } else {
          tree.remove(member);
          model.delete(member);
        }
      }
      const sorted = [...model].toSorted((a, b) => a - b);
      for (let i = 0; i < 50; i++) {
        const from = i === 0 ? size : i === 1 ? 0 : draw();
        expect(tree.nextFrom(from)).toBe(sorted.find((member) => member >= from) ?? -1);
      }
      // Walked from end to end, and every few rounds emptied.
      const walked: number[] = [];
      for (let member = tree.nextFrom(0); member >= 0; member = tree.nextFrom(member + 1)) walked.push(member);
      expect(walked).toEqual(sorted);
      if (round % 10 === 9) {
        for (const member of sorted) tree.remove(member);
        model.clear();
        expect(tree.nextFrom(0)).toBe(-1);
      }
    }
  });
}
