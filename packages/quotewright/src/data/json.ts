/** Reading of parsed JSON whose shape nobody has checked yet. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** The parsed text, or undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A whole number of at most 2^53 in magnitude, as a JSON number or in decimal digits; else NaN. */
export function asInteger(value: unknown): number {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : Number.NaN;
}

/** The decimal text of a JSON number or string, for instance a step of 1e-8; '' for anything else. */
export function asDecimal(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
}
