/** What happens on the lines to a venue that is worth a line in a log, an alert, or a number on a page. */
import type { FeedFault } from '../contract/feed.ts';
import type { VenueError } from '../contract/venue-error.ts';

/** `feed-b` is the second connection of a redundant feed. */
export type VenueLineName = 'feed' | 'feed-b' | 'orders' | 'rest';

export type VenueEventType =
  /** A connection stands. */
  | 'connected'
  /** A connection broke, or was given up. */
  | 'disconnected'
  /** A connection could not be made, or its preparations failed; it is tried again. */
  | 'unreachable'
  /** Nothing was heard for longer than may be: the connection is given up. */
  | 'zombie'
  /** Of market data: see `FeedEvent`. */
  | 'subscribed'
  | 'snapshot'
  | 'stale'
  | 'resync'
  /** The other one of two connections leads now. */
  | 'switched'
  /** Requests are taken, and reports complete from here on. */
  | 'ready'
  | 'refused'
  | 'unreadable'
  /** A rule of the venue's has no room, or the venue said so. */
  | 'rate-limited'
  /** The venue's public key is none of those that are pinned. */
  | 'pin'
  | 'notice';

export interface VenueEvent {
  readonly type: VenueEventType;
  /** `error`: somebody has to do something; `warning`: trading is impaired, and is mended by itself. */
  readonly severity: 'info' | 'warning' | 'error';
  readonly venue: string;
  readonly line: VenueLineName;
  /** Index of the instrument as in HEAD; -1: of the line. */
  readonly market: number;
  readonly nowNs: number;
  /** In words, without the venue's name. */
  readonly text: string;
  /** How many of this type there were of this line and instrument, this one included. */
  readonly count: number;
  /** Of `stale`. */
  readonly fault?: FeedFault;
  readonly error?: VenueError;
}

const SEVERITY: Readonly<Record<VenueEventType, VenueEvent['severity']>> = {
  connected: 'info',
  disconnected: 'warning',
  unreachable: 'warning',
  zombie: 'warning',
  subscribed: 'info',
  snapshot: 'info',
  stale: 'warning',
  resync: 'info',
  switched: 'warning',
  ready: 'info',
  refused: 'error',
  unreadable: 'warning',
  'rate-limited': 'warning',
  pin: 'error',
  notice: 'info',
};

export interface Told {
  readonly type: VenueEventType;
  readonly line: VenueLineName;
  readonly market?: number;
  readonly text: string;
  readonly fault?: FeedFault | undefined;
  readonly error?: VenueError | undefined;
}

/** Makes events of what the lines of one venue tell, and counts them. */
export class EventCounter {
  readonly #venue: string;
  readonly #on: (event: VenueEvent) => void;
  readonly #counts = new Map<string, number>();

  constructor(venue: string, on: (event: VenueEvent) => void) {
    this.#venue = venue;
    this.#on = on;
  }

  tell(nowNs: number, { type, line, market = -1, text, fault, error }: Told): void {
    const key = `${type} ${line} ${market}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    this.#on({
      type,
      severity: SEVERITY[type],
      venue: this.#venue,
      line,
      market,
      nowNs,
      text,
      count,
      ...(fault === undefined ? {} : { fault }),
      ...(error === undefined ? {} : { error }),
    });
  }

  /** How many there were of a type, of all lines and instruments. */
  total(type: VenueEventType): number {
    let sum = 0;
    for (const [key, count] of this.#counts) if (key.startsWith(`${type} `)) sum += count;
    return sum;
  }
}
