/**
 * Checks frames that were played through a venue's own feed. The feed has compared checksums and numbers itself, and put out nothing that
 * failed: what it found counts here. The books that its records build are checked once more, without it.
 */
import type { Book } from '@quotewright/core/market/book';
import type { BookBuilder } from '@quotewright/core/market/book-builder';
import { EventFlag, Field, headFlags, headKind } from '@quotewright/core/market/event';
import type { FeedFault, FeedStats } from '../../venues/contract/feed.ts';
import { QuoteOracle } from '../binance/quote-oracle.ts';
import { newCheck, type Check, type Verdict } from '../verdict.ts';
import { walkBooks, type BookVisitor } from '../walk-books.ts';
import { isOfBook, NeverCrossed, RemovalsHeld } from './book-checks.ts';
import { ClockOffset } from './clock-offset.ts';
import type { FeedRecording } from './feed-recording.ts';

export async function verifyFeed(path: string, recording: FeedRecording): Promise<Verdict> {
  const { instruments, venue, isL3, report, log } = recording;
  const { abilities } = venue;
  const crossed = new NeverCrossed(instruments);
  const quotes = abilities.bestQuote === 'exact' ? new QuoteOracle(instruments) : undefined;
  // Who publishes no numbers publishes the whole book: what was lost shows when it is removed.
  const losesSilently = abilities.losesSilently === true;
  const removals = losesSilently && !isL3 ? new RemovalsHeld(instruments) : undefined;
  const clock = new ClockWatch();
  const updates = new Updates();
  const visitors: readonly (BookVisitor | undefined)[] = [quotes, removals, crossed, clock, updates];
  const books: BookBuilder[] = [];
  await walkBooks(
    recording,
    books,
    visitors.filter((each) => each !== undefined),
  );
  quotes?.finish();
  const failed = (fault: FeedFault) => log.faults.get(fault) ?? 0;
  const sum = (of: (stats: FeedStats) => number) => recording.stats.reduce((total, stats) => total + of(stats), 0);
  const checks: Check[] = [];
  if (quotes !== undefined) checks.push(quotes.check);
  if (sum(({ checksums }) => checksums) > 0) {
    checks.push(
      found(
        'checksum of the book after each message',
        sum(({ checksums }) => checksums),
        failed('checksum'),
      ),
    );
  } else if (!losesSilently || isL3) {
    checks.push(found('each update continues the one before', updates.count + report.gaps, report.gaps));
  }
  if (removals !== undefined) checks.push(removals.check);
  crossed.check.made += failed('crossed');
  crossed.check.mismatched += failed('crossed');
  checks.push(crossed.check);
  for (const check of checks) if (check.mismatched > 0) check.first ??= `line ${firstBad(recording)}`;
  return { format: 'wire', path, checks, notes: [...(quotes?.notes ?? []), ...clock.offset.notes], report };
}

function found(name: string, made: number, mismatched: number): Check {
  return { ...newCheck(name), made, matched: made - mismatched, mismatched };
}

function firstBad({ report }: FeedRecording): number {
  return Math.min(...report.gapLines, ...[...report.bad.values()].map(({ firstLine }) => firstLine));
}

/** Local against venue time of what is not a snapshot, whose levels may be old. */
class ClockWatch implements BookVisitor {
  readonly offset = new ClockOffset();

  after(data: Float64Array, offset: number, _instrument: number, _book: Book): void {
    if ((headFlags(data[offset + Field.HEAD]!) & EventFlag.SNAPSHOT) !== 0) return;
    this.offset.observe(data[offset + Field.LOCAL_NS]! - data[offset + Field.VENUE_NS]!);
  }
}

/** Changes of books that are whole. */
class Updates implements BookVisitor {
  count = 0;

  after(data: Float64Array, offset: number, _instrument: number, book: Book): void {
    const head = data[offset + Field.HEAD]!;
    const flags = headFlags(head);
    const isUpdate = (flags & EventFlag.LAST) !== 0 && (flags & EventFlag.SNAPSHOT) === 0;
    if (isUpdate && book.isWhole && isOfBook(headKind(head))) this.count++;
  }
}
