/** LOBSTER message rows → events. */
import { EventFlag, EventKind, TradingStatus } from '@quotewright/core/market/event';
import type { EventBatch } from '@quotewright/core/market/event';
import { asciiAt } from '../csv.ts';
import type { LineBlock } from '../lines.ts';
import type { ReadReport } from '../report.ts';
import { Column, MessageRow, MessageType, ROW_FAULT_TEXT, RowFault } from './row.ts';

/** A halt row's price tells what began: −1 the halt, 0 quoting (an auction), 1 trading. */
const HALT_STATUS = [TradingStatus.HALTED, TradingStatus.AUCTION, TradingStatus.TRADING] as const;

export class LobsterParser {
  /** Lines passed so far. */
  line = 0;
  /** Hidden executions between two ticks, whose price was rounded. */
  roundedPrints = 0;
  readonly #row = new MessageRow();
  readonly #report: ReadReport;
  readonly #midnightNs: number;
  readonly #unitsPerTick: number;
  readonly #sharesPerLot: number;

  /** @param unitsPerTick price units of 0.0001 in a tick. */
  constructor(report: ReadReport, midnightNs: number, unitsPerTick: number, sharesPerLot: number) {
    this.#report = report;
    this.#midnightNs = midnightNs;
    this.#unitsPerTick = unitsPerTick;
    this.#sharesPerLot = sharesPerLot;
  }

  /** Turns rows from `from` on into events until the block ends or the batch is full; answers where it stopped. */
  fill(block: LineBlock, from: number, batch: EventBatch): number {
    const bytes = block.bytes;
    const limit = block.end;
    const capacity = batch.capacity;
    const row = this.#row;
    const values = row.values;
    let at = from;
    while (at < limit && batch.length < capacity) {
      const start = at;
      at = row.decode(bytes, start, limit);
      this.line++;
      const fault = row.fault;
      if (fault === RowFault.BLANK) continue;
      this.#report.rows++;
      if (fault !== RowFault.NONE) {
        this.#bad(ROW_FAULT_TEXT[fault], bytes, start);
        continue;
      }
      const time = this.#midnightNs + row.timeNs[0]!;
      const type = values[Column.TYPE]!;
      if (type === MessageType.HALT) {
        const status = HALT_STATUS[values[Column.PRICE]! + 1]!;
        batch.push(EventKind.STATUS, EventFlag.LAST, 0, time, Number.NaN, 0, status, 0, 0, 0);
        continue;
      }
      let ticks = values[Column.PRICE]! / this.#unitsPerTick;
      const lots = values[Column.SIZE]! / this.#sharesPerLot;
      const isBuy = values[Column.DIRECTION] === 1;
      if (type === MessageType.EXECUTE_HIDDEN && ticks !== Math.floor(ticks)) {
        // Hidden orders trade at the midpoint too, half a tick off the grid: away from the market, as a price of their side.
        ticks = isBuy ? Math.floor(ticks) : Math.ceil(ticks);
        this.roundedPrints++;
      }
      if (ticks !== Math.floor(ticks)) this.#bad('price off the tick grid', bytes, start);
      else if (lots !== Math.floor(lots)) this.#bad('size off the lot grid', bytes, start);
      else this.#emit(batch, type, time, ticks, lots, values[Column.ID]!, isBuy);
    }
    return at;
  }

  #emit(
    batch: EventBatch,
    type: number,
    time: number,
    ticks: number,
    lots: number,
    id: number,
    restingIsBuy: boolean,
  ): void {
    let kind: number;
    let flags = restingIsBuy ? EventFlag.LAST | EventFlag.BUY : EventFlag.LAST;
    let order = id;
    switch (type) {
      case MessageType.ADD:
        kind = EventKind.ORDER_ADD;
        break;
      case MessageType.REDUCE:
        kind = EventKind.ORDER_REDUCE;
        break;
      case MessageType.DELETE:
        kind = EventKind.ORDER_REMOVE;
        break;
      case MessageType.EXECUTE:
        kind = EventKind.ORDER_EXEC;
        break;
      default:
        // A hidden order or a cross: a print only. Its side is the aggressor's, the opposite of the resting order's.
        kind = EventKind.TRADE;
        flags ^= EventFlag.BUY;
        order = 0;
    }
    batch.push(kind, flags, 0, time, Number.NaN, ticks, lots, order, 0, 0);
  }

  #bad(kind: string, bytes: Uint8Array, start: number): void {
    this.#report.addBad(kind, this.line, asciiAt(bytes, start, this.#row.end));
  }
}
