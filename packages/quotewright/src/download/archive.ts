/** A public archive of market data: which files there are of what a user wants, and how each is known to be whole. */

export interface ArchiveFile {
  readonly url: string;
  /** Below the folder of the download. */
  readonly path: string;
  /** Where a SHA-256 of it is published, as `sha256sum` writes it; empty: nowhere, and its gzip trailer has to do. */
  readonly checksumUrl: string;
}

export interface Wanted {
  readonly symbols: readonly string[];
  /** Kind of data, as the archive names it. */
  readonly type: string;
  /** UTC days since 1970-01-01, both included. */
  readonly fromDay: number;
  readonly toDay: number;
  /** Without a slash at its end. */
  readonly baseUrl: string;
}

const MS_PER_DAY = 86_400_000;

/** `2024-08-01` in parts. */
export function dateParts(day: number): { year: string; month: string; date: string } {
  const date = new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
  const [year = '', month = ''] = date.split('-');
  return { year, month, date };
}
