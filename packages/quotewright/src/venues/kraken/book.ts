/**
 * One pair's book on the feed: levels are staged by a decoder, and laid, cut to the depth that was subscribed to and compared with the checksum
 * before their records go out. After a fault it subscribes anew, each time after a longer wait.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import { Backoff } from '../backoff.ts';
import type { FeedFault, FeedStats } from '../contract/feed.ts';
import { FeedBook } from '../feed-book.ts';
import { BookChecksum } from './checksum.ts';

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 30_000;

export class KrakenBook {
  readonly instrument: Instrument;
  readonly levels: FeedBook;
  readonly backoff: Backoff;
  /** Levels a side that are subscribed to. */
  depth: number;
  /** When to subscribe again, Infinity = a snapshot is awaited or the book is believed. */
  subscribeAtNs = Number.POSITIVE_INFINITY;
  /** When a subscription whose snapshot has not come is given up, Infinity = none is awaited. */
  giveUpAtNs = Number.POSITIVE_INFINITY;
  readonly #checksum: BookChecksum;
  readonly #stats: FeedStats;

  constructor(
    instrument: Instrument,
    market: number,
    depth: number,
    out: RecordQueue,
    stats: FeedStats,
    random: () => number,
  ) {
    this.instrument = instrument;
    this.levels = new FeedBook(market, out);
    this.depth = depth;
    this.#checksum = new BookChecksum(instrument);
    this.#stats = stats;
    this.backoff = new Backoff(FIRST_WAIT_MS, LONGEST_WAIT_MS, random);
  }

  /** How the venue writes this pair's numbers. */
  setDecimals(price: number, size: number): void {
    this.#checksum.setDecimals(price, size);
  }

  /**
   * What is staged is the whole book.
   * @param checksum NaN = the message has none
   * @returns what is wrong with it; '' = it was put out
   */
  snapshot(checksum: number, venueNs: number, nowNs: number): FeedFault | '' {
    const { levels } = this;
    if (!levels.layWhole()) return 'crossed';
    levels.begin();
    levels.trim(this.depth);
    if (!this.#matches(checksum)) return 'checksum';
    this.giveUpAtNs = Number.POSITIVE_INFINITY;
    this.subscribeAtNs = Number.POSITIVE_INFINITY;
    levels.putWhole(venueNs, nowNs, 0);
    return '';
  }

  /** What is staged has changed. @returns as `snapshot` */
  update(checksum: number, venueNs: number, nowNs: number): FeedFault | '' {
    const { levels } = this;
    const isSound = levels.lay();
    levels.trim(this.depth);
    // The checksum says more of what went wrong than that the book is crossed.
    if (!this.#matches(checksum)) return 'checksum';
    if (!isSound) return 'crossed';
    levels.put(venueNs, nowNs, 0);
    if (this.backoff.tries > 0) this.backoff.reset();
    return '';
  }

  #matches(checksum: number): boolean {
    if (checksum !== checksum) return true;
    const stats = this.#stats;
    stats.checksums++;
    if (this.#checksum.of(this.levels.book) === checksum) return true;
    stats.badChecksums++;
    return false;
  }
}
