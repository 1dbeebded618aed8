/**
 * Tardis `incremental_book_L2`: one level a row. A snapshot begins with the first row that says so after one that does
 * not, and ends before the first that does not; rows of one instrument with the same local time are one message.
 */
import { type EventBatch, EventFlag, EventKind } from '@quotewright/core/market/event';
import type { OpenOptions } from '../recording.ts';
import type { ReadReport } from '../report.ts';
import type { Row, RowDecoder, Table } from '../table.ts';
import { priceFault, sizeFault } from '../table-values.ts';
import { TardisKey } from './key.ts';

const LOWER_A = 97;
const LOWER_B = 98;
const LOWER_F = 102;
const LOWER_I = 105;
const LOWER_S = 115;
const LOWER_T = 116;

export class TardisBook implements RowDecoder {
  /** The end or the begin of a snapshot, and a level. */
  readonly recordsPerRow = 2;
  readonly key: TardisKey;
  readonly #table: Table;
  readonly #report: ReadReport;
  readonly #isSnapshot: number;
  readonly #side: number;
  readonly #price: number;
  readonly #amount: number;
  /** Instrument and local time of the message at hand. */
  #instrument = -1;
  readonly #localNs = new Float64Array(1);
  /** Venue time of the last record. */
  readonly #venueNs = new Float64Array(1);
  /** By instrument: whether its snapshot is under way. */
  readonly #inSnapshot: boolean[] = [];

  constructor(path: string, table: Table, report: ReadReport, options: OpenOptions) {
    this.#table = table;
    this.#report = report;
    this.#isSnapshot = table.column('is_snapshot');
    this.#side = table.column('side');
    this.#price = table.column('price');
    this.#amount = table.column('amount');
    this.key = new TardisKey(path, table, report, options, [this.#price], [this.#amount]);
  }

  decode(row: Row, batch: EventBatch): void {
    const { bytes, starts, ends } = row;
    const index = this.key.read(row);
    if (index < 0) return;
    // `true` and `false` are told apart by first letter and length, `bid` and `ask` by two letters (there is `buy`).
    const flag = bytes[starts[this.#isSnapshot]!]!;
    const flagLength = ends[this.#isSnapshot]! - starts[this.#isSnapshot]!;
    const isSnapshot = flag === LOWER_T && flagLength === 4;
    if (!isSnapshot && (flag !== LOWER_F || flagLength !== 5))
      return this.#bad('is_snapshot is neither true nor false', row, this.#isSnapshot);
    const side = bytes[starts[this.#side]!]!;
    const second = bytes[starts[this.#side]! + 1]!;
    const isSide = (side === LOWER_B && second === LOWER_I) || (side === LOWER_A && second === LOWER_S);
    if (!isSide || ends[this.#side]! - starts[this.#side]! !== 3) {
      return this.#bad('side is neither bid nor ask', row, this.#side);
    }
    const instrument = this.key.instruments[index]!;
    const priceTicks = instrument.price.parseBytes(bytes, starts[this.#price]!, ends[this.#price]!);
    if (priceTicks !== priceTicks) return this.#bad(priceFault(instrument.price), row, this.#price);
    const sizeLots = instrument.size.parseBytes(bytes, starts[this.#amount]!, ends[this.#amount]!);
    if (!(sizeLots >= 0)) return this.#bad(sizeFault(instrument.size), row, this.#amount);

    const venueNs = this.key.times[0]!;
    const localNs = this.key.times[1]!;
    const isNew = index !== this.#instrument || localNs !== this.#localNs[0];
    const wasSnapshot = this.#inSnapshot[index] === true;
    if (wasSnapshot && !isSnapshot) {
      this.#endSnapshot(index, batch);
    } else if (isNew && this.#instrument >= 0 && this.#inSnapshot[this.#instrument] !== true) batch.endMessage();
    let flags = side === LOWER_B ? EventFlag.BUY : 0;
    if (isSnapshot) {
      if (!wasSnapshot) {
        batch.push(EventKind.SNAPSHOT_BEGIN, EventFlag.SNAPSHOT, index, venueNs, localNs, 0, 0, 0, 0, 0);
        this.#inSnapshot[index] = true;
      }
      flags |= EventFlag.SNAPSHOT;
    }
    batch.push(EventKind.LEVEL, flags, index, venueNs, localNs, priceTicks, sizeLots, 0, 0, 0);
    this.#instrument = index;
    this.#localNs[0] = localNs;
    this.#venueNs[0] = venueNs;
  }

  finish(batch: EventBatch): boolean {
    if (this.#instrument >= 0 && this.#inSnapshot[this.#instrument] !== true) batch.endMessage();
    this.#instrument = -1;
    for (let index = this.#inSnapshot.indexOf(true); index >= 0; index = this.#inSnapshot.indexOf(true)) {
      if (batch.isFull) return false;
      this.#endSnapshot(index, batch);
    }
    return true;
  }

  /** A snapshot's end carries the times of the record before it, which was its last one. */
  #endSnapshot(index: number, batch: EventBatch): void {
    this.#inSnapshot[index] = false;
    const flags = EventFlag.SNAPSHOT | EventFlag.LAST;
    batch.push(EventKind.SNAPSHOT_END, flags, index, this.#venueNs[0]!, this.#localNs[0]!, 0, 0, 0, 0, 0);
  }

  #bad(kind: string, row: Row, column: number): void {
    this.#report.addBad(kind, row.line, this.#table.text(column));
  }
}
