/** Reads a YAML or JSON config file and checks objects against their schema; every complaint is one line. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { z } from 'zod';
import { InputError } from '../data/report.ts';

/** @throws InputError when the file cannot be read or parsed, or holds no mapping. */
export async function readConfig(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
    throw new InputError(`${path}: ${line}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InputError(`${path}: found ${value === null ? 'nothing' : typeof value}, expected settings by name`);
  }
  return { ...value };
}

/** @throws InputError that names each field that is wrong. */
export function checkSettings<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const complaints = result.error.issues.map((issue) => {
    const field = issue.path.map(String).join('.');
    return `${field === '' ? 'settings' : field}: ${issue.message}`;
  });
  throw new InputError(`${where}: ${complaints.join('; ')}`);
}
