/**
 * Binance's public archive of prints and of best quotes: CSV, one symbol a file, in a zip or not; of spot without a header, of futures with
 * one or without. `trades`: id, price, size, notional, time, whether the buyer was the maker. `aggTrades`: id, price, size, first and last
 * id, time, the same. `bookTicker` (futures): update id, bid, its size, ask, its size, time, event time. Spot has told microseconds since
 * 2025, milliseconds before. There is no local time. Source: github.com/binance/binance-public-data.
 */
import { basename } from 'node:path';
import { UnixUnit, unixTextToNs } from '@quotewright/core/base/time';
import { Side } from '@quotewright/core/market/side';
import { guessInstrument } from '../guess-instrument.ts';
import { textLines } from '../lines.ts';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import { InputError, ReadReport } from '../report.ts';
import { HEAD_BYTES, type Source, firstBytes } from '../source.ts';
import { Feed } from '../wire/feed.ts';

const NS_PER_DAY = 86_400e9;
const NAME = /^(.+)-(?:trades|aggTrades|bookTicker)-\d{4}-\d{2}(?:-\d{2})?\./u;
const HEADER = /^(?:agg_trade_id|id|update_id),/u;
const DECIMAL = String.raw`\d+(?:\.\d+)?`;
const FLAG = '(?:[Tt]rue|[Ff]alse)';
const TIME = String.raw`\d{13}(?:\d{3})?`;
const TRADE = new RegExp(`^\\d+,${DECIMAL},${DECIMAL},${DECIMAL},${TIME},${FLAG}(?:,${FLAG})?$`, 'u');
const AGGREGATE = new RegExp(`^\\d+,${DECIMAL},${DECIMAL},\\d+,\\d+,${TIME},${FLAG}(?:,${FLAG})?$`, 'u');
const TICKER = new RegExp(`^\\d+,${DECIMAL},${DECIMAL},${DECIMAL},${DECIMAL},${TIME},${TIME}$`, 'u');

/** How rows are read: the columns of time and of the flag, or that they are quotes. */
interface Layout {
  readonly time: number;
  readonly flag: number;
}
const LAYOUTS: readonly (readonly [RegExp, Layout])[] = [
  [TRADE, { time: 4, flag: 5 }],
  [AGGREGATE, { time: 5, flag: 6 }],
  [TICKER, { time: 5, flag: -1 }],
];

export const binanceArchiveFormat: Format = {
  name: 'binance-archive',
  description: 'CSV of data.binance.vision: trades, aggTrades, bookTicker, zipped or not',
  recognise: ({ path, text }) => {
    if (layoutOf(firstRow(text)) === undefined) return 0;
    return NAME.test(basename(path)) ? 0.98 : 0.7;
  },
  open: openArchive,
};

async function openArchive(source: Source, options: OpenOptions): Promise<Recording> {
  const head = Buffer.from(await firstBytes(source, HEAD_BYTES)).toString('latin1');
  const row = firstRow(head);
  const layout = layoutOf(row);
  if (layout === undefined) {
    throw new InputError(
      `${source.path}:1: found '${row.slice(0, 60)}', expected a row of trades, aggTrades or bookTicker`,
    );
  }
  const report = new ReadReport(source.path, options.strict);
  const first = timeNs(row.split(',')[layout.time]!, 0);
  const feed = new Feed(report, Math.floor(first / NS_PER_DAY), options);
  const symbol = options.symbol ?? NAME.exec(basename(source.path))?.[1] ?? 'unknown';
  const rows = head
    .split(/\r?\n/u)
    .slice(0, -1)
    .filter((line) => layoutOf(line) !== undefined);
  const texts = (column: number): string[] => rows.map((line) => line.split(',')[column] ?? '');
  const samples =
    layout.flag < 0
      ? { prices: [...texts(1), ...texts(3)], sizes: [...texts(2), ...texts(4)] }
      : { prices: texts(1), sizes: texts(2) };
  const venue = venueOf(source.path, symbol, HEADER.test(head));
  feed.instruments.list(guessInstrument(venue, symbol, options, () => samples).spec);
  feed.instruments.index(venue, symbol, () => samples);
  report.notes.push('the archive tells the venue’s time alone: nothing is known of latency');
  return {
    format: 'binance-archive',
    epochDay: feed.epochDay,
    instruments: feed.instruments.all,
    report,
    isL3: false,
    async *batches() {
      for await (const { lines, firstLine } of textLines(source)) {
        for (let i = 0; i < lines.length; i++) {
          feed.line = firstLine + i;
          const line = lines[i]!;
          if (line !== '' && !(feed.line === 1 && HEADER.test(line))) readRow(feed, layout, line);
        }
        yield* feed.sink.drain(false);
      }
      yield* feed.sink.drain(true);
    },
  };
}

function readRow(feed: Feed, { time, flag }: Layout, line: string): void {
  feed.report.rows++;
  const fields = line.split(',');
  const venueNs = timeNs(fields[time] ?? '', feed.epochDay);
  if (venueNs !== venueNs) return feed.bad('time is no Unix milliseconds or microseconds', line);
  const id = /^\d{1,15}$/u.test(fields[0]!) ? Number(fields[0]) : 0;
  if (flag < 0) {
    if (fields.length < 7) return feed.bad('not seven columns', line);
    return feed.quote(0, venueNs, [fields[1], fields[2]], [fields[3], fields[4]], id);
  }
  const isBuyerMaker = fields[flag]?.toLowerCase();
  if (isBuyerMaker !== 'true' && isBuyerMaker !== 'false')
    return feed.bad('whether the buyer was the maker is not told', line);
  feed.trade(0, isBuyerMaker === 'true' ? Side.SELL : Side.BUY, venueNs, fields[1], fields[2], id);
}

function firstRow(text: string): string {
  const [first = '', second = ''] = text.split(/\r?\n/u, 2);
  return HEADER.test(first) ? second : first;
}

function layoutOf(row: string): Layout | undefined {
  return LAYOUTS.find(([shape]) => shape.test(row))?.[1];
}

/** The archive's folders tell the market; without them, futures have a header, and those in coins have an underscore. */
function venueOf(path: string, symbol: string, hasHeader: boolean): string {
  if (path.includes('/cm/') || /_(?:PERP|\d{6})$/u.test(symbol)) return 'binance-coinm';
  return path.includes('/um/') || (hasHeader && !path.includes('/spot/')) ? 'binance-usdm' : 'binance';
}

function timeNs(text: string, epochDay: number): number {
  if (!/^\d{13}(?:\d{3})?$/u.test(text)) return Number.NaN;
  return unixTextToNs(text, text.length === 13 ? UnixUnit.MILLIS : UnixUnit.MICROS, epochDay);
}
