import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tempFolder } from '../data/testing/files.ts';
import { checkSettings, readConfig } from './read-config.ts';

const folder = tempFolder();

describe('a config file', () => {
  it.each([
    ['', 'found nothing, expected settings by name'],
    ['- 1', 'found a list, expected settings by name'],
    ['a: 1\na: 2', 'Map keys must be unique'],
    ['a: {', 'Flow map'],
    [`a: ${'x'.repeat(1024 * 1024)}`, 'found 1048579 characters, expected settings of at most 1048576'],
  ])('is refused in one line: %j', async (text, words) => {
    const path = folder.write('settings.yaml', text);
    const refused = await readConfig(path).then(
      () => '',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );
    expect(refused).toContain(words);
    expect(refused.split('\n')).toHaveLength(1);
  });

  it('tells what is wrong in it at a length that can be read', () => {
    const unknown = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`name${i}`, i]));
    expect(() => checkSettings(z.strictObject({}), unknown, 'file.yaml')).toThrow(/^file\.yaml: .{400}…$/u);
  });
});
