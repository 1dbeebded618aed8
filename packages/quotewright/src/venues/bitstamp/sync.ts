/**
 * How one Bitstamp book is begun and audited. Diffs bear a `microtimestamp` and no number, and sizes are absolute: a snapshot of REST as of T
 * and the diffs of T and later give the book, if a diff from before T has been seen, or none at all. A diff of the same microsecond is
 * applied, as the snapshot need not hold all of it. From time to time the book is compared with another snapshot, brought forward in the
 * same way, for a diff that never came leaves no other trace.
 */
import { Side } from '@quotewright/core/market/side';
import type { FeedBook } from '../feed-book.ts';

const STRIDE = 3;
/** Levels that are kept while a snapshot is awaited. */
const MOST_LEVELS = 200_000;

export const Verdict = {
  SAME: 0,
  DIFFERENT: 1,
  /** The snapshot is from before what was kept: it proves nothing. */
  TOO_OLD: 2,
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

interface Diff {
  readonly micros: number;
  readonly levels: Float64Array;
}

export class BookSync {
  /** Of the last diff or snapshot that the book holds. */
  micros = 0;
  /** A diff that is not older than the snapshot has come: time goes forward from there. */
  hasPassed = false;
  readonly #book: FeedBook;
  #kept: Diff[] = [];
  #keptLevels = 0;
  #isKeeping = false;
  /** Of the book when keeping began. */
  #keptFrom = 0;
  /** A snapshot to be compared with. */
  #snapshot: Diff | undefined;

  constructor(book: FeedBook) {
    this.#book = book;
  }

  /** Diffs are kept from here on, for a snapshot that is on its way. */
  keep(): void {
    this.#isKeeping = true;
    this.#kept = [];
    this.#keptLevels = 0;
    this.#keptFrom = this.micros;
    this.#snapshot = undefined;
  }

  stopKeeping(): void {
    this.#isKeeping = false;
    this.#kept = [];
    this.#snapshot = undefined;
  }

  /** A diff has been staged. @returns false when too much is kept: the snapshot has not come for too long */
  take(micros: number): boolean {
    if (!this.#isKeeping) return true;
    this.#kept.push({ micros, levels: this.#staged() });
    this.#keptLevels += this.#book.count;
    return this.#keptLevels <= MOST_LEVELS;
  }

  /**
   * A snapshot is staged, and the book not believed: lays it and the diffs that were kept.
   * @returns undefined when it is older than the first diff: there may be a gap between them; otherwise whether the book is sound
   */
  begin(micros: number): boolean | undefined {
    const first = this.#kept[0];
    if (first !== undefined && first.micros > micros) return undefined;
    const book = this.#book;
    let isSound = book.layWhole();
    this.micros = micros;
    this.hasPassed = false;
    for (const diff of this.#kept) {
      if (diff.micros < micros) continue;
      this.#stage(diff.levels);
      isSound = book.lay();
      this.micros = diff.micros;
      this.hasPassed = true;
    }
    this.stopKeeping();
    return isSound;
  }

  /** A snapshot is staged that the book shall be compared with, once the diffs before it are surely here. */
  holdSnapshot(micros: number): void {
    this.#snapshot = { micros, levels: this.#staged() };
  }

  get hasSnapshot(): boolean {
    return this.#snapshot !== undefined;
  }

  /** Compares; when they differ, the snapshot, brought forward, is staged. */
  compare(): Verdict {
    const snapshot = this.#snapshot;
    if (snapshot === undefined || snapshot.micros < this.#keptFrom) {
      this.#snapshot = undefined;
      return Verdict.TOO_OLD;
    }
    const sides = [new Map<number, number>(), new Map<number, number>()] as const;
    for (const { micros, levels } of [snapshot, ...this.#kept]) {
      if (micros < snapshot.micros) continue;
      for (let at = 0; at < levels.length; at += STRIDE) {
        const side = sides[levels[at + 2] === 1 ? 1 : 0];
        if (levels[at + 1] === 0) side.delete(levels[at]!);
        else side.set(levels[at]!, levels[at + 1]!);
      }
    }
    this.stopKeeping();
    const { bids, asks } = this.#book.book;
    if (isSame(bids, sides[1]) && isSame(asks, sides[0])) return Verdict.SAME;
    this.#book.begin();
    for (const [ticks, lots] of sides[1]) this.#book.level(Side.BUY, ticks, lots);
    for (const [ticks, lots] of sides[0]) this.#book.level(Side.SELL, ticks, lots);
    return Verdict.DIFFERENT;
  }

  #staged(): Float64Array {
    return this.#book.staged.slice(0, this.#book.count * STRIDE);
  }

  #stage(levels: Float64Array): void {
    const book = this.#book;
    while (book.staged.length < levels.length) book.grow();
    book.staged.set(levels);
    book.count = levels.length / STRIDE;
  }
}

function isSame(levels: FeedBook['book']['bids'], expected: ReadonlyMap<number, number>): boolean {
  if (levels.count !== expected.size) return false;
  for (let level = levels.best(); level >= 0; level = levels.next(level)) {
    if (expected.get(levels.priceOf(level)) !== levels.sizeOf(level)) return false;
  }
  return true;
}
