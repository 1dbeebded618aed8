/** A strategy's parameters as a form: what was typed, whether the schema takes it, and what is sent. */
import type { ParameterSpec } from 'quotewright/server/protocol/trading';

type ParameterValue = number | boolean | string;
/** Text of fields that were touched, by name; of a boolean `true` or `false`. */
export type Edits = Readonly<Record<string, string>>;

type Parsed = { readonly value: ParameterValue } | { readonly problem: string };

export function parseParameter(spec: ParameterSpec, text: string): Parsed {
  const { type, min, max, choices } = spec;
  if (type === 'boolean') return { value: text === 'true' };
  if (type === 'text') return { value: text };
  if (type === 'choice') {
    return choices?.includes(text) === true ? { value: text } : { problem: `One of ${(choices ?? []).join(', ')}.` };
  }
  const trimmed = text.trim();
  const value = Number(trimmed);
  if (trimmed === '' || !Number.isFinite(value)) return { problem: 'A number is expected here.' };
  if (type === 'integer' && !Number.isInteger(value)) return { problem: 'A whole number is expected here.' };
  if (min !== undefined && value < min) return { problem: `${min} at least.` };
  if (max !== undefined && value > max) return { problem: `${max} at most.` };
  return { value };
}

/** What the field shows before it is touched. */
export function fieldText(spec: ParameterSpec, edits: Edits): string {
  return edits[spec.name] ?? String(spec.value);
}

/** Those whose value becomes another one; and what is wrong, by name. Nothing is sent while something is wrong. */
export function changesOf(
  specs: readonly ParameterSpec[],
  edits: Edits,
): { readonly changes: Record<string, ParameterValue>; readonly problems: Readonly<Record<string, string>> } {
  const changes: Record<string, ParameterValue> = {};
  const problems: Record<string, string> = {};
  for (const spec of specs) {
    const text = edits[spec.name];
    if (text === undefined) continue;
    const parsed = parseParameter(spec, text);
    if ('problem' in parsed) problems[spec.name] = parsed.problem;
    else if (parsed.value !== spec.value) changes[spec.name] = parsed.value;
  }
  return { changes, problems };
}

/** "0 to 5", "at least 1", "": where values may lie. */
export function rangeText({ min, max, type }: ParameterSpec): string {
  if (type !== 'number' && type !== 'integer') return '';
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  if (min !== undefined) return `at least ${min}`;
  return max === undefined ? '' : `at most ${max}`;
}

/** Unit of a parameter's value; where the schema names another parameter as its unit, what that one says. */
export function unitText({ unit = '' }: ParameterSpec, specs: readonly ParameterSpec[], edits: Edits): string {
  const other = specs.find(({ name }) => name === unit);
  return other === undefined ? unit : fieldText(other, edits);
}

/** Which parameter a server's complaint is about: the longest name that it holds as a word. */
export function accusedParameter(detail: string, specs: readonly ParameterSpec[]): string | undefined {
  const words = new Set(detail.split(/[^\p{L}\p{N}_]+/u));
  return specs
    .map(({ name }) => name)
    .filter((name) => words.has(name))
    .toSorted((a, b) => b.length - a.length)[0];
}
