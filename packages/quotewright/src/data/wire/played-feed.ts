/**
 * A venue's feed that a recording plays to, in place of a socket: frames come in the order of the file at the times at which they came, and
 * what the feed asks of REST is answered by the page that the recording has next. Waits are taken at their shortest, so that a request is
 * never made after its answer.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { Feed, FeedEvent, FeedHost } from '../../venues/contract/feed.ts';
import type { RestRequest, RestResponse } from '../../venues/contract/rest.ts';
import type { Venue } from '../../venues/contract/venue.ts';
import { isPage } from './page-address.ts';

export interface PlayedFeedSetup {
  readonly venue: Venue;
  readonly instruments: readonly Instrument[];
  readonly indices: readonly number[];
  readonly epochDay: number;
  readonly isL3: boolean;
  /** Where the recorder was connected to; '' when the recording does not tell. */
  readonly url: string;
  readonly tell: (event: FeedEvent) => void;
}

interface Asked {
  readonly path: string;
  readonly tag: number;
}

interface Page {
  readonly url: string;
  readonly response: RestResponse;
  readonly nowNs: number;
}

/** A page that nobody had asked for yet is of use for so long; a recorder may have asked earlier than the feed does. */
const FRESH_NS = 10e9;
const MOST_PAGES = 64;

export class PlayedFeed implements FeedHost {
  readonly out = new RecordQueue(1024);
  readonly feed: Feed;
  readonly tell: (event: FeedEvent) => void;
  /** What the feed waits for, oldest first. */
  readonly #asked: Asked[] = [];
  /** Pages that came before they were asked for. */
  #early: Page[] = [];
  #isOpen = false;
  /** The feed wanted another connection; the recorder's comes when its frame does. */
  #isGivenUp = false;

  constructor({ venue, instruments, indices, epochDay, isL3, url, tell }: PlayedFeedSetup) {
    const live = venue.environments['live'] ?? Object.values(venue.environments)[0]!;
    const addresses = URL.canParse(url) ? { ...live, feed: url } : live;
    this.tell = tell;
    this.feed = venue.feed({ instruments, indices, epochDay, addresses, isL3, credentials: undefined, host: this });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  opened(nowNs: number): void {
    if (this.#isOpen) this.closed(nowNs);
    this.#isOpen = true;
    this.#isGivenUp = false;
    this.feed.opened(nowNs);
    this.#answer(nowNs);
  }

  closed(nowNs: number): void {
    this.#asked.length = 0;
    // What another connection has not used is older than what this one asks for.
    this.#early = [];
    if (this.#isOpen) this.feed.closed(nowNs);
    this.#isOpen = false;
  }

  message(bytes: Uint8Array, nowNs: number): void {
    // A recording may begin in the middle of a connection; and a recorder may have read on where this feed would not have.
    if (!this.#isOpen || this.#isGivenUp) this.opened(nowNs);
    this.feed.message(bytes, nowNs);
    if (this.#asked.length > 0) this.#answer(nowNs);
  }

  /** A page that came from `url`. @returns whether the feed had asked for it */
  page(url: string, response: RestResponse, nowNs: number): boolean {
    const at = this.#asked.findIndex(({ path }) => isPage(url, path));
    const asked = this.#asked[at];
    if (asked === undefined) return false;
    this.#asked.splice(at, 1);
    this.feed.fetched(asked.tag, response, nowNs);
    this.#answer(nowNs);
    return true;
  }

  /** A page that no feed had asked for: it may yet. */
  keep(url: string, response: RestResponse, nowNs: number): void {
    this.#early = this.#early.filter((page) => page.url !== url && isFresh(page, nowNs)).slice(1 - MOST_PAGES);
    this.#early.push({ url, response, nowNs });
  }

  poll(nowNs: number): void {
    if (!this.#isOpen || this.#isGivenUp) return;
    this.feed.poll(nowNs);
    this.#answer(nowNs);
  }

  book(market: number): L2Book | undefined {
    return this.feed.book(market);
  }

  resync(market: number, nowNs: number): void {
    this.feed.resync(market, 'gap', nowNs);
  }

  send(): void {
    // What the recorder sent is in the recording.
  }

  fetch({ path }: RestRequest, tag: number): void {
    this.#asked.push({ path, tag });
  }

  reconnect(): void {
    this.#isGivenUp = true;
  }

  random(): number {
    return 0;
  }

  /** What has been asked, with pages that are here already; what is asked then waits for the next ones. */
  #answer(nowNs: number): void {
    if (this.#early.length === 0) return;
    for (const asked of this.#asked.slice()) {
      const page = this.#early.find((each) => isFresh(each, nowNs) && isPage(each.url, asked.path));
      if (page === undefined) continue;
      this.#early.splice(this.#early.indexOf(page), 1);
      this.#asked.splice(this.#asked.indexOf(asked), 1);
      this.feed.fetched(asked.tag, page.response, nowNs);
    }
  }
}

function isFresh(page: Page, nowNs: number): boolean {
  return Math.abs(nowNs - page.nowNs) <= FRESH_NS;
}
