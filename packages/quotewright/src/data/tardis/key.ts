/**
 * The columns that all Tardis CSV files share: exchange, symbol, and the two times in microseconds since 1970.
 * Source: docs.tardis.dev, Downloadable CSV files, Data types.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import { asciiAt } from '../csv.ts';
import { guessInstrument } from '../guess-instrument.ts';
import type { OpenOptions } from '../recording.ts';
import { InputError, type ReadReport } from '../report.ts';
import type { Row, Table } from '../table.ts';
import { wholeAt } from '../table-values.ts';

const US_PER_DAY = 86_400e6;

/** Instruments and times of rows. The values of the row read last lie in `times`, so that no number is boxed. */
export class TardisKey {
  readonly instruments: Instrument[] = [];
  readonly epochDay: number;
  /** Venue time and local time of the row read last, nanoseconds since the epoch day. */
  readonly times = new Float64Array(2);
  readonly #table: Table;
  readonly #report: ReadReport;
  readonly #options: OpenOptions;
  readonly #prices: readonly number[];
  readonly #sizes: readonly number[];
  readonly #exchange: number;
  readonly #symbol: number;
  readonly #timestamp: number;
  readonly #local: number;
  readonly #indexes = new Map<string, number>();
  readonly #epochUs: number;
  /** Exchange and symbol of the row before, as bytes: nearly always those of this one. */
  #lastExchange = new Uint8Array(0);
  #lastSymbol = new Uint8Array(0);
  #lastIndex = -1;

  /**
   * @param prices columns whose decimals tell the tick when nothing else does; `sizes`: the lot.
   * @throws InputError when a column is missing or no row has a time.
   */
  constructor(
    path: string,
    table: Table,
    report: ReadReport,
    options: OpenOptions,
    prices: readonly number[],
    sizes: readonly number[],
  ) {
    this.#table = table;
    this.#report = report;
    this.#options = options;
    this.#prices = prices;
    this.#sizes = sizes;
    this.#exchange = table.column('exchange');
    this.#symbol = table.column('symbol');
    this.#timestamp = table.column('timestamp');
    this.#local = table.column('local_timestamp');
    const [times] = table.sample([this.#local]);
    const first = times!.map(Number).find((us) => Number.isSafeInteger(us) && us > 0);
    if (first === undefined) throw new InputError(`${path}: no row has a local_timestamp in microseconds`);
    this.epochDay = Math.floor(first / US_PER_DAY);
    this.#epochUs = this.epochDay * US_PER_DAY;
  }

  /** Reads the row's instrument and times. Answers the instrument's index; -1 when the row is bad, which is counted. */
  read(row: Row): number {
    const { bytes, starts, ends } = row;
    const local = wholeAt(bytes, starts[this.#local]!, ends[this.#local]!);
    const venue = wholeAt(bytes, starts[this.#timestamp]!, ends[this.#timestamp]!);
    if (local !== local || venue !== venue) {
      const column = local !== local ? this.#local : this.#timestamp;
      this.#report.addBad(
        `${this.#table.header[column]} is no time in microseconds`,
        row.line,
        this.#table.text(column),
      );
      return -1;
    }
    // Equal times mean that the venue gave none and Tardis filled in its own (its FAQ says so).
    this.times[0] = venue === local ? Number.NaN : (venue - this.#epochUs) * 1000;
    this.times[1] = (local - this.#epochUs) * 1000;
    if (isEqual(bytes, starts[this.#symbol]!, ends[this.#symbol]!, this.#lastSymbol)) {
      if (isEqual(bytes, starts[this.#exchange]!, ends[this.#exchange]!, this.#lastExchange)) return this.#lastIndex;
    }
    return this.#look(row);
  }

  #look(row: Row): number {
    const { bytes, starts, ends } = row;
    const exchange = asciiAt(bytes, starts[this.#exchange]!, ends[this.#exchange]!);
    const symbol = asciiAt(bytes, starts[this.#symbol]!, ends[this.#symbol]!);
    if (exchange === '' || symbol === '') {
      this.#report.addBad('exchange or symbol is empty', row.line, `${exchange},${symbol}`);
      return -1;
    }
    this.#lastExchange = bytes.slice(starts[this.#exchange], ends[this.#exchange]);
    this.#lastSymbol = bytes.slice(starts[this.#symbol], ends[this.#symbol]);
    const key = `${exchange},${symbol}`;
    let index = this.#indexes.get(key);
    if (index === undefined) {
      index = this.instruments.length;
      this.#indexes.set(key, index);
      this.instruments.push(guessInstrument(exchange, symbol, this.#options, () => this.#samples()));
    }
    this.#lastIndex = index;
    return index;
  }

  #samples(): { prices: string[]; sizes: string[] } {
    const symbol = this.#lastSymbol;
    const { starts, ends } = this.#table.row;
    const texts = this.#table.sample([...this.#prices, ...this.#sizes], (row) =>
      isEqual(row.bytes, starts[this.#symbol]!, ends[this.#symbol]!, symbol),
    );
    return { prices: texts.slice(0, this.#prices.length).flat(), sizes: texts.slice(this.#prices.length).flat() };
  }
}

function isEqual(bytes: Uint8Array, start: number, end: number, expected: Uint8Array): boolean {
  if (end - start !== expected.length) return false;
  for (let i = expected.length - 1; i >= 0; i--) if (bytes[start + i] !== expected[i]) return false;
  return true;
}
