/**
 * A LOBSTER sample as a book that is right at every moment: the messages, with what only the book rows tell.
 *
 * From the messages alone no book can be built: orders that rested before the recording are never named, and the cancels of a level
 * outside the window of visible levels are not published, so that it fills with orders that are long gone and crosses. Here
 * the book is the window. A level that comes into view holds an order of a number of our own for all of the size whose orders
 * are not known (they are the oldest); what befalls orders that nobody has named befalls it. A level that goes out of view is
 * removed. Added orders of that kind carry the flag SNAPSHOT: their age is not known.
 */
import { EventBatch, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { NumericRow } from '../csv.ts';
import type { LineBlock } from '../lines.ts';
import type { OpenOptions, Recording } from '../recording.ts';
import type { ReadReport } from '../report.ts';
import { openSource } from '../source.ts';
import type { Source } from '../source.ts';
import { bookSourceOf } from './files.ts';
import { LobsterRecording, messagesOf, unitsPerTick } from './format.ts';
import { LineCursor } from './line-cursor.ts';

const MAX_LEVELS = 200;
/** Events of a batch at which it is handed out. The room above it is for the orders of the levels that one message drives out of view. */
const FULL = 4096;
const CAPACITY = 4 * FULL;
/** NASDAQ's order numbers of a day stay far below. */
const FIRST_OWN_NUMBER = 2 ** 50;

interface Level {
  readonly isBuy: boolean;
  readonly priceTicks: number;
  /** The order that stands for those that are not known; 0 = none was needed so far. */
  unknownId: number;
  unknownLots: number;
  /** Open lots of the known orders. */
  readonly orders: Map<number, number>;
  /** Sum of the above. */
  lots: number;
}

/** A sample with its book rows; undefined when there are none beside or in the archive. */
export async function openVisibleBook(path: string, options: OpenOptions): Promise<Recording | undefined> {
  const messages = await messagesOf(await openSource(path));
  const books = await bookSourceOf(messages);
  return books === undefined ? undefined : new VisibleBookRecording(messages, books, options);
}

class VisibleBookRecording implements Recording {
  readonly format = 'lobster';
  readonly isL3 = true;
  readonly epochDay: number;
  readonly instruments: readonly Instrument[];
  readonly report: ReadReport;
  readonly #messages: LobsterRecording;
  readonly #messageSource: Source;
  readonly #bookSource: Source;

  constructor(messages: Source, books: Source, options: OpenOptions) {
    this.#messages = new LobsterRecording(messages, options);
    this.epochDay = this.#messages.epochDay;
    this.instruments = this.#messages.instruments;
    this.report = this.#messages.report;
    this.#messageSource = messages;
    this.#bookSource = books;
  }

  async *batches(): AsyncGenerator<EventBatch, void, undefined> {
    const { parser } = this.#messages;
    const messages = new LineCursor(this.#messageSource);
    const books = new LineCursor(this.#bookSource);
    const row = new NumericRow(MAX_LEVELS * 4);
    const event = new EventBatch(1);
    const out = new EventBatch(CAPACITY);
    const { spec } = this.instruments[0]!;
    const window = new VisibleWindow(unitsPerTick(this.instruments[0]!), Number(spec.lot));
    try {
      while (await messages.next()) {
        event.clear();
        parser.line = messages.line - 1;
        const { bytes, start, line: number } = messages;
        const end = Math.min(messages.end + 1, bytes.length);
        const line: LineBlock = { bytes, start, end, firstLine: number, lineCount: 1 };
        // oxlint-disable-next-line no-array-fill-with-reference-type -- no array
        parser.fill(line, start, event);
        if (!(await books.next())) {
          this.report.addBad('there is no book row to the message', number, '');
          break;
        }
        row.decode(books.bytes, books.start, books.end);
        if (row.count < 4 || row.count % 4 !== 0 || row.count > MAX_LEVELS * 4) {
          this.report.addBad('book row is not whole levels of numbers', books.line, '');
          continue;
        }
        window.step(event, row.values.subarray(0, row.count), out);
        if (out.length > FULL) {
          yield out;
          out.clear();
        }
      }
    } finally {
      await messages.close();
      await books.close();
    }
    if (out.length > 0) yield out;
  }
}

class VisibleWindow {
  readonly #unitsPerTick: number;
  readonly #sharesPerLot: number;
  /** By price in units, negative for asks. */
  #levels = new Map<number, Level>();
  #lastNumber = FIRST_OWN_NUMBER;
  #hasBegun = false;
  #timeNs = Number.NaN;

  constructor(perTick: number, sharesPerLot: number) {
    this.#unitsPerTick = perTick;
    this.#sharesPerLot = sharesPerLot;
  }

  /** Appends the events of one message (none when it was bad) and of what the book row after it tells besides. */
  step(message: EventBatch, row: Float64Array, out: EventBatch): void {
    const begins = !this.#hasBegun;
    const flags = begins ? EventFlag.SNAPSHOT : 0;
    if (message.length > 0) this.#timeNs = message.data[Field.VENUE_NS]!;
    if (begins) this.#push(out, EventKind.SNAPSHOT_BEGIN, EventFlag.SNAPSHOT, 0, 0, 0);
    this.#hasBegun = true;
    if (message.length > 0) this.#apply(message.data, flags, out);
    this.#follow(row, out);
    if (begins) this.#push(out, EventKind.SNAPSHOT_END, EventFlag.SNAPSHOT, 0, 0, 0);
    out.endMessage();
  }

  #apply(data: Float64Array, moreFlags: number, out: EventBatch): void {
    const head = data[Field.HEAD]!;
    const kind = headKind(head);
    const price = data[Field.PRICE_TICKS]!;
    const lots = data[Field.SIZE_LOTS]!;
    const id = data[Field.ORDER_ID]!;
    const flags = (headFlags(head) & EventFlag.BUY) | moreFlags;
    const isBuy = (flags & EventFlag.BUY) !== 0;
    if (kind === EventKind.TRADE || kind === EventKind.STATUS) return this.#push(out, kind, flags, price, lots, id);
    let level = this.#levels.get(keyOf(isBuy, price));
    if (kind === EventKind.ORDER_ADD) {
      level ??= this.#open(isBuy, price);
      level.orders.set(id, lots);
      level.lots += lots;
      return this.#push(out, kind, flags, price, lots, id);
    }
    const open = level?.orders.get(id);
    if (level === undefined || open === undefined) {
      if (level === undefined || level.unknownLots === 0) return this.#push(out, kind, flags, price, lots, id);
      // An order that nobody has named: its removal takes out the size that the row tells.
      const gone = Math.min(lots, level.unknownLots);
      level.unknownLots -= gone;
      level.lots -= gone;
      const how = kind === EventKind.ORDER_EXEC ? kind : EventKind.ORDER_REDUCE;
      return this.#push(out, how, flags, price, gone, level.unknownId);
    }
    const left = kind === EventKind.ORDER_REMOVE ? 0 : Math.max(0, open - lots);
    level.lots -= open - left;
    if (left === 0) level.orders.delete(id);
    else level.orders.set(id, left);
    this.#push(out, kind, flags, price, lots, id);
  }

  /** Takes in what came into view, and lets go of what went out of it. */
  #follow(row: Float64Array, out: EventBatch): void {
    const visible = new Map<number, Level>();
    for (let at = 0; at < row.length; at += 2) {
      const shown = row[at + 1]! / this.#sharesPerLot;
      if (shown === 0) continue;
      const isBuy = at % 4 === 2;
      const price = row[at]! / this.#unitsPerTick;
      const key = keyOf(isBuy, price);
      const level = this.#levels.get(key) ?? this.#open(isBuy, price);
      visible.set(key, level);
      if (shown !== level.lots) this.#correct(level, shown - level.lots, out);
    }
    for (const [key, level] of this.#levels) if (!visible.has(key)) this.#close(level, out);
    this.#levels = visible;
  }

  /** The level shows more than is known of it (it came into view), or less. */
  #correct(level: Level, lots: number, out: EventBatch): void {
    const flags = level.isBuy ? EventFlag.BUY : 0;
    const gone = Math.min(-lots, level.unknownLots);
    if (lots > 0) {
      if (level.unknownLots > 0) this.#push(out, EventKind.ORDER_REMOVE, flags, level.priceTicks, 0, level.unknownId);
      level.unknownId = ++this.#lastNumber;
      level.unknownLots += lots;
      level.lots += lots;
      const { unknownLots, unknownId, priceTicks } = level;
      this.#push(out, EventKind.ORDER_ADD, flags | EventFlag.SNAPSHOT, priceTicks, unknownLots, unknownId);
    } else if (gone > 0) {
      level.unknownLots -= gone;
      level.lots -= gone;
      this.#push(out, EventKind.ORDER_REDUCE, flags, level.priceTicks, gone, level.unknownId);
    }
  }

  #open(isBuy: boolean, priceTicks: number): Level {
    const level = { isBuy, priceTicks, unknownId: 0, unknownLots: 0, orders: new Map<number, number>(), lots: 0 };
    this.#levels.set(keyOf(isBuy, priceTicks), level);
    return level;
  }

  #close(level: Level, out: EventBatch): void {
    const flags = level.isBuy ? EventFlag.BUY : 0;
    if (level.unknownLots > 0) this.#push(out, EventKind.ORDER_REMOVE, flags, level.priceTicks, 0, level.unknownId);
    for (const id of level.orders.keys()) this.#push(out, EventKind.ORDER_REMOVE, flags, level.priceTicks, 0, id);
  }

  #push(out: EventBatch, kind: number, flags: number, price: number, lots: number, id: number): void {
    out.push(kind, flags, 0, this.#timeNs, Number.NaN, price, lots, id, 0, 0);
  }
}

function keyOf(isBuy: boolean, priceTicks: number): number {
  return isBuy ? priceTicks : -priceTicks;
}
