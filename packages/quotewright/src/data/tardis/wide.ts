/**
 * Tardis tables with a book's levels side by side in one row: `quotes` and `book_ticker` (the best level) become QUOTE
 * events, `book_snapshot_N` (the N best a side) becomes a whole snapshot a row. An empty cell is a level that is not there.
 */
import { type EventBatch, EventFlag, EventKind } from '@quotewright/core/market/event';
import type { OpenOptions } from '../recording.ts';
import type { ReadReport } from '../report.ts';
import type { Row, RowDecoder, Table } from '../table.ts';
import { priceFault, sizeFault } from '../table-values.ts';
import { TardisKey } from './key.ts';

/** Column indexes of one level of one side. */
interface LevelColumns {
  readonly price: number;
  readonly amount: number;
  readonly flags: number;
}

export class TardisWide implements RowDecoder {
  readonly recordsPerRow: number;
  readonly key: TardisKey;
  readonly #table: Table;
  readonly #report: ReadReport;
  readonly #levels: readonly LevelColumns[];
  readonly #isSnapshot: boolean;

  constructor(path: string, table: Table, report: ReadReport, options: OpenOptions) {
    this.#table = table;
    this.#report = report;
    this.#isSnapshot = table.header.includes('asks[0].price');
    this.#levels = this.#isSnapshot ? snapshotLevels(table) : quoteLevels(table);
    this.recordsPerRow = this.#levels.length + 2;
    const prices = this.#levels.map((level) => level.price);
    const amounts = this.#levels.map((level) => level.amount);
    this.key = new TardisKey(path, table, report, options, prices, amounts);
  }

  decode(row: Row, batch: EventBatch): void {
    const index = this.key.read(row);
    if (index < 0) return;
    const venueNs = this.key.times[0]!;
    const localNs = this.key.times[1]!;
    const kind = this.#isSnapshot ? EventKind.LEVEL : EventKind.QUOTE;
    const snapshot = this.#isSnapshot ? EventFlag.SNAPSHOT : 0;
    const before = batch.length;
    if (this.#isSnapshot) batch.push(EventKind.SNAPSHOT_BEGIN, snapshot, index, venueNs, localNs, 0, 0, 0, 0, 0);
    const instrument = this.key.instruments[index]!;
    const { bytes, starts, ends } = row;
    let found = 0;
    for (const { price, amount, flags } of this.#levels) {
      if (starts[price] === ends[price]) continue;
      const priceTicks = instrument.price.parseBytes(bytes, starts[price]!, ends[price]!);
      const sizeLots = instrument.size.parseBytes(bytes, starts[amount]!, ends[amount]!);
      if (priceTicks !== priceTicks || !(sizeLots >= 0)) {
        // One bad level makes the row's book wrong: the row is left out whole.
        batch.length = before;
        const isPrice = priceTicks !== priceTicks;
        const fault = isPrice ? priceFault(instrument.price) : sizeFault(instrument.size);
        return this.#report.addBad(fault, row.line, this.#table.text(isPrice ? price : amount));
      }
      batch.push(kind, flags | snapshot, index, venueNs, localNs, priceTicks, sizeLots, 0, 0, 0);
      found++;
    }
    if (this.#isSnapshot) {
      batch.push(EventKind.SNAPSHOT_END, snapshot | EventFlag.LAST, index, venueNs, localNs, 0, 0, 0, 0, 0);
    } else if (found === 0) this.#report.addIgnored('quote without a price');
    else batch.endMessage();
  }

  finish(): boolean {
    return true;
  }
}

function quoteLevels(table: Table): LevelColumns[] {
  return [
    { price: table.column('bid_price'), amount: table.column('bid_amount'), flags: EventFlag.BUY },
    { price: table.column('ask_price'), amount: table.column('ask_amount'), flags: 0 },
  ];
}

/** `asks[0].price,asks[0].amount,bids[0].price,…` for as many levels as the header has. */
function snapshotLevels(table: Table): LevelColumns[] {
  const levels: LevelColumns[] = [];
  for (let i = 0; table.header.includes(`asks[${i}].price`) || table.header.includes(`bids[${i}].price`); i++) {
    levels.push({
      price: table.column(`bids[${i}].price`),
      amount: table.column(`bids[${i}].amount`),
      flags: EventFlag.BUY,
    });
    levels.push({ price: table.column(`asks[${i}].price`), amount: table.column(`asks[${i}].amount`), flags: 0 });
  }
  return levels;
}
