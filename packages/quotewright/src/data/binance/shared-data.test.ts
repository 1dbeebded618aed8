/** The Binance recordings of the shared data, against what independent code found in them. */
import type { BookBuilder } from '@quotewright/core/market/book-builder';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { openSource } from '../source.ts';
import { verifyRecording } from '../verify.ts';
import { sharedData, sharedJson } from '../testing/files.ts';
import { bookDigest, endBooks } from '../wire/testing/frames.ts';
import { openBinance, type BinanceRecording } from './format.ts';

interface EndState {
  readonly after: string;
  readonly last_u: number;
  readonly gaps: number;
  readonly bids: number;
  readonly asks: number;
  readonly sha256: string;
}

describe.each(['spot_btcusdt', 'usdm_btcusdt', 'usdm_btcusdt_2024-07'])('binance_ws/%s', (name) => {
  it('ends each day in the expected book', async () => {
    const all = sharedJson<Record<string, EndState[]>>('reference/book_end_states.json');
    const books: BookBuilder[] = [];
    let before: BinanceRecording | undefined;
    for (const state of all[`binance_ws/${name}`]!) {
      const recording = await openBinance(await openSource(sharedData(`binance_ws/${state.after}`)), { strict: true });
      if (before !== undefined) recording.decoder.continueFrom(before.decoder);
      await endBooks(recording, books);
      const { book } = books[0]!;
      const found = {
        after: state.after,
        last_u: recording.decoder.depths.get('BTCUSDT')!.chain.lastId,
        gaps: recording.report.gaps,
        bids: book.levelCount(Side.BUY),
        asks: book.levelCount(Side.SELL),
        sha256: bookDigest(book, recording.instruments[0]!),
      };
      expect(state).toMatchObject(found);
      before = recording;
    }
  });
});

describe('verify', () => {
  it.each([
    ['cm_btcusd_perp_20240808.gz', 26_824, 0, ''],
    ['spot_btcusdt_20240808.gz', 3449, 0, ''],
    // The price falls to bids that rest since before the snapshot, beyond its thousand levels, and were never published.
    ['spot_btcusdt_20240809.gz', 3044, 2, 'spot_btcusdt_20240808.gz beside it: BTCUSDT from u 50093421584'],
    ['usdm_btcusdt_20240718.gz', 3321, 0, ''],
    ['usdm_btcusdt_20240719.gz', 5696, 0, 'usdm_btcusdt_20240718.gz beside it: BTCUSDT from u 4984033952967'],
    ['usdm_btcusdt_20240808.gz', 6547, 0, ''],
  ])('finds %s in order', async (file, diffs, hidden, dayBefore) => {
    const verdict = await verifyRecording(sharedData(`binance_ws/${file}`), { strict: true });
    const [tops, chain, crossed] = verdict.checks;
    expect(tops).toMatchObject({ made: diffs, matched: diffs - hidden, mismatched: 0, first: undefined });
    expect([...tops!.explained.values()]).toEqual(hidden === 0 ? [] : [hidden]);
    expect([chain!.mismatched, crossed!.mismatched]).toEqual([0, 0]);
    expect(chain!.made).toBeGreaterThanOrEqual(diffs);
    const continues = verdict.notes.filter((note) => note.startsWith('continues the book of '));
    expect(continues).toEqual(dayBefore === '' ? [] : [`continues the book of ${dayBefore}`]);
    expect(verdict.notes.join('\n')).toMatch(/local clock is behind the venue's: local − venue time is -1\.(27|52)\d/);
  });
});
