/**
 * Recorded frames of the venues (../shared/data/wire) for the benchmarks of the read path: the frames in order of time, the pages that feeds ask
 * for, and the instruments whose books are followed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Instrument } from '@quotewright/core/market/instrument';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import { openSource, readWhole } from 'quotewright/data/source';
import type { Feed } from 'quotewright/venues/contract/feed';
import type { RestRequest, RestResponse } from 'quotewright/venues/contract/rest';
import type { Venue } from 'quotewright/venues/contract/venue';
import { venueOf } from 'quotewright/venues/registry';

const MAX_BYTES = 2 ** 28;
const EPOCH_DAY = 20_000;
/** A recorded day of Binance spot. */
export const DAY = '../shared/data/binance_ws/spot_btcusdt_20240808.gz';
export const BTCUSDT = {
  venue: 'binance',
  symbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.01',
  lot: '0.00001',
  contract: 'spot',
} as const;

interface Plan {
  readonly file: string;
  readonly venue: string;
  readonly environment: string;
  readonly symbols: readonly string[];
  /** Grids of books that hold older levels, off the listed one. */
  readonly finer?: Readonly<Record<string, { readonly tick: string; readonly lot: string }>>;
}

export const PLANS: readonly Plan[] = [
  { file: 'COINBASE', venue: 'coinbase', environment: 'live', symbols: ['BTC-USD', 'ETH-USD'] },
  {
    file: 'KRAKEN',
    venue: 'kraken',
    environment: 'v1',
    symbols: [
      'ADA/BTC',
      'BTC/CHF',
      'OMG/USD',
      'OCEAN/BTC',
      'ETH/CHF',
      'SC/EUR',
      'GRT/ETH',
      'KSM/BTC',
      'XMR/USD',
      'WAVES/EUR',
    ],
  },
  {
    file: 'GEMINI',
    venue: 'gemini',
    environment: 'live',
    symbols: ['BTCUSD', 'ETHUSD', 'SOLUSD', 'BTCEUR', 'BTCGBP', 'BTCUSDT', 'ETHUSDT'],
  },
  {
    file: 'BINANCE',
    venue: 'binance',
    environment: 'live',
    symbols: ['NKNUSDT', 'BLZETH', 'LRCBTC', 'RUNEEUR'],
    finer: { NKNUSDT: { tick: '0.00001', lot: '0.1' } },
  },
  {
    file: 'BINANCE_FUTURES',
    venue: 'binance-usdm',
    environment: 'live',
    symbols: ['SUSHIUSDT', 'AKROUSDT', 'KEEPUSDT', 'CTKUSDT'],
  },
  {
    file: 'BITSTAMP',
    venue: 'bitstamp',
    environment: 'live',
    symbols: ['sgbeur', 'ethusd', 'xrpeur', 'bateur', 'usdteur', 'usdtusd', 'xlmgbp', 'adaeur', 'batbtc', 'galaeur'],
  },
];

interface Line {
  readonly t: string;
  readonly ts: number;
  readonly url?: string;
  readonly data?: string;
}

export interface Captured {
  readonly name: string;
  /** Of the time, nanoseconds. */
  readonly frames: readonly { readonly ns: number; readonly bytes: Uint8Array }[];
  /** From the first frame to the end, and a moment. */
  readonly spanNs: number;
  /** A feed that puts its records out to the queue, and is not connected yet. */
  open(out: RecordQueue): Replay;
}

/** A feed, and what it has asked for. */
export interface Replay {
  readonly feed: Feed;
  /** The connection is made anew: everything from the beginning. */
  connect(ns: number): void;
  /** Answers what was asked for. */
  answer(ns: number): void;
  readonly hasQuestions: () => boolean;
}

/** @returns undefined when our venues have none of the name, or the shared data is absent */
export async function loadCapture(plan: Plan): Promise<Captured | undefined> {
  const venue = venueOf(plan.venue);
  if (venue === undefined) return undefined;
  const text = await readWhole(await openSource(`../shared/data/wire/${plan.file}.jsonl.zst`), MAX_BYTES);
  const lines = text
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    // oxlint-disable-next-line no-unsafe-type-assertion -- the format of the recordings
    .map((line) => JSON.parse(line) as Line);
  const pages = lines.filter(({ t }) => t === 'http');
  const frames = lines
    .filter(({ t }) => t === 'recv')
    .toSorted((a, b) => a.ts - b.ts)
    .map(({ ts, data = '' }) => ({ ns: Math.round((ts % 86_400) * 1e9), bytes: Buffer.from(data) }));
  const instruments = await listed(venue, plan, pages);
  const { environment } = plan;
  return captured(plan.venue, frames, (out) => openFeed(venue, environment, instruments, pages, out));
}

/** The recorded day of Binance spot, BTCUSDT alone; undefined when it is absent. */
export function loadDay(): Captured | undefined {
  const venue = venueOf('binance');
  if (venue === undefined || !existsSync(DAY)) return undefined;
  const lines = gunzipSync(readFileSync(DAY)).toString('utf8').split('\n');
  const bodies = lines.filter((line) => line !== '').map((line) => line.slice(line.indexOf(' ') + 1));
  const url = 'https://api.binance.com/api/v3/depth?symbol=BTCUSDT';
  const pages = bodies.filter(isPage).map((data) => ({ t: 'http', ts: 0, url, data }));
  const frames = bodies.filter((body) => !isPage(body)).map((body, i) => ({ ns: i * 7e6, bytes: Buffer.from(body) }));
  return captured('binance BTCUSDT', frames, (out) => openFeed(venue, 'live', [new Instrument(BTCUSDT)], pages, out));
}

const isPage = (body: string): boolean => body.startsWith('{"lastUpdateId"');

function captured(name: string, frames: Captured['frames'], open: Captured['open']): Captured {
  return { name, frames, spanNs: (frames.at(-1)?.ns ?? 0) - (frames[0]?.ns ?? 0) + 60e9, open };
}

async function listed(venue: Venue, plan: Plan, pages: readonly Line[]): Promise<Instrument[]> {
  const details = pages.filter(({ url = '' }) => url.includes('/symbols/details/'));
  const one = { status: 200, headers: {}, text: `[${details.map(({ data }) => data).join(',')}]` };
  const rest = {
    call: async (request: RestRequest) => Promise.resolve(details.length > 0 ? one : pageOf(pages, request)),
  };
  const all = await venue.listing(rest);
  return plan.symbols.flatMap((symbol) => {
    const found = all.find(({ spec }) => spec.symbol.toLowerCase() === symbol.toLowerCase());
    return found === undefined ? [] : [new Instrument({ ...found.spec, ...plan.finer?.[symbol] })];
  });
}

function openFeed(
  venue: Venue,
  environment: string,
  instruments: readonly Instrument[],
  pages: readonly Line[],
  out: RecordQueue,
): Replay {
  let asked: { request: RestRequest; tag: number }[] = [];
  const feed = venue.feed({
    instruments,
    indices: instruments.map((_, i) => i),
    epochDay: EPOCH_DAY,
    addresses: venue.environments[environment]!,
    isL3: false,
    credentials: undefined,
    host: {
      out,
      send: () => undefined,
      fetch: (request, tag) => void asked.push({ request, tag }),
      reconnect: () => undefined,
      tell: () => undefined,
      random: () => 0.5,
    },
  });
  let isConnected = false;
  return {
    feed,
    connect: (ns) => {
      if (isConnected) feed.closed(ns);
      isConnected = true;
      asked = [];
      feed.opened(ns);
    },
    hasQuestions: () => asked.length > 0,
    answer: (ns) => {
      const questions = asked;
      asked = [];
      for (const { request, tag } of questions) {
        const page = pageOf(pages, request);
        feed.fetched(tag, page.status === 200 ? page : undefined, ns);
      }
    },
  };
}

/** The same path, and no parameter but the depth another. */
function pageOf(pages: readonly Line[], { path }: RestRequest): RestResponse {
  const asked = new URL(path, 'http://x');
  const found = pages.find(({ url = '' }) => {
    const recorded = new URL(url);
    if (recorded.pathname.replace(/\/$/u, '') !== asked.pathname.replace(/\/$/u, '')) return false;
    return (recorded.searchParams.get('symbol') ?? '') === (asked.searchParams.get('symbol') ?? '');
  });
  return { status: found === undefined ? 404 : 200, headers: {}, text: found?.data ?? '' };
}
