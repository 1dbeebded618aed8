import { describe, expect, test } from 'vitest';
import type { ParameterSpec } from 'quotewright/server/protocol/trading';
import { accusedParameter, changesOf, parseParameter, rangeText, unitText } from './parameters.ts';

const spec = (part: Partial<ParameterSpec>): ParameterSpec => ({
  name: 'size',
  type: 'number',
  default: 1,
  value: 1,
  description: '',
  ...part,
});

describe('a strategy’s parameters', () => {
  test('a number lies within its range, and only a number is one', () => {
    const number = spec({ min: 0, max: 5 });
    expect(parseParameter(number, ' 2.5 ')).toEqual({ value: 2.5 });
    for (const text of ['', 'x', '-0.1', '5.1', 'NaN', '1e999']) {
      expect(parseParameter(number, text)).toHaveProperty('problem');
    }
    expect(parseParameter(spec({ type: 'integer' }), '2.5')).toHaveProperty('problem');
    expect(parseParameter(spec({ type: 'choice', choices: ['a', 'b'] }), 'c')).toHaveProperty('problem');
    expect(parseParameter(spec({ type: 'boolean' }), 'false')).toEqual({ value: false });
    expect(parseParameter(spec({ type: 'text' }), ' é ')).toEqual({ value: ' é ' });
  });

  test('only what becomes another value is sent', () => {
    const specs = [
      spec({}),
      spec({ name: 'levels', type: 'integer', min: 1 }),
      spec({ name: 'on', type: 'boolean', value: true }),
    ];
    expect(changesOf(specs, { size: '1.0', on: 'false' })).toEqual({ changes: { on: false }, problems: {} });
    expect(changesOf(specs, { levels: '0', gone: '3' })).toEqual({ changes: {}, problems: { levels: '1 at least.' } });
  });

  test('the server’s complaint is shown at the parameter that it names', () => {
    const specs = [spec({}), spec({ name: 'sizeUnit' }), spec({ name: 'levels' })];
    expect(accusedParameter('sizeUnit: expected at most 3, found 9', specs)).toBe('sizeUnit');
    expect(accusedParameter('parameter size: found -1', specs)).toBe('size');
    expect(accusedParameter('the resized order', specs)).toBeUndefined();
  });

  test('a unit that is another parameter is what that one says, also before it is sent', () => {
    const specs = [spec({ unit: 'spreadUnit' }), spec({ name: 'spreadUnit', type: 'choice', value: 'usual' })];
    expect(unitText(specs[0] ?? spec({}), specs, {})).toBe('usual');
    expect(unitText(specs[0] ?? spec({}), specs, { spreadUnit: 'bp' })).toBe('bp');
    expect(unitText(spec({ unit: 'seconds' }), specs, {})).toBe('seconds');
    expect(unitText(spec({}), specs, {})).toBe('');
  });

  test('ranges in words', () => {
    expect(rangeText(spec({ min: 0, max: 5 }))).toBe('0 to 5');
    expect(rangeText(spec({ min: 0 }))).toBe('at least 0');
    expect(rangeText(spec({ max: 5 }))).toBe('at most 5');
    expect(rangeText(spec({ type: 'text', max: 5 }))).toBe('');
  });
});
