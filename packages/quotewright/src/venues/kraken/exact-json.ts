/**
 * JSON whose numbers keep their text: WebSocket v2 sends prices and sizes as JSON numbers, whose digits count (`0.00100000`), and a
 * float64 has lost them.
 */
import { asObject, type JsonObject } from '../../data/json.ts';

/** The text of a number. */
class Exact {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The object in the bytes, its numbers as `exactText` reads them; undefined when there is none. */
export function parseExact(bytes: Uint8Array): JsonObject | undefined {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    return asObject(JSON.parse(text, keepText));
  } catch {
    return undefined;
  }
}

/** The digits of a number, or of a text; '' of anything else. */
export function exactText(value: unknown): string {
  if (value instanceof Exact) return value.text;
  return typeof value === 'string' ? value : '';
}

function keepText(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? new Exact(context.source) : value;
}
