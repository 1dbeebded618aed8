/** CSV files whose columns a mapping names: wide order books, best bid and ask, prints. Every row is one message. */
import { type EventBatch, EventFlag, EventKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { asciiAt } from './csv.ts';
import { guessInstrument } from './guess-instrument.ts';
import { Clock, type DistanceIndex, distancesOf, type PairIndex, pairsOf } from './mapped-columns.ts';
import { type Mapping, presetFor, readMapping } from './mapping.ts';
import type { Format, OpenOptions, Recording } from './recording.ts';
import type { Head } from './source.ts';
import { InputError, ReadReport } from './report.ts';
import type { Source } from './source.ts';
import { type Row, type RowDecoder, Table } from './table.ts';
import { priceFault, sizeFault, wholeAt } from './table-values.ts';

const NS_PER_DAY = 86_400e9;

export const wideCsvFormat: Format = {
  name: 'wide-csv',
  description: 'CSV with a header, columns named by --mapping or by a preset',
  recognise(head: Head): number {
    const [first = ''] = head.text.split(/\r?\n/, 1);
    return presetFor(first.split(',')) === undefined ? 0 : 0.8;
  },
  async open(source: Source, options: OpenOptions): Promise<Recording> {
    const report = new ReadReport(source.path, options.strict);
    const table = await Table.open(source, report);
    const mapping = options.mapping === undefined ? presetFor(table.header) : await readMapping(options.mapping);
    if (mapping === undefined) {
      const found = table.header.join(',').slice(0, 120);
      throw new InputError(`${source.path}:1: no preset knows the columns '${found}'; name them with --mapping`);
    }
    const decoder = new WideCsv(source.path, table, report, mapping, options);
    const { epochDay, instruments } = decoder;
    return { format: 'wide-csv', epochDay, instruments, report, isL3: false, batches: () => table.batches(decoder) };
  },
};

class WideCsv implements RowDecoder {
  readonly recordsPerRow: number;
  readonly epochDay: number;
  readonly instruments: Instrument[] = [];
  readonly #table: Table;
  readonly #report: ReadReport;
  readonly #mapping: Mapping;
  readonly #options: OpenOptions;
  readonly #clock: Clock;
  readonly #localClock: Clock | undefined;
  readonly #pairs: readonly PairIndex[];
  readonly #distances: readonly DistanceIndex[];
  readonly #mid: number;
  readonly #trade: { price: number; size: number; side: number; id: number } | undefined;
  readonly #symbol: number;
  readonly #indexes = new Map<string, number>();

  constructor(path: string, table: Table, report: ReadReport, mapping: Mapping, options: OpenOptions) {
    this.#table = table;
    this.#report = report;
    this.#mapping = mapping;
    const { tick = mapping.tick, lot = mapping.lot } = options;
    this.#options = { ...options, ...(tick === undefined ? {} : { tick }), ...(lot === undefined ? {} : { lot }) };
    this.#clock = new Clock(table, mapping.time);
    this.#localClock = mapping.localTime === undefined ? undefined : new Clock(table, mapping.localTime);
    this.#pairs = pairsOf(table, mapping);
    this.#distances = distancesOf(table, mapping);
    this.#mid = mapping.distances === undefined ? -1 : table.column(mapping.distances.mid);
    if (mapping.distances !== undefined && (tick === undefined || lot === undefined)) {
      const field = tick === undefined ? 'tick' : 'lot';
      throw new InputError(
        `--mapping: field '${field}': found none, expected one, because distances are rounded to it`,
      );
    }
    const { trade, symbol } = mapping;
    this.#trade = trade && {
      price: table.column(trade.price),
      size: table.column(trade.size),
      side: table.column(trade.side),
      id: trade.id === undefined ? -1 : table.column(trade.id),
    };
    this.#symbol = typeof symbol === 'string' ? -1 : table.column(symbol.column);
    this.recordsPerRow = Math.max(this.#pairs.length, this.#distances.length) + 2;
    const [times] = table.sample([this.#clock.column]);
    const first = times!.map((text) => this.#clock.readText(text, 0)).find(Number.isFinite);
    if (first === undefined) {
      throw new InputError(
        `${path}: column '${mapping.time.column}': no row has a time in unit '${mapping.time.unit}'`,
      );
    }
    this.epochDay = Math.floor(first / NS_PER_DAY);
  }

  decode(row: Row, batch: EventBatch): void {
    const venueNs = this.#clock.read(row, this.epochDay);
    const localNs = this.#localClock?.read(row, this.epochDay) ?? Number.NaN;
    if (venueNs !== venueNs) return this.#bad(`${this.#mapping.time.column} is no time`, row, this.#clock.column);
    const index = this.#instrumentIndex(row);
    if (this.#trade !== undefined) return this.#decodeTrade(row, batch, index, venueNs, localNs);
    const before = batch.length;
    const isSnapshot = this.#mapping.quote === undefined;
    const flags = isSnapshot ? EventFlag.SNAPSHOT : 0;
    if (isSnapshot) batch.push(EventKind.SNAPSHOT_BEGIN, flags, index, venueNs, localNs, 0, 0, 0, 0, 0);
    const isGood =
      this.#mid < 0
        ? this.#pushPairs(row, batch, index, venueNs, localNs, isSnapshot ? EventKind.LEVEL : EventKind.QUOTE, flags)
        : this.#pushDistances(row, batch, index, venueNs, localNs);
    // One bad level makes the row's book wrong: the row is left out whole.
    if (!isGood) batch.length = before;
    else if (isSnapshot)
      batch.push(EventKind.SNAPSHOT_END, flags | EventFlag.LAST, index, venueNs, localNs, 0, 0, 0, 0, 0);
    else if (batch.length > before) batch.endMessage();
  }

  finish(): boolean {
    return true;
  }

  #pushPairs(
    row: Row,
    batch: EventBatch,
    index: number,
    venueNs: number,
    localNs: number,
    kind: number,
    flags: number,
  ): boolean {
    const { bytes, starts, ends } = row;
    const instrument = this.instruments[index]!;
    for (const { price, size, separator, isBuy } of this.#pairs) {
      const start = starts[price]!;
      let priceEnd = ends[price]!;
      let sizeStart = starts[size]!;
      if (start === priceEnd) continue;
      if (separator >= 0) {
        const found = bytes.subarray(start, priceEnd).indexOf(separator);
        priceEnd = found < 0 ? priceEnd : start + found;
        sizeStart = found < 0 ? ends[size]! : priceEnd + 1;
      }
      const priceTicks = instrument.price.parseBytes(bytes, start, priceEnd);
      const sizeLots = instrument.size.parseBytes(bytes, sizeStart, ends[size]!);
      if (priceTicks !== priceTicks) this.#bad(priceFault(instrument.price), row, price);
      else if (!(sizeLots >= 0)) this.#bad(sizeFault(instrument.size), row, size);
      if (priceTicks !== priceTicks || !(sizeLots >= 0)) return false;
      batch.push(kind, flags | (isBuy ? EventFlag.BUY : 0), index, venueNs, localNs, priceTicks, sizeLots, 0, 0, 0);
    }
    return true;
  }

  #pushDistances(row: Row, batch: EventBatch, index: number, venueNs: number, localNs: number): boolean {
    const { price, size } = this.instruments[index]!;
    const mid = this.#number(row, this.#mid);
    for (const { distance, notional, isBuy } of this.#distances) {
      if (row.starts[distance] === row.ends[distance]) continue;
      const level = mid * (1 + this.#number(row, distance));
      const amount = this.#number(row, notional);
      const priceTicks = Math.round(level / price.toNumber(1));
      const sizeLots = Math.round(amount / level / size.toNumber(1));
      if (!(Number.isSafeInteger(priceTicks) && Number.isSafeInteger(sizeLots) && sizeLots >= 0)) {
        this.#bad('level is no price and notional', row, Number.isFinite(level) ? notional : distance);
        return false;
      }
      const flags = EventFlag.SNAPSHOT | (isBuy ? EventFlag.BUY : 0);
      batch.push(EventKind.LEVEL, flags, index, venueNs, localNs, priceTicks, sizeLots, 0, 0, 0);
    }
    return true;
  }

  #decodeTrade(row: Row, batch: EventBatch, index: number, venueNs: number, localNs: number): void {
    const { bytes, starts, ends } = row;
    const { price, size, side, id } = this.#trade!;
    const { buyer, seller } = this.#mapping.trade!;
    const taker = asciiAt(bytes, starts[side]!, ends[side]!);
    if (taker !== buyer && taker !== seller) return this.#bad(`side is neither '${buyer}' nor '${seller}'`, row, side);
    const instrument = this.instruments[index]!;
    const priceTicks = instrument.price.parseBytes(bytes, starts[price]!, ends[price]!);
    if (priceTicks !== priceTicks) return this.#bad(priceFault(instrument.price), row, price);
    const sizeLots = instrument.size.parseBytes(bytes, starts[size]!, ends[size]!);
    if (!(sizeLots >= 0)) return this.#bad(sizeFault(instrument.size), row, size);
    const number = id < 0 ? Number.NaN : wholeAt(bytes, starts[id]!, ends[id]!);
    const flags = EventFlag.LAST | (taker === buyer ? EventFlag.BUY : 0);
    batch.push(
      EventKind.TRADE,
      flags,
      index,
      venueNs,
      localNs,
      priceTicks,
      sizeLots,
      0,
      number === number ? number : 0,
      0,
    );
  }

  #number({ bytes, starts, ends }: Row, column: number): number {
    return starts[column] === ends[column] ? Number.NaN : Number(asciiAt(bytes, starts[column]!, ends[column]!));
  }

  #instrumentIndex(row: Row): number {
    const { symbol, venue } = this.#mapping;
    const name =
      typeof symbol === 'string' ? symbol : asciiAt(row.bytes, row.starts[this.#symbol]!, row.ends[this.#symbol]!);
    let index = this.#indexes.get(name);
    if (index === undefined) {
      index = this.instruments.push(guessInstrument(venue, name, this.#options, () => this.#samples())) - 1;
      this.#indexes.set(name, index);
    }
    return index;
  }

  /** Texts of prices and sizes ahead; packed pairs are taken apart. */
  #samples(): { prices: string[]; sizes: string[] } {
    if (this.#trade !== undefined) {
      const [prices, sizes] = this.#table.sample([this.#trade.price, this.#trade.size]);
      return { prices: prices!, sizes: sizes! };
    }
    const prices: string[] = [];
    const sizes: string[] = [];
    const texts = this.#table.sample(this.#pairs.flatMap(({ price, size }) => [price, size]));
    this.#pairs.forEach(({ separator }, i) => {
      const split = separator < 0 ? undefined : String.fromCharCode(separator);
      for (const text of texts[2 * i]!) prices.push(split === undefined ? text : text.split(split)[0]!);
      for (const text of texts[2 * i + 1]!) sizes.push(split === undefined ? text : (text.split(split)[1] ?? ''));
    });
    return { prices, sizes };
  }

  #bad(kind: string, row: Row, column: number): void {
    this.#report.addBad(kind, row.line, this.#table.text(column));
  }
}
