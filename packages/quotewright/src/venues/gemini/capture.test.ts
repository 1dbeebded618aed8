/** The recording of market data v2 of 2026-08-09 through the feed, against what independent code found in it. */
import { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { sharedJson } from '../../data/testing/files.ts';
import { bookDigest } from '../../data/wire/testing/frames.ts';
import type { Feed, FeedSetup } from '../contract/feed.ts';
import { Capture } from '../testing/capture.ts';
import { mutate, mutationsOf } from '../testing/mutate.ts';
import { replayCapture } from '../testing/replay.ts';
import { GeminiFeed } from './feed.ts';
import { gemini } from './venue.ts';

interface EndState {
  readonly bids: number;
  readonly asks: number;
  readonly sha256: string;
}

async function recording() {
  const capture = await Capture.read('GEMINI');
  // The recorder asked for each symbol's details by itself; the connector asks for all at once.
  const details = capture.frames.filter(({ url }) => url.includes('/symbols/details/'));
  const text = `[${details.map(({ bytes }) => Buffer.from(bytes).toString('utf8')).join(',')}]`;
  const listed = await gemini.listing({ call: () => Promise.resolve({ status: 200, headers: {}, text }) });
  const states = sharedJson<Record<string, Record<string, EndState>>>('reference/book_end_states.json');
  const expected = states['cryptofeed_v3/GEMINI']!;
  const instruments = listed
    .filter(({ spec }) => Object.hasOwn(expected, spec.symbol.toUpperCase()))
    .map(({ spec }) => new Instrument(spec));
  const addresses = gemini.environments['live']!;
  return { expected, run: { capture, instruments, addresses, feed: (setup: FeedSetup) => gemini.feed(setup) } };
}

/** Every frame as the full parser reads it: the scanner knows none that begins with a blank. */
function parsedInFull(setup: FeedSetup): Feed {
  const feed = new GeminiFeed(setup);
  const message = feed.message.bind(feed);
  return Object.assign(feed, {
    message: (bytes: Uint8Array, nowNs: number) => message(Buffer.concat([Buffer.from(' '), bytes]), nowNs),
  });
}

describe('the recording', () => {
  it('has 559 book messages and two prints, and the books at its end', async () => {
    const { expected, run } = await recording();
    const { capture, ...rest } = run;
    const probe = replayCapture(capture, rest);
    expect(rest.instruments).toHaveLength(Object.keys(expected).length);
    expect(probe.counts).toEqual({ books: 559, trades: 2, quotes: 0, gaps: 0, snapshots: 10 });
    // The scanner leaves the ten snapshots to the full parser.
    expect(probe.feed.stats).toMatchObject({ messages: 563, parsed: 10, unreadable: 0, gaps: 0, resyncs: 0 });
    expect(probe.reconnects).toEqual([]);
    for (const [i, instrument] of rest.instruments.entries()) {
      const { book } = probe.builders[i]!;
      const { bids, asks, sha256 } = expected[instrument.symbol.toUpperCase()]!;
      expect([book.levelCount(Side.BUY), book.levelCount(Side.SELL)]).toEqual([bids, asks]);
      expect([instrument.symbol, bookDigest(book, instrument)]).toEqual([instrument.symbol, sha256]);
    }
  });
});

/** Levels that a book begins with, the nearest: it is begun anew thousands of times. */
const NEAREST = 60;

/** A few of the books, and small ones. */
async function someBooks() {
  const { run } = await recording();
  const instruments = run.instruments.filter(({ symbol }) => ['btcusd', 'solusd', 'ethusd'].includes(symbol));
  return { ...run, instruments, capture: run.capture.with(shortened) };
}

type Change = readonly [side: string, price: string, size: string];

/** A snapshot with its levels far from the touch left out; any other frame as it is. */
function shortened(text: string): string {
  const frame: { changes?: readonly Change[] } = JSON.parse(text);
  const { changes = [] } = frame;
  if (changes.length <= 2 * NEAREST) return text;
  const side = (name: string, sign: number) =>
    changes
      .filter(([each]) => each === name)
      .toSorted(([, a], [, b]) => sign * (Number(a) - Number(b)))
      .slice(0, NEAREST);
  return JSON.stringify({ ...frame, changes: [...side('buy', -1), ...side('sell', 1)] });
}

describe('mutated frames', () => {
  it('leave scanner and full parser in agreement, and no record breaks the contract', async () => {
    const run = await someBooks();
    const result = mutate({ ...run, seed: 6, mutations: mutationsOf(25_000), truth: parsedInFull, levels: 5 });
    expect(result.compared).toBeGreaterThan(1000);
  });

  it('are noticed when a frame that comes twice removes a level, and change nothing else', async () => {
    const run = await someBooks();
    const result = mutate({
      ...run,
      seed: 7,
      mutations: mutationsOf(25_000),
      kinds: ['duplicate'],
      truth: 'clean',
      share: 0.5,
    });
    expect(result.probe.counts.gaps).toBeGreaterThan(10);
  });
});
