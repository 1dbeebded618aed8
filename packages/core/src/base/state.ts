/**
 * Saved state. What keeps state in the engine has `save()`, which answers plain objects, arrays, typed arrays, numbers, texts and
 * booleans (what a structured clone takes; copies, never views of live memory), and `restore(state)`, which brings a freshly made
 * object of the same configuration to exactly that state. A state may come from a file that another version or configuration
 * wrote: `restore` compares its shape with what the object itself would save, and says what differs.
 */

/** What a part of the engine looks like to the part that holds it. */
export interface Saved {
  save(): unknown;
  restore(state: unknown): void;
}

/**
 * Compares a state with one of the same class: the same fields, each of the same type, arrays of the same length but for those
 * named in `growing`. Objects within are looked at by their own `restore`.
 * @throws RangeError that names what differs
 */
export function checkState<T extends object>(
  what: string,
  found: unknown,
  like: T,
  growing: readonly (keyof T & string)[] = [],
): void {
  if (kindOf(found) !== 'object') throw new RangeError(`state of ${what}: found ${kindOf(found)}, expected an object`);
  // oxlint-disable-next-line no-unsafe-type-assertion -- it is an object, and its fields are only looked at
  const fields = found as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(fields).find((name) => !(name in like));
  if (unknown !== undefined) throw new RangeError(`state of ${what}: found '${unknown}', which it does not have`);
  for (const [name, expected] of Object.entries(like)) {
    const value = fields[name];
    if (kindOf(value) !== kindOf(expected)) {
      throw new RangeError(`state of ${what}: ${name} is ${kindOf(value)}, expected ${kindOf(expected)}`);
    }
    const length = lengthOf(value);
    if (length !== lengthOf(expected) && !growing.some((each) => each === name)) {
      throw new RangeError(`state of ${what}: ${name} has ${length} entries, expected ${lengthOf(expected)}`);
    }
  }
}

/** Of a state that is nothing but so many numbers. @throws RangeError that names what differs */
export function checkNumbers(what: string, found: unknown, count: number): void {
  if (!Array.isArray(found) || found.length !== count || !found.every((each) => typeof each === 'number')) {
    const is = Array.isArray(found) ? `[${found.join(', ')}]` : kindOf(found);
    throw new RangeError(`state of ${what}: found ${is}, expected ${count} numbers`);
  }
}

/** Restores parts from the states that they saved, in the same order. @throws RangeError that names what differs */
export function restoreEach(what: string, found: unknown, parts: readonly Saved[]): void {
  if (!Array.isArray(found) || found.length !== parts.length) {
    const is = Array.isArray(found) ? `${found.length} entries` : kindOf(found);
    throw new RangeError(`state of ${what}: found ${is}, expected an array of ${parts.length}`);
  }
  for (let i = 0; i < parts.length; i++) parts[i].restore(found[i]);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return ArrayBuffer.isView(value) ? Object.prototype.toString.call(value).slice(8, -1) : typeof value;
}

function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return ArrayBuffer.isView(value) && 'length' in value ? Number(value.length) : 0;
}
