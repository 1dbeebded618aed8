/** Checks of Coinbase recordings: the tops recorded beside a full channel, and the inner consistency of REST snapshots. */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Book } from '@quotewright/core/market/book';
import type { BookBuilder } from '@quotewright/core/market/book-builder';
import { Side } from '@quotewright/core/market/side';
import type { OpenOptions } from '../recording.ts';
import { InputError } from '../report.ts';
import { fileExists, openSource, readWhole } from '../source.ts';
import { newCheck, record } from '../verdict.ts';
import type { Check, Verdict } from '../verdict.ts';
import { walkBooks } from '../walk-books.ts';
import { coinbaseFullFormat } from './coinbase-full.ts';
import { coinbaseRestFormat, readSnapshot } from './coinbase-rest.ts';
import { BadRow, decimalText, parseObject, positiveLots, priceTicks, sizeLots } from './decimals.ts';
import { replicaNotes } from './replica-notes.ts';

const MAX_OUT_BYTES = 64 * 1024 * 1024;
const SIDES = [
  ['bids', Side.BUY],
  ['asks', Side.SELL],
] as const;

/** The `.out` beside the recording holds `{bids, asks, sequence}`, `[price, size]` rows, best first, after its last message. */
export async function verifyCoinbaseFull(path: string, options: OpenOptions): Promise<Verdict> {
  const outPath = path.replace(/\.in(\.[a-z0-9]+)?$/i, '.out');
  if (outPath === path || !(await fileExists(outPath))) {
    throw new InputError(`${path}: no recorded tops to check against (a file of the same name that ends in .out)`);
  }
  const recording = await coinbaseFullFormat.open(await openSource(path), options);
  let sequence = 0;
  const builders: BookBuilder[] = [];
  await walkBooks(recording, builders);
  const builder = builders[0];
  const instrument = recording.instruments[0];
  if (builder === undefined || instrument === undefined) throw new InputError(`${path}: holds no order events`);
  const text = (await readWhole(await openSource(outPath), MAX_OUT_BYTES)).toString('utf8');
  const check = newCheck('tops after the last message: price and size of each level in .out');
  try {
    const truth = parseObject(text);
    sequence = Number(truth['sequence']);
    for (const [name, side] of SIDES) checkTop(check, builder.book, instrument, side, rowsOf(truth[name], name));
  } catch (error) {
    if (error instanceof BadRow) throw new InputError(`${outPath}: ${error.message}`);
    throw error;
  }
  const notes = [`${outPath} is the book at sequence ${sequence}`, ...replicaNotes(builder)];
  return { format: recording.format, path, checks: [check], notes, report: recording.report };
}

function checkTop(check: Check, book: Book, instrument: Instrument, side: Side, rows: readonly unknown[]): void {
  const prices = new Float64Array(rows.length);
  const sizes = new Float64Array(rows.length);
  const held = book.top(side, rows.length, prices, sizes);
  for (let i = 0; i < rows.length; i++) {
    const [price, size] = rowsOf(rows[i], 'row');
    const ticks = priceTicks(instrument, price);
    const lots = sizeLots(instrument, size);
    const matched = i < held && prices[i] === ticks && sizes[i] === lots;
    record(check, matched, () => {
      const ours =
        i < held ? `${instrument.size.format(sizes[i]!)}@${instrument.price.format(prices[i]!)}` : 'no level';
      const name = side === Side.BUY ? 'bid' : 'ask';
      return `${name} ${i + 1}: book ${ours}, recorded ${decimalText(size, 'size')}@${decimalText(price, 'price')}`;
    });
  }
}

/** A snapshot holds no second truth, so it is checked against itself: its own order, its levels' sums, its sides. */
export async function verifyCoinbaseRest(path: string, options: OpenOptions): Promise<Verdict> {
  const snapshot = await readSnapshot(await openSource(path));
  const recording = await coinbaseRestFormat.open(await openSource(path), options);
  const builders: BookBuilder[] = [];
  await walkBooks(recording, builders);
  const builder = builders[0]!;
  const { book } = builder;
  const instrument = recording.instruments[0]!;
  const sorted = newCheck('rows are sorted best first');
  const levels = newCheck("the book's levels are the rows summed by price");
  const uncrossed = newCheck('best bid below best ask');
  let orders = 0;
  for (const [name, side] of SIDES) {
    const sums = new Map<number, number>();
    let last = Number.NaN;
    for (const row of snapshot[name]) {
      const level = levelOf(instrument, row);
      if (level === undefined) continue;
      const { ticks, lots, third } = level;
      sums.set(ticks, (sums.get(ticks) ?? 0) + lots);
      const inOrder = !(side === Side.BUY ? ticks > last : ticks < last) && !(snapshot.level === 2 && ticks === last);
      const before = last;
      const price = (n: number): string => instrument.price.format(n);
      record(sorted, inOrder, () => `${name}: ${price(ticks)} after ${price(before)}`);
      last = ticks;
      orders += snapshot.level === 3 ? 1 : Number(third);
    }
    checkSums(levels, book, instrument, side, sums);
  }
  record(uncrossed, !book.isCrossed, () => `bid ${book.bestPrice(Side.BUY)}, ask ${book.bestPrice(Side.SELL)} (ticks)`);
  const notes = [
    `${orders} orders; one moment only: there is nothing recorded to compare it with`,
    ...replicaNotes(builder),
  ];
  return { format: recording.format, path, checks: [sorted, levels, uncrossed], notes, report: recording.report };
}

interface RestLevel {
  readonly ticks: number;
  readonly lots: number;
  readonly third: unknown;
}

/** A row's numbers; undefined for a bad row, which the reader has counted. */
function levelOf(instrument: Instrument, row: unknown): RestLevel | undefined {
  try {
    const [price, size, third] = rowsOf(row, 'row');
    return { ticks: priceTicks(instrument, price), lots: positiveLots(instrument, size), third };
  } catch (error) {
    if (error instanceof BadRow) return undefined;
    throw error;
  }
}

function checkSums(check: Check, book: Book, instrument: Instrument, side: Side, sums: Map<number, number>): void {
  for (const [ticks, lots] of sums) {
    const held = book.sizeAt(side, ticks);
    record(check, held === lots, () => {
      const size = (n: number): string => instrument.size.format(n);
      return `${instrument.price.format(ticks)}: book ${size(held)}, rows ${size(lots)}`;
    });
  }
  const held = book.levelCount(side);
  record(check, held === sums.size, () => `book holds ${held} levels, rows make ${sums.size}`);
}

/** @throws BadRow when the value is no array. */
function rowsOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new BadRow(`${name} is no array`);
}
