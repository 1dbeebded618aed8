/** Fields of a settings file whose complaints say what was found and what was expected. */
import { z } from 'zod';

/** An object of these fields and no others. */
export function fields<S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const names = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `found ${issue.keys.map((key) => `'${key}'`).join(', ')}, expected ${names}`
        : `found ${shown(issue.input)}, expected settings by name`,
  });
}

/** Settings by names that are the user's own. */
export function named<V extends z.ZodType>(value: V): z.ZodRecord<z.ZodString, V> {
  return z.record(z.string(), value, expected('settings by name'));
}

/** For the complaint of a field: what was found, and these words. */
export function expected(words: string): { error: (issue: { readonly input?: unknown }) => string } {
  return { error: ({ input }) => `found ${shown(input)}, expected ${words}` };
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : 'a table';
}
