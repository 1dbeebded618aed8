import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader, textLines } from './lines.ts';
import { memorySource } from './testing/recordings.ts';

async function lines(text: string, chunkSizes: readonly number[]): Promise<string[]> {
  const all: string[] = [];
  for await (const block of textLines(memorySource(text, chunkSizes))) {
    expect(block.firstLine).toBe(all.length + 1);
    all.push(...block.lines);
  }
  return all;
}

/** The slow and obvious way. */
function model(text: string): string[] {
  const parts = text.split('\n');
  if (parts.at(-1) === '') parts.pop();
  return parts.map((part) => (part.endsWith('\r') ? part.slice(0, -1) : part));
}

describe('lines', () => {
  it('are those of split, whatever the chunks', async () => {
    const line = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 10 }));
    const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', ''))).map((parts) => parts.flat().join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), async (each, sizes) => {
        fc.pre(!each.startsWith('\u{feff}'));
        expect(await lines(each, sizes)).toEqual(model(each));
      }),
    );
  });

  it('cross the blocks of a long text', async () => {
    const text = Array.from({ length: 300_000 }, (_, i) => `line ${i}`).join('\n');
    expect(await lines(text, [100_003, 7, 262_144])).toEqual(text.split('\n'));
  });

  it('may be longer than a block', async () => {
    const long = 'x'.repeat(3_000_000);
    expect(await lines(`a\n${long}\nb\n`, [65_536])).toEqual(['a', long, 'b']);
  });

  it('lose the byte order mark of the first one', async () => {
    expect(await lines('\u{feff}a\n\u{feff}b\n', [1])).toEqual(['a', '\u{feff}b']);
  });

  it('are refused when they have no end', async () => {
    const reader = new LineReader(memorySource(`ok\n${'x'.repeat(5_000_000)}`, [65_536], 'big.csv'), 2_000_000);
    const read = async (): Promise<void> => {
      for await (const block of reader.blocks()) block.lineCount = -1;
    };
    await expect(read()).rejects.toThrow(/^big\.csv:2: line is longer than 2000000 bytes$/);
  });
});
