/** Reads a YAML or JSON config file and checks objects against their schema; every complaint is one line. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { z } from 'zod';
import { InputError } from '../data/report.ts';

/** The parser looks for every name among all others: a few megabytes of names keep it for minutes, deaf to Ctrl-C. */
const MAX_CHARACTERS = 1024 * 1024;
const MAX_COMPLAINT = 400;

/** @throws InputError when the file cannot be read or parsed, is larger than settings can be, or holds no mapping. */
export async function readConfig(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new InputError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (text.length > MAX_CHARACTERS) {
    throw new InputError(`${path}: found ${text.length} characters, expected settings of at most ${MAX_CHARACTERS}`);
  }
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
    throw new InputError(`${path}: ${line}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const found = value === null ? 'nothing' : Array.isArray(value) ? 'a list' : typeof value;
    throw new InputError(`${path}: found ${found}, expected settings by name`);
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
  const all = complaints.join('; ');
  throw new InputError(`${where}: ${all.length > MAX_COMPLAINT ? `${all.slice(0, MAX_COMPLAINT)}…` : all}`);
}
