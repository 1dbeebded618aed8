import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonElements } from './json-array.ts';
import { memorySource } from './testing/recordings.ts';

async function elements(text: string, chunkSizes: readonly number[] = [65_536]): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const { texts, first } of jsonElements(memorySource(text, chunkSizes, 'a.json'))) {
    expect(first).toBe(all.length + 1);
    all.push(...texts.map((each) => JSON.parse(each) as unknown));
  }
  return all;
}

describe('jsonElements', () => {
  it('splits any array into its elements, whatever the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.constantFrom(undefined, 1, '\t'),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
        async (values, indent, sizes) => {
          expect(await elements(`\n ${JSON.stringify(values, undefined, indent)}\n`, sizes)).toEqual(
            JSON.parse(JSON.stringify(values)),
          );
        },
      ),
    );
  });

  it.each([
    ['[1,2', 'a.json: element 2: the array is truncated'],
    ['[1,[2', 'a.json: element 2: the array is truncated'],
    ['["a', 'a.json: element 1: the array is truncated'],
    ['{"a":1}', "a.json: element 1: found '{' outside the array"],
    ['[1]]', 'a.json: element 2: found a closing bracket outside the array'],
    ['[1][2]', "a.json: element 2: found '[' outside the array"],
    ['hello', "a.json: element 1: found 'h', expected a JSON array"],
    ['  ', 'a.json: element 1: the array is truncated'],
  ])('refuses %j', async (text, message) => {
    await expect(elements(text)).rejects.toThrow(message);
  });
});
