import { describe, expect, it } from 'vitest';
import { DigestCheck } from './digest-check.ts';

const digest = (text: string) => ({ inputs: `in ${text}`, outputs: `out ${text}` });

describe('the comparison of hashes', () => {
  it('is made at the same place, whoever comes there first', () => {
    const check = new DigestCheck();
    check.note(10, digest('a'));
    check.take(20, digest('b'));
    expect(check).toMatchObject({ comparisons: 0, isEqual: true });
    check.take(10, digest('a'));
    check.note(20, digest('b'));
    expect(check).toMatchObject({ comparisons: 2, isEqual: true, firstDifference: -1 });
    // Each is compared once.
    check.take(10, digest('a'));
    expect(check.comparisons).toBe(2);
  });

  it('remembers the first place that differed', () => {
    const check = new DigestCheck();
    for (const sequence of [1, 2, 3, 4]) check.note(sequence, digest('a'));
    check.take(1, digest('a'));
    check.take(2, { ...digest('a'), outputs: 'other' });
    check.take(3, { ...digest('a'), inputs: 'other' });
    check.take(4, digest('a'));
    expect(check).toMatchObject({ comparisons: 4, isEqual: false, firstDifference: 2 });
  });

  it('does not wait for ever for what was never said', () => {
    const check = new DigestCheck();
    for (let sequence = 0; sequence < 1000; sequence++) check.note(sequence, digest('a'));
    for (let sequence = 0; sequence < 1000; sequence++) check.take(sequence, digest('a'));
    expect(check).toMatchObject({ comparisons: 64, isEqual: true });
  });
});
