import { describe, expect, it } from 'vitest';
import { checkNumbers, checkState, restoreEach } from './state.ts';

const LIKE = {
  count: 1,
  name: 'a',
  isOn: true,
  levels: new Float64Array(2),
  rows: [1, 2],
  inner: { a: 1 },
  none: null,
};

describe('the check of a state', () => {
  it('lets through what has the shape', () => {
    expect(() => checkState('it', structuredClone(LIKE), LIKE)).not.toThrow();
    expect(() => checkState('it', { ...LIKE, inner: { b: 'of its own' } }, LIKE)).not.toThrow();
    expect(() =>
      checkState('it', { ...LIKE, rows: [], levels: new Float64Array(9) }, LIKE, ['rows', 'levels']),
    ).not.toThrow();
    expect(() => checkNumbers('it', [1, Number.NaN, -Infinity], 3)).not.toThrow();
  });

  it.each([
    [undefined, 'found undefined, expected an object'],
    [null, 'found null, expected an object'],
    [[LIKE], 'found array, expected an object'],
    [new Float64Array(2), 'found Float64Array, expected an object'],
    [{ ...LIKE, more: 1 }, "found 'more', which it does not have"],
    [{ ...LIKE, count: '1' }, 'count is string, expected number'],
    [{ ...LIKE, isOn: undefined }, 'isOn is undefined, expected boolean'],
    [{ ...LIKE, none: {} }, 'none is object, expected null'],
    [{ ...LIKE, inner: [] }, 'inner is array, expected object'],
    [{ ...LIKE, levels: [1, 2] }, 'levels is array, expected Float64Array'],
    [{ ...LIKE, levels: new Int32Array(4) }, 'levels is Int32Array, expected Float64Array'],
    [{ ...LIKE, levels: new Float64Array(3) }, 'levels has 3 entries, expected 2'],
    [{ ...LIKE, rows: [] }, 'rows has 0 entries, expected 2'],
    [{}, 'count is undefined, expected number'],
  ])('names what differs (%#)', (found, words) => {
    expect(() => checkState('it', found, LIKE)).toThrow(new RangeError(`state of it: ${words}`));
  });

  it('names what differs in numbers and in lists of parts', () => {
    expect(() => checkNumbers('it', [1], 2)).toThrow('state of it: found [1], expected 2 numbers');
    expect(() => checkNumbers('it', [1, '2'], 2)).toThrow('state of it: found [1, 2], expected 2 numbers');
    expect(() => checkNumbers('it', new Float64Array(2), 2)).toThrow('found Float64Array, expected 2 numbers');
    const part = { save: (): number => 1, restore: (): void => {} };
    expect(() => restoreEach('parts', [1], [part, part])).toThrow('found 1 entries, expected an array of 2');
    expect(() => restoreEach('parts', { 0: 1 }, [part])).toThrow('found object, expected an array of 1');
  });
});
