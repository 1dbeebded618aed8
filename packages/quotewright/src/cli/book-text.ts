/** What `book show` prints for people: a ladder, asks above bids with the best in the middle, and the book's measures. */
import pc from 'picocolors';
import { grouped } from '../data/findings.ts';
import type { BookView, FillView, LevelView } from './book-view.ts';

/** Books that are printed; a file of a thousand options would scroll everything away. */
const SHOWN_BOOKS = 20;
const WIDTH = 80;
const LABEL_WIDTH = 12;
/** Stands for a figure that does not exist. */
const NONE = '-';

export interface Books {
  readonly path: string;
  readonly format: string;
  readonly rows: number;
  readonly badRows: number;
  readonly gaps: number;
  readonly books: readonly BookView[];
}

export function booksText({ path, format, rows, badRows, gaps, books }: Books): string {
  const lines = [`${path} (${format}): ${counted(rows, 'row')}`];
  if (badRows > 0 || gaps > 0) {
    lines.push(pc.red(`${counted(badRows, 'bad row')}, ${counted(gaps, 'gap')}: 'data validate' lists them`));
  }
  for (const book of books.slice(0, SHOWN_BOOKS)) lines.push('', ...bookLines(book));
  const left = books.length - SHOWN_BOOKS;
  if (left > 0) lines.push('', `… and ${counted(left, 'more book')}; --symbol shows one, --json all`);
  return `${lines.join('\n')}\n`;
}

function bookLines(book: BookView): string[] {
  const { tick, lot, levels, orders, checksums, spreadTicks } = book;
  const kind = book.book === 'L3' ? 'order by order (L3)' : 'levels (L2)';
  const counts = `${counted(levels.bids, 'bid')}, ${counted(levels.asks, 'ask')}`;
  const crossed = book.crossed ? pc.red(' (crossed or locked)') : '';
  const measures: [string, string][] = [
    ['best bid', bestText(book.bids[0])],
    ['best ask', bestText(book.asks[0])],
    ['spread', spreadTicks === null ? NONE : `${counted(spreadTicks, 'tick')}, ${book.spread}${crossed}`],
    ['mid', book.mid ?? NONE],
    ['microprice', book.microprice ?? NONE],
    ['imbalance', imbalanceText(book)],
    ...book.depth.map(({ ticks, bids, asks }, index): [string, string] => [
      index === 0 ? 'depth' : '',
      `within ${counted(ticks, 'tick')}: bids ${bids ?? NONE}, asks ${asks ?? NONE}`,
    ]),
    ...fillRows('to buy', book.fill.size, book.fill.buy),
    ...fillRows('to sell', book.fill.size, book.fill.sell),
    ['levels', orders === null ? counts : `${counts}; ${counted(orders, 'order')}`],
    ['sequence', book.sequence === null ? NONE : String(book.sequence)],
    [
      'checksums',
      checksums.made === 0 ? NONE : `${grouped(checksums.made)} compared, ${grouped(checksums.failed)} failed`,
    ],
    ['state', book.whole ? pc.green(stateText(book)) : pc.red(stateText(book))],
  ];
  return [
    `${pc.bold(`${book.venue} ${book.symbol}`)}  ${kind}, tick ${tick}, lot ${lot}`,
    asOfText(book),
    '',
    ...ladder(book),
    '',
    ...measures.map(([label, text]) => `${label.padEnd(LABEL_WIDTH)}${text}`),
  ];
}

function asOfText({ venueTime, localTime }: BookView): string {
  const time = (venueTime ?? localTime)?.replace('T', ' ');
  if (time === undefined) return 'as of an unknown time';
  return `as of ${time}, the ${venueTime === null ? "recorder's" : "venue's"} clock`;
}

function ladder({ book, asks, bids }: BookView): string[] {
  const head = ['', 'price', 'size', 'cumulative'];
  if (book === 'L3') head.push('orders', 'front order');
  const rows = [
    head,
    ...(asks.length === 0 ? [['ask', 'none']] : asks.toReversed().map((level) => cells('ask', level))),
    ...(bids.length === 0 ? [['bid', 'none']] : bids.map((level) => cells('bid', level))),
  ];
  const widths = head.map((_, column) => rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0));
  // Numbers of orders are the last column: long ones are the first thing to go.
  if (sumOf(widths) + 2 * (widths.length - 1) > WIDTH) widths.pop();
  return rows.map((row) => {
    const line = widths.map((width, column) => (row[column] ?? '').padStart(width)).join('  ');
    if (row === head) return pc.dim(line.trimEnd());
    return row[0] === 'ask' ? pc.red(line.trimEnd()) : pc.green(line.trimEnd());
  });
}

function cells(side: string, level: LevelView): string[] {
  const row = [side, level.price ?? NONE, level.size ?? NONE, level.cumulative ?? NONE];
  if (level.queue !== undefined) row.push(grouped(level.queue.orders), String(level.queue.front));
  return row;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function bestText(level: LevelView | undefined): string {
  return level === undefined ? 'none' : `${level.price ?? NONE}, size ${level.size ?? NONE}`;
}

function imbalanceText({ imbalance, imbalanceLevels }: BookView): string {
  if (imbalance === null) return NONE;
  const over = imbalanceLevels === 1 ? 'the best level' : `the ${grouped(imbalanceLevels)} best levels`;
  return `${imbalance.toFixed(4)} over ${over} (1 all bids, -1 all asks)`;
}

function fillRows(label: string, size: string | null, fill: FillView): [string, string][] {
  const { complete, filled, distanceTicks, worst, vwap } = fill;
  if (size === null || vwap === null) return [[label, NONE]];
  const how = complete ? `${counted(distanceTicks ?? 0, 'tick')} from the touch` : `only ${filled} is there`;
  return [
    [label, `${size} at ${vwap} on average`],
    ['', `to ${worst}, ${how}`],
  ];
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${Math.abs(count) === 1 ? '' : 's'}`;
}

function stateText({ whole, stale, hasSnapshot, levels }: BookView): string {
  if (!hasSnapshot && levels.bids + levels.asks === 0) return 'no book: the recording holds no levels and no orders';
  if (whole) return 'whole: from a snapshot, and nothing is missing since';
  if (!hasSnapshot) {
    return stale ? 'stale: no complete snapshot' : 'no snapshot: not the whole book, and what is there may be gone';
  }
  return 'stale: since its snapshot there was a gap or a checksum that failed';
}
