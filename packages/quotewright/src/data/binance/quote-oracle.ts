/**
 * Binance's bookTicker as the truth about a book: after a diff with final id u, best price and size of both sides are
 * those of the last bookTicker with id ≤ u. The two streams are not synchronous, so states of the book and tickers each
 * wait until the other stream has passed them.
 */
import type { Book } from '@quotewright/core/market/book';
import { EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { newCheck, record, recordExplained } from '../verdict.ts';
import type { BookVisitor } from '../walk-books.ts';
import { SnapshotReach } from './snapshot-reach.ts';
import { TopQueue, TOP_FIELDS } from './top-queue.ts';

/** States and tickers that wait, per instrument; beyond it the oldest go unchecked, and a note says so. */
const MAX_WAITING = 1 << 20;

interface Stream {
  readonly tickers: TopQueue;
  readonly states: TopQueue;
  readonly reach: SnapshotReach;
  bidTicks: number;
  bidLots: number;
}

export class QuoteOracle implements BookVisitor {
  readonly check = newCheck('bookTicker: best price and size after each diff');
  /** Diffs on a book without a snapshot, or after a gap. */
  partial = 0;
  /** Diffs older than the first ticker. */
  early = 0;
  #overflowed = 0;
  readonly #instruments: readonly Instrument[];
  readonly #streams: (Stream | undefined)[] = [];
  readonly #top = new Float64Array(TOP_FIELDS);

  constructor(instruments: readonly Instrument[]) {
    this.#instruments = instruments;
  }

  /** Goes on after the day before, whose instruments have the same indexes: its last tickers, and what its snapshot reached. */
  continueFrom(earlier: QuoteOracle): void {
    for (const [instrument, stream] of earlier.#streams.entries()) {
      if (stream === undefined) continue;
      const { tickers, states } = stream;
      while (tickers.length > 1) tickers.shift();
      while (states.length > 0) states.shift();
      this.#streams[instrument] = stream;
    }
  }

  after(data: Float64Array, offset: number, instrument: number, book: Book): void {
    const head = data[offset + Field.HEAD]!;
    const kind = headKind(head);
    const flags = headFlags(head);
    this.#stream(instrument).reach.take(data, offset);
    if (kind === EventKind.QUOTE) return this.#ticker(data, offset, instrument, flags);
    if (kind !== EventKind.LEVEL || (flags & EventFlag.LAST) === 0 || (flags & EventFlag.SNAPSHOT) !== 0) return;
    if (!book.isWhole) {
      this.partial++;
      return;
    }
    const top = this.#top;
    top[0] = data[offset + Field.SEQ]!;
    top[1] = book.bestPrice(Side.BUY);
    top[2] = book.bestSize(Side.BUY);
    top[3] = book.bestPrice(Side.SELL);
    top[4] = book.bestSize(Side.SELL);
    const stream = this.#stream(instrument);
    stream.states.push(top);
    this.#settle(stream, instrument, false);
    if (stream.states.length > MAX_WAITING) {
      stream.states.shift();
      this.#overflowed++;
    }
  }

  /** At the end of the recording: what still waits is compared with the last ticker there was. */
  finish(): void {
    for (const [instrument, stream] of this.#streams.entries()) {
      if (stream !== undefined) this.#settle(stream, instrument, true);
    }
  }

  /** What was not checked, and why. */
  get notes(): string[] {
    const notes: string[] = [];
    if (this.partial > 0)
      notes.push(
        `${this.partial} diffs not checked as they came: before a snapshot or after a gap the book is partial`,
      );
    if (this.early > 0)
      notes.push(`${this.early} diffs not checked: the recording holds no bookTicker as old as they are`);
    if (this.#overflowed > 0)
      notes.push(`${this.#overflowed} diffs not checked: bookTicker is too far behind the diffs`);
    return notes;
  }

  #ticker(data: Float64Array, offset: number, instrument: number, flags: number): void {
    const stream = this.#stream(instrument);
    if ((flags & EventFlag.BUY) !== 0) {
      stream.bidTicks = data[offset + Field.PRICE_TICKS]!;
      stream.bidLots = data[offset + Field.SIZE_LOTS]!;
      return;
    }
    const top = this.#top;
    top[0] = data[offset + Field.SEQ]!;
    top[1] = stream.bidTicks;
    top[2] = stream.bidLots;
    top[3] = data[offset + Field.PRICE_TICKS]!;
    top[4] = data[offset + Field.SIZE_LOTS]!;
    const { tickers, states } = stream;
    tickers.push(top);
    // With no state waiting, tickers pile up until diffs pass them; all of them may still be the last one with id ≤ u.
    if (states.length > 0) this.#settle(stream, instrument, false);
    else if (tickers.length > MAX_WAITING) tickers.shift();
  }

  /** Compares the states that no later ticker can concern; all of them when `all`. */
  #settle(stream: Stream, instrument: number, all: boolean): void {
    const { tickers, states } = stream;
    while (states.length > 0 && tickers.length > 0) {
      const id = states.id(0);
      if (!all && tickers.id(tickers.length - 1) <= id) return;
      while (tickers.length > 1 && tickers.id(1) <= id) tickers.shift();
      if (tickers.id(0) > id) this.early++;
      else this.#compare(stream, instrument, all && tickers.length === 1);
      states.shift();
    }
    if (all && tickers.length === 0) this.early += states.length;
  }

  #compare({ tickers, states, reach }: Stream, instrument: number, atEnd: boolean): void {
    const wrongBid = !states.equalSide(tickers, Side.BUY);
    const wrongAsk = !states.equalSide(tickers, Side.SELL);
    const matched = !wrongBid && !wrongAsk;
    if (!matched && atEnd) return recordExplained(this.check, 'the recording ends before the next bookTicker');
    const id = states.id(0);
    const hidesBid = !wrongBid || reach.canHide(Side.BUY, tickers.price(Side.BUY), id);
    const hidesAsk = !wrongAsk || reach.canHide(Side.SELL, tickers.price(Side.SELL), id);
    if (!matched && hidesBid && hidesAsk) {
      return recordExplained(
        this.check,
        'the best level rests beyond the depth of the snapshot, and no diff had named it yet',
      );
    }
    const spec = this.#instruments[instrument]!;
    record(this.check, matched, () => {
      return `${spec.symbol}, diff u ${id}: book ${states.words(spec)}; bookTicker u ${tickers.id(0)}: ${tickers.words(spec)}`;
    });
  }

  #stream(instrument: number): Stream {
    return (this.#streams[instrument] ??= {
      tickers: new TopQueue(),
      states: new TopQueue(),
      reach: new SnapshotReach(),
      bidTicks: Number.NaN,
      bidLots: 0,
    });
  }
}
