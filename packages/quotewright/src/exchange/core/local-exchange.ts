/**
 * The exchange behind the faces: one market of agents, or a recording, in which the instruments of several venues are, and the accounts
 * and orders of each venue. Everything happens in the turn in which it was asked for; the market lives up to the clock's time first.
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { instrumentVenues } from '@quotewright/core/market/instrument-venues';
import type { L3Book } from '@quotewright/core/market/l3-book';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import { parseDecimal } from '@quotewright/core/trading/money-text';
import { ReportKind } from '@quotewright/core/trading/records';
import type { LivingVenue } from '@quotewright/core/venue-sim/venue';
import type { ExchangeKey, Faults } from '../contract.ts';
import { Account } from './account.ts';
import type { ExchangeClock } from './exchange-clock.ts';
import { InstrumentMoney, currencyDecimals } from './money.ts';
import { type DeskHost, VenueDesk, marketOf } from './venue-desk.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, AUX } = Field;
const { ORDER_EXEC, TRADE } = EventKind;

/** Who plays the market: `LivingMarket`, or a recording. */
export interface MarketSource extends LivingVenue {
  readonly instruments: readonly Instrument[];
  /** The queues of an instrument's book, where there are any. */
  queues(instrument: number): L3Book | undefined;
  /** Has every book told as it is now, order by order; absent: there are no orders. */
  subscribe?(nowNs: number): void;
}

export interface LocalExchangeSetup {
  readonly source: MarketSource;
  readonly clock: ExchangeClock;
  readonly accounts: readonly string[];
  /** Decimal texts by currency: what each account has at each venue. */
  readonly cash: Readonly<Record<string, string>>;
  readonly keys: (venue: string) => readonly ExchangeKey[];
  readonly faults: (venue: string) => Faults;
  /** Venues that take fees of spot in what is received (`FaceMaker.takesFeesInReceived`). */
  readonly feesInReceived: ReadonlySet<string>;
}

export class LocalExchange implements DeskHost {
  readonly epochDay: number;
  readonly venues: readonly VenueDesk[];
  readonly #source: MarketSource;
  readonly #clock: ExchangeClock;
  /** By instrument of the market: the venue's desk, and its index there. */
  readonly #desks: VenueDesk[] = [];
  readonly #indices: number[] = [];
  /** What the market has told and not been read: records, and by record the number of the trade that it is. */
  #data = new Float64Array(256 * EVENT_STRIDE);
  #trades = new Float64Array(256);
  /** By record: 1 = its taker's fill has been reported, 2 = its maker's. */
  #told = new Uint8Array(256);
  #count = 0;
  readonly #report = new Float64Array(EVENT_STRIDE);
  /** By how much the market's own time is behind: as long as it has stood still. */
  #behindNs = 0;
  /** Where the market's time stands still; undefined: it does not. */
  #pausedNs: number | undefined;

  /** @throws RangeError when an instrument cannot be settled, or an amount of cash is no decimal */
  constructor(setup: LocalExchangeSetup) {
    const { source, clock } = setup;
    this.#source = source;
    this.#clock = clock;
    this.epochDay = clock.epochDay;
    const { names, venueOf } = instrumentVenues(source.instruments);
    this.venues = names.map((venue, v) => {
      const markets = venueOf.flatMap((of, index) => (of === v ? [index] : []));
      const desk = this.#openDesk(venue, markets, setup);
      markets.forEach((market, index) => {
        this.#desks[market] = desk;
        this.#indices[market] = index;
      });
      return desk;
    });
    this.#drain();
  }

  nowNs(): number {
    return this.#clock.nowNs();
  }

  /** The market stands still: only accounts trade. When it goes on, it is where it was. */
  get isPaused(): boolean {
    return this.#pausedNs !== undefined;
  }

  set isPaused(isPaused: boolean) {
    const nowNs = this.catchUp();
    if (isPaused) this.#pausedNs ??= nowNs - this.#behindNs;
    else this.#pausedNs = undefined;
  }

  catchUp(): number {
    const nowNs = this.#clock.nowNs();
    const source = this.#source;
    if (this.#pausedNs !== undefined) this.#behindNs = nowNs - this.#pausedNs;
    while (!this.isPaused && source.nextNs + this.#behindNs <= nowNs) {
      source.step();
      this.#drain();
    }
    return nowNs;
  }

  request(data: Float64Array, nowNs: number): void {
    data[VENUE_NS]! -= this.#behindNs;
    data[LOCAL_NS]! -= this.#behindNs;
    this.#source.request(data, 0, nowNs - this.#behindNs);
    this.#drain();
  }

  /** Tells who listens of every order that stands, by its number: nobody has to guess later which one is meant. */
  tellBooks(): void {
    this.#source.subscribe?.(this.catchUp() - this.#behindNs);
    this.#drain();
  }

  /** Time has passed: the market goes on, and faces send what they have gathered. */
  turn(): void {
    const nowNs = this.catchUp();
    for (const venue of this.venues) venue.turn(nowNs);
  }

  #openDesk(venue: string, markets: readonly number[], setup: LocalExchangeSetup): VenueDesk {
    const { source } = setup;
    const instruments = markets.map((market) => source.instruments[market]!);
    const decimals = currencyDecimals(instruments);
    const isFeeReceived = setup.feesInReceived.has(venue);
    const money = instruments.map((instrument) => new InstrumentMoney(instrument, decimals, isFeeReceived));
    const cash = new Map(
      Array.from(decimals, ([currency, count]) => {
        const units = parseDecimal(`cash of ${currency}`, setup.cash[currency] ?? '0', count);
        return [currency, { units, decimals: count }];
      }),
    );
    return new VenueDesk(this, {
      venue,
      instruments,
      markets,
      money,
      queues: (market) => source.queues(market),
      accounts: setup.accounts.map((name, index) => new Account(name, index + 1, money, cash)),
      keys: setup.keys(venue),
      faults: setup.faults(venue),
    });
  }

  /** Takes what the market has told: trades get their numbers, then accounts are told, then the public. */
  #drain(): void {
    this.#take(this.#source.feed);
    const data = this.#data;
    const trades = this.#trades;
    const end = this.#count * EVENT_STRIDE;
    for (let at = 0; at < end; at += EVENT_STRIDE) {
      const kind = headKind(data[at + HEAD]!);
      if (kind === ORDER_EXEC || kind === TRADE) trades[at / EVENT_STRIDE] = ++this.#desks[marketOf(data, at)]!.trades;
    }
    const { reports } = this.#source;
    const report = this.#report;
    for (; reports.length > 0; reports.shift()) {
      const from = reports.peek();
      for (let i = 0; i < EVENT_STRIDE; i++) report[i] = reports.data[from + i]!;
      report[VENUE_NS]! += this.#behindNs;
      const desk = this.#desks[marketOf(report, 0)]!;
      desk.report(report, 0, headKind(report[HEAD]!) === ReportKind.FILL ? this.#tradeOf(report, desk) : 0);
    }
    for (let from = 0, at = 0; at < end; at += EVENT_STRIDE) {
      if ((headFlags(data[at + HEAD]!) & EventFlag.LAST) === 0) continue;
      const market = marketOf(data, at);
      this.#desks[market]!.market(this.#indices[market]!, data, from, at + EVENT_STRIDE, trades);
      from = at + EVENT_STRIDE;
    }
    this.#count = 0;
  }

  #take(feed: RecordQueue): void {
    const records = feed.length;
    if (records * EVENT_STRIDE > this.#data.length) {
      const capacity = 2 ** Math.ceil(Math.log2(records));
      this.#data = new Float64Array(capacity * EVENT_STRIDE);
      this.#trades = new Float64Array(capacity);
      this.#told = new Uint8Array(capacity);
    }
    const data = this.#data;
    for (let to = 0; feed.length > 0; feed.shift(), to += EVENT_STRIDE) {
      const from = feed.peek();
      for (let i = 0; i < EVENT_STRIDE; i++) data[to + i] = feed.data[from + i]!;
      data[to + VENUE_NS]! += this.#behindNs;
    }
    this.#told.fill(0, 0, records);
    this.#count = records;
  }

  /** The number of the trade that a FILL is of; a new one when the market's records have none (a recording's). */
  #tradeOf(report: Float64Array, desk: VenueDesk): number {
    const data = this.#data;
    const book = desk.bookNumber(report[ORDER_ID]!);
    // A recording has no numbers for our orders.
    const count = book === 0 ? 0 : this.#count;
    for (let record = 0; record < count; record++) {
      const at = record * EVENT_STRIDE;
      if (headKind(data[at + HEAD]!) !== ORDER_EXEC || marketOf(data, at) !== marketOf(report, 0)) continue;
      if (data[at + PRICE_TICKS] !== report[PRICE_TICKS] || data[at + SIZE_LOTS] !== report[SIZE_LOTS]) continue;
      const role = data[at + AUX] === book ? 1 : data[at + ORDER_ID] === book ? 2 : 0;
      if (role === 0 || (this.#told[record]! & role) !== 0) continue;
      this.#told[record]! |= role;
      return this.#trades[record]!;
    }
    return ++desk.trades;
  }
}
