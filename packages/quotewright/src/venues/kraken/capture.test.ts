/** The recording of WebSocket v1 of 2021-04-17 through the feed, against what independent code found in it, whole and damaged. */
import { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedData, sharedJson } from '../../data/testing/files.ts';
import { bookDigest } from '../../data/wire/testing/frames.ts';
import { Capture } from '../testing/capture.ts';
import { type MutationKind, mutate, mutationsOf, ORDER_KINDS } from '../testing/mutate.ts';
import { FeedProbe } from '../testing/probe.ts';
import { replayCapture } from '../testing/replay.ts';
import { symbolToV1 } from './symbols.ts';
import { snapshotsV1 } from './testing/snapshot.ts';
import { kraken } from './venue.ts';

const SYMBOLS = [
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
];

interface EndState {
  readonly bids: number;
  readonly asks: number;
  readonly top5_bids: readonly (readonly [string, string])[];
  readonly sha256: string;
}

let read: ReturnType<typeof readRecording> | undefined;
/** Read once: nothing changes it. */
const recorded = async () => (read ??= readRecording());

async function readRecording() {
  const capture = await Capture.read('KRAKEN');
  const instruments = await capture.instruments(kraken, SYMBOLS);
  return { capture, instruments, addresses: kraken.environments['v1']!, feed: kraken.feed.bind(kraken) };
}

/** The frames of one pair's book, by their place in the recording. */
function framesOf(capture: Capture, symbol: string): number[] {
  const end = `"${symbolToV1(symbol)}"]`;
  return [...capture.frames.entries()]
    .filter(({ 1: { type, bytes } }) => type === 'recv' && Buffer.from(bytes).toString().endsWith(`-1000",${end}`))
    .map(([place]) => place);
}

/** Plays the recording's frames in another order. */
async function replayed(change: (places: number[], capture: Capture) => number[]): Promise<FeedProbe> {
  const { capture, ...rest } = await recorded();
  const probe = new FeedProbe({ ...rest, epochDay: capture.epochDay });
  const order = change([...capture.frames.keys()], capture);
  let nowNs = capture.frames[0]!.ns;
  probe.feed.opened(nowNs);
  for (const place of order) {
    const { type, bytes, ns } = capture.frames[place]!;
    nowNs = Math.max(nowNs, ns);
    if (type === 'recv') probe.feed.message(bytes, nowNs);
    probe.settle(nowNs);
  }
  return probe;
}

describe('the recording', () => {
  it('has 4,269 checksums, all of which the books have, and the books at its end', async () => {
    const { capture, ...rest } = await recorded();
    const probe = replayCapture(capture, rest);
    const expected = sharedJson<Record<string, Record<string, number>>>('reference/wire_expected_counts.json');
    const { books, trades, quotes } = probe.counts;
    expect({ l2_book: books, trades, ticker: quotes }).toEqual(expected['KRAKEN']);
    expect(probe.counts).toMatchObject({ gaps: 0, snapshots: SYMBOLS.length });
    const { checksums, badChecksums, unreadable, resyncs } = probe.feed.stats;
    expect([checksums, badChecksums, unreadable, resyncs]).toEqual([4269, 0, 0, 0]);
    const states = sharedJson<Record<string, Record<string, EndState>>>('reference/book_end_states.json');
    for (const [i, instrument] of rest.instruments.entries()) {
      const { book } = probe.builders[i]!;
      const { bids, asks, sha256 } = states['cryptofeed_v3/KRAKEN']![symbolToV1(instrument.symbol)]!;
      expect([book.levelCount(Side.BUY), book.levelCount(Side.SELL)]).toEqual([bids, asks]);
      expect([instrument.symbol, bookDigest(book, instrument)]).toEqual([instrument.symbol, sha256]);
    }
  });

  it('only its rare frames are left to the full parser', async () => {
    const { capture, ...rest } = await recorded();
    const { parsed, messages } = replayCapture(capture, rest).feed.stats;
    // Snapshots, trades, tickers, heartbeats, acknowledgements.
    expect([messages, parsed]).toEqual([4430, 4430 - 4269]);
  });
});

it('the other recorded frames of v1: what is known is told, what is not needed is passed over', () => {
  const spec = { venue: 'kraken', symbol: 'BTC/USD', base: 'BTC', quote: 'USD', contract: 'spot' } as const;
  const instruments = [new Instrument({ ...spec, tick: '0.00001', lot: '0.00000001' })];
  const feed = kraken.feed.bind(kraken);
  const probe = new FeedProbe({ feed, instruments, addresses: kraken.environments['v1']!, epochDay: 17_767 });
  probe.feed.opened(1);
  const files = ['wire/kraken_wsHandleData.json', 'wire/kraken_wsAllTrades.json'];
  const frames = files.flatMap((file) => readFileSync(sharedData(file), 'utf8').split('\n').filter(Boolean));
  for (const frame of frames.filter((each) => !each.includes('"ownTrades"'))) {
    probe.feed.message(Buffer.from(frame), 2);
    probe.settle(2);
  }
  expect(probe.counts).toMatchObject({ trades: 4, quotes: 1, snapshots: 1, books: 3 });
  expect(probe.feed.stats).toMatchObject({ unreadable: 0, checksums: 2, badChecksums: 0, gaps: 0 });
});

describe('a frame that is lost, twice there or late', () => {
  const changes: Readonly<Record<string, (places: number[], at: number) => number[]>> = {
    lost: (places, at) => places.toSpliced(at, 1),
    late: (places, at) => places.toSpliced(at, 1).toSpliced(at + 8, 0, places[at]!),
  };

  it.each(Object.keys(changes))(
    '%s: is noticed at the pair’s next frame when it has changed the ten best',
    async (name) => {
      let noticed = 0;
      const tried = 25;
      const { capture } = await recorded();
      const places = framesOf(capture, 'ETH/CHF').slice(1);
      // The books of the other pairs have no part in it.
      const others = new Set(SYMBOLS.filter((each) => each !== 'ETH/CHF').flatMap((each) => framesOf(capture, each)));
      for (let i = 0; i < tried; i++) {
        const at = places[3 + i * 12]!;
        const probe = await replayed((all) => {
          const left = all.filter((place) => !others.has(place));
          return changes[name]!(left, left.indexOf(at));
        });
        if (probe.feed.stats.badChecksums > 0) noticed++;
        expect(probe.events.filter(({ type, fault }) => type === 'stale' && fault !== 'checksum')).toEqual([]);
      }
      // What lies deeper than ten levels the venue's checksum does not see.
      expect(noticed).toBeGreaterThan(tried / 2);
    },
  );

  it('twice: changes nothing', async () => {
    const { capture } = await recorded();
    const places = framesOf(capture, 'ETH/CHF').slice(1);
    const probe = await replayed((all) => all.flatMap((place) => (places.includes(place) ? [place, place] : [place])));
    expect(probe.feed.stats).toMatchObject({ badChecksums: 0, gaps: 0, checksums: 4269 + places.length });
  });
});

describe('50,000 mutated frames', () => {
  it.each<[string, readonly MutationKind[] | undefined, number, number]>([
    ['of all kinds', undefined, 40_000, 0.3],
    ['lost, twice there, late', ORDER_KINDS, 10_000, 0.15],
  ])('%s: no crash, and no wrong level among the ten best', async (_, kinds, mutations, share) => {
    const setup = await recorded();
    const result = mutate({
      ...setup,
      seed: 20_260_809,
      mutations: mutationsOf(mutations),
      share,
      ...(kinds === undefined ? {} : { kinds }),
      truth: 'clean',
      levels: 10,
      reply: snapshotsV1(setup.capture),
    });
    const { stats } = result.probe.feed;
    expect(result.compared).toBeGreaterThan(5000);
    expect(stats.badChecksums).toBeGreaterThan(100);
    expect(stats.resyncs).toBeGreaterThan(100);
    expect(result.probe.counts.snapshots).toBeGreaterThan(100);
  });
});
