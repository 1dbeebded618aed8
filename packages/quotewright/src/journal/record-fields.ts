/** A record of the journal as named fields, for people and other programs: decimals instead of ticks and lots, ISO times, words for codes. */
import { nsToIso } from '@quotewright/core/base/time';
import { EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { LIMITS, SCOPE_NAMES } from '@quotewright/core/risk/limits';
import { paramValue } from '@quotewright/core/strategies/param-codes';
import { findStrategy } from '@quotewright/core/strategies/registry';
import { ALL_MARKETS, Command, InputKind, OrderFlag, REJECT_TEXT, ReportKind } from '@quotewright/core/trading/records';
import { FIELD_NAMES, type FieldNames, kindName } from './record-names.ts';
import type { SessionHeader } from './session-header.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;

export type FieldValue = string | number | boolean;

const COMMAND_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(Command).map(([name, command]) => [command, name.toLowerCase().replace('_', '-')]),
);

const STRATEGY_COMMANDS: ReadonlySet<number> = new Set([
  Command.START_STRATEGY,
  Command.STOP_STRATEGY,
  Command.PAUSE_STRATEGY,
]);

/** Every name that `recordFields` may give, in a fixed order: the columns of a table. */
export const FIELD_COLUMNS = [
  'sequence',
  'kind',
  'instrument',
  'venueTime',
  'localTime',
  'side',
  'price',
  'size',
  'order',
  'venueOrder',
  'updateId',
  'tradeId',
  'takerOrder',
  'execution',
  'filledLots',
  'feeRate',
  'fundingRate',
  'markTicks',
  'reason',
  'isMaker',
  'keptPlace',
  'isLast',
  'isSnapshot',
  'checksum',
  'status',
  'connected',
  'command',
  'alert',
  'limit',
  'scope',
  'value',
  'valueAtRisk',
  'expectedShortfall',
  'strategy',
  'parameter',
] as const;

/**
 * The record at `data[offset]`, number `sequence` of the journal. A field that says nothing is not there.
 * @param strategies of the session's header: with them parameters are called by their names, and choices in words
 */
export function recordFields(
  data: Float64Array,
  offset: number,
  sequence: number,
  instruments: readonly Instrument[],
  epochDay: number,
  strategies: SessionHeader['strategies'] = [],
): Record<string, FieldValue> {
  const head = data[offset + HEAD]! | 0;
  const kind = headKind(head);
  const flags = headFlags(head);
  const names: FieldNames = FIELD_NAMES[kind] ?? {};
  const index = head >>> 16;
  const instrument = instruments[index];
  const fields: Record<string, FieldValue> = { sequence, kind: kindName(kind) };
  if (names.isGlobal !== true) fields['instrument'] = index === ALL_MARKETS ? 'all' : (instrument?.symbol ?? index);
  putTime(fields, 'venueTime', data[offset + VENUE_NS]!, epochDay);
  putTime(fields, 'localTime', data[offset + LOCAL_NS]!, epochDay);
  if (names.hasSide === true) fields['side'] = (flags & EventFlag.BUY) === 0 ? 'sell' : 'buy';
  if (names.hasPrice === true) fields['price'] = decimal(instrument?.price, data[offset + PRICE_TICKS]!);
  if (names.hasSize === true) fields['size'] = decimal(instrument?.size, data[offset + SIZE_LOTS]!);
  putNumber(fields, names.order, data[offset + ORDER_ID]!);
  putNumber(fields, names.number, data[offset + SEQ]!);
  putNumber(fields, names.aux, data[offset + AUX]!);
  putNumber(fields, names.value, data[offset + PRICE_TICKS]!);
  putNumber(fields, names.value2, data[offset + SIZE_LOTS]!);
  if (names.rate !== undefined) fields[names.rate] = data[offset + AUX]! / 1e9;
  if (names.hasReason === true) fields['reason'] = REJECT_TEXT[data[offset + AUX]!] ?? data[offset + AUX]!;
  putFlags(fields, kind, flags);
  putWords(fields, kind, data[offset + SEQ]!, data[offset + ORDER_ID]!);
  if (kind === InputKind.PARAMETER) putParameter(fields, data, offset, strategies);
  return fields;
}

function putTime(fields: Record<string, FieldValue>, name: string, ns: number, epochDay: number): void {
  if (Number.isFinite(ns)) fields[name] = nsToIso(ns, epochDay);
}

/** NaN is no value; numbers of things that are 0 say that there is none. */
function putNumber(fields: Record<string, FieldValue>, name: string | undefined, value: number): void {
  if (name !== undefined && !Number.isNaN(value)) fields[name] = value;
}

function decimal(grid: Instrument['price'] | undefined, steps: number): FieldValue {
  if (grid === undefined) return steps;
  return Number.isInteger(steps) ? grid.format(steps) : String(steps);
}

function putFlags(fields: Record<string, FieldValue>, kind: number, flags: number): void {
  if (kind < ReportKind.ACK) {
    if ((flags & EventFlag.LAST) !== 0) fields['isLast'] = true;
    if ((flags & EventFlag.SNAPSHOT) !== 0) fields['isSnapshot'] = true;
  } else if (kind === ReportKind.FILL) fields['isMaker'] = (flags & OrderFlag.MAKER) !== 0;
  else if (kind === ReportKind.AMENDED) fields['keptPlace'] = (flags & OrderFlag.KEPT_PLACE) !== 0;
}

/** Words for codes. */
function putWords(fields: Record<string, FieldValue>, kind: number, seq: number, orderId: number): void {
  if (kind === InputKind.COMMAND) {
    fields['command'] = COMMAND_NAMES[seq] ?? seq;
    if (STRATEGY_COMMANDS.has(seq)) fields['strategy'] = orderId;
    if (seq !== Command.ACKNOWLEDGE) delete fields['alert'];
    // Only breakers are an instrument's own.
    if (seq !== Command.TRIP && seq !== Command.RESET) delete fields['instrument'];
  } else if (kind === InputKind.LIMIT) {
    const index = orderId & 0xffff;
    const scope = SCOPE_NAMES[(orderId - index) / 65_536] ?? String(orderId);
    fields['limit'] = LIMITS[seq]?.name ?? seq;
    fields['scope'] = scope === SCOPE_NAMES[0] ? scope : `${scope} ${index}`;
    fields['value'] ??= 'none';
  } else if (kind === InputKind.CONNECTION) fields['connected'] = fields['connected'] !== 0;
  else if (kind === EventKind.STATUS)
    fields['status'] = ['halted', 'auction', 'trading'][Number(fields['status'])] ?? '';
}

/** Of a strategy in a file only the names are known, by the parameters that it began with. */
function putParameter(
  fields: Record<string, FieldValue>,
  data: Float64Array,
  offset: number,
  strategies: SessionHeader['strategies'],
): void {
  const of = strategies[data[offset + ORDER_ID]!];
  if (of === undefined) return;
  const index = data[offset + SEQ]!;
  const specs = findStrategy(of.strategy)?.params;
  const name = Object.keys(specs ?? of.params)[index];
  if (name === undefined) return;
  fields['parameter'] = name;
  const spec = specs?.[name];
  const value = spec && paramValue(spec, data[offset + PRICE_TICKS]!);
  if (value !== undefined) fields['value'] = value;
}
