/**
 * Tardis' datasets: a gzip of CSV an exchange, kind, symbol and day; those of the first day of each month are free.
 * Source: docs.tardis.dev, Downloadable CSV files, API reference.
 */
import { InputError } from '../data/report.ts';
import { type ArchiveFile, type Wanted, dateParts } from './archive.ts';

export const TARDIS_URL = 'https://datasets.tardis.dev/v1';
export const TARDIS_TYPES = [
  'incremental_book_L2',
  'trades',
  'quotes',
  'book_ticker',
  'book_snapshot_5',
  'book_snapshot_25',
] as const;

/** The free days of the time that is wanted. @throws InputError when there is none in it */
export function tardisFiles({ symbols, type, fromDay, toDay, baseUrl }: Wanted, exchange: string): ArchiveFile[] {
  if (!TARDIS_TYPES.some((each) => each === type)) {
    throw new InputError(`--type: found '${type}', expected one of ${TARDIS_TYPES.join(', ')}`);
  }
  const days: string[] = [];
  for (let day = fromDay; day <= toDay; day++) {
    const { date } = dateParts(day);
    if (date.endsWith('-01')) days.push(date);
  }
  if (days.length === 0) {
    throw new InputError(
      `--from ${dateParts(fromDay).date} --to ${dateParts(toDay).date}: found no first day of a month, and only those are free`,
    );
  }
  return symbols.flatMap((symbol) =>
    days.map((date) => {
      const path = `${encodeURIComponent(exchange)}/${type}/${date.replaceAll('-', '/')}/${encodeURIComponent(symbol)}.csv.gz`;
      return { url: `${baseUrl}/${path}`, path: `tardis/${path}`, checksumUrl: '' };
    }),
  );
}
