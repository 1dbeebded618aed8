/** Runs a living market for tests: builds the books that its feed tells of, compares them, and plays a user who sends orders. */
import { Random } from '../../../base/random.ts';
import { BookBuilder } from '../../../market/book-builder.ts';
import {
  EVENT_STRIDE,
  EventFlag,
  EventKind,
  Field,
  headFlags,
  headInstrument,
  headKind,
  packHead,
} from '../../../market/event.ts';
import { Instrument, type InstrumentSpec } from '../../../market/instrument.ts';
import type { L3Book } from '../../../market/l3-book.ts';
import { Side } from '../../../market/side.ts';
import { OrderFlag, ReportKind, RequestKind } from '../../../trading/records.ts';
import type { LivingMarket } from '../living-market.ts';

export function instrumentOf(symbol: string, more: Partial<InstrumentSpec> = {}): Instrument {
  return new Instrument({
    venue: 'living',
    symbol,
    base: symbol,
    quote: 'USD',
    tick: '0.01',
    lot: '0.001',
    contract: 'linear',
    ...more,
  });
}

/** A record taken out of a queue. */
export interface Taken {
  readonly kind: number;
  readonly flags: number;
  readonly instrument: number;
  readonly venueNs: number;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly orderId: number;
  readonly seq: number;
  readonly aux: number;
}

export function readRecord(data: Float64Array, at: number): Taken {
  const head = data[at + Field.HEAD]!;
  return {
    kind: headKind(head),
    flags: headFlags(head),
    instrument: headInstrument(head),
    venueNs: data[at + Field.VENUE_NS]!,
    priceTicks: data[at + Field.PRICE_TICKS]!,
    sizeLots: data[at + Field.SIZE_LOTS]!,
    orderId: data[at + Field.ORDER_ID]!,
    seq: data[at + Field.SEQ]!,
    aux: data[at + Field.AUX]!,
  };
}

/** Levels of a side of an engine's book, and of the book that the feed built, as text. */
function levelsOf(book: L3Book, side: Side): string {
  const parts: string[] = [];
  for (let level = book.best(side); level !== 0; level = book.levelAfter(level)) {
    parts.push(`${book.levelPrice(level)}x${book.levelLots(level)}`);
  }
  return parts.join(' ');
}

function builtLevels(builder: BookBuilder, side: Side): string {
  const count = builder.book.levelCount(side);
  const prices = new Float64Array(count);
  const sizes = new Float64Array(count);
  builder.book.top(side, count, prices, sizes);
  return Array.from(prices, (price, i) => `${price}x${sizes[i]}`).join(' ');
}

/** Follows a market's feed and reports. */
export class Follower {
  readonly market: LivingMarket;
  readonly builders: BookBuilder[];
  readonly reports: Taken[] = [];
  /** FNV-1a over every word of the feed. */
  hash = 0x811c_9dc5;
  rows = 0;
  messages = 0;
  /** What is wrong with the feed; empty when nothing is. */
  readonly faults: string[] = [];
  #lastSeq = 0;
  #lastNs = Number.NEGATIVE_INFINITY;
  readonly #words = new Float64Array(EVENT_STRIDE);
  readonly #bits = new Int32Array(this.#words.buffer);

  constructor(market: LivingMarket, isL3: boolean) {
    this.market = market;
    this.builders = market.instruments.map(() => new BookBuilder(isL3));
  }

  /** Takes out what the last call left in feed and reports. */
  drain(): void {
    const { feed, reports } = this.market;
    for (; feed.length > 0; feed.shift()) this.#see(feed.data, feed.peek());
    for (; reports.length > 0; reports.shift()) this.reports.push(readRecord(reports.data, reports.peek()));
  }

  /** Compares the books built from the feed with those of the engines; the feed has been drained. */
  compare(): void {
    this.builders.forEach((builder, index) => {
      for (const side of [Side.BUY, Side.SELL]) {
        const real = levelsOf(this.market.book(index), side);
        const built = builtLevels(builder, side);
        if (real !== built) this.faults.push(`book ${index} side ${side} at row ${this.rows}: ${built} is not ${real}`);
      }
      const { unknownIds, duplicateIds, overfills } = builder;
      if (unknownIds + duplicateIds + overfills > 0) this.faults.push(`book ${index}: faults of order ids`);
    });
  }

  #see(data: Float64Array, at: number): void {
    const record = readRecord(data, at);
    this.rows++;
    this.#words.set(data.subarray(at, at + EVENT_STRIDE));
    for (let i = 0; i < 2 * EVENT_STRIDE; i++) this.hash = Math.imul(this.hash ^ this.#bits[i]!, 0x0100_0193);
    if (record.venueNs < this.#lastNs) this.faults.push(`row ${this.rows}: time goes back`);
    if (record.seq < this.#lastSeq) this.faults.push(`row ${this.rows}: number ${record.seq} after ${this.#lastSeq}`);
    this.#lastNs = record.venueNs;
    this.#lastSeq = record.seq;
    const builder = this.builders[record.instrument]!;
    builder.apply(data, at);
    if ((record.flags & EventFlag.LAST) === 0) return;
    this.messages++;
    if (builder.book.isCrossed && record.kind !== EventKind.STATUS && !this.mayCross) {
      this.faults.push(`row ${this.rows}: crossed`);
    }
  }

  /** Set while an auction collects orders. */
  mayCross = false;
}

/** Sends a request. */
export function send(
  market: LivingMarket,
  kind: RequestKind,
  id: number,
  flags: number,
  priceTicks: number,
  sizeLots: number,
  nowNs: number,
  instrument = 0,
  owner = 0,
): void {
  const data = new Float64Array(EVENT_STRIDE);
  data[Field.AUX] = owner;
  data[Field.HEAD] = packHead(kind, flags, instrument);
  data[Field.VENUE_NS] = Number.NaN;
  data[Field.LOCAL_NS] = nowNs;
  data[Field.PRICE_TICKS] = priceTicks;
  data[Field.SIZE_LOTS] = sizeLots;
  data[Field.ORDER_ID] = id;
  market.request(data, 0, nowNs);
}

/** A user who knows nothing: random requests of all kinds around the touch, valid and not. */
export class RandomUser {
  readonly #random: Random;
  readonly #market: LivingMarket;
  #ids = 0;

  constructor(market: LivingMarket, seed: number) {
    this.#market = market;
    this.#random = Random.stream(seed, 'user');
  }

  act(nowNs: number): void {
    const random = this.#random;
    const instrument = random.below(this.#market.instruments.length);
    const book = this.#market.book(instrument);
    const isBuy = random.below(2) === 0;
    const touch = book.bestPrice(isBuy ? Side.BUY : Side.SELL);
    const price = (Number.isNaN(touch) ? 1000 : touch) + random.below(13) - 6;
    const size = 1 + random.below(random.below(10) === 0 ? 3000 : 60);
    const choice = random.below(10);
    const known = 1 + random.below(this.#ids + 2);
    if (choice < 6) {
      const kinds = [
        0,
        OrderFlag.POST_ONLY,
        OrderFlag.IOC,
        OrderFlag.FOK,
        OrderFlag.REDUCE_ONLY,
        OrderFlag.REDUCE_ONLY | OrderFlag.IOC,
      ];
      const flags = (isBuy ? OrderFlag.BUY : 0) | kinds[random.below(kinds.length)]!;
      send(this.#market, RequestKind.NEW, ++this.#ids, flags, price, size, nowNs, instrument);
    } else if (choice < 8) send(this.#market, RequestKind.CANCEL, known, 0, 0, 0, nowNs, instrument);
    else send(this.#market, RequestKind.AMEND, known, 0, price, size, nowNs, instrument);
  }
}

/** Signed own lots by the FILL reports of an instrument. */
export function ownLots(reports: readonly Taken[], instrument: number): number {
  let lots = 0;
  for (const { kind, flags, sizeLots, instrument: of } of reports) {
    if (kind === ReportKind.FILL && of === instrument) lots += (flags & OrderFlag.BUY) === 0 ? -sizeLots : sizeLots;
  }
  return lots;
}
