/** Tardis `trades`: one print a row, side = the taker's. */
import { type EventBatch, EventFlag, EventKind } from '@quotewright/core/market/event';
import type { OpenOptions } from '../recording.ts';
import type { ReadReport } from '../report.ts';
import type { Row, RowDecoder, Table } from '../table.ts';
import { priceFault, sizeFault, wholeAt } from '../table-values.ts';
import { TardisKey } from './key.ts';

const LOWER_B = 98;
const LOWER_S = 115;
const LOWER_U = 117;

export class TardisTrades implements RowDecoder {
  readonly recordsPerRow = 1;
  readonly key: TardisKey;
  readonly #table: Table;
  readonly #report: ReadReport;
  readonly #id: number;
  readonly #side: number;
  readonly #price: number;
  readonly #amount: number;
  /** Id of the trade before, by instrument; 0 when it is no number. */
  readonly #lastIds: number[] = [];

  constructor(path: string, table: Table, report: ReadReport, options: OpenOptions) {
    this.#table = table;
    this.#report = report;
    this.#id = table.column('id');
    this.#side = table.column('side');
    this.#price = table.column('price');
    this.#amount = table.column('amount');
    this.key = new TardisKey(path, table, report, options, [this.#price], [this.#amount]);
  }

  decode(row: Row, batch: EventBatch): void {
    const { bytes, starts, ends } = row;
    const index = this.key.read(row);
    if (index < 0) return;
    const side = bytes[starts[this.#side]!];
    const length = ends[this.#side]! - starts[this.#side]!;
    if (side === LOWER_U && length === 7) return this.#report.addIgnored('trade of unknown side');
    if (!(side === LOWER_B && length === 3) && !(side === LOWER_S && length === 4)) {
      return this.#bad('side is not buy, sell or unknown', row, this.#side);
    }
    const instrument = this.key.instruments[index]!;
    const priceTicks = instrument.price.parseBytes(bytes, starts[this.#price]!, ends[this.#price]!);
    if (priceTicks !== priceTicks) return this.#bad(priceFault(instrument.price), row, this.#price);
    const sizeLots = instrument.size.parseBytes(bytes, starts[this.#amount]!, ends[this.#amount]!);
    if (!(sizeLots >= 0)) return this.#bad(sizeFault(instrument.size), row, this.#amount);
    // Many venues' ids are numbers; texts (UUIDs) are not kept.
    const number = wholeAt(bytes, starts[this.#id]!, ends[this.#id]!);
    const id = number === number ? number : 0;
    if (id !== 0 && id === this.#lastIds[index]) return this.#report.addDuplicate(row.line, `trade ${id}`);
    this.#lastIds[index] = id;
    const flags = EventFlag.LAST | (side === LOWER_B ? EventFlag.BUY : 0);
    batch.push(EventKind.TRADE, flags, index, this.key.times[0]!, this.key.times[1]!, priceTicks, sizeLots, 0, id, 0);
  }

  finish(): boolean {
    return true;
  }

  #bad(kind: string, row: Row, column: number): void {
    this.#report.addBad(kind, row.line, this.#table.text(column));
  }
}
