import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvFields, NumericRow } from './csv.ts';

function fieldsOf(line: string): string[] {
  const bytes = Buffer.from(line);
  const fields = new CsvFields(16);
  const count = fields.split(bytes, 0, bytes.length);
  return Array.from({ length: count }, (_, i) => fields.text(bytes, i));
}

describe('CsvFields', () => {
  it('splits plain fields like split', () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'b', '0', '1', '9', '.', '-', ' ') });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 16 }), (parts) => {
        expect(fieldsOf(parts.join(','))).toEqual(parts);
      }),
    );
  });

  it('takes quotes off and keeps separators in them', () => {
    expect(fieldsOf('"a,b",c,"",d\r')).toEqual(['a,b', 'c', '', 'd']);
    expect(fieldsOf('"open')).toEqual(['open']);
  });

  it('counts fields beyond its capacity', () => {
    const bytes = Buffer.from('1,2,3,4,5');
    expect(new CsvFields(2).split(bytes, 0, bytes.length)).toBe(5);
  });
});

describe('NumericRow', () => {
  const number = fc.tuple(
    fc.boolean(),
    fc.integer({ min: 0, max: 999_999 }),
    fc.option(fc.integer({ min: 0, max: 9 })),
  );

  it('decodes rows of numbers exactly', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 8 }), fc.constantFrom('\n', '\r\n', ''), (row, end) => {
        const texts = row.map(
          ([minus, whole, digit]) => `${minus ? '-' : ''}${whole}${digit === null ? '' : `.${digit}`}`,
        );
        const bytes = Buffer.from(`${texts.join(',')}${end}7`);
        const limit = end === '' ? bytes.length - 1 : bytes.length;
        const decoder = new NumericRow(8);
        const next = decoder.decode(bytes, 0, limit);
        expect(decoder.count).toBe(row.length);
        expect(end === '' ? next - 1 : next).toBe(bytes.length - 1);
        texts.forEach((text, i) => {
          expect(decoder.values[i]! / 10 ** decoder.places[i]!).toBeCloseTo(Number(text), 9);
          expect(Object.is(decoder.values[i]! + 0, Number(text.replace('.', '')) + 0)).toBe(true);
        });
      }),
    );
  });

  it.each(['1,,2', 'a', '1,2x', '--1', '1-2', '1.2.3', '', ',', '1 ,2', '1234567890123456', '1\r2', '٣'])(
    'refuses %j',
    (text) => {
      const bytes = Buffer.from(text);
      const decoder = new NumericRow(4);
      decoder.decode(bytes, 0, bytes.length);
      expect(decoder.count).toBe(-1);
    },
  );
});
