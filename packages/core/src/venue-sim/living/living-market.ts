/**
 * A market of its own: a matching engine for each instrument, seeded agents whose orders excite each other, values with a common
 * factor or one that follows another, regimes, and one feed. Instruments may be of several venues, which number messages and
 * executions each for itself. Own orders go into the same books as everyone's. The same seed and the same requests at the
 * same times give the same feed and reports, bit for bit; nothing allocates once buffers have grown.
 */
import { Random } from '../../base/random.ts';
import { TradingStatus, Field, headInstrument } from '../../market/event.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { L3Book } from '../../market/l3-book.ts';
import { MarketState } from '../../matching/codes.ts';
import { RecordQueue } from '../../trading/record-queue.ts';
import type { LivingVenue } from '../venue.ts';
import { checkFollow, checkParams } from './check-params.ts';
import type { FollowParams, MarketParams } from './params.ts';
import { CALM, REGIMES, RegimeClock, type RegimeName, type Schedule } from './regimes.ts';
import { Traders } from './traders.ts';
import { VALUE_STEP_NS } from './value.ts';
import { type Sequences, VenueBook } from './venue-book.ts';

const NS_PER_SECOND = 1e9;
/** The market has lived so long when its first snapshot is published. */
const WARM_UP_NS = 20 * NS_PER_SECOND;
const STATUS_OF = [TradingStatus.TRADING, TradingStatus.AUCTION, TradingStatus.HALTED];

export interface LivingInstrument {
  readonly instrument: Instrument;
  readonly params: MarketParams;
  /** Its value follows that of another instrument. */
  readonly follows?: FollowParams | undefined;
}

export interface LivingOptions {
  /** Absent: calm for ever. */
  readonly schedule?: Schedule;
  /** Publish every order (ORDER_… records) and not levels. */
  readonly isL3?: boolean;
  /** Time of the first snapshot, nanoseconds since the epoch day; 0 when absent. */
  readonly startNs?: number;
}

export class LivingMarket implements LivingVenue {
  readonly reports = new RecordQueue(256);
  readonly feed = new RecordQueue(4096);
  readonly instruments: readonly Instrument[];
  nextNs = Infinity;
  /** Regime of the spell at hand. */
  regime: RegimeName = 'calm';
  readonly #books: VenueBook[] = [];
  readonly #traders: Traders[] = [];
  readonly #factor: Random;
  readonly #spells: RegimeClock;
  /** Next step of the values, and instrument whose event is next, -1 = the step. */
  #stepNs: number;
  #next = -1;
  #spellEndNs: number;
  /** When the halt of the spell becomes an auction, and the auction ends; NaN = no more in this spell. */
  #auctionNs = Number.NaN;
  #resumeNs = Number.NaN;

  /**
   * The feed holds the snapshots of all books when this returns.
   * @throws RangeError that names the parameter, what was found and what was expected
   */
  constructor(instruments: readonly LivingInstrument[], seed: number, options: LivingOptions = {}) {
    const { schedule = CALM, isL3 = false, startNs = 0 } = options;
    if (instruments.length === 0) throw new RangeError('a living market has at least one instrument');
    if (!Number.isSafeInteger(seed)) throw new RangeError(`seed ${seed} is not a whole number`);
    const birthNs = startNs - WARM_UP_NS;
    const sequencesOf = new Map<string, Sequences>();
    this.instruments = instruments.map(({ instrument }) => instrument);
    this.#factor = Random.stream(seed, 'living/factor');
    this.#spells = new RegimeClock(schedule, Random.stream(seed, 'living/regimes'));
    this.#stepNs = birthNs + VALUE_STEP_NS;
    this.#spellEndNs = startNs;
    const heat = this.#factor.normal();
    instruments.forEach(({ instrument, params, follows }, index) => {
      checkParams(params, instrument.symbol);
      const { venue } = instrument;
      const sequences = sequencesOf.get(venue) ?? { messages: { last: 0 }, executions: { last: 0 } };
      sequencesOf.set(venue, sequences);
      const { count, levels } = params.makers;
      const cells = count * 2 * levels;
      const book = new VenueBook(index, instrument, count, cells, this.feed, this.reports, sequences, isL3);
      this.#books.push(book);
      const traders = new Traders(book, params, seed, heat, birthNs);
      this.#traders.push(traders);
      if (follows === undefined) return;
      checkFollow(follows, index, instrument.symbol);
      traders.value.follow(this.#traders[follows.instrument].value, follows);
    });
    for (const traders of this.#traders) traders.draw(this.#stepNs);
    this.#schedule();
    while (this.nextNs < startNs) this.step();
    for (const { publisher, orders } of this.#books) {
      publisher.isOn = true;
      publisher.nowNs = startNs;
      publisher.snapshot(orders);
    }
  }

  /** Operations that the engines have done: orders in, cancels, amendments. */
  get operations(): number {
    return this.#books.reduce((sum, book) => sum + book.operations, 0);
  }

  step(): void {
    const next = this.#next;
    if (next < 0) this.#stepValues();
    else {
      const traders = this.#traders[next];
      traders.venue.publisher.nowNs = this.nextNs;
      traders.act();
      traders.venue.desk.deliver();
      traders.draw(this.#stepNs);
    }
    this.#schedule();
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    const traders = this.#traders[headInstrument(data[offset + Field.HEAD])];
    if (traders === undefined) return;
    const { venue } = traders;
    venue.publisher.nowNs = nowNs;
    venue.tradedLots = 0;
    venue.desk.request(data, offset, nowNs);
    if (venue.tradedLots === 0) return;
    // Our trades excite the agents as anyone's do; their next event is drawn anew from here on.
    traders.arrivals.takeBack(nowNs);
    traders.noteTrades();
    traders.draw(this.#stepNs);
    this.#schedule();
  }

  /** Somebody subscribes anew: publishes the state and the book of each instrument as they are. */
  subscribe(nowNs: number): void {
    for (const { publisher, orders, engine } of this.#books) {
      publisher.nowNs = nowNs;
      publisher.status(STATUS_OF[engine.state]);
      publisher.snapshot(orders);
    }
  }

  /** Queues of an instrument's engine. */
  book(instrument: number): L3Book {
    return this.#books[instrument].book;
  }

  /** The value that an instrument's price follows, in ticks. */
  valueTicks(instrument: number): number {
    return this.#traders[instrument].value.ticks;
  }

  /** Signed lots of an instrument by participant (`Participant`); they sum to 0. */
  positions(instrument: number): Float64Array {
    return this.#books[instrument].positions;
  }

  #schedule(): void {
    const traders = this.#traders;
    let next = -1;
    let ns = this.#stepNs;
    for (let i = 0; i < traders.length; i++) {
      const { atNs } = traders[i].arrivals;
      if (atNs < ns) {
        ns = atNs;
        next = i;
      }
    }
    this.#next = next;
    this.nextNs = ns;
  }

  #stepValues(): void {
    const nowNs = this.#stepNs;
    this.#stepNs = nowNs + VALUE_STEP_NS;
    if (nowNs >= this.#spellEndNs) this.#beginSpell(nowNs);
    if (nowNs >= this.#auctionNs) {
      this.#auctionNs = Number.NaN;
      this.#setState(MarketState.AUCTION, nowNs);
    }
    if (nowNs >= this.#resumeNs) {
      this.#resumeNs = Number.NaN;
      this.#setState(MarketState.TRADING, nowNs);
    }
    const factor = this.#factor.normal();
    const heat = this.#factor.normal();
    for (const traders of this.#traders) {
      traders.step(factor, heat, nowNs);
      traders.draw(this.#stepNs);
    }
  }

  #beginSpell(nowNs: number): void {
    const { regime, seconds, haltSeconds = 0 } = this.#spells.next();
    this.regime = regime;
    this.#spellEndNs = nowNs + seconds * NS_PER_SECOND;
    for (const traders of this.#traders) traders.beginSpell(REGIMES[regime]);
    if (haltSeconds === 0) return;
    this.#auctionNs = nowNs + haltSeconds * NS_PER_SECOND;
    this.#resumeNs = nowNs + 2 * haltSeconds * NS_PER_SECOND;
    this.#setState(MarketState.HALTED, nowNs);
  }

  #setState(state: MarketState, nowNs: number): void {
    for (const book of this.#books) {
      book.publisher.nowNs = nowNs;
      book.publisher.status(STATUS_OF[state]);
      book.setState(state);
      book.desk.deliver();
    }
  }
}
