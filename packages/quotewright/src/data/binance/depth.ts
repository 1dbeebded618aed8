/**
 * The depth stream of one Binance symbol: diffs and snapshots in, level events out.
 *
 * Until a snapshot is in, diffs pass as they come, so that a recording without one (a book that continues over
 * midnight) still gives its levels; the book is partial then. They are kept as well, and those that the snapshot does
 * not hold are applied again after it, as the venue's rules want. They carry the receive time of the snapshot then,
 * because that is when they take effect.
 */
import type { Feed } from '../wire/feed.ts';
import type { LevelFault, LevelList } from '../wire/levels.ts';
import { PendingDiffs, type PendingDiff } from '../wire/pending.ts';
import { ChainState, DiffChain, Link } from './chain.ts';

export class DepthStream {
  readonly chain: DiffChain;
  readonly symbol: string;
  /** Index of the instrument in the recording. */
  readonly instrument: number;
  snapshots = 0;
  readonly #feed: Feed;
  readonly #pending = new PendingDiffs();

  constructor(feed: Feed, symbol: string, instrument: number, futures: boolean) {
    this.#feed = feed;
    this.symbol = symbol;
    this.instrument = instrument;
    this.chain = new DiffChain(futures);
  }

  /** A diff of the stream. `levels` may be used again after it. */
  diff(levels: LevelList, first: number, last: number, previous: number): void {
    const link = this.#apply({ levels, first, last, previous });
    if (this.chain.state === ChainState.PARTIAL && (link === Link.APPLY || link === Link.BREAK)) {
      this.#pending.push({ levels: levels.clone(), first, last, previous });
    }
  }

  /** A diff with readable ids and unreadable levels. */
  badDiff(fault: LevelFault, last: number): void {
    this.#pending.take();
    this.chain.lose(last);
    this.#feed.badBook(this.instrument, fault, last);
  }

  snapshot(levels: LevelList, id: number): void {
    if (!this.chain.snapshot(id)) return this.#feed.report.addIgnored('snapshot older than the book');
    this.snapshots++;
    this.#feed.snapshot(this.instrument, levels, id);
    for (const diff of this.#pending.take()) {
      const link = this.#apply(diff);
      if (this.chain.state === ChainState.PARTIAL && link !== Link.DUPLICATE) this.#pending.push(diff);
    }
  }

  #apply(diff: PendingDiff): Link {
    const { chain } = this;
    const feed = this.#feed;
    const { expected } = chain;
    const link = chain.link(diff.first, diff.last, diff.previous);
    if (link === Link.OLD) feed.report.addIgnored('diff that the snapshot holds already');
    else if (link === Link.DUPLICATE) feed.report.addDuplicate(feed.line, `update id ${diff.last}`);
    else {
      if (link === Link.BREAK) {
        const found = chain.futures
          ? `U ${diff.first}, u ${diff.last}, pu ${diff.previous}`
          : `U ${diff.first}, u ${diff.last}`;
        feed.report.addGap(feed.line, expected, found);
        feed.gap(this.instrument, diff.first);
        this.#pending.take();
      }
      feed.levels(this.instrument, diff.levels, diff.last, false);
    }
    return link;
  }
}
