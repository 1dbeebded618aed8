/** Tardis CSV files of all kinds, told apart by their header. */
import type { EventBatch } from '@quotewright/core/market/event';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import type { Head } from '../source.ts';
import { InputError, ReadReport } from '../report.ts';
import type { Source } from '../source.ts';
import { type RowDecoder, Table } from '../table.ts';
import { TardisBook } from './book.ts';
import type { TardisKey } from './key.ts';
import { TardisTrades } from './trades.ts';
import { TardisWide } from './wide.ts';

type TardisDecoder = RowDecoder & { readonly key: TardisKey };

export const tardisFormat: Format = {
  name: 'tardis',
  description: 'Tardis CSV: incremental_book_L2, trades, quotes, book_ticker, book_snapshot_N',
  recognise(head: Head): number {
    const [first = ''] = head.text.split(/\r?\n/, 1);
    const columns = first.split(',');
    return ['exchange', 'symbol', 'timestamp', 'local_timestamp'].every((name) => columns.includes(name)) ? 1 : 0;
  },
  async open(source: Source, options: OpenOptions): Promise<Recording> {
    const report = new ReadReport(source.path, options.strict);
    const table = await Table.open(source, report);
    const decoder = decoderOf(source.path, table, report, options);
    return {
      format: 'tardis',
      epochDay: decoder.key.epochDay,
      instruments: decoder.key.instruments,
      report,
      isL3: false,
      batches: (): AsyncGenerator<EventBatch, void, undefined> => table.batches(decoder),
    };
  },
};

function decoderOf(path: string, table: Table, report: ReadReport, options: OpenOptions): TardisDecoder {
  const has = (name: string): boolean => table.header.includes(name);
  if (has('is_snapshot')) return new TardisBook(path, table, report, options);
  if (has('asks[0].price') || has('bid_price')) return new TardisWide(path, table, report, options);
  if (has('side') && has('id')) return new TardisTrades(path, table, report, options);
  const found = table.header.join(',').slice(0, 200);
  throw new InputError(
    `${path}:1: no table of book levels, trades or quotes: found columns '${found}', expected those of incremental_book_L2, trades, quotes, book_ticker or book_snapshot_N`,
  );
}
