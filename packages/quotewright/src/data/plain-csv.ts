/**
 * Plain CSV `timestamp,symbol,price,bid,ask,volume`, Unix nanoseconds, any number of symbols. A row gives the best bid and ask as
 * QUOTE events, whose sizes are not known (NaN), and a TRADE when it has a volume. The file does not say who was the taker:
 * a print above the mid is a buyer's, one below it a seller's, and one at it as the print before (Lee and Ready's rule).
 */
import { UnixUnit, unixBytesToNs, unixTextToNs } from '@quotewright/core/base/time';
import { type EventBatch, EventFlag, EventKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { asciiAt } from './csv.ts';
import { guessInstrument } from './guess-instrument.ts';
import type { Format, OpenOptions, Recording } from './recording.ts';
import type { Head } from './source.ts';
import { InputError, ReadReport } from './report.ts';
import type { Source } from './source.ts';
import { type Row, type RowDecoder, Table } from './table.ts';
import { priceFault, sizeFault } from './table-values.ts';

const COLUMNS = ['timestamp', 'symbol', 'price', 'bid', 'ask', 'volume'] as const;
const NS_PER_DAY = 86_400e9;

export const plainCsvFormat: Format = {
  name: 'plain-csv',
  description: `CSV ${COLUMNS.join(',')}, times in nanoseconds`,
  recognise(head: Head): number {
    const [first = ''] = head.text.split(/\r?\n/, 1);
    const header = first.split(',');
    return COLUMNS.every((name) => header.includes(name)) ? 0.9 : 0;
  },
  async open(source: Source, options: OpenOptions): Promise<Recording> {
    const report = new ReadReport(source.path, options.strict);
    const table = await Table.open(source, report);
    const decoder = new PlainCsv(source.path, table, report, options);
    const { epochDay, instruments } = decoder;
    return { format: 'plain-csv', epochDay, instruments, report, isL3: false, batches: () => table.batches(decoder) };
  },
};

class PlainCsv implements RowDecoder {
  readonly recordsPerRow = 3;
  readonly epochDay: number;
  readonly instruments: Instrument[] = [];
  readonly #table: Table;
  readonly #report: ReadReport;
  readonly #options: OpenOptions;
  readonly #columns: Readonly<Record<(typeof COLUMNS)[number], number>>;
  readonly #indexes = new Map<string, number>();
  /** By instrument: whether its last print was a buyer's. */
  readonly #wasBuy: boolean[] = [];
  /** Bid, ask and price of the row at hand, in ticks; NaN for an empty field. */
  readonly #ticks = new Float64Array(3);

  constructor(path: string, table: Table, report: ReadReport, options: OpenOptions) {
    this.#table = table;
    this.#report = report;
    this.#options = options;
    const at = (name: string): number => table.column(name);
    this.#columns = {
      timestamp: at('timestamp'),
      symbol: at('symbol'),
      price: at('price'),
      bid: at('bid'),
      ask: at('ask'),
      volume: at('volume'),
    };
    const [times] = table.sample([this.#columns.timestamp]);
    const first = times!.map((text) => unixTextToNs(text, UnixUnit.NANOS, 0)).find((ns) => ns > 0);
    if (first === undefined) throw new InputError(`${path}: no row has a timestamp in nanoseconds`);
    this.epochDay = Math.floor(first / NS_PER_DAY);
  }

  decode(row: Row, batch: EventBatch): void {
    const { bytes, starts, ends } = row;
    const { timestamp, symbol, volume } = this.#columns;
    const ns = unixBytesToNs(bytes, starts[timestamp]!, ends[timestamp]!, UnixUnit.NANOS, this.epochDay);
    if (ns !== ns) return this.#bad('timestamp is no time in nanoseconds', row, timestamp);
    if (starts[symbol] === ends[symbol]) return this.#bad('symbol is empty', row, symbol);
    const index = this.#instrumentIndex(asciiAt(bytes, starts[symbol]!, ends[symbol]!));
    const instrument = this.instruments[index]!;
    if (!this.#readPrices(row, instrument)) return;
    const sizeLots =
      starts[volume] === ends[volume] ? 0 : instrument.size.parseBytes(bytes, starts[volume]!, ends[volume]!);
    if (!(sizeLots >= 0)) return this.#bad(sizeFault(instrument.size), row, volume);

    const bid = this.#ticks[0]!;
    const ask = this.#ticks[1]!;
    const price = this.#ticks[2]!;
    const before = batch.length;
    if (bid === bid) batch.push(EventKind.QUOTE, EventFlag.BUY, index, ns, Number.NaN, bid, Number.NaN, 0, 0, 0);
    if (ask === ask) batch.push(EventKind.QUOTE, 0, index, ns, Number.NaN, ask, Number.NaN, 0, 0, 0);
    if (price === price && sizeLots > 0) {
      const isBuy = 2 * price > bid + ask || (!(2 * price < bid + ask) && this.#wasBuy[index] === true);
      this.#wasBuy[index] = isBuy;
      batch.push(EventKind.TRADE, isBuy ? EventFlag.BUY : 0, index, ns, Number.NaN, price, sizeLots, 0, 0, 0);
    }
    if (batch.length === before) this.#report.addIgnored('row without prices');
    else batch.endMessage();
  }

  finish(): boolean {
    return true;
  }

  /** Reads the three prices into `#ticks`; false when one is bad, which is counted. */
  #readPrices(row: Row, { price: grid }: Instrument): boolean {
    const { bid, ask, price } = this.#columns;
    let at = 0;
    for (const column of [bid, ask, price]) {
      const start = row.starts[column]!;
      const end = row.ends[column]!;
      const ticks = start === end ? Number.NaN : grid.parseBytes(row.bytes, start, end);
      if (ticks !== ticks && start !== end) {
        this.#bad(priceFault(grid), row, column);
        return false;
      }
      this.#ticks[at++] = ticks;
    }
    return true;
  }

  #instrumentIndex(symbol: string): number {
    let index = this.#indexes.get(symbol);
    if (index === undefined) {
      index = this.instruments.push(guessInstrument('unknown', symbol, this.#options, () => this.#samples(symbol))) - 1;
      this.#indexes.set(symbol, index);
    }
    return index;
  }

  #samples(symbol: string): { prices: string[]; sizes: string[] } {
    const { bid, ask, price, volume } = this.#columns;
    const texts = this.#table.sample(
      [bid, ask, price, volume],
      () => this.#table.text(this.#columns.symbol) === symbol,
    );
    return { prices: texts.slice(0, 3).flat(), sizes: texts[3]! };
  }

  #bad(kind: string, row: Row, column: number): void {
    this.#report.addBad(kind, row.line, this.#table.text(column));
  }
}
