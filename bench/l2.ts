/** L2 update and best price: every row of a depth feed is applied, then the touch of both sides is read. */
import { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import { ROW_WORDS, makeL2Rows } from './l2-feed.ts';
import { NaiveL2Book } from './naive-l2.ts';

/** Rows between two looks at the clock: its cost, some 40 ns, disappears in them. */
const BATCH_ROWS = 1000;

export interface L2Result {
  readonly name: string;
  readonly rows: number;
  /** The fastest round, and the median of the rounds. */
  readonly nsPerRow: number;
  readonly medianNsPerRow: number;
  readonly naiveNsPerRow: number;
  /** Nanoseconds per row over batches of 1,000 rows, of the fastest round. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** Sum over the rows of best bid + 3 × best ask, modulo 2^32; both books must agree on it. */
  readonly checksum: number;
}

/** @throws Error when the two books disagree. */
export function benchL2(rows = 5_000_000, rounds = 7, seed = 1): L2Result {
  const feed = makeL2Rows(rows, seed);
  const timings: Timing[] = [];
  for (let round = 0; round < rounds; round++) timings.push(replay(new L2Book(), feed, apply));
  timings.sort((a, b) => a.nsPerRow - b.nsPerRow);
  const naive = replay(new NaiveL2Book(), feed, applyNaive);
  const best = timings[0]!;
  if (naive.checksum !== best.checksum) throw new Error(`L2 books disagree: ${best.checksum}, naive ${naive.checksum}`);
  return {
    name: 'l2 update and best price',
    rows,
    nsPerRow: best.nsPerRow,
    medianNsPerRow: timings[timings.length >> 1]!.nsPerRow,
    naiveNsPerRow: naive.nsPerRow,
    p50: best.batches[Math.floor(best.batches.length * 0.5)]!,
    p99: best.batches[Math.floor(best.batches.length * 0.99)]!,
    p999: best.batches[Math.floor(best.batches.length * 0.999)]!,
    checksum: best.checksum,
  };
}

interface Timing {
  readonly nsPerRow: number;
  /** Nanoseconds per row of each batch, rising. */
  readonly batches: Float64Array;
  readonly checksum: number;
}

/** Applies the words [from, to) of the rows. A function of its own for each book, so that each is compiled for one. */
function apply(book: L2Book, feed: Float64Array, from: number, to: number, checksum: number): number {
  let sum = checksum;
  for (let at = from; at < to; at += ROW_WORDS) {
    book.set(feed[at] === 0 ? Side.BUY : Side.SELL, feed[at + 1]!, feed[at + 2]!);
    sum = (sum + book.bestPrice(Side.BUY) + 3 * book.bestPrice(Side.SELL)) | 0;
  }
  return sum;
}

function applyNaive(book: NaiveL2Book, feed: Float64Array, from: number, to: number, checksum: number): number {
  let sum = checksum;
  for (let at = from; at < to; at += ROW_WORDS) {
    book.set(feed[at] === 0 ? Side.BUY : Side.SELL, feed[at + 1]!, feed[at + 2]!);
    sum = (sum + book.best(Side.BUY) + 3 * book.best(Side.SELL)) | 0;
  }
  return sum;
}

/** Runs the rows through a new book in batches, each timed on its own. */
function replay<Book>(
  book: Book,
  feed: Float64Array,
  run: (book: Book, feed: Float64Array, from: number, to: number, checksum: number) => number,
): Timing {
  const batches = new Float64Array(Math.ceil(feed.length / ROW_WORDS / BATCH_ROWS));
  let checksum = 0;
  let last = performance.now();
  const start = last;
  for (let batch = 0; batch < batches.length; batch++) {
    const from = batch * BATCH_ROWS * ROW_WORDS;
    checksum = run(book, feed, from, Math.min(feed.length, from + BATCH_ROWS * ROW_WORDS), checksum);
    const now = performance.now();
    batches[batch] = ((now - last) * 1e6) / BATCH_ROWS;
    last = now;
  }
  const nsPerRow = ((last - start) * 1e6) / (feed.length / ROW_WORDS);
  return { nsPerRow, batches: batches.toSorted(), checksum };
}
