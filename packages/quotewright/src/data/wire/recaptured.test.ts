/**
 * The frames of the shared data, written as `quotewright record` writes them and read back through the venues' feeds, against the counts and
 * the books that independent code found in them.
 */
import type { BookBuilder } from '@quotewright/core/market/book-builder';
import { Side } from '@quotewright/core/market/side';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedJson, tempFolder } from '../testing/files.ts';
import { verifyRecording } from '../verify.ts';
import { bookDigest, countEvents } from './testing/frames.ts';
import { playedOf, recapture } from './testing/recorded.ts';

interface EndState {
  readonly bids: number;
  readonly asks: number;
  readonly sha256: string;
}

const folder = tempFolder();
const V1: Readonly<Record<string, string>> = { XBT: 'BTC', XDG: 'DOGE' };

/** As our feeds call it what the reference calls by the venue's older or upper-case name. */
const ours = (venue: string, symbol: string): string =>
  venue === 'kraken'
    ? symbol
        .split('/')
        .map((coin) => V1[coin] ?? coin)
        .join('/')
    : venue === 'gemini'
      ? symbol.toLowerCase()
      : symbol;

describe.each([
  ['BINANCE', 'binance', [159, 172, 176]],
  ['BINANCE_FUTURES', 'binance-usdm', [744, 752, 756]],
  ['BITSTAMP', 'bitstamp', [736, 627]],
  ['COINBASE', 'coinbase', [773, 775]],
  ['GEMINI', 'gemini', [220, 559]],
  ['KRAKEN', 'kraken', [4269, 4279]],
] as const)('%s frames', (name, venue, made) => {
  const states = () =>
    sharedJson<Record<string, Record<string, EndState>>>('reference/book_end_states.json')[`cryptofeed_v3/${name}`] ??
    {};
  const lines = async () => {
    const wanted = Object.keys(states()).map((symbol) => ours(venue, symbol));
    const symbols = wanted.length > 0 ? wanted : ['SUSHIUSDT', 'AKROUSDT', 'KEEPUSDT', 'CTKUSDT'];
    // Orders from before a change of the tick and the lot are still in the book.
    return recapture(name, venue, symbols, { NKNUSDT: { tick: '0.00001', lot: '0.1' } });
  };

  it('hold as many messages as expected, and whole books at the end', async () => {
    const recording = await playedOf(await lines());
    const books: BookBuilder[] = [];
    const counts = await countEvents(recording, books);
    const expected = sharedJson<Record<string, Record<string, number>>>('reference/wire_expected_counts.json')[name]!;
    expect(counts).toEqual({
      books: expected['l2_book'],
      trades: expected['trades'],
      quotes: expected['ticker'] ?? 0,
    });
    const { gaps, badRows } = recording.report;
    expect({ gaps, badRows }).toEqual({ gaps: 0, badRows: 0 });
    for (const [symbol, { bids, asks, sha256 }] of Object.entries(states())) {
      const index = recording.instruments.findIndex((each) => each.symbol === ours(venue, symbol));
      const { book } = books[index]!;
      // One bid of 112,716,000 XRP is more lots of 1e-8 than a float64 counts exactly.
      const leftOut = symbol === 'xrpeur' ? 1 : 0;
      expect([symbol, book.levelCount(Side.BUY), book.levelCount(Side.SELL)]).toEqual([symbol, bids - leftOut, asks]);
      if (leftOut === 0) expect([symbol, bookDigest(book, recording.instruments[index]!)]).toEqual([symbol, sha256]);
      else expect(recording.report.notes.join()).toContain('xrpeur: a level is too large for exact arithmetic');
    }
  });

  it('verify without a mismatch', async () => {
    const path = join(folder.path, `${name}.jsonl`);
    writeFileSync(path, (await lines()).join(''));
    const verdict = await verifyRecording(path);
    expect(verdict.checks.map((check) => [check.made, check.matched])).toEqual(made.map((count) => [count, count]));
  });
});
