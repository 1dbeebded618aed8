/** The tables of a run's output folder, read back as numbers for charts. Times in nanoseconds since the epoch day, prices in units. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../data/report.ts';
import { EQUITY_FILE, FILLS_FILE, FILL_COLUMNS, QUOTES_FILE, QUOTE_COLUMNS } from './run-files.ts';

export interface FillLine {
  readonly ns: number;
  readonly market: number;
  readonly order: number;
  readonly isBuy: boolean;
  readonly price: number;
  readonly size: number;
  readonly isMaker: boolean;
  /** NaN when there was none. */
  readonly mid: number;
  readonly position: number;
}

/** An own order at a price, for as long as it stood there. */
export interface QuoteLine {
  readonly order: number;
  readonly market: number;
  readonly isBuy: boolean;
  readonly price: number;
  readonly size: number;
  readonly fromNs: number;
  readonly toNs: number;
}

/** Columns of `equity.csv` by name: `equity:USDT`, `equity:USDT:optimistic`, `position:0`, `mid:0`. */
export interface EquityTable {
  readonly ns: readonly number[];
  readonly columns: ReadonlyMap<string, readonly number[]>;
}

export interface RunTables {
  readonly fills: readonly FillLine[];
  readonly quotes: readonly QuoteLine[];
  readonly equity: EquityTable;
}

/** @throws InputError when a file is missing or a row is not whole. */
export async function readTables(folder: string): Promise<RunTables> {
  const fills = await readTable(join(folder, FILLS_FILE), FILL_COLUMNS);
  const quotes = await readTable(join(folder, QUOTES_FILE), QUOTE_COLUMNS);
  const equity = await readTable(join(folder, EQUITY_FILE), ['time', 'local_ns']);
  const columns = new Map<string, number[]>();
  for (const [index, name] of equity.header.entries()) {
    if (index >= 2)
      columns.set(
        name,
        equity.rows.map((row) => numberOf(row[index]!)),
      );
  }
  return {
    fills: fills.rows.map((row) => ({
      ns: numberOf(row[1]!),
      market: numberOf(row[3]!),
      order: numberOf(row[5]!),
      isBuy: row[6] === 'buy',
      price: numberOf(row[7]!),
      size: numberOf(row[8]!),
      isMaker: row[9] === 'maker',
      mid: numberOf(row[11]!),
      position: numberOf(row[12]!),
    })),
    quotes: quotes.rows.map((row) => ({
      order: numberOf(row[0]!),
      market: numberOf(row[1]!),
      isBuy: row[3] === 'buy',
      price: numberOf(row[4]!),
      size: numberOf(row[5]!),
      fromNs: numberOf(row[6]!),
      toNs: numberOf(row[7]!),
    })),
    equity: { ns: equity.rows.map((row) => numberOf(row[1]!)), columns },
  };
}

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

async function readTable(path: string, columns: readonly string[]): Promise<Table> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new InputError(`${path}: cannot be read, expected a table of the run`);
  });
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const header = fieldsOf(lines[0] ?? '');
  if (columns.some((name, index) => header[index] !== name)) {
    throw new InputError(`${path}:1: found '${lines[0] ?? ''}', expected columns ${columns.join(',')}`);
  }
  const rows = lines.slice(1).map((line, index) => {
    const fields = fieldsOf(line);
    if (fields.length === header.length) return fields;
    throw new InputError(`${path}:${index + 2}: found ${fields.length} fields, expected ${header.length}`);
  });
  return { header, rows };
}

/** Fields as `CsvFile` writes them: never a line break inside quotes of a symbol. */
function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) =>
    match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'),
  );
}

/** An empty field is NaN. */
function numberOf(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}
