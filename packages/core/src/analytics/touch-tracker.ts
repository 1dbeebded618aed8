/**
 * One market as the recorder sees it: the touch, the mid that holds, whether own orders stand at the touch, and for how long.
 *
 * The mid is kept doubled (bid + ask), a whole number. Once there has been one it stays until the next: while a side is empty
 * or the book is crossed, the last mid holds. Everything that the book path writes lies in one Float64Array, so that no
 * number is boxed.
 */
import { Side } from '../market/side.ts';

/** Words of a touch. Whoever calls `changed` has written the first four. */
export const Touch = {
  NOW_NS: 0,
  /** Venue time of the book message at hand, NaN when it has none. */
  VENUE_NS: 1,
  BID_TICKS: 2,
  ASK_TICKS: 3,
  /** Twice the mid that holds; NaN before the first. */
  MID2: 4,
} as const;
const { NOW_NS, VENUE_NS, BID_TICKS, ASK_TICKS, MID2 } = Touch;

/** Own best prices: the worst possible when there is no own order, so that comparisons answer no. */
const OWN_BID = 5;
const OWN_ASK = 6;
/** What has held since SINCE: the bits below. */
const SINCE_NS = 7;
const STANDING = 8;
/** Nanoseconds for which it held, each while the book was two-sided. */
const TWO_SIDED_NS = 9;
const AT_BID_NS = 10;
const AT_ASK_NS = 11;
const AT_BOTH_NS = 12;
const QUOTES_BOTH_NS = 13;
const WORDS = 14;

/** The book has two sides that do not cross; own orders stand at the best price or better; on both sides at any price. */
const TWO_SIDED = 1;
const AT_BID = 2;
const AT_ASK = 4;
const QUOTES_BOTH = 8;

/** Mids that are remembered by venue time, for the mid before a fill: 256 changes back. */
const HISTORY = 256;

export class TouchTracker {
  readonly words = new Float64Array(WORDS);
  /** Venue time from which a mid held, and twice the mid. */
  readonly #history = new Float64Array(2 * HISTORY);
  #historyCount = 0;

  constructor() {
    const { words } = this;
    words.fill(Number.NaN, VENUE_NS, MID2 + 1);
    words[OWN_BID] = Number.NEGATIVE_INFINITY;
    words[OWN_ASK] = Number.POSITIVE_INFINITY;
  }

  /** The first event: time counts from here. */
  start(nowNs: number): void {
    this.words[SINCE_NS] = nowNs;
  }

  /** The touch is another since the last call. */
  changed(): void {
    const { words } = this;
    const bid = words[BID_TICKS];
    const ask = words[ASK_TICKS];
    if (bid < ask) {
      const mid2 = bid + ask;
      if (mid2 !== words[MID2]) {
        words[MID2] = mid2;
        const at = (this.#historyCount++ & (HISTORY - 1)) << 1;
        this.#history[at] = words[VENUE_NS];
        this.#history[at + 1] = mid2;
      }
    }
    this.#compare();
  }

  /** The best price of own standing orders of a side is another; NaN = there are none. */
  setOwnBest(side: Side, priceTicks: number, nowNs: number): void {
    const { words } = this;
    words[NOW_NS] = nowNs;
    if (side === Side.BUY) words[OWN_BID] = Number.isNaN(priceTicks) ? Number.NEGATIVE_INFINITY : priceTicks;
    else words[OWN_ASK] = Number.isNaN(priceTicks) ? Number.POSITIVE_INFINITY : priceTicks;
    this.#compare();
  }

  /** Counts time until now. */
  settle(nowNs: number): void {
    this.words[NOW_NS] = nowNs;
    this.#settle();
  }

  /**
   * Twice the mid that held just before a venue time: that of the last book message with an earlier one. The mid that holds
   * now when messages carry no venue time; the oldest remembered when it is longer ago; NaN before the first.
   */
  mid2Before(venueNs: number): number {
    const history = this.#history;
    const oldest = Math.max(0, this.#historyCount - HISTORY);
    for (let i = this.#historyCount - 1; i >= oldest; i--) {
      const at = 2 * (i & (HISTORY - 1));
      // NaN on either side: no times to go by.
      if (!(history[at] >= venueNs) || i === oldest) return history[at + 1];
    }
    return this.words[MID2];
  }

  // Shares of the time with a two-sided book; NaN when there was none.

  get uptimeBid(): number {
    return this.words[AT_BID_NS] / this.words[TWO_SIDED_NS];
  }

  get uptimeAsk(): number {
    return this.words[AT_ASK_NS] / this.words[TWO_SIDED_NS];
  }

  get uptimeBoth(): number {
    return this.words[AT_BOTH_NS] / this.words[TWO_SIDED_NS];
  }

  get quotedBoth(): number {
    return this.words[QUOTES_BOTH_NS] / this.words[TWO_SIDED_NS];
  }

  /** Books what has held until now. */
  #settle(): void {
    const { words } = this;
    const standing = words[STANDING] | 0;
    const ns = words[NOW_NS] - words[SINCE_NS];
    words[SINCE_NS] = words[NOW_NS];
    if ((standing & TWO_SIDED) === 0) return;
    words[TWO_SIDED_NS] += ns;
    if ((standing & AT_BID) !== 0) words[AT_BID_NS] += ns;
    if ((standing & AT_ASK) !== 0) words[AT_ASK_NS] += ns;
    if ((standing & (AT_BID | AT_ASK)) === (AT_BID | AT_ASK)) words[AT_BOTH_NS] += ns;
    if ((standing & QUOTES_BOTH) !== 0) words[QUOTES_BOTH_NS] += ns;
  }

  /** What holds from now on; time is booked only when that is something else, which is seldom. */
  #compare(): void {
    const { words } = this;
    const ownBid = words[OWN_BID];
    const ownAsk = words[OWN_ASK];
    let standing = 0;
    if (words[BID_TICKS] < words[ASK_TICKS]) standing = TWO_SIDED;
    if (ownBid >= words[BID_TICKS]) standing |= AT_BID;
    if (ownAsk <= words[ASK_TICKS]) standing |= AT_ASK;
    if (ownBid > Number.NEGATIVE_INFINITY && ownAsk < Number.POSITIVE_INFINITY) standing |= QUOTES_BOTH;
    if (standing === words[STANDING]) return;
    this.#settle();
    words[STANDING] = standing;
  }
}
