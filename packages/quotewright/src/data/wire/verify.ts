/** Checks the books of wire frames against what each venue lets one check: checksums, numbering, tickers, consistency. */
import { stat } from 'node:fs/promises';
import type { BookBuilder } from '@quotewright/core/market/book-builder';
import { QuoteOracle } from '../binance/quote-oracle.ts';
import type { OpenOptions } from '../recording.ts';
import { openSource, type Source } from '../source.ts';
import { newCheck, type Check, type Verdict } from '../verdict.ts';
import { BinanceWire } from './binance.ts';
import { NeverCrossed, RemovalsHeld } from './book-checks.ts';
import { CoinbaseWire } from './coinbase.ts';
import { FeedRecording } from './feed-recording.ts';
import { openFrames, openRawFolder, type WireRecording } from './format.ts';
import { KrakenChecksums } from './kraken-checksum.ts';
import { KrakenWire } from './kraken.ts';
import { verifyFeed } from './verify-feed.ts';
import { walkBooks, type BookVisitor } from '../walk-books.ts';

export async function verifyWire(path: string, options: OpenOptions): Promise<Verdict> {
  const recording = await openFrames(await sourceOf(path), options);
  if (recording instanceof FeedRecording) return verifyFeed(path, recording);
  const books: BookBuilder[] = [];
  const { decoder, instruments } = recording;
  const crossed = new NeverCrossed(instruments);
  const removals = new RemovalsHeld(instruments);
  const notes: string[] = [];
  const verdict = (checks: Check[]): Verdict => {
    notes.push(...decoder.clock.notes);
    return { format: 'wire', path, checks, notes, report: recording.report };
  };
  const walk = (visitors: readonly BookVisitor[]) => walkBooks(recording, books, visitors);

  if (decoder instanceof KrakenWire) {
    const checksums = new KrakenChecksums(decoder, instruments);
    await walk([checksums, crossed, removals]);
    notes.push(...checksums.notes);
    return verdict([checksums.check, removals.check, crossed.check]);
  }
  if (decoder instanceof BinanceWire) {
    const oracle = new QuoteOracle(instruments);
    // Diffs remove levels beyond the snapshot's depth, so removals prove nothing here.
    await walk([oracle, crossed]);
    oracle.finish();
    notes.push(...oracle.notes);
    return verdict([oracle.check, chainCheck(decoder, recording), crossed.check]);
  }
  if (decoder instanceof CoinbaseWire) {
    await walk([crossed]);
    return verdict([
      sequenceCheck('sequence_num continues the one before', decoder.continued, recording),
      crossed.check,
    ]);
  }
  await walk([removals, crossed]);
  return verdict([removals.check, crossed.check]);
}

/** A file, or a folder of raw files. */
async function sourceOf(path: string): Promise<Source> {
  const isFolder = (await stat(path)).isDirectory();
  return (isFolder ? await openRawFolder(path) : undefined) ?? openSource(path);
}

/** Update ids of Binance diffs over all symbols. */
function chainCheck({ decoder }: BinanceWire, recording: WireRecording): Check {
  let links = 0;
  for (const { chain } of decoder.depths.values()) links += chain.links;
  return sequenceCheck('update ids continue the ones before', links, recording);
}

function sequenceCheck(name: string, continued: number, { report }: WireRecording): Check {
  const check = newCheck(name);
  check.made = continued + report.gaps;
  check.matched = continued;
  check.mismatched = report.gaps;
  if (report.gaps > 0) check.first = `numbers are missing before line ${report.gapLines[0]}`;
  return check;
}
