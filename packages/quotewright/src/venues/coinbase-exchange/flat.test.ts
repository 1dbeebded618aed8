import { describe, expect, it } from 'vitest';
import { FlatFields, flatBytes } from './flat.ts';

const fields = new FlatFields(['type', 'sequence']);

describe('a flat message', () => {
  it.each(['0', '-0', '-12.5', '1e5', '1E-5', '0.10', 'true', 'false', 'null', '""', '"x"'])('may hold %s', (value) => {
    const bytes = Buffer.from(`{"other":${value},"type":"open"}`);
    expect([fields.scan(bytes), fields.text(bytes, 0)]).toEqual([true, 'open']);
  });

  it.each([
    '',
    '01',
    '+1',
    '1.',
    '.5',
    '1e',
    '-',
    '0x10',
    'nuld',
    'nul',
    'nulll',
    'NaN',
    'True',
    '[]',
    '{}',
    '\\',
    '"',
    ' 1',
  ])('does not hold %s: the full parser says what it is', (value) => {
    expect(fields.scan(Buffer.from(`{"other":${value},"type":"open"}`))).toBe(false);
    expect(fields.scan(Buffer.from(`{"type":"open","other":${value}}`))).toBe(false);
  });

  it('is written again without lists and objects, and a minus zero as no number', () => {
    const bytes = flatBytes({ type: 'open', list: [1], none: null, sequence: -0, size: '1.0' });
    expect(bytes.toString()).toBe('{"type":"open","sequence":"-0","size":"1.0"}');
  });
});
