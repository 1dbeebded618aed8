/** Checks of a LOBSTER sample against its own book rows, and of the venue's queue priority where it can be known. */
import { asciiAt, NumericRow } from '../csv.ts';
import type { OpenOptions } from '../recording.ts';
import { InputError, ReadReport } from '../report.ts';
import { openSource } from '../source.ts';
import { newCheck, record, recordExplained } from '../verdict.ts';
import type { Check, Verdict } from '../verdict.ts';
import { bookSourceOf } from './files.ts';
import { lobsterFormat, messagesOf } from './format.ts';
import { LineCursor } from './line-cursor.ts';
import { formatRow, OneStep } from './one-step.ts';
import { VisibleQueues } from './queues.ts';
import { Column, MessageRow, MessageType, ROW_FAULT_TEXT, RowFault } from './row.ts';

const MAX_LEVELS = 200;

/** A younger order executed although the oldest rests: the recording proves it in one of two ways, and says no more. */
export const PASSED_OVER = {
  LATER_MESSAGE: 'the venue passed over the oldest order: a later message finds it still resting',
  BOOK_ROW:
    'the venue passed over the oldest order: the book row after still counts its shares (its level then left the window)',
} as const;

interface PassedOver {
  readonly text: string;
  count: number;
  /** True when every book row after such an execution still counted the order's shares. */
  isInBookRow: boolean;
}

export async function verifyLobster(path: string, options: OpenOptions): Promise<Verdict> {
  const source = await messagesOf(await openSource(path));
  // The checks work in the file's own units; opening it judges the options.
  await lobsterFormat.open(source, options);
  const bookSource = await bookSourceOf(source);
  if (bookSource === undefined) {
    throw new InputError(
      `${path}: no order book rows to check against (…_orderbook_N.csv in the archive or beside it)`,
    );
  }
  const report = new ReadReport(source.path, options.strict);
  const verification = new Verification(report);
  const messages = new LineCursor(source);
  const books = new LineCursor(bookSource);
  try {
    for (;;) {
      const hasMessage = messages.advance() || (await messages.refill());
      const hasBook = books.advance() || (await books.refill());
      if (hasMessage !== hasBook) {
        const shorter = hasMessage ? 'book rows' : 'messages';
        throw new InputError(
          `${path}:${messages.line}: there are fewer ${shorter} than ${hasMessage ? 'messages' : 'book rows'}`,
        );
      }
      if (!hasMessage) break;
      verification.step(messages, books);
    }
  } finally {
    await messages.close();
    await books.close();
  }
  return verification.verdict(path);
}

class Verification {
  readonly #report: ReadReport;
  readonly #oneStep = newCheck('one step: message applied to the book row before gives the book row after');
  readonly #priority = newCheck('queue priority: the oldest order is executed, where the whole queue is known');
  readonly #message = new MessageRow();
  readonly #book = new NumericRow(MAX_LEVELS * 4);
  readonly #queues = new VisibleQueues();
  /** Oldest orders that were passed over, by id, until a message finds them resting. */
  readonly #passedOver = new Map<number, PassedOver>();
  #step: OneStep | undefined;
  #hasRow = false;

  constructor(report: ReadReport) {
    this.#report = report;
  }

  step(messages: LineCursor, books: LineCursor): void {
    const message = this.#message;
    const book = this.#book;
    message.decode(messages.bytes, messages.start, messages.end);
    book.decode(books.bytes, books.start, books.end);
    this.#report.rows++;
    if (book.count < 4 || book.count % 4 !== 0 || book.count > MAX_LEVELS * 4) {
      return this.#bad('book row is not whole levels of numbers', books);
    }
    const step = (this.#step ??= new OneStep(book.count / 4));
    if (book.count !== step.row.length) return this.#bad(`book row does not have ${step.levels} levels`, books);
    const row = book.values.subarray(0, book.count);
    if (message.fault !== RowFault.NONE) {
      this.#bad(ROW_FAULT_TEXT[message.fault], messages);
      step.load(row);
      return;
    }
    const { values } = message;
    const price = values[Column.PRICE]!;
    if (this.#hasRow) {
      step.apply(values[Column.TYPE]!, values[Column.SIZE]!, price, values[Column.DIRECTION]!);
      record(this.#oneStep, step.equals(row), () => {
        const text = asciiAt(messages.bytes, messages.start, messages.end);
        return `line ${messages.line}: message ${text}: expected ${formatRow(step.row)}; recorded ${formatRow(row)}`;
      });
    }
    const passed = this.#checkPriority(values, messages);
    this.#queues.apply(values, row);
    if (passed !== undefined) passed.isInBookRow &&= this.#queues.agrees(values, row);
    step.load(row);
    this.#hasRow = true;
  }

  verdict(path: string): Verdict {
    for (const { text, count, isInBookRow } of this.#passedOver.values()) {
      for (let i = 0; i < count; i++) {
        if (isInBookRow) recordExplained(this.#priority, PASSED_OVER.BOOK_ROW);
        else record(this.#priority, false, () => text);
      }
    }
    this.#passedOver.clear();
    const checks: Check[] = [this.#oneStep, this.#priority];
    const notes = [
      `visible levels a side: ${this.#step?.levels ?? 0}; a whole rebuild is impossible, cancels outside that window are not published`,
    ];
    return { format: 'lobster', path, checks, notes, report: this.#report };
  }

  /** Answers the entry of the order that this message passed over, if it did. */
  #checkPriority(values: Float64Array, at: LineCursor): PassedOver | undefined {
    const type = values[Column.TYPE]!;
    const id = values[Column.ID]!;
    const resting = this.#passedOver.get(id);
    if (resting !== undefined && type >= MessageType.REDUCE && type <= MessageType.EXECUTE) {
      for (let i = 0; i < resting.count; i++) recordExplained(this.#priority, PASSED_OVER.LATER_MESSAGE);
      this.#passedOver.delete(id);
    }
    if (type !== MessageType.EXECUTE) return undefined;
    const oldest = this.#queues.oldest(values);
    if (Number.isNaN(oldest)) return undefined;
    if (oldest === id) {
      record(this.#priority, true, () => '');
      return undefined;
    }
    let entry = this.#passedOver.get(oldest);
    if (entry === undefined) {
      const text = `line ${at.line}: order ${id} was executed before order ${oldest}, the oldest of its level`;
      entry = { text, count: 0, isInBookRow: true };
      this.#passedOver.set(oldest, entry);
    }
    entry.count++;
    return entry;
  }

  #bad(kind: string, at: LineCursor): void {
    this.#report.addBad(kind, at.line, asciiAt(at.bytes, at.start, at.end));
  }
}
