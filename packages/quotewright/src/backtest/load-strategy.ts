/** Finds a strategy, built in or in a file, and checks the parameters that it is given. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { STRATEGIES, findStrategy } from '@quotewright/core/strategies/registry';
import type { ParamSpec, ParamSpecs, StrategyDefinition } from '@quotewright/core/strategies/strategy';
import { InputError } from '../data/report.ts';

export type ParamInput = number | boolean | string;

/** @throws InputError when there is no such strategy, or the file does not export one. */
export async function loadStrategy(nameOrPath: string): Promise<StrategyDefinition> {
  const builtIn = findStrategy(nameOrPath);
  if (builtIn !== undefined) return builtIn;
  const isPath = /[/\\]|\.[cm]?[jt]s$/.test(nameOrPath);
  if (!isPath) {
    const names = STRATEGIES.map((each) => each.name).join(', ');
    throw new InputError(`strategy: found '${nameOrPath}', expected a file or one of ${names}`);
  }
  const path = resolve(nameOrPath);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw new InputError(`${nameOrPath}: no such strategy file`);
  let loaded: unknown;
  try {
    loaded = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new InputError(
      `${nameOrPath}: the strategy does not load: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const exported = typeof loaded === 'object' && loaded !== null && 'default' in loaded ? loaded.default : undefined;
  if (!isDefinition(exported)) {
    throw new InputError(`${nameOrPath}: expected a default export of defineStrategy({ name, params, create })`);
  }
  return exported;
}

function isDefinition(value: unknown): value is StrategyDefinition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'params' in value &&
    typeof value.params === 'object' &&
    value.params !== null &&
    'create' in value &&
    typeof value.create === 'function'
  );
}

/** All parameters of a strategy: the given ones, checked, and the defaults of the others. @throws InputError that names the parameter. */
export function resolveParams(
  definition: StrategyDefinition,
  given: Readonly<Record<string, ParamInput>>,
): Record<string, ParamInput> {
  const specs: ParamSpecs = definition.params;
  const values: Record<string, ParamInput> = {};
  for (const [name, spec] of Object.entries(specs)) values[name] = spec.default;
  for (const [name, value] of Object.entries(given)) {
    const spec = specs[name];
    if (spec === undefined) {
      const names = Object.keys(specs).join(', ');
      throw new InputError(`parameter ${name}: ${definition.name} has none of this name; it has ${names}`);
    }
    values[name] = resolveParam(name, spec, value);
  }
  return values;
}

function resolveParam(name: string, spec: ParamSpec, given: ParamInput): ParamInput {
  switch (spec.type) {
    case 'number':
    case 'integer': {
      const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
      const fits =
        typeof value === 'number' &&
        Number.isFinite(value) &&
        (spec.type === 'number' || Number.isInteger(value)) &&
        value >= (spec.min ?? Number.NEGATIVE_INFINITY) &&
        value <= (spec.max ?? Number.POSITIVE_INFINITY);
      if (!fits) throw new InputError(`parameter ${name}: found '${given}', expected ${rangeText(spec)}`);
      return value;
    }
    case 'boolean':
      if (given === true || given === 'true') return true;
      if (given === false || given === 'false') return false;
      throw new InputError(`parameter ${name}: found '${given}', expected true or false`);
    case 'choice':
      if (typeof given === 'string' && spec.choices.includes(given)) return given;
      throw new InputError(`parameter ${name}: found '${given}', expected one of ${spec.choices.join(', ')}`);
    case 'text':
      return String(given);
    default:
      throw new TypeError(`parameter ${name} has an unknown type`);
  }
}

function rangeText(spec: { type: string; min?: number; max?: number }): string {
  const kind = spec.type === 'integer' ? 'a whole number' : 'a number';
  if (spec.min !== undefined && spec.max !== undefined) return `${kind} from ${spec.min} to ${spec.max}`;
  if (spec.min !== undefined) return `${kind} of at least ${spec.min}`;
  if (spec.max !== undefined) return `${kind} of at most ${spec.max}`;
  return kind;
}
