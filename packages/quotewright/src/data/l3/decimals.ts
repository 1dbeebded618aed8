/** Decimal fields of JSON messages → ticks and lots, with the kind of bad row when they are none. */
import { GridFault } from '@quotewright/core/base/grid';
import type { Instrument } from '@quotewright/core/market/instrument';
import { isObject, parseJson, type JsonObject } from '../json.ts';

/** Why a message is a bad row: thrown by field readers at a JSON edge, caught by the reader of the line. */
export class BadRow extends Error {
  override readonly name = 'BadRow';
}

/** A JSON value as decimal text: a string as it is, a number by its shortest exact form. */
export function decimalText(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new BadRow(`${field} is missing or no decimal`);
}

/** @throws BadRow when the price is malformed, off the grid or not positive. */
export function priceTicks(instrument: Instrument, value: unknown): number {
  const ticks = instrument.price.parse(decimalText(value, 'price'));
  if (ticks > 0) return ticks;
  throw new BadRow(instrument.price.fault === GridFault.OFF_GRID ? 'price off the tick grid' : 'malformed price');
}

/** @throws BadRow when the size is malformed, off the grid or negative. Zero is for the caller to judge. */
export function sizeLots(instrument: Instrument, value: unknown): number {
  const lots = instrument.size.parse(decimalText(value, 'size'));
  if (lots >= 0) return lots;
  throw new BadRow(instrument.size.fault === GridFault.OFF_GRID ? 'size off the lot grid' : 'malformed size');
}

/** @throws BadRow when the size is not above zero. */
export function positiveLots(instrument: Instrument, value: unknown): number {
  const lots = sizeLots(instrument, value);
  if (lots > 0) return lots;
  throw new BadRow('size is zero');
}

/** @throws BadRow when the text is no JSON object. */
export function parseObject(text: string): JsonObject {
  const value = parseJson(text);
  if (value === undefined) throw new BadRow('malformed JSON');
  if (!isObject(value)) throw new BadRow('JSON value is no object');
  return value;
}

/** @throws BadRow when the field is no string. */
export function textField(message: JsonObject, field: string): string {
  const value = message[field];
  if (typeof value === 'string') return value;
  throw new BadRow(`${field} is missing or no text`);
}

/** @throws BadRow when the field is no integer from 0 to 2^53. */
export function integerField(message: JsonObject, field: string): number {
  const value = message[field];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new BadRow(`${field} is missing or no integer`);
}
