/**
 * Our Parquet schema, version 1: one row per event, integers throughout, so that nothing is rounded on the way. Prices are
 * `price_ticks` × tick and sizes `size_lots` × lot of the instrument, which the file's key-value metadata describes.
 */
import { Instrument } from '@quotewright/core/market/instrument';
import type { FileMetaData, KeyValue, SchemaElement } from 'hyparquet';
import { z } from 'zod';
import { reasonOf } from '../reason.ts';
import { InputError } from '../report.ts';

export const SCHEMA_VERSION = '1';

interface Column {
  readonly name: string;
  readonly type: 'INT32' | 'INT64';
  /** Nullable: null is NaN, what the venue or the recorder did not say. */
  readonly optional: boolean;
}

/** In the order of the file. */
export const COLUMNS: readonly Column[] = [
  /** Number of the event in the recording that was converted, from 0: restores its order over several files. */
  { name: 'row', type: 'INT64', optional: false },
  /** EventKind. */
  { name: 'kind', type: 'INT32', optional: false },
  /** EventFlag bits: 1 buy, 2 last of its message, 4 part of a snapshot. */
  { name: 'flags', type: 'INT32', optional: false },
  /** Index into the metadata's instruments. */
  { name: 'instrument', type: 'INT32', optional: false },
  /** Unix nanoseconds. */
  { name: 'venue_ns', type: 'INT64', optional: true },
  { name: 'local_ns', type: 'INT64', optional: true },
  { name: 'price_ticks', type: 'INT64', optional: true },
  { name: 'size_lots', type: 'INT64', optional: true },
  { name: 'order_id', type: 'INT64', optional: false },
  { name: 'seq', type: 'INT64', optional: false },
  { name: 'aux', type: 'INT64', optional: false },
];

export function schemaElements(): SchemaElement[] {
  return [
    { name: 'quotewright_events', num_children: COLUMNS.length },
    ...COLUMNS.map(({ name, type, optional }): SchemaElement => ({
      name,
      type,
      repetition_type: optional ? 'OPTIONAL' : 'REQUIRED',
    })),
  ];
}

/** The parts of a specification that reading the events needs; fees and limits travel with it unread. */
const instrumentSpecs = z.array(
  z.looseObject({
    venue: z.string(),
    symbol: z.string(),
    base: z.string(),
    quote: z.string(),
    tick: z.string(),
    lot: z.string(),
    contract: z.enum(['spot', 'linear', 'inverse']),
  }),
);

/** What a file says about its events, in its key-value metadata. */
export interface FileFacts {
  readonly epochDay: number;
  readonly isL3: boolean;
  readonly instruments: readonly Instrument[];
}

export function toMetadata(facts: FileFacts): KeyValue[] {
  return [
    { key: 'quotewright.schema', value: SCHEMA_VERSION },
    { key: 'quotewright.epoch_day', value: String(facts.epochDay) },
    { key: 'quotewright.book', value: facts.isL3 ? 'L3' : 'L2' },
    { key: 'quotewright.instruments', value: JSON.stringify(facts.instruments.map((each) => each.spec)) },
  ];
}

/** @throws InputError when the file is not of our schema. */
export function fromMetadata(path: string, metadata: FileMetaData): FileFacts {
  const values = new Map(metadata.key_value_metadata?.map(({ key, value }) => [key, value ?? '']));
  const version = values.get('quotewright.schema');
  if (version !== SCHEMA_VERSION) {
    const found = version === undefined ? 'none' : `'${version}'`;
    throw new InputError(`${path}: metadata 'quotewright.schema': found ${found}, expected '${SCHEMA_VERSION}'`);
  }
  const present = new Map(metadata.schema.map((element) => [element.name, element.type]));
  for (const { name, type } of COLUMNS) {
    if (present.get(name) !== type) {
      throw new InputError(`${path}: column '${name}': found ${present.get(name) ?? 'none'}, expected ${type}`);
    }
  }
  const epochDay = Number(values.get('quotewright.epoch_day'));
  if (!Number.isInteger(epochDay)) {
    throw new InputError(
      `${path}: metadata 'quotewright.epoch_day': found '${values.get('quotewright.epoch_day')}', expected a number of days`,
    );
  }
  try {
    const specs = instrumentSpecs.parse(JSON.parse(values.get('quotewright.instruments') ?? ''));
    const instruments = specs.map((spec) => new Instrument(spec));
    return { epochDay, isL3: values.get('quotewright.book') === 'L3', instruments };
  } catch (error) {
    throw new InputError(
      `${path}: metadata 'quotewright.instruments': ${error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s+/g, ' ') : reasonOf(error)}`,
    );
  }
}
