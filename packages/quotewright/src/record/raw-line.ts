/** Frames of a venue's lines as lines of the wire format (`data/wire/format.ts`): `{t, conn, ts, url, data}`, times in Unix seconds to the nanosecond. */
import type { InstrumentSpec } from '@quotewright/core/market/instrument';
import { isObject, parseJson } from '../data/json.ts';
import type { Frame } from '../venues/runtime/frame-tap.ts';

const SECONDS_PER_DAY = 86_400;

/** As headers of recordings name venues, ours and others'. Our reader goes by `venue`, and takes those that are not here in capitals. */
const EXCHANGES: Readonly<Record<string, string>> = {
  binance: 'BINANCE',
  'binance-usdm': 'BINANCE_FUTURES',
  bitstamp: 'BITSTAMP',
  coinbase: 'COINBASE',
  gemini: 'GEMINI',
  kraken: 'KRAKEN_V2',
};

/** What a reader has to know to play the frames again as they were played. */
export interface FrameTraits {
  readonly isL3: boolean;
  /** Two connections with the same data, `feed` and `feed-b`. */
  readonly isRedundant: boolean;
}

/** The first line of each file. */
export function headerLine(
  venue: string,
  specs: readonly InstrumentSpec[],
  epochDay: number,
  nowNs: number,
  traits: FrameTraits = { isL3: false, isRedundant: false },
): string {
  const exchange = EXCHANGES[venue] ?? venue.toUpperCase().replaceAll('-', '_');
  const ts = timeText(epochDay, nowNs);
  return line({ t: 'header', ts, exchange, venue, recorded: ts, instruments: specs, ...traits });
}

/** A frame as a line. Connections are called by their line, so that a reader sees that one was made again. */
export function rawLine({ t, conn, nowNs, data }: Frame, origin: string, epochDay: number): string {
  const text =
    typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8');
  const ts = timeText(epochDay, nowNs);
  if (t === 'connect') return line({ t, conn: lineOf(conn), ts, url: text });
  if (t !== 'http') return line({ t, conn: lineOf(conn), ts, data: text });
  const page = parseJson(text);
  if (!isObject(page)) return line({ t, conn, ts, data: text });
  return line({ t, conn, ts, url: `${origin}${String(page['path'])}`, status: page['status'], data: page['text'] });
}

/** Text, not a number: a float64 does not hold nanoseconds of our days. */
export function timeText(epochDay: number, nowNs: number): string {
  const seconds = Math.floor(nowNs / 1e9);
  return `${epochDay * SECONDS_PER_DAY + seconds}.${String(Math.floor(nowNs - seconds * 1e9)).padStart(9, '0')}`;
}

/** `feed-b-3` is the third connection of `feed-b`. */
function lineOf(conn: string): string {
  return conn.replace(/-\d+$/u, '');
}

function line(fields: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(fields)}\n`;
}
