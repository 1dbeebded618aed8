/**
 * Looks at all events of a recording, in constant memory: counts by kind and instrument, times and their order, feed
 * latency, ranges of prices and sizes, and what a rebuilt book thinks of them.
 */
import { BookBuilder } from '@quotewright/core/market/book-builder';
import {
  EVENT_STRIDE,
  type EventBatch,
  EventFlag,
  EventKind,
  Field,
  headFlags,
  headInstrument,
  headKind,
} from '@quotewright/core/market/event';
import { LatencySpread } from './latency.ts';

/** A range of numbers that is empty until the first `add`. */
export class Range {
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  get isEmpty(): boolean {
    return this.min > this.max;
  }
}

/** One of an event's two clocks: its range, and the events that go back behind the one before. */
export class ClockWatch extends Range {
  backwards = 0;
  /** Number of the first such event in the recording, from 1; 0 when there is none. */
  firstBackwards = 0;
  /** Farthest step back, nanoseconds. */
  farthest = 0;
  #last = Number.NEGATIVE_INFINITY;

  see(ns: number, event: number): void {
    if (ns !== ns) return;
    this.add(ns);
    if (ns < this.#last) {
      if (this.backwards++ === 0) this.firstBackwards = event;
      this.farthest = Math.max(this.farthest, this.#last - ns);
    }
    this.#last = ns;
  }
}

export class InstrumentWatch {
  events = 0;
  /** By EventKind. */
  readonly kinds = new Float64Array(256);
  readonly venue = new ClockWatch();
  readonly local = new ClockWatch();
  readonly latency = new LatencySpread();
  readonly priceTicks = new Range();
  readonly sizeLots = new Range();
  readonly book: BookBuilder;
  /** Messages after which the book was crossed or locked while it should be whole, and how often it became so. */
  crossedMessages = 0;
  crossings = 0;
  /** Number of the event that crossed it first, and its time; 0 and NaN when there is none. */
  firstCrossed = 0;
  firstCrossedNs = Number.NaN;
  #isCrossed = false;

  constructor(isL3: boolean) {
    this.book = new BookBuilder(isL3);
  }

  /** Looks at the record at `offset`, which is number `event` of the recording, from 1. */
  see(data: Float64Array, offset: number, event: number): void {
    const head = data[offset + Field.HEAD]!;
    const kind = headKind(head);
    const venueNs = data[offset + Field.VENUE_NS]!;
    const localNs = data[offset + Field.LOCAL_NS]!;
    this.events++;
    this.kinds[kind]!++;
    this.venue.see(venueNs, event);
    this.local.see(localNs, event);
    if (venueNs === venueNs && localNs === localNs) this.latency.add(localNs - venueNs);
    if (hasPrice(kind)) {
      this.priceTicks.add(data[offset + Field.PRICE_TICKS]!);
      // A size of 0 is a deletion, not a size.
      if (data[offset + Field.SIZE_LOTS]! > 0) this.sizeLots.add(data[offset + Field.SIZE_LOTS]!);
    }
    this.book.apply(data, offset);
    if ((headFlags(head) & EventFlag.LAST) !== 0) this.#endMessage(event, venueNs === venueNs ? venueNs : localNs);
  }

  #endMessage(event: number, ns: number): void {
    const { book } = this.book;
    const isCrossed = !book.stale && book.isCrossed;
    if (isCrossed) {
      this.crossedMessages++;
      if (!this.#isCrossed) this.crossings++;
      if (this.firstCrossed === 0) {
        this.firstCrossed = event;
        this.firstCrossedNs = ns;
      }
    }
    this.#isCrossed = isCrossed;
  }
}

export class Watch {
  events = 0;
  /** By instrument index. */
  readonly instruments: InstrumentWatch[] = [];
  readonly #isL3: boolean;

  constructor(isL3: boolean) {
    this.#isL3 = isL3;
  }

  see(batch: EventBatch): void {
    const { data, length } = batch;
    for (let i = 0; i < length; i++) {
      const offset = i * EVENT_STRIDE;
      const index = headInstrument(data[offset + Field.HEAD]!);
      while (this.instruments.length <= index) this.instruments.push(new InstrumentWatch(this.#isL3));
      this.instruments[index]!.see(data, offset, ++this.events);
    }
  }

  /** Events of a kind over all instruments. */
  count(kind: number): number {
    return this.instruments.reduce((sum, each) => sum + each.kinds[kind]!, 0);
  }
}

function hasPrice(kind: number): boolean {
  return kind <= EventKind.ORDER_SET || kind === EventKind.ORDER_EXEC || kind === EventKind.ORDER_REDUCE;
}
