/** For tests: recordings as `quotewright record` writes them, from hand-made frames, and from those that others have recorded. */
import { Instrument, type InstrumentSpec } from '@quotewright/core/market/instrument';
import { headerLine, rawLine } from '../../../record/raw-line.ts';
import type { Frame } from '../../../venues/runtime/frame-tap.ts';
import type { Venue } from '../../../venues/contract/venue.ts';
import { venueOf } from '../../../venues/registry.ts';
import { Capture } from '../../../venues/testing/capture.ts';
import type { OpenOptions } from '../../recording.ts';
import { memorySource } from '../../testing/recordings.ts';
import { FeedRecording } from '../feed-recording.ts';
import { openFrames } from '../format.ts';

export const ORIGIN = 'https://rest';

/** Opens lines that are those of a recorder of ours. */
export async function playedOf(lines: readonly string[], options: Partial<OpenOptions> = {}): Promise<FeedRecording> {
  const text = lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`)).join('');
  const recording = await openFrames(memorySource(text, [1000], 'test'), { strict: false, ...options });
  if (recording instanceof FeedRecording) return recording;
  throw new Error('not played through a feed');
}

/** Frames of a connection, and pages, at so many nanoseconds since the epoch day. */
export class Frames {
  readonly lines: string[] = [];
  readonly #epochDay: number;
  #nowNs = 0;

  constructor(epochDay: number) {
    this.#epochDay = epochDay;
  }

  header(
    venue: string,
    specs: readonly InstrumentSpec[],
    traits: Partial<{ readonly isL3: boolean; readonly isRedundant: boolean }> = {},
  ): this {
    this.lines.push(
      headerLine(venue, specs, this.#epochDay, this.#nowNs, { isL3: false, isRedundant: false, ...traits }),
    );
    return this;
  }

  at(nowNs: number): this {
    this.#nowNs = nowNs;
    return this;
  }

  connect(url = 'wss://feed/v2', conn = 'feed-1'): this {
    return this.#frame({ t: 'connect', conn, data: url });
  }

  close(conn = 'feed-1'): this {
    return this.#frame({ t: 'close', conn, data: 'gone' });
  }

  received(message: unknown, conn = 'feed-1'): this {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    return this.#frame({ t: 'recv', conn, data: Buffer.from(data) });
  }

  page(path: string, body: unknown, status = 200): this {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.#frame({ t: 'http', conn: 'rest', data: JSON.stringify({ method: 'GET', path, status, text }) });
  }

  #frame(frame: Pick<Frame, 't' | 'conn' | 'data'>): this {
    this.lines.push(rawLine({ ...frame, nowNs: this.#nowNs, unixMs: 0 }, ORIGIN, this.#epochDay));
    return this;
  }
}

/** What `quotewright record` would have written in place of who recorded these frames: by time, over one connection. */
export async function recapture(
  name: string,
  venueName: string,
  symbols: readonly string[],
  finer: Parameters<Capture['instruments']>[2] = {},
): Promise<string[]> {
  const capture = await Capture.read(name);
  const venue = venueOf(venueName)!;
  const instruments = await instrumentsOf(capture, venue, symbols, finer);
  const frames = new Frames(capture.epochDay).at(capture.frames[0]!.ns);
  frames.header(
    venueName,
    instruments.map(({ spec }) => spec),
  );
  let isConnected = false;
  for (const { type, ns, url, bytes } of capture.frames) {
    frames.at(ns);
    const text = Buffer.from(bytes).toString('utf8');
    if (type === 'recv') frames.received(text);
    else if (type === 'http') {
      const { pathname, search } = new URL(url);
      frames.page(pathname + search, text);
    } else if (!isConnected) {
      isConnected = true;
      frames.connect(name === 'KRAKEN' ? 'wss://ws.kraken.com' : 'wss://feed');
    }
  }
  return frames.lines;
}

async function instrumentsOf(
  capture: Capture,
  venue: Venue,
  symbols: readonly string[],
  finer: Parameters<Capture['instruments']>[2],
): Promise<readonly Instrument[]> {
  if (venue.name !== 'gemini') return capture.instruments(venue, symbols, finer);
  // Whoever recorded these asked for each symbol's details by itself; the connector asks for all at once.
  const details = capture.frames.filter(({ url }) => url.includes('/symbols/details/'));
  const text = `[${details.map(({ bytes }) => Buffer.from(bytes).toString('utf8')).join(',')}]`;
  const listed = await venue.listing({ call: () => Promise.resolve({ status: 200, headers: {}, text }) });
  return listed.filter(({ spec }) => symbols.includes(spec.symbol)).map(({ spec }) => new Instrument(spec));
}
