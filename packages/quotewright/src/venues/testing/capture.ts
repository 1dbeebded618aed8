/**
 * A recording of a venue's own frames (`../shared/data/wire/*.jsonl.zst`, format in `data/wire/format.ts`), held in memory for tests: the
 * frames in the order of their times, and the pages that were fetched.
 *
 *     const capture = await Capture.read('KRAKEN');
 *     const instruments = await capture.instruments(kraken, ['XBT/CHF']);
 *     const probe = replayCapture(capture, { feed: (setup) => kraken.feed(setup), instruments, addresses });
 *     probe.builders[0].book; probe.counts; probe.feed.stats
 */
import { NS_PER_DAY, unixTextToNs, UnixUnit } from '@quotewright/core/base/time';
import { Instrument } from '@quotewright/core/market/instrument';
import { asDecimal, asObject, asText, parseJson } from '../../data/json.ts';
import { openSource, readWhole } from '../../data/source.ts';
import { sharedData } from '../../data/testing/files.ts';
import { isPage } from '../../data/wire/page-address.ts';
import type { Rest, RestRequest, RestResponse } from '../contract/rest.ts';
import type { Venue } from '../contract/venue.ts';

const MAX_BYTES = 2 ** 28;

export interface CaptureFrame {
  readonly type: 'http' | 'connect' | 'recv';
  readonly connection: string;
  /** When it was received, nanoseconds since the capture's epoch day. */
  readonly ns: number;
  /** The address of `http`, else ''. */
  readonly url: string;
  readonly bytes: Uint8Array;
}

export class Capture {
  readonly exchange: string;
  readonly epochDay: number;
  /** By time: a file may hold several connections one after the other. Within a connection the order is the file's. */
  readonly frames: readonly CaptureFrame[];
  readonly #pages: readonly CaptureFrame[];
  /** By the path that was asked for. */
  readonly #found = new Map<string, readonly CaptureFrame[]>();

  private constructor(exchange: string, epochDay: number, frames: readonly CaptureFrame[]) {
    this.exchange = exchange;
    this.epochDay = epochDay;
    this.frames = frames.toSorted((a, b) => a.ns - b.ns);
    this.#pages = this.frames.filter(({ type }) => type === 'http');
  }

  /** @param name `COINBASE`, `KRAKEN`, … of the shared data; the test that asks is left out when there is none */
  static async read(name: string): Promise<Capture> {
    const bytes = await readWhole(await openSource(sharedData(`wire/${name}.jsonl.zst`)), MAX_BYTES);
    return Capture.of(bytes.toString('utf8').split('\n'));
  }

  /** From lines of JSON, the first of which is the header. */
  static of(lines: readonly string[]): Capture {
    const header = asObject(parseJson(lines[0] ?? '')) ?? {};
    const recorded = unixTextToNs(asDecimal(header['recorded']), UnixUnit.SECONDS, 0);
    const epochDay = Math.floor(recorded / NS_PER_DAY);
    const frames: CaptureFrame[] = [];
    for (const line of lines.slice(1)) {
      const frame = asObject(parseJson(line));
      const type = frame?.['t'];
      if (frame === undefined || (type !== 'http' && type !== 'connect' && type !== 'recv')) continue;
      frames.push({
        type,
        connection: asText(frame['conn']),
        ns: unixTextToNs(asDecimal(frame['ts']), UnixUnit.SECONDS, epochDay),
        url: asText(frame['url']),
        bytes: Buffer.from(asText(frame['data'])),
      });
    }
    return new Capture(asText(header['exchange']), epochDay, frames);
  }

  /** The same with other frames, each made of one received. */
  with(change: (text: string) => string): Capture {
    const frames = this.frames.map((frame) => {
      if (frame.type !== 'recv') return frame;
      return { ...frame, bytes: Buffer.from(change(Buffer.from(frame.bytes).toString('utf8'))) };
    });
    return new Capture(this.exchange, this.epochDay, frames);
  }

  /**
   * The page that answers a request to a path, the last one that came by `untilNs`: its path is the same, and of the parameters that both
   * name none differs but how much is asked for (`limit`).
   */
  page(path: string, untilNs = Number.POSITIVE_INFINITY): string | undefined {
    const found = this.#pagesOf(path).findLast(({ ns }) => ns <= untilNs);
    return found === undefined ? undefined : Buffer.from(found.bytes).toString('utf8');
  }

  /** Whether the capture has such a page at any time. */
  hasPage(path: string): boolean {
    return this.#pagesOf(path).length > 0;
  }

  #pagesOf(path: string): readonly CaptureFrame[] {
    let pages = this.#found.get(path);
    if (pages === undefined) {
      pages = this.#pages.filter(({ url }) => isPage(url, path));
      this.#found.set(path, pages);
    }
    return pages;
  }

  /** Answers requests with the capture's pages, and 404 where it has none. */
  get rest(): Rest {
    return { call: async (request: RestRequest) => Promise.resolve(this.answer(request)) };
  }

  /**
   * The instruments of these symbols as the venue's code reads them out of the listing that was recorded, in the order asked for.
   * @param finer grids of symbols whose book holds older levels, off the listed grid
   */
  async instruments(
    venue: Venue,
    symbols: readonly string[],
    finer: Readonly<Record<string, { readonly tick?: string; readonly lot?: string }>> = {},
  ): Promise<Instrument[]> {
    const listed = await venue.listing(this.rest);
    return symbols.map((symbol) => {
      const entry = listed.find(({ spec }) => spec.symbol === symbol);
      if (entry === undefined) throw new RangeError(`the listing of the ${this.exchange} capture has no ${symbol}`);
      return new Instrument({ ...entry.spec, ...finer[symbol] });
    });
  }

  answer(request: RestRequest, untilNs = Number.POSITIVE_INFINITY): RestResponse {
    const text = this.page(request.path, untilNs);
    return { status: text === undefined ? 404 : 200, headers: {}, text: text ?? '' };
  }
}
