/** What a venue's decoder works with: the place in the recording, the report, the instruments, and events out. */
import { EventFlag, EventKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import type { OpenOptions } from '../recording.ts';
import type { ReadReport } from '../report.ts';
import { InstrumentList } from './instrument-list.ts';
import { priceTicks, sizeLots, type LevelFault, type LevelList } from './levels.ts';
import { EventSink } from './sink.ts';

/** Price and size as the venue wrote them. */
type QuoteSide = readonly [price: unknown, size: unknown];

export class Feed {
  readonly report: ReadReport;
  readonly epochDay: number;
  readonly instruments: InstrumentList;
  readonly sink = new EventSink();
  /** Line of the recording that is being decoded, from 1. */
  line = 0;
  /** When the message was received. */
  localNs = Number.NaN;

  constructor(report: ReadReport, epochDay: number, options: OpenOptions) {
    this.report = report;
    this.epochDay = epochDay;
    this.instruments = new InstrumentList(options, report.notes);
  }

  bad(kind: string, found: string): void {
    this.report.addBad(kind, this.line, found);
  }

  /**
   * A book message that cannot be read in full is not read in part: it is a bad row, and the book, which now lacks it,
   * is stale until the next snapshot.
   */
  badBook(instrument: number, fault: LevelFault, seq: number): void {
    this.bad(fault.kind, fault.found);
    this.gap(instrument, seq);
  }

  gap(instrument: number, seq: number): void {
    this.#push(EventKind.GAP, EventFlag.LAST, instrument, Number.NaN, 0, 0, seq);
  }

  /** The levels of one update; `tail` says whether a record of the same message follows. */
  levels(instrument: number, levels: LevelList, seq: number, tail: boolean): void {
    this.#leftOut(levels);
    const last = levels.length - 1;
    for (let i = 0; i <= last; i++) {
      const flags = sideFlag(levels.side(i)) | (i === last && !tail ? EventFlag.LAST : 0);
      this.#push(
        EventKind.LEVEL,
        flags,
        instrument,
        levels.venueNs[i]!,
        levels.pricesTicks[i]!,
        levels.sizesLots[i]!,
        seq,
      );
    }
  }

  /**
   * A whole book, which replaces the one before. All its records bear the time of its latest level: a venue may tell
   * when each level last changed, years ago for some, but they are the book as of now.
   */
  snapshot(instrument: number, levels: LevelList, seq: number): void {
    this.#leftOut(levels);
    const venueNs = levels.latestNs;
    this.#push(EventKind.SNAPSHOT_BEGIN, EventFlag.SNAPSHOT, instrument, venueNs, 0, 0, seq);
    for (let i = 0; i < levels.length; i++) {
      const flags = sideFlag(levels.side(i)) | EventFlag.SNAPSHOT;
      this.#push(EventKind.LEVEL, flags, instrument, venueNs, levels.pricesTicks[i]!, levels.sizesLots[i]!, seq);
    }
    this.#push(EventKind.SNAPSHOT_END, EventFlag.SNAPSHOT | EventFlag.LAST, instrument, venueNs, 0, 0, seq);
  }

  /** The venue's checksum of the book as it is after the levels before. */
  checksum(instrument: number, venueNs: number, checksum: number): void {
    this.#push(EventKind.CHECKSUM, EventFlag.LAST, instrument, venueNs, 0, 0, checksum);
  }

  /**
   * Best bid and best ask as the venue publishes them, in decimal texts. A side of size 0 has no level, whatever its
   * price says: NaN ticks of 0 lots.
   */
  quote(index: number, venueNs: number, bid: QuoteSide, ask: QuoteSide, seq: number): void {
    const instrument = this.instruments.all[index]!;
    const bidLots = sizeLots(instrument, bid[1]);
    const bidTicks = bidLots === 0 ? Number.NaN : priceTicks(instrument, bid[0]);
    const askLots = sizeLots(instrument, ask[1]);
    const askTicks = askLots === 0 ? Number.NaN : priceTicks(instrument, ask[0]);
    if (typeof bidTicks !== 'number') return this.bad(bidTicks.kind, bidTicks.found);
    if (typeof bidLots !== 'number') return this.bad(bidLots.kind, bidLots.found);
    if (typeof askTicks !== 'number') return this.bad(askTicks.kind, askTicks.found);
    if (typeof askLots !== 'number') return this.bad(askLots.kind, askLots.found);
    this.#push(EventKind.QUOTE, EventFlag.BUY, index, venueNs, bidTicks, bidLots, seq);
    this.#push(EventKind.QUOTE, EventFlag.LAST, index, venueNs, askTicks, askLots, seq);
  }

  /** A print, in decimal texts; `side` is the aggressor's. Order numbers are 0 when the venue does not tell them. */
  trade(
    index: number,
    side: number,
    venueNs: number,
    price: unknown,
    size: unknown,
    seq: number,
    maker = 0,
    taker = 0,
  ): void {
    const instrument = this.instruments.all[index]!;
    const ticks = priceTicks(instrument, price);
    if (typeof ticks !== 'number') return this.bad(ticks.kind, ticks.found);
    const lots = sizeLots(instrument, size);
    if (typeof lots !== 'number') return this.bad(lots.kind, lots.found);
    if (lots === 0) return this.bad('trade of no size', String(size));
    const flags = sideFlag(side) | EventFlag.LAST;
    this.sink.room.push(EventKind.TRADE, flags, index, venueNs, this.localNs, ticks, lots, maker, seq, taker);
  }

  #leftOut({ leftOut }: LevelList): void {
    for (const { kind, found } of leftOut) this.bad(kind, found);
  }

  #push(
    kind: number,
    flags: number,
    instrument: number,
    venueNs: number,
    ticks: number,
    lots: number,
    seq: number,
  ): void {
    this.sink.room.push(kind, flags, instrument, venueNs, this.localNs, ticks, lots, 0, seq, 0);
  }
}

function sideFlag(side: number): number {
  return side === Side.BUY ? EventFlag.BUY : 0;
}
