/**
 * Market data that goes wrong on its way from a venue: messages are lost (found out by their numbers, so that a GAP follows), the feed
 * freezes, a book crosses, the venue's clock jumps. After a while somebody subscribes anew and a snapshot puts things right.
 */
import { Random } from '@quotewright/core/base/random';
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, packHead } from '@quotewright/core/market/event';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { AskableVenue, VenueAccount } from '@quotewright/core/trading/venue-account';
import type { LivingVenue } from '@quotewright/core/venue-sim/venue';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS } = Field;
const { BUY, LAST } = EventFlag;
const { GAP, LEVEL } = EventKind;
const SECOND = 1e9;

/** Chances per message. */
export interface FeedFaults {
  readonly lost: number;
  readonly frozen: number;
  readonly crossed: number;
  readonly clockJump: number;
}

type Askable = LivingVenue & AskableVenue;

export class FaultyFeed implements LivingVenue, AskableVenue {
  readonly feed = new RecordQueue(1024);
  /** Faults so far, by kind. */
  readonly told: Record<string, number> = {};
  readonly #venue: Askable;
  readonly #subscribe: (nowNs: number) => void;
  readonly #faults: FeedFaults;
  readonly #markets: number;
  readonly #random: Random;
  #isInMessage = false;
  /** The rest of the message at hand is lost. */
  #isLost = false;
  #frozenUntilNs = Number.NEGATIVE_INFINITY;
  #subscribeNs = Number.POSITIVE_INFINITY;
  #clockNs = 0;
  #isHonest = false;

  /** @param subscribe asks for snapshots of all books */
  constructor(venue: Askable, subscribe: (nowNs: number) => void, faults: FeedFaults, markets: number, seed: number) {
    this.#venue = venue;
    this.#subscribe = subscribe;
    this.#faults = faults;
    this.#markets = markets;
    this.#random = Random.stream(seed, 'feed-faults');
  }

  get reports(): RecordQueue {
    return this.#venue.reports;
  }

  get nextNs(): number {
    return Math.min(this.#venue.nextNs, this.#subscribeNs);
  }

  step(): void {
    if (this.#subscribeNs <= this.#venue.nextNs) {
      const nowNs = this.#subscribeNs;
      this.#subscribeNs = Number.POSITIVE_INFINITY;
      this.#subscribe(nowNs);
    } else this.#venue.step();
    this.#pass();
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    this.#venue.request(data, offset, nowNs);
    this.#pass();
  }

  account(sinceNs: number): VenueAccount {
    return this.#venue.account(sinceNs);
  }

  /** How far the venue's clock is ahead of what is true. */
  get clockNs(): number {
    return this.#clockNs;
  }

  /** The connection went: what was on its way is lost. */
  drop(): void {
    this.feed.clear();
    this.#venue.feed.clear();
    this.#venue.reports.clear();
    this.#isInMessage = false;
  }

  /** From now on nothing goes wrong. */
  repent(): void {
    this.#isHonest = true;
    this.#clockNs = 0;
  }

  #pass(): void {
    const { feed } = this.#venue;
    for (; feed.length > 0; feed.shift()) {
      const at = feed.peek();
      const { data } = feed;
      const nowNs = data[at + VENUE_NS]!;
      if (!this.#isInMessage) this.#begin(nowNs);
      this.#isInMessage = (headFlags(data[at + HEAD]! | 0) & LAST) === 0;
      if (this.#isLost) continue;
      const to = this.feed.reserve();
      this.feed.data.set(data.subarray(at, at + EVENT_STRIDE), to);
      this.feed.data[to + VENUE_NS] = nowNs + this.#clockNs;
    }
  }

  /** A message begins. */
  #begin(nowNs: number): void {
    const { lost, frozen, crossed, clockJump } = this.#faults;
    if (this.#isLost && nowNs >= this.#frozenUntilNs) {
      this.#isLost = false;
      for (let market = 0; market < this.#markets; market++) this.#push(GAP, LAST, market, nowNs, 0, 0);
      this.#subscribeNs = nowNs + this.#random.below(SECOND);
    }
    if (this.#isLost || this.#isHonest) return;
    if (this.#happens('lost', lost)) {
      this.#isLost = true;
      this.#frozenUntilNs = nowNs;
    } else if (this.#happens('frozen', frozen)) {
      this.#isLost = true;
      this.#frozenUntilNs = nowNs + this.#random.below(3 * SECOND);
    } else if (this.#happens('crossed', crossed)) {
      // A bid beyond any ask.
      this.#push(LEVEL, LAST | BUY, this.#random.below(this.#markets), nowNs, 2 ** 30, 5);
      this.#subscribeNs = nowNs + this.#random.below(SECOND);
    } else if (this.#happens('clock', clockJump)) {
      this.#clockNs = (this.#random.below(3) - 1) * this.#random.below(2 * SECOND);
    }
  }

  #push(kind: number, flags: number, market: number, nowNs: number, priceTicks: number, sizeLots: number): void {
    const at = this.feed.reserve();
    const { data } = this.feed;
    data.fill(0, at, at + EVENT_STRIDE);
    data[at + HEAD] = packHead(kind, flags, market);
    data[at + VENUE_NS] = nowNs;
    data[at + LOCAL_NS] = Number.NaN;
    data[at + PRICE_TICKS] = priceTicks;
    data[at + SIZE_LOTS] = sizeLots;
  }

  #happens(name: string, chance: number): boolean {
    if (!(this.#random.uniform() < chance)) return false;
    this.told[name] = (this.told[name] ?? 0) + 1;
    return true;
  }
}
