/** Writes the inputs of a journal with named fields: JSON Lines or CSV. */
import { renameSync, rmSync } from 'node:fs';
import { EVENT_STRIDE, Field, headKind } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { CsvFile } from '../reports/csv-file.ts';
import { JsonLinesFile } from './json-lines-file.ts';
import type { RecordsItem } from './reader.ts';
import { FIELD_COLUMNS, type FieldValue, recordFields } from './record-fields.ts';
import type { SessionHeader } from './session-header.ts';
import { openFilled } from './verify.ts';

export type ExportFormat = 'jsonl' | 'csv';

export interface ExportOptions {
  readonly format: ExportFormat;
  /** Kinds of records to be written; empty: all. */
  readonly kinds: ReadonlySet<number>;
}

export interface Exported {
  readonly records: number;
  /** Faults of the journal found on the way. */
  readonly damages: number;
}

interface Rows {
  write(fields: Record<string, unknown>): void;
  close(): void;
}

/**
 * The file appears under its name when it is complete. Session headers and marks are lines of their own in JSON Lines, with the kinds `session` and
 * `mark`, when no kinds are named; CSV has records only.
 * @throws InputError when there is no journal; the system's error when the file cannot be written
 */
export function exportJournal(dir: string, out: string, options: ExportOptions): Exported {
  const { format, kinds } = options;
  const reader = openFilled(dir);
  const temporary = `${out}.${process.pid}.part`;
  const rows: Rows = format === 'csv' ? new CsvRows(temporary) : new JsonLinesFile(temporary);
  const isAll = kinds.size === 0;
  let instruments: readonly Instrument[] = [];
  let epochDay = 0;
  let strategies: SessionHeader['strategies'] = [];
  let records = 0;
  const writeRecords = ({ data, count, sequence }: RecordsItem): void => {
    for (let i = 0; i < count; i++) {
      const at = i * EVENT_STRIDE;
      if (!isAll && !kinds.has(headKind(data[at + Field.HEAD]! | 0))) continue;
      rows.write(recordFields(data, at, sequence + i, instruments, epochDay, strategies));
      records++;
    }
  };
  try {
    for (const item of reader) {
      if (item.kind === 'records') writeRecords(item);
      else if (item.kind === 'session') {
        instruments = item.header.instruments.map((spec) => new Instrument(spec));
        ({ epochDay, strategies } = item.header);
      }
      if (item.kind === 'records' || !isAll || format === 'csv') continue;
      if (item.kind === 'gap') rows.write({ sequence: item.sequence, kind: 'gap-in-journal', missing: item.missing });
      else {
        const written = new Date(item.writtenMs).toISOString();
        const content = item.kind === 'session' ? { header: item.header } : { fields: item.fields };
        rows.write({ sequence: item.sequence, kind: item.kind, written, ...content });
      }
    }
    rows.close();
    renameSync(temporary, out);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return { records, damages: reader.damages.length };
}

class CsvRows implements Rows {
  readonly #file: CsvFile;

  constructor(path: string) {
    this.#file = new CsvFile(path, FIELD_COLUMNS);
  }

  write(fields: Record<string, FieldValue>): void {
    this.#file.line(
      FIELD_COLUMNS.map((name) => {
        const value = fields[name] ?? '';
        return typeof value === 'boolean' ? String(value) : value;
      }),
    );
  }

  close(): void {
    this.#file.close();
  }
}
