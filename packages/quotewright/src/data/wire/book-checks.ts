/** Checks that any book can be put to, whatever else its venue says about it. */
import type { Book } from '@quotewright/core/market/book';
import { EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { newCheck, record } from '../verdict.ts';
import type { BookVisitor } from '../walk-books.ts';

const NO_CHANGE: ReadonlySet<number> = new Set([EventKind.TRADE, EventKind.QUOTE, EventKind.GAP, EventKind.STATUS]);

/** Whether a record is of a book: a snapshot's, or a change. */
export function isOfBook(kind: number): boolean {
  return !NO_CHANGE.has(kind);
}

/** After each message that changed a book, its best bid is below its best ask. */
export class NeverCrossed implements BookVisitor {
  readonly check = newCheck('book never crossed after a message');
  readonly #instruments: readonly Instrument[];

  constructor(instruments: readonly Instrument[]) {
    this.#instruments = instruments;
  }

  after(data: Float64Array, offset: number, instrument: number, book: Book): void {
    const head = data[offset + Field.HEAD]!;
    const kind = headKind(head);
    if (!isOfBook(kind) || (headFlags(head) & EventFlag.LAST) === 0 || !book.isWhole) return;
    record(this.check, !book.isCrossed, () => {
      const { symbol, price } = this.#instruments[instrument]!;
      const [bid, ask] = [price.format(book.bestPrice(Side.BUY)), price.format(book.bestPrice(Side.SELL))];
      return `${symbol}, number ${data[offset + Field.SEQ]}: best bid ${bid} is not below best ask ${ask}`;
    });
  }
}

/**
 * On a venue that publishes its whole book, a level can only be removed that the book holds: a message that was lost,
 * or applied twice, shows here.
 */
export class RemovalsHeld implements BookVisitor {
  readonly check = newCheck('every removed level was held');
  readonly #instruments: readonly Instrument[];
  /** Number of the last snapshot, by instrument. */
  readonly #snapshots: number[] = [];

  constructor(instruments: readonly Instrument[]) {
    this.#instruments = instruments;
  }

  before(data: Float64Array, offset: number, instrument: number, book: Book): void {
    const head = data[offset + Field.HEAD]!;
    const seq = data[offset + Field.SEQ]!;
    if (headKind(head) === EventKind.SNAPSHOT_END) this.#snapshots[instrument] = seq;
    if (headKind(head) !== EventKind.LEVEL || data[offset + Field.SIZE_LOTS] !== 0 || !book.isWhole) return;
    // A diff of the snapshot's own number may be in it already: it is applied again, and removes nothing then.
    if (seq !== 0 && seq === this.#snapshots[instrument]) return;
    const side = (headFlags(head) & EventFlag.BUY) === 0 ? Side.SELL : Side.BUY;
    const ticks = data[offset + Field.PRICE_TICKS]!;
    record(this.check, book.sizeAt(side, ticks) > 0, () => {
      const { symbol, price } = this.#instruments[instrument]!;
      const which = side === Side.BUY ? 'bid' : 'ask';
      return `${symbol}, number ${seq}: ${which} ${price.format(ticks)} was removed, the book does not hold it`;
    });
  }
}
