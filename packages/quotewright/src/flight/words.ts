/** Inputs and requests of the engine in words: a line each, prices and sizes as decimals of the instrument. */
import { EventFlag, Field, headFlags, headKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { ALL_MARKETS, OrderFlag, RequestKind } from '@quotewright/core/trading/records';
import { REFUSAL_TEXT } from '@quotewright/core/trading/refusal';
import { type FieldValue, recordFields } from '../journal/record-fields.ts';
import { FIELD_NAMES, kindName } from '../journal/record-names.ts';
import { instrumentName } from '../risk/operable.ts';
import type { FlightSource } from './source.ts';

const { HEAD, PRICE_TICKS, SIZE_LOTS, ORDER_ID } = Field;

/** Fields that the caller of a line shows elsewhere, or that are said another way. */
const APART = new Set([
  'sequence',
  'kind',
  'instrument',
  'venueTime',
  'localTime',
  'side',
  'price',
  'size',
  'command',
  'isLast',
]);

interface Subject {
  readonly kind: string;
  /** Index; null: none, or all. */
  readonly instrument: number | null;
  /** What it says, without kind and instrument. */
  readonly text: string;
}

/** The input at `data[offset]`. */
export function subjectOf(
  data: Float64Array,
  offset: number,
  { instruments, epochDay, header }: Pick<FlightSource, 'instruments' | 'epochDay' | 'header'>,
): Subject {
  const head = data[offset + HEAD]! | 0;
  const kind = headKind(head);
  const fields = recordFields(data, offset, 0, instruments, epochDay, header?.strategies);
  const words = operatorWords(fields);
  if (fields['side'] !== undefined) words.push(String(fields['side']));
  if (fields['size'] !== undefined) words.push(String(fields['size']));
  if (fields['price'] !== undefined) words.push(`at ${fields['price']}`);
  for (const [name, value] of Object.entries(fields)) {
    if (APART.has(name) || (value === 0 && ZERO_IS_NONE.has(name))) continue;
    if (value === true) words.push(wordsOf(name));
    else if (value !== false) words.push(`${wordsOf(name)} ${value}`);
    else if (name === 'connected') words.push('disconnected');
  }
  const index = head >>> 16;
  const isAll = FIELD_NAMES[kind]?.isGlobal === true || index === ALL_MARKETS || fields['instrument'] === undefined;
  return { kind: kindName(kind).toUpperCase(), instrument: isAll ? null : index, text: words.join(' ') };
}

/** What somebody has commanded or set, in words of its own; takes those fields out. */
function operatorWords(fields: Record<string, FieldValue>): string[] {
  const { command, limit, parameter, value, scope, strategy } = fields;
  // The kind says `command` already.
  if (command !== undefined) {
    delete fields['strategy'];
    return [`${String(command).replaceAll('-', ' ')}${strategy === undefined ? '' : ` ${strategy}`}`];
  }
  if (limit === undefined && parameter === undefined) return [];
  for (const name of ['limit', 'parameter', 'value', 'scope', 'strategy']) delete fields[name];
  const where = limit === undefined ? `strategy ${strategy}` : scope;
  return [`${limit ?? parameter} = ${value} (${where})`];
}

/** Numbers of things, of which 0 says that there is none. */
const ZERO_IS_NONE = new Set(['updateId', 'tradeId', 'venueOrder', 'takerOrder', 'order', 'execution', 'feeRate']);

/** `isMaker` → `maker`, `feeRate` → `fee rate`. */
function wordsOf(name: string): string {
  return name
    .replace(/^is(?=[A-Z])/, '')
    .replaceAll(/(?<=.)([A-Z])/g, ' $1')
    .toLowerCase();
}

/** The request at `data[offset]`. */
export function requestText(data: Float64Array, offset: number, instruments: readonly Instrument[]): string {
  const head = data[offset + HEAD]! | 0;
  const flags = headFlags(head);
  const instrument = instruments[head >>> 16]!;
  const kind = headKind(head);
  const order = `order ${data[offset + ORDER_ID]}`;
  const where = instrumentName(instrument);
  if (kind === RequestKind.CANCEL) return `cancel ${order} · ${where}`;
  const terms = termsText(instrument, data[offset + PRICE_TICKS]!, data[offset + SIZE_LOTS]!);
  if (kind === RequestKind.AMEND) return `amend ${order} to ${terms} · ${where}`;
  const side = (flags & EventFlag.BUY) === 0 ? 'sell' : 'buy';
  const names = [
    (flags & OrderFlag.POST_ONLY) === 0 ? '' : ' post-only',
    (flags & OrderFlag.REDUCE_ONLY) === 0 ? '' : ' reduce-only',
    (flags & OrderFlag.IOC) === 0 ? '' : ' immediate-or-cancel',
    (flags & OrderFlag.FOK) === 0 ? '' : ' fill-or-kill',
  ];
  return `new ${order}: ${side} ${terms}${names.join('')} · ${where}`;
}

/** What the risk gate did not let out. */
export function refusalText(instrument: Instrument, isBuy: boolean, ticks: number, lots: number, code: number): string {
  const reason = REFUSAL_TEXT[code] ?? `refusal ${code}`;
  return `refused: ${isBuy ? 'buy' : 'sell'} ${termsText(instrument, ticks, lots)} · ${instrumentName(instrument)}: ${reason}`;
}

export function fillText(
  instrument: Instrument,
  isBuy: boolean,
  ticks: number,
  lots: number,
  isMaker: boolean,
): string {
  return `${isBuy ? 'bought' : 'sold'} ${termsText(instrument, ticks, lots)}, ${isMaker ? 'maker' : 'taker'} · ${instrumentName(instrument)}`;
}

function termsText({ price, size }: Instrument, ticks: number, lots: number): string {
  const shown = Number.isInteger(ticks) ? price.format(ticks) : String(ticks);
  return `${Number.isInteger(lots) ? size.format(lots) : String(lots)} at ${shown}`;
}
