/** `quotewright book show FILE`: the books of a recording as they are at its end, for people in 80 columns or as JSON. */
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { GRID_FAULT_TEXT } from '@quotewright/core/base/grid';
import type { Book } from '@quotewright/core/market/book';
import type { BookBuilder } from '@quotewright/core/market/book-builder';
import { Field } from '@quotewright/core/market/event';
import type { EventBatch } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { FORMATS } from '../data/formats.ts';
import type { Recording } from '../data/recording.ts';
import { InputError } from '../data/report.ts';
import { walkBooks, type BookVisitor } from '../data/walk-books.ts';
import { WireRecording } from '../data/wire/format.ts';
import { KrakenChecksums } from '../data/wire/kraken-checksum.ts';
import { KrakenWire } from '../data/wire/kraken.ts';
import { booksText } from './book-text.ts';
import { bookView, type BookView } from './book-view.ts';
import { openWithProgress } from '../data/open.ts';
import { withProgress } from './data-open.ts';

const MAX_LEVELS = 100_000;
/** Symbols that an error names. */
const NAMED_SYMBOLS = 10;

export function showCommand() {
  const formats = FORMATS.map((format) => format.name).join(', ');
  return new Command('show')
    .exitOverride()
    .description('rebuild the books of a recording and show them as they are at its end')
    .argument('<file>', 'a recording, or a directory of Parquet partitions')
    .option('--symbol <name>', 'only the book of this instrument')
    .option('--levels <count>', 'levels a side', parseLevels, 10)
    .option('--fill <decimal>', 'size whose cost is shown (default: ten times the best ask)', parseFill)
    .option('--format <name>', `the recording's format, when its content does not tell: ${formats}`)
    .option('--tick <decimal>', 'tick size, when the recording does not state it')
    .option('--lot <decimal>', 'lot size, when the recording does not state it')
    .option('--mapping <file>', 'YAML or JSON that names the columns of a CSV, or the name of a preset')
    .option('--json', 'print JSON', false)
    .action(async (file, { json, symbol, levels, fill, format, ...reading }) => {
      const opened = await openWithProgress(file, format, { strict: false, ...reading });
      const { recording } = opened;
      const ends = await withProgress(opened, (seen) => readToEnd(recording, seen));
      const views: BookView[] = [];
      recording.instruments.forEach((instrument, index) => {
        if (symbol !== undefined && instrument.symbol !== symbol) return;
        const end = ends[index];
        if (end === undefined) return;
        const fillLots = fill === undefined ? Number.NaN : fillLotsOf(instrument, fill);
        const { book, times } = end;
        const [venueNs, localNs] = [times[0]!, times[1]!];
        views.push(bookView(instrument, book, { levels, fillLots, venueNs, localNs, epochDay: recording.epochDay }));
      });
      if (views.length === 0) throw new InputError(`${file}: ${nothingOf(recording, symbol)}`);
      const { rows, badRows, gaps } = recording.report;
      const value = { path: file, format: recording.format, rows, badRows, gaps, books: views };
      process.stdout.write(json ? `${JSON.stringify(value, undefined, 2)}\n` : booksText(value));
    });
}

interface End {
  readonly book: Book;
  /** Venue and local time of the last record that bears one. */
  readonly times: Float64Array;
}

/** The books at the end, by instrument. */
async function readToEnd(recording: Recording, seen: (batch: EventBatch) => void): Promise<(End | undefined)[]> {
  const times: Float64Array[] = [];
  const clock: BookVisitor = {
    after(data, offset, instrument) {
      const last = (times[instrument] ??= new Float64Array(2).fill(Number.NaN));
      const venue = data[offset + Field.VENUE_NS]!;
      const local = data[offset + Field.LOCAL_NS]!;
      if (!Number.isNaN(venue)) last[0] = venue;
      if (!Number.isNaN(local)) last[1] = local;
    },
  };
  const visitors = [clock, ...checksumsOf(recording)];
  const builders: BookBuilder[] = [];
  await walkBooks({ isL3: recording.isL3, batches: () => noting(recording, seen) }, builders, visitors);
  return builders.map(({ book }, index) => (times[index] === undefined ? undefined : { book, times: times[index] }));
}

async function* noting(recording: Recording, seen: (batch: EventBatch) => void) {
  for await (const batch of recording.batches()) {
    yield batch;
    seen(batch);
  }
}

/** A book whose checksum fails is stale, so they are compared here as `book verify` does. */
function checksumsOf(recording: Recording): BookVisitor[] {
  if (!(recording instanceof WireRecording) || !(recording.decoder instanceof KrakenWire)) return [];
  return [new KrakenChecksums(recording.decoder, recording.instruments)];
}

function nothingOf({ instruments }: Recording, symbol: string | undefined): string {
  if (symbol === undefined) return 'holds no event of any instrument';
  const names = instruments.slice(0, NAMED_SYMBOLS).map((instrument) => instrument.symbol);
  if (instruments.length > names.length) names.push('…');
  return `--symbol: found '${symbol}', expected one of ${names.join(', ')}`;
}

function fillLotsOf({ symbol, size }: Instrument, text: string): number {
  const lots = size.parse(text);
  if (Number.isNaN(lots)) {
    const why = GRID_FAULT_TEXT[size.fault];
    throw new InputError(`--fill: found '${text}', expected a size in lots of ${size.step} (${symbol}); it is ${why}`);
  }
  return lots;
}

function parseFill(text: string): string {
  if (Number(text) > 0 && Number.isFinite(Number(text))) return text;
  throw new InvalidArgumentError('expected a decimal above zero.');
}

function parseLevels(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= MAX_LEVELS) return value;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${MAX_LEVELS}.`);
}
