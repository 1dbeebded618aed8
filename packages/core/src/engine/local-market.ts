/** One instrument as the engine knows it: the book built from what was received, its touch, the last print, and whether it trades. */
import { checkState } from '../base/state.ts';
import { BookBuilder, type BookBuilderState } from '../market/book-builder.ts';
import type { Book } from '../market/book.ts';
import { EventFlag, EventKind, Field, TradingStatus } from '../market/event.ts';
import type { Instrument } from '../market/instrument.ts';
import { L2Book } from '../market/l2-book.ts';
import type { L2Side } from '../market/l2-side.ts';
import { Side } from '../market/side.ts';

const HEAD = Field.HEAD;
const VENUE_NS = Field.VENUE_NS;
const LOCAL_NS = Field.LOCAL_NS;
const PRICE_TICKS = Field.PRICE_TICKS;
const SIZE_LOTS = Field.SIZE_LOTS;
const SEQ = Field.SEQ;
const LEVEL = EventKind.LEVEL;
const TRADE = EventKind.TRADE;
const QUOTE = EventKind.QUOTE;
const CHECKSUM = EventKind.CHECKSUM;
const STATUS = EventKind.STATUS;
const BUY_IN_HEAD = EventFlag.BUY << 8;
const LAST_IN_HEAD = EventFlag.LAST << 8;

/** What positions are valued at. */
export const Mark = { MID: 0, LAST: 1, MICROPRICE: 2 } as const;
export type Mark = (typeof Mark)[keyof typeof Mark];

export interface LocalMarketState {
  readonly symbol: string;
  readonly builder: BookBuilderState;
  readonly bidTicks: number;
  readonly askTicks: number;
  readonly lastMidTicks: number;
  readonly lastTradeTicks: number;
  readonly receivedNs: number;
  readonly venueNs: number;
  readonly isTrading: boolean;
  readonly isConnected: boolean;
  readonly isReady: boolean;
  readonly hasFallen: boolean;
  readonly isChanged: boolean;
}

export class LocalMarket {
  readonly index: number;
  readonly instrument: Instrument;
  readonly book: Book;
  /** The touch after the last message that changed the book; NaN when a side is empty. */
  bidTicks = Number.NaN;
  askTicks = Number.NaN;
  /** The last mid there was; NaN before the first. Half ticks occur. */
  lastMidTicks = Number.NaN;
  /** Price of the last print; NaN before the first. */
  lastTradeTicks = Number.NaN;
  /** When the last message that changed the book was received, and when the venue sent it. */
  receivedNs = Number.NaN;
  venueNs = Number.NaN;
  isTrading = true;
  isConnected = true;
  /** See `Market.isReady`. */
  isReady = false;
  /** The market was ready before the message that ended last, and is not since. */
  hasFallen = false;
  /** The message at hand has changed the book. */
  #isChanged = false;
  readonly #builder: BookBuilder;
  /** The book when it is one of levels, which most rows change: they go to its sides without a detour. */
  readonly #l2: L2Book | undefined;
  readonly #bids: L2Side | undefined;
  readonly #asks: L2Side | undefined;

  readonly #mark: Mark;

  constructor(index: number, instrument: Instrument, isL3: boolean, mark: Mark) {
    this.#mark = mark;
    this.index = index;
    this.instrument = instrument;
    this.#builder = new BookBuilder(isL3);
    this.book = this.#builder.book;
    this.#l2 = this.book instanceof L2Book ? this.book : undefined;
    this.#bids = this.#l2?.bids;
    this.#asks = this.#l2?.asks;
  }

  /** Takes in the market record at `data[offset]`. Answers true when with it a message ended that changed the book or its standing. */
  apply(data: Float64Array, offset: number): boolean {
    const head = data[offset + HEAD] | 0;
    const kind = head & 0xff;
    const l2 = this.#l2;
    if (kind === LEVEL && l2 !== undefined) {
      const side = (head & BUY_IN_HEAD) === 0 ? this.#asks! : this.#bids!;
      side.set(data[offset + PRICE_TICKS], data[offset + SIZE_LOTS]);
      l2.noteSeq(data[offset + SEQ]);
      this.#isChanged = true;
    } else this.#applyOther(kind, data, offset);
    if ((head & LAST_IN_HEAD) === 0 || !this.#isChanged) return false;
    this.#isChanged = false;
    this.receivedNs = data[offset + LOCAL_NS];
    this.venueNs = data[offset + VENUE_NS];
    this.#look();
    return true;
  }

  /** Half ticks occur; NaN when a side is empty. */
  get midTicks(): number {
    return (this.bidTicks + this.askTicks) / 2;
  }

  /** bid + spread × bid lots ÷ (bid lots + ask lots); NaN when a side is empty. */
  get micropriceTicks(): number {
    const bidLots = this.book.bestSize(Side.BUY);
    const share = bidLots / (bidLots + this.book.bestSize(Side.SELL));
    return this.bidTicks + (this.askTicks - this.bidTicks) * share;
  }

  /** What a position is valued at now; NaN before it can be said. */
  get markTicks(): number {
    if (this.#mark === Mark.LAST) return this.lastTradeTicks;
    const ticks = this.#mark === Mark.MICROPRICE ? this.micropriceTicks : this.lastMidTicks;
    return ticks === ticks ? ticks : this.lastMidTicks;
  }

  /** The connection to the venue went or came. */
  connect(isConnected: boolean): void {
    this.isConnected = isConnected;
    this.#look();
  }

  /** Between any two records, also within a message: the touch is that of the last message that ended. */
  save(): LocalMarketState {
    const { bidTicks, askTicks, lastMidTicks, lastTradeTicks, receivedNs, venueNs } = this;
    const { isTrading, isConnected, isReady, hasFallen } = this;
    return {
      symbol: this.instrument.symbol,
      builder: this.#builder.save(),
      bidTicks,
      askTicks,
      lastMidTicks,
      lastTradeTicks,
      receivedNs,
      venueNs,
      isTrading,
      isConnected,
      isReady,
      hasFallen,
      isChanged: this.#isChanged,
    };
  }

  restore(state: LocalMarketState): void {
    const what = `the market of ${this.instrument.symbol}`;
    checkState(what, state, this.save());
    if (state.symbol !== this.instrument.symbol) throw new RangeError(`state of ${what}: found ${state.symbol}`);
    this.#builder.restore(state.builder);
    this.bidTicks = state.bidTicks;
    this.askTicks = state.askTicks;
    this.lastMidTicks = state.lastMidTicks;
    this.lastTradeTicks = state.lastTradeTicks;
    this.receivedNs = state.receivedNs;
    this.venueNs = state.venueNs;
    this.isTrading = state.isTrading;
    this.isConnected = state.isConnected;
    this.isReady = state.isReady;
    this.hasFallen = state.hasFallen;
    this.#isChanged = state.isChanged;
  }

  #applyOther(kind: number, data: Float64Array, offset: number): void {
    if (kind === TRADE) this.lastTradeTicks = data[offset + PRICE_TICKS];
    else if (kind === STATUS) {
      this.isTrading = data[offset + SIZE_LOTS] === TradingStatus.TRADING;
      this.#isChanged = true;
    } else if (kind !== QUOTE && kind !== CHECKSUM) {
      this.#builder.apply(data, offset);
      this.#isChanged = true;
    }
  }

  #look(): void {
    const bid = this.#bids === undefined ? this.book.bestPrice(Side.BUY) : this.#bids.bestPrice();
    const ask = this.#asks === undefined ? this.book.bestPrice(Side.SELL) : this.#asks.bestPrice();
    const mid = (bid + ask) / 2;
    this.bidTicks = bid;
    this.askTicks = ask;
    if (mid === mid) this.lastMidTicks = mid;
    const isReady = bid < ask && this.isTrading && this.isConnected && !this.book.stale;
    this.hasFallen = this.isReady && !isReady;
    this.isReady = isReady;
  }
}
