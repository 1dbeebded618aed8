/**
 * Names the columns of a CSV that has a header but no fixed layout: a small YAML or JSON file, or one of the presets.
 * `{i}` in a name stands for the level, counted from `firstLevel` for as long as the header has such a column.
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { reasonOf } from './reason.ts';
import { InputError } from './report.ts';

const name = z.string().min(1);
const decimal = z.string().regex(/^\d*\.?\d+(e-?\d+)?$/i, 'expected a decimal in quotes');

const time = z.strictObject({
  column: name,
  /** Unix time in this unit, with or without decimals; or ISO 8601. */
  unit: z.enum(['s', 'ms', 'us', 'ns', 'iso']),
});

/** A price and a size, in two columns, or packed into one as `price<separator>size`. */
const pair = z.union([
  z.strictObject({ price: name, size: name }),
  z.strictObject({ packed: name, separator: z.string().length(1) }),
]);

export const mappingSchema = z.strictObject({
  venue: name.default('unknown'),
  /** One symbol for the whole file, or the column that has it. */
  symbol: z.union([name, z.strictObject({ column: name })]).default('unknown'),
  tick: decimal.optional(),
  lot: decimal.optional(),
  /** The venue's time. */
  time,
  localTime: time.optional(),
  /** Levels side by side: every row is a whole snapshot. */
  levels: z.strictObject({ bids: pair, asks: pair, firstLevel: z.int().min(0).default(0) }).optional(),
  /** Levels given as relative distance from a mid price and notional, as floats: rounded to the nearest tick and lot. */
  distances: z
    .strictObject({
      mid: name,
      bids: z.strictObject({ distance: name, notional: name }),
      asks: z.strictObject({ distance: name, notional: name }),
      firstLevel: z.int().min(0).default(0),
    })
    .optional(),
  /** The best bid and ask, as QUOTE events. */
  quote: z.strictObject({ bid: pair, ask: pair }).optional(),
  /** One print a row. `buyer` and `seller` are the values of the side column when that side was the taker. */
  trade: z
    .strictObject({ price: name, size: name, side: name, buyer: z.string(), seller: z.string(), id: name.optional() })
    .optional(),
});

export type Mapping = z.infer<typeof mappingSchema>;
export type TimeColumn = z.infer<typeof time>;
export type PairColumns = z.infer<typeof pair>;

/** Checked like a file's text, so that a preset cannot be what a file may not be. */
export const PRESETS: Readonly<Record<string, Mapping>> = {
  /** `timestamp,bid_price_0,bid_size_0,ask_price_0,ask_size_0,…`, times in nanoseconds. */
  levels: mappingSchema.parse({
    time: { column: 'timestamp', unit: 'ns' },
    levels: {
      bids: { price: 'bid_price_{i}', size: 'bid_size_{i}' },
      asks: { price: 'ask_price_{i}', size: 'ask_size_{i}' },
    },
  }),
  /** The Kaggle crypto order books: `system_time,midpoint,…,bids_distance_0,bids_notional_0,…`. */
  'kaggle-distances': mappingSchema.parse({
    time: { column: 'system_time', unit: 'iso' },
    tick: '0.01',
    lot: '0.00000001',
    distances: {
      mid: 'midpoint',
      bids: { distance: 'bids_distance_{i}', notional: 'bids_notional_{i}' },
      asks: { distance: 'asks_distance_{i}', notional: 'asks_notional_{i}' },
    },
  }),
  /** `time_seconds,bid_price_bid_size,ask_price_ask_size`: one-second best bid and ask, packed. */
  'gemini-depth': mappingSchema.parse({
    venue: 'gemini',
    symbol: 'ETHUSD',
    tick: '0.01',
    lot: '0.00000001',
    time: { column: 'time_seconds', unit: 's' },
    quote: {
      bid: { packed: 'bid_price_bid_size', separator: '_' },
      ask: { packed: 'ask_price_ask_size', separator: '_' },
    },
  }),
  /** `time_seconds,price,size,is_buyer_maker`. */
  'gemini-trades': mappingSchema.parse({
    venue: 'gemini',
    symbol: 'ETHUSD',
    tick: '0.01',
    lot: '0.00000001',
    time: { column: 'time_seconds', unit: 's' },
    trade: { price: 'price', size: 'size', side: 'is_buyer_maker', buyer: '0', seller: '1' },
  }),
};

/** A mapping by the name of a preset or the path of a file. @throws InputError that names the field. */
export async function readMapping(nameOrPath: string): Promise<Mapping> {
  const preset = Object.hasOwn(PRESETS, nameOrPath) ? PRESETS[nameOrPath] : undefined;
  if (preset !== undefined) return preset;
  let value: unknown;
  try {
    value = parse(await readFile(nameOrPath, 'utf8'));
  } catch (error) {
    throw new InputError(
      `--mapping ${nameOrPath}: ${reasonOf(error)}; the presets are ${Object.keys(PRESETS).join(', ')}`,
    );
  }
  const result = mappingSchema.safeParse(value);
  if (result.success) return checked(nameOrPath, result.data);
  const issue = result.error.issues[0]!;
  throw new InputError(`--mapping ${nameOrPath}: field '${issue.path.join('.')}': ${issue.message}`);
}

function checked(path: string, mapping: Mapping): Mapping {
  const parts = [mapping.levels, mapping.distances, mapping.quote, mapping.trade].filter((part) => part !== undefined);
  if (parts.length === 1) return mapping;
  throw new InputError(
    `--mapping ${path}: found ${parts.length} of the fields 'levels', 'distances', 'quote' and 'trade', expected one`,
  );
}

/** The preset whose columns the header has, if there is one. */
export function presetFor(header: readonly string[]): Mapping | undefined {
  return Object.values(PRESETS).find((mapping) => columnsOf(mapping).every((column) => header.includes(column)));
}

/** The columns that a file must have, level names at their first level. */
export function columnsOf({ time: when, localTime, symbol, levels, distances, quote, trade }: Mapping): string[] {
  const columns = [when.column];
  if (localTime !== undefined) columns.push(localTime.column);
  if (typeof symbol !== 'string') columns.push(symbol.column);
  const pairs = [levels?.bids, levels?.asks, quote?.bid, quote?.ask].filter((each) => each !== undefined);
  for (const each of pairs) columns.push(...('packed' in each ? [each.packed] : [each.price, each.size]));
  if (distances !== undefined) {
    const { bids, asks, mid } = distances;
    columns.push(mid, bids.distance, bids.notional, asks.distance, asks.notional);
  }
  if (trade !== undefined) columns.push(trade.price, trade.size, trade.side);
  const first = levels?.firstLevel ?? distances?.firstLevel ?? 0;
  return columns.map((column) => atLevel(column, first));
}

export function atLevel(column: string, level: number): string {
  return column.replace('{i}', String(level));
}
