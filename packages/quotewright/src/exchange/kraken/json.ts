/** JSON as Kraken's WebSocket v2 has it: numbers with all of their digits, in both directions. */

// TypeScript's library does not know it yet.
// oxlint-disable-next-line no-unsafe-type-assertion -- see above
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => object };

/** A number that `JSON.stringify` writes as it stands here: `0.00100000`. */
export function digits(text: string): object {
  return rawJSON(text);
}

export type Fields = Readonly<Record<string, unknown>>;

/** The object in a text, its numbers as their digits; undefined when there is none. */
export function parseFields(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text, keepDigits);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** The text of a string, a number or a truth value; '' of anything else. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The texts of a list, or of one value. */
export function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map(textOf).filter((text) => text !== '');
}

function keepDigits(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? context.source : value;
}
