/** What a mapping says about a table, as column indexes and a clock. */
import { parseIsoBytesNs, UnixUnit, unixBytesToNs } from '@quotewright/core/base/time';
import { atLevel, type Mapping, type PairColumns, type TimeColumn } from './mapping.ts';
import type { Row, Table } from './table.ts';

const UNITS = { s: UnixUnit.SECONDS, ms: UnixUnit.MILLIS, us: UnixUnit.MICROS, ns: UnixUnit.NANOS } as const;

/** Where a row's price and size stand: in two columns, or in one on both sides of a separator. */
export interface PairIndex {
  readonly price: number;
  readonly size: number;
  /** Character code; -1 when they stand apart. */
  readonly separator: number;
  readonly isBuy: boolean;
}

export class Clock {
  readonly column: number;
  readonly #unit: TimeColumn['unit'];

  constructor(table: Table, { column, unit }: TimeColumn) {
    this.column = table.column(column);
    this.#unit = unit;
  }

  /** Nanoseconds since the epoch day; NaN when malformed. */
  read({ bytes, starts, ends }: Row, epochDay: number): number {
    const start = starts[this.column]!;
    const end = ends[this.column]!;
    if (this.#unit === 'iso') return parseIsoBytesNs(bytes, start, end, epochDay);
    return unixBytesToNs(bytes, start, end, UNITS[this.#unit], epochDay);
  }

  /** The same of a text. */
  readText(text: string, epochDay: number): number {
    const bytes = Buffer.from(text, 'latin1');
    if (this.#unit === 'iso') return parseIsoBytesNs(bytes, 0, bytes.length, epochDay);
    return unixBytesToNs(bytes, 0, bytes.length, UNITS[this.#unit], epochDay);
  }
}

/** The pairs of a quote, or of all levels that the header has, bids first. */
export function pairsOf(table: Table, { quote, levels }: Mapping): PairIndex[] {
  if (quote !== undefined) return [pairAt(table, quote.bid, 0, true), pairAt(table, quote.ask, 0, false)];
  if (levels === undefined) return [];
  const pairs: PairIndex[] = [];
  for (const [columns, isBuy] of [
    [levels.bids, true],
    [levels.asks, false],
  ] as const) {
    const first = 'packed' in columns ? columns.packed : columns.price;
    for (
      let level = levels.firstLevel;
      level === levels.firstLevel || table.header.includes(atLevel(first, level));
      level++
    ) {
      pairs.push(pairAt(table, columns, level, isBuy));
      if (!first.includes('{i}')) break;
    }
  }
  return pairs;
}

function pairAt(table: Table, columns: PairColumns, level: number, isBuy: boolean): PairIndex {
  if ('packed' in columns) {
    const column = table.column(atLevel(columns.packed, level));
    return { price: column, size: column, separator: columns.separator.charCodeAt(0), isBuy };
  }
  const price = table.column(atLevel(columns.price, level));
  return { price, size: table.column(atLevel(columns.size, level)), separator: -1, isBuy };
}

/** Column indexes of a level given as distance and notional. */
export interface DistanceIndex {
  readonly distance: number;
  readonly notional: number;
  readonly isBuy: boolean;
}

export function distancesOf(table: Table, { distances }: Mapping): DistanceIndex[] {
  const found: DistanceIndex[] = [];
  if (distances === undefined) return found;
  for (const [columns, isBuy] of [
    [distances.bids, true],
    [distances.asks, false],
  ] as const) {
    let level = distances.firstLevel;
    do {
      const distance = table.column(atLevel(columns.distance, level));
      found.push({ distance, notional: table.column(atLevel(columns.notional, level)), isBuy });
      level++;
    } while (columns.distance.includes('{i}') && table.header.includes(atLevel(columns.distance, level)));
  }
  return found;
}
