/**
 * Values of parameters as numbers, as records of inputs hold them: a number is itself, a boolean 0 or 1, a choice its index among the
 * choices. A text has no number: it cannot be changed while a session runs.
 */
import type { ParamSpec } from './strategy.ts';

/** The value of a number; undefined when it is none that the parameter may have. */
export function paramValue(spec: ParamSpec, code: number): number | boolean | string | undefined {
  switch (spec.type) {
    case 'number':
    case 'integer': {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = spec;
      const isWithin = code >= min && code <= max && Math.abs(code) < Number.POSITIVE_INFINITY;
      return isWithin && (spec.type === 'number' || Number.isInteger(code)) ? code : undefined;
    }
    case 'boolean':
      return code === 1 ? true : code === 0 ? false : undefined;
    case 'choice':
      return spec.choices[code];
    default:
      return undefined;
  }
}

/** The number of a value that fits the parameter; NaN when there is none. */
export function paramCode(spec: ParamSpec, value: number | boolean | string): number {
  if (spec.type === 'choice') {
    const index = spec.choices.indexOf(String(value));
    return index < 0 ? Number.NaN : index;
  }
  return spec.type === 'text' || typeof value === 'string' ? Number.NaN : Number(value);
}
