/**
 * Checks a Binance recording: the chain of update ids, and the best price and size after each diff against bookTicker.
 *
 * A recording without a snapshot is one day of a book that continues over midnight. The file of the day before, beside
 * it under the same name, is read first then, and its book and chain go on into this one.
 */
import { dirname, join } from 'node:path';
import type { BookBuilder } from '@quotewright/core/market/book-builder';
import type { OpenOptions } from '../recording.ts';
import { fileExists, openSource, sourceName } from '../source.ts';
import { newCheck, type Check, type Verdict } from '../verdict.ts';
import { NeverCrossed } from '../wire/book-checks.ts';
import { walkBooks } from '../walk-books.ts';
import { openBinance, type BinanceRecording } from './format.ts';
import { QuoteOracle } from './quote-oracle.ts';

const MS_PER_DAY = 86_400_000;

export async function verifyBinance(path: string, options: OpenOptions): Promise<Verdict> {
  const alone = await verifyDays([path], options);
  if (!alone.startsPartial) return alone.verdict;
  // Day by day further back, until one has a snapshot to start from.
  const days = [path];
  for (let earlier = await dayBefore(path); earlier !== undefined; earlier = await dayBefore(earlier)) {
    days.unshift(earlier);
    const together = await verifyDays(days, options);
    if (!together.startsPartial) return together.verdict;
  }
  return alone.verdict;
}

interface Outcome {
  readonly verdict: Verdict;
  /** A book of the first day never had a snapshot. */
  readonly startsPartial: boolean;
}

/** Reads consecutive days as one; the verdict is about the last. */
async function verifyDays(paths: readonly string[], options: OpenOptions): Promise<Outcome> {
  const books: BookBuilder[] = [];
  const notes: string[] = [];
  let before: BinanceRecording | undefined;
  let oracleBefore: QuoteOracle | undefined;
  let startsPartial = false;
  for (const path of paths.slice(0, -1)) {
    const recording = await openBinance(await openSource(path), options);
    if (before !== undefined) recording.decoder.continueFrom(before.decoder);
    const oracle = new QuoteOracle(recording.instruments);
    if (oracleBefore !== undefined) oracle.continueFrom(oracleBefore);
    await walkBooks(recording, books, [oracle]);
    if (before === undefined) startsPartial = lacksSnapshot(books);
    before = recording;
    oracleBefore = oracle;
  }
  const path = paths.at(-1)!;
  const recording = await openBinance(await openSource(path), options);
  const { decoder, instruments, report } = recording;
  if (before !== undefined) {
    decoder.continueFrom(before.decoder);
    const starts = [...before.decoder.depths.values()].map(({ symbol, chain }) => `${symbol} from u ${chain.lastId}`);
    notes.push(`continues the book of ${before.sourceName} beside it: ${starts.join(', ')}`);
  }
  const oracle = new QuoteOracle(instruments);
  if (oracleBefore !== undefined) oracle.continueFrom(oracleBefore);
  const crossed = new NeverCrossed(instruments);
  await walkBooks(recording, books, [oracle, crossed]);
  oracle.finish();
  if (before === undefined) startsPartial = lacksSnapshot(books);
  notes.push(...oracle.notes, ...decoder.clock.notes);
  const checks = [oracle.check, chainCheck(recording), crossed.check];
  return { verdict: { format: 'binance', path, checks, notes, report }, startsPartial };
}

function lacksSnapshot(books: readonly BookBuilder[]): boolean {
  return books.length === 0 || books.some(({ book }) => !book.hasSnapshot);
}

function chainCheck({ decoder, report }: BinanceRecording): Check {
  const check = newCheck('update ids continue the ones before');
  for (const { chain } of decoder.depths.values()) check.matched += chain.links;
  check.made = check.matched + report.gaps;
  check.mismatched = report.gaps;
  if (report.gaps > 0) check.first = `update ids are missing before line ${report.gapLines[0]}`;
  return check;
}

/** The recording of the day before: the same name with the date before the one in it, beside it. */
async function dayBefore(path: string): Promise<string | undefined> {
  const name = sourceName(await openSource(path));
  const parts = /^(.*?)(\d{4})(-?)(\d{2})\3(\d{2})(?!\d)(.*)$/.exec(name);
  if (parts === null) return undefined;
  const [, start, year, dash, month, day, rest] = parts;
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day)) - MS_PER_DAY;
  if (!(Math.abs(time) < 8e15)) return undefined;
  const date = new Date(time).toISOString().slice(0, 10).replaceAll('-', dash!);
  const earlier = join(dirname(path), `${start}${date}${rest}`);
  return (await fileExists(earlier)) ? earlier : undefined;
}
