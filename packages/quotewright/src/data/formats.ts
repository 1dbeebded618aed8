/** The registry of recording formats, and the recognition of a file's format from its content. */
import { binanceArchiveFormat } from './binance/archive.ts';
import { binanceFormat } from './binance/format.ts';
import { journalFormat } from '../journal/recording.ts';
import { hftBinFormat, hftFormat } from './hft/read.ts';
import { bitfinexRawFormat } from './l3/bitfinex-raw.ts';
import { bitstampCsvFormat } from './l3/bitstamp-csv.ts';
import { bitstampLogFormat } from './l3/bitstamp-log.ts';
import { coinbaseFullFormat } from './l3/coinbase-full.ts';
import { coinbaseRestFormat } from './l3/coinbase-rest.ts';
import { lobsterFormat } from './lobster/format.ts';
import { parquetFormat } from './parquet/read.ts';
import { plainCsvFormat } from './plain-csv.ts';
import type { Format, OpenOptions, Recording } from './recording.ts';
import type { Head } from './source.ts';
import { InputError } from './report.ts';
import { openSource, readHead } from './source.ts';
import { tardisFormat } from './tardis/tardis.ts';
import { wideCsvFormat } from './wide-csv.ts';
import { wireFormat } from './wire/format.ts';

/** In the order in which they are tried; the surest one wins, of two equals the first. */
export const FORMATS: readonly Format[] = [
  wireFormat,
  binanceFormat,
  binanceArchiveFormat,
  tardisFormat,
  parquetFormat,
  hftFormat,
  hftBinFormat,
  plainCsvFormat,
  wideCsvFormat,
  lobsterFormat,
  coinbaseFullFormat,
  coinbaseRestFormat,
  bitstampLogFormat,
  bitstampCsvFormat,
  bitfinexRawFormat,
  journalFormat,
];

/** Below this a format is only guessing. */
const SURE_ENOUGH = 0.5;

/** The format of a file: the one named, or the surest by content. @throws InputError when there is none. */
export async function findFormat(path: string, name?: string): Promise<Format> {
  if (name !== undefined) {
    const named = FORMATS.find((format) => format.name === name);
    if (named === undefined) throw new InputError(`--format: found '${name}', expected one of ${formatNames()}`);
    return named;
  }
  return recogniseHead(await readHead(path));
}

/** @throws InputError when no format knows the head as its own. */
export function recogniseHead(head: Head): Format {
  let best: Format | undefined;
  let surest = 0;
  for (const format of FORMATS) {
    const sure = format.recognise(head);
    if (sure >= SURE_ENOUGH && sure > surest) {
      best = format;
      surest = sure;
    }
  }
  if (best !== undefined) return best;
  throw new InputError(
    `${head.path}: format not recognised from the content; name it with --format, one of ${formatNames()}`,
  );
}

export interface OpenRecordingOptions extends Partial<OpenOptions> {
  /** Name of the format; without it, the content decides. */
  readonly format?: string;
}

/** Opens a recording of any format. @throws InputError when the file or its head is unusable. */
export async function openRecording(path: string, options: OpenRecordingOptions = {}): Promise<Recording> {
  const { format: name, ...rest } = options;
  const format = await findFormat(path, name);
  return format.open(await openSource(path), { strict: false, ...rest });
}

function formatNames(): string {
  return FORMATS.map((format) => format.name).join(', ');
}
