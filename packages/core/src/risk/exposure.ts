/**
 * What the positions and open orders of all strategies may come to at worst, in the risk currency, kept up to date with little work: an
 * instrument's part is worked out anew only when its price, its orders or its position changed (`touch`), and sums take the difference.
 * Parts are whole numbers of millionths of the risk currency (of base currencies: 1e-8 of one), so that sums never drift.
 *
 * The worst position of a side is what would be held if all open orders of that side filled and none of the other:
 * position + open bids, and −position + open asks. The two add up to all open orders; the larger is the worst of all.
 *
 * An instrument without a known price, or worth more than sums hold exactly, has no part and is counted in `unknown`.
 *
 * Most of what happens does not need the sums: `QuickCheck` lets orders pass that are within every limit even if the sums were as
 * much larger as they may have become. So `refresh` leaves an instrument's part as it is while its mid is within `BAND` of the one
 * that the part was worked out at, its position is the same, and its lanes have no more open lots than their BOUND, which the
 * orders raise that were let pass; their values are in SPENT. `settle` works out those that were left.
 */
import type { Side } from '../market/side.ts';
import type { OrderDesk } from '../trading/order-desk.ts';
import { BAND, BASE_PARTS, BasePart, LanePart, MICROS, MarketPart, RowPart, TotalPart } from './exposure-layout.ts';
import { type Rates, currenciesOf } from './rates.ts';
import type { RiskMarket } from './risk-market.ts';

const { POSITION, OPEN, WORST, GROSS, BASE_WORST, EQUITY, LOT_VALUE, LOT_BASE, LOT_EQUITY, ORDER_VALUE } = MarketPart;
const { LOT_HIGH, LOT_LOW, SPENT: OWN_SPENT } = MarketPart;
const { BOUND, SENT_NS } = LanePart;
const { GROSS: ROW_GROSS } = RowPart;
const { UNITS, WORST: BASE_MOST } = BasePart;
const { PORTFOLIO, EQUITY: ALL_EQUITY, SPENT, HELD } = TotalPart;
const SCALE = MICROS;
/** Adding and taking away so much leaves the nearest whole number of anything below 2^51. */
const NEAREST = 1.5 * 2 ** 52;
const MOST = 2 ** 50;
const LANE = 4;
/** What is to be looked at in a touched instrument: its orders, its price, everything. */
const ORDERS = 1;
const PRICE = 2;
const ALL = 4;

export class Exposure {
  readonly data: Float64Array;
  /** Signed lots by lane: strategy × markets + market. */
  readonly positions: Float64Array;
  /** Where the sums are in `data`. Those of all, of row 0, of an instrument's venue, of its base currency. */
  readonly totalsAt: number;
  readonly rowsAt: number;
  readonly venueAt: Int32Array;
  readonly baseAt: Int32Array;
  readonly rowCount: number;
  readonly rates: Rates;
  /** By instrument, index in `rates`: base and quote currency. */
  readonly base: Int32Array;
  readonly quote: Int32Array;
  /** By instrument: the other one whose mid converts its quote currency, -1 = none. */
  readonly rateSource: Int32Array;
  /** By instrument: 1 = inverse. */
  readonly isInverse: Uint8Array;
  /** Touched instruments; `refresh` is due when it is above 0. */
  dirtyCount = 0;
  /** Instruments whose part was left as it is; `settle` is due before sums are read when it is above 0. */
  staleCount = 0;
  /** Goes up when a part or a limit changes. */
  version = 1;
  /** Set when parts changed, or equity; cleared by who has looked. */
  hasMoved = false;
  /** Equity does not matter while no price leaves its band: it is not brought up to date before `settle`. */
  isLoose = false;
  /** See `LanePart`. */
  readonly lanes: Float64Array;
  /**
   * Where `data` has, by instrument and side, the best price of all own orders times +1 for bids and −1 for asks, or more; Infinity =
   * not known. None is better than the ones that were there when it was looked for, or were let pass since.
   */
  readonly bestAt: number;
  /** Instruments with a position or open orders whose value is not known. */
  unknown = 0;
  /** Instruments with a position. */
  held = 0;
  /** Goes up when a rate changes. */
  ratesVersion = 0;
  /** Called for each inverse instrument that `refresh` has worked through: its contracts are of another size at another price. */
  onPriced: (market: number) => void = () => undefined;
  readonly #markets: readonly RiskMarket[];
  readonly #strategies: number;
  readonly #dirty: Int32Array;
  readonly #marks: Uint8Array;
  readonly #stale: Int32Array;
  readonly #isStale: Uint8Array;
  /** By instrument: the mids between which its part is left as it is; NaN = it is worked out anew at any other. */
  readonly #lowTicks: Float64Array;
  readonly #highTicks: Float64Array;
  readonly #isUnknown: Uint8Array;
  /** By instrument: the mid that it was valued at. */
  readonly #valuedTicks: Float64Array;
  readonly #givenBy: Int32Array;
  /** By instrument: quote currency per money atom; price per tick; base currency per lot (inverse: not used). */
  readonly #atom: Float64Array;
  readonly #tick: Float64Array;
  readonly #lotBase: Float64Array;
  /** Parts by lane, at `lane × 4`: WORST by side, GROSS. */
  readonly #parts: Float64Array;
  /** The rows of venues and strategies are kept; switched on by the first limit that needs them. */
  #hasRows = false;
  #laneDoubles: Float64Array;
  /** No part of an instrument is above. */
  readonly most: number;

  constructor(markets: readonly RiskMarket[], venueOf: readonly number[], strategies: number, rates: Rates) {
    const count = markets.length;
    this.#markets = markets;
    this.#strategies = strategies;
    this.rates = rates;
    this.rowCount = 1 + Math.max(-1, ...venueOf) + 1 + strategies;
    this.totalsAt = count << 4;
    this.rowsAt = this.totalsAt + 8;
    const basesAt = this.rowsAt + (this.rowCount << 2);
    this.bestAt = basesAt + (rates.currencies.length << 3);
    this.data = new Float64Array(this.bestAt + (count << 1));
    this.positions = new Float64Array(strategies * count);
    this.#parts = new Float64Array(strategies * count * LANE);
    this.#laneDoubles = new Float64Array((strategies * count) << 4);
    this.venueAt = Int32Array.from(venueOf, (venue) => this.rowAt(1 + venue));
    // A price that gives a rate dirties others, so that one may be there more than once.
    this.#dirty = new Int32Array(count * (rates.currencies.length + 1));
    this.#marks = new Uint8Array(count);
    this.#stale = new Int32Array(count);
    this.#isStale = new Uint8Array(count);
    this.#lowTicks = new Float64Array(count).fill(Number.NaN);
    this.#highTicks = new Float64Array(count).fill(Number.NaN);
    this.lanes = new Float64Array((strategies * count) << 5);
    this.data.fill(Infinity, this.bestAt);
    this.#isUnknown = new Uint8Array(count);
    this.#valuedTicks = new Float64Array(count).fill(Number.NaN);
    this.isInverse = Uint8Array.from(markets, ({ instrument }) => (instrument.contract === 'inverse' ? 1 : 0));
    this.#givenBy = rates.givenBy;
    const named = markets.map(({ instrument }) => currenciesOf(instrument));
    this.quote = Int32Array.from(named, ({ quote }) => rates.indexOf(quote));
    this.rateSource = this.quote.map((currency, market) => {
      const source = rates.sources[currency];
      return source === market ? -1 : source;
    });
    this.base = Int32Array.from(named, ({ base }) => rates.indexOf(base));
    this.baseAt = this.base.map((currency) => basesAt + (currency << 3));
    this.#atom = Float64Array.from(markets, ({ instrument }) => instrument.money.toNumber(1));
    this.#tick = Float64Array.from(markets, ({ instrument }) => instrument.price.toNumber(1));
    this.#lotBase = Float64Array.from(
      markets,
      ({ instrument: { size, spec } }) => size.toNumber(1) * Number(spec.multiplier ?? '1') * BASE_PARTS,
    );
    this.most = Math.floor(MOST / Math.max(1, count));
    this.touchAll();
  }

  attach(desk: OrderDesk): void {
    this.#laneDoubles = desk.table.laneDoubles;
    this.touchAll();
  }

  rowAt(row: number): number {
    return this.rowsAt + (row << 2);
  }

  /** Row of a strategy. */
  strategyRow(strategy: number): number {
    return this.rowCount - this.#strategies + strategy;
  }

  /** Begins to keep the rows of venues and strategies. */
  keepRows(): void {
    if (this.#hasRows) return;
    this.#hasRows = true;
    this.data.fill(0, this.rowAt(1), this.rowAt(this.rowCount));
    for (let market = 0; market < this.#markets.length; market++) {
      const at = market << 4;
      this.#addVenue(market, this.data[at | WORST], this.data[at | (WORST + 1)], this.data[at | GROSS]);
      this.#refreshLanes(market);
    }
  }

  /** The book changed: most of what books tell leaves the mid where it is, and costs a comparison. */
  touchPrice(market: number): void {
    const ticks = this.#markets[market].lastMidTicks;
    if (ticks === this.#valuedTicks[market]) return;
    if (this.isLoose && ticks >= this.#lowTicks[market] && ticks <= this.#highTicks[market]) this.leave(market);
    else this.#mark(market, PRICE);
  }

  /** Orders in an instrument changed. */
  touchOrders(market: number): void {
    this.#mark(market, ORDERS);
  }

  /** A position changed, or anything else. */
  touch(market: number): void {
    this.#mark(market, ALL);
  }

  /** Nothing is known of what was before. */
  touchAll(): void {
    this.isLoose = false;
    for (let at = 0; at < this.lanes.length; at += 16) this.lanes[at | SENT_NS] = Infinity;
    for (let market = 0; market < this.#markets.length; market++) this.touch(market);
  }

  /** Own orders of an instrument may be others than those that were let pass. */
  forgetBest(market: number): void {
    this.data[this.bestAt + (market << 1)] = Infinity;
    this.data[this.bestAt + ((market << 1) | 1)] = Infinity;
  }

  /** The part of an instrument may be less than its orders, and is left as it is. */
  leave(market: number): void {
    if (this.#isStale[market] !== 0) return;
    this.#isStale[market] = 1;
    this.#stale[this.staleCount] = market;
    this.staleCount = (this.staleCount + 1) | 0;
  }

  /** Brings values of lots, rates, equity and positions up to date, and those parts and sums that may be larger than what is left of them. */
  refresh(): void {
    const dirty = this.#dirty;
    for (let i = 0; i < this.dirtyCount; i++) {
      const market = dirty[i];
      const marks = this.#marks[market];
      if ((marks & ALL) === 0 && this.#isWithin(market, marks)) {
        this.#marks[market] = 0;
        this.leave(market);
        continue;
      }
      const currency = this.#givenBy[market];
      if (currency >= 0) this.#giveRate(market, currency);
      // After its rate: one that gives that of its own quote currency must not come again for that.
      this.#marks[market] = 0;
      this.#workOut(market);
    }
    this.dirtyCount = 0;
  }

  /** Brings everything up to date; after `refresh`. */
  settle(): void {
    for (let i = 0; i < this.staleCount; i++) {
      const market = this.#stale[i];
      this.#isStale[market] = 0;
      this.#workOut(market);
    }
    this.staleCount = 0;
  }

  #mark(market: number, mark: number): void {
    const marks = this.#marks;
    if (marks[market] === 0) {
      this.#dirty[this.dirtyCount] = market;
      this.dirtyCount = (this.dirtyCount + 1) | 0;
    }
    marks[market] |= mark;
  }

  /** Whether the part of an instrument may be left as it is. Its price and equity are brought up to date. */
  #isWithin(market: number, marks: number): boolean {
    // Fewer orders may make it known.
    if (this.#isUnknown[market] !== 0) return false;
    const { data } = this;
    const ticks = this.#markets[market].lastMidTicks;
    if (ticks !== this.#valuedTicks[market]) {
      if (!(ticks >= this.#lowTicks[market] && ticks <= this.#highTicks[market])) return false;
      this.#valuedTicks[market] = ticks;
      const at = market << 4;
      const value = ticks * data[at | ORDER_VALUE];
      data[at | LOT_VALUE] = value;
      data[at | LOT_EQUITY] = value;
      const position = data[at | POSITION];
      if (position !== 0) {
        const equity = position * value + NEAREST - NEAREST;
        this.#setEquity(at, equity);
        this.hasMoved = true;
      }
    }
    if ((marks & ORDERS) === 0) return true;
    this.forgetBest(market);
    const parts = this.lanes;
    const laneDoubles = this.#laneDoubles;
    const count = this.quote.length;
    const lanes = this.positions.length;
    for (let lane = market; lane < lanes; lane += count) {
      if (laneDoubles[lane << 4] > parts[(lane << 5) | BOUND]) return false;
      if (laneDoubles[(lane << 4) | 1] > parts[(lane << 5) | 16 | BOUND]) return false;
    }
    return true;
  }

  #workOut(market: number): void {
    const at = market << 4;
    this.hasMoved = true;
    this.version++;
    this.forgetBest(market);
    const ticks = this.#markets[market].lastMidTicks;
    if (ticks !== this.#valuedTicks[market]) {
      this.#valuedTicks[market] = ticks;
      if (this.isInverse[market] === 0) this.#price(market, at);
      else this.#priceInverse(market, at);
    }
    this.#refresh(market, at);
  }

  /** Takes a price into the rate that it gives. */
  #giveRate(market: number, currency: number): void {
    if (!this.rates.update(currency, this.#markets[market].lastMidTicks * this.#tick[market])) return;
    this.ratesVersion++;
    for (let other = 0; other < this.quote.length; other++) {
      if (this.quote[other] !== currency && this.base[other] !== currency) continue;
      this.#valuedTicks[other] = Number.NaN;
      this.touch(other);
    }
  }

  /** Spot and linear. */
  #price(market: number, at: number): void {
    const { data } = this;
    const ticks = this.#markets[market].lastMidTicks;
    const perTick = this.#atom[market] * this.rates.values[this.quote[market]] * SCALE;
    data[at | ORDER_VALUE] = perTick;
    data[at | LOT_BASE] = this.#lotBase[market];
    if (ticks > 0) {
      data[at | LOT_VALUE] = ticks * perTick;
      data[at | LOT_EQUITY] = ticks * perTick;
    } else {
      data[at | LOT_VALUE] = Number.NaN;
      data[at | LOT_EQUITY] = Number.NaN;
    }
  }

  #priceInverse(market: number, at: number): void {
    const { data } = this;
    const { values } = this.rates;
    const atom = this.#atom[market];
    let price = this.#markets[market].lastMidTicks * this.#tick[market];
    if (!(price > 0)) price = Number.NaN;
    const value = atom * values[this.quote[market]] * SCALE;
    data[at | ORDER_VALUE] = value;
    data[at | LOT_VALUE] = price === price ? value : price;
    data[at | LOT_BASE] = (atom / price) * BASE_PARTS;
    data[at | LOT_EQUITY] = (-atom / price) * values[this.base[market]] * SCALE;
    this.onPriced(market);
  }

  #refresh(market: number, at: number): void {
    const { data, positions, lanes } = this;
    const laneDoubles = this.#laneDoubles;
    let position = 0;
    let buy = 0;
    let sell = 0;
    const count = this.quote.length;
    for (let lane = market; lane < positions.length; lane += count) {
      const bids = laneDoubles[lane << 4];
      const asks = laneDoubles[(lane << 4) | 1];
      lanes[(lane << 5) | BOUND] = bids;
      lanes[(lane << 5) | 16 | BOUND] = asks;
      position += positions[lane];
      buy += bids;
      sell += asks;
    }
    data[this.totalsAt + SPENT] -= data[at | OWN_SPENT];
    data[at | OWN_SPENT] = 0;
    if ((data[at | POSITION] !== 0) !== (position !== 0)) this.held += position === 0 ? -1 : 1;
    data[at | POSITION] = position;
    data[at | OPEN] = buy;
    data[at | (OPEN + 1)] = sell;
    const value = data[at | LOT_VALUE];
    const lot = data[at | LOT_BASE];
    let long = (position + buy) * value + NEAREST - NEAREST;
    let short = (sell - position) * value + NEAREST - NEAREST;
    let equity = position * data[at | LOT_EQUITY] + NEAREST - NEAREST;
    let longBase = (position + buy) * lot + NEAREST - NEAREST;
    let shortBase = (sell - position) * lot + NEAREST - NEAREST;
    let gross = Math.max(long, short);
    const parts = gross + Math.max(longBase, shortBase) + Math.abs(equity);
    let isUnknown = 0;
    // Also what is no number.
    if (!(parts <= this.most)) {
      isUnknown = position !== 0 || buy !== 0 || sell !== 0 ? 1 : 0;
      long = 0;
      short = 0;
      gross = 0;
      equity = 0;
      longBase = 0;
      shortBase = 0;
    }
    this.#bound(market, at, parts);
    if (this.#isUnknown[market] !== isUnknown) {
      this.unknown += isUnknown - this.#isUnknown[market];
      this.#isUnknown[market] = isUnknown;
    }

    const moreLong = long - data[at | WORST];
    const moreShort = short - data[at | (WORST + 1)];
    const moreGross = gross - data[at | GROSS];
    data[at | WORST] = long;
    data[at | (WORST + 1)] = short;
    data[at | GROSS] = gross;
    const rows = this.rowsAt;
    data[rows] += moreLong;
    data[rows + 1] += moreShort;
    data[rows + ROW_GROSS] += moreGross;
    const base = this.baseAt[market];
    const longest = data[base] + moreLong;
    const shortest = data[base + 1] + moreShort;
    data[base] = longest;
    data[base + 1] = shortest;
    data[base + UNITS] += longBase - data[at | BASE_WORST];
    data[base + UNITS + 1] += shortBase - data[at | (BASE_WORST + 1)];
    data[at | BASE_WORST] = longBase;
    data[at | (BASE_WORST + 1)] = shortBase;
    const worst = Math.max(longest, shortest);
    const totals = this.totalsAt;
    data[totals + PORTFOLIO] += worst - data[base + BASE_MOST];
    data[base + BASE_MOST] = worst;
    this.#setEquity(at, equity);
    if (this.#hasRows) {
      this.#addVenue(market, moreLong, moreShort, moreGross);
      this.#refreshLanes(market);
    }
  }

  /** The mids between which the part of an instrument is left as it is. */
  lowTicks(market: number): number {
    const ticks = this.#lowTicks[market];
    return ticks === ticks ? ticks : this.#valuedTicks[market];
  }

  highTicks(market: number): number {
    const ticks = this.#highTicks[market];
    return ticks === ticks ? ticks : this.#valuedTicks[market];
  }

  /** How far the price may go before the part is worked out anew. A mid that others depend on, and a part near the most, may not. */
  #bound(market: number, at: number, parts: number): void {
    const { data } = this;
    const value = data[at | LOT_VALUE];
    data[at | LOT_HIGH] = value * (1 + BAND);
    data[at | LOT_LOW] = value * (1 - BAND);
    const isFree = this.#givenBy[market] < 0 && this.isInverse[market] === 0 && parts < this.most / 2;
    const ticks = isFree ? this.#valuedTicks[market] : Number.NaN;
    this.#lowTicks[market] = ticks * (1 - BAND);
    this.#highTicks[market] = ticks * (1 + BAND);
  }

  #setEquity(at: number, equity: number): void {
    const { data, totalsAt } = this;
    const before = data[at | EQUITY];
    data[totalsAt + ALL_EQUITY] += equity - before;
    data[totalsAt + HELD] += Math.abs(equity) - Math.abs(before);
    data[at | EQUITY] = equity;
  }

  #addVenue(market: number, moreLong: number, moreShort: number, moreGross: number): void {
    const { data } = this;
    const venue = this.venueAt[market];
    data[venue] += moreLong;
    data[venue + 1] += moreShort;
    data[venue + ROW_GROSS] += moreGross;
  }

  #refreshLanes(market: number): void {
    const { data } = this;
    const parts = this.#parts;
    const laneDoubles = this.#laneDoubles;
    // An unknown part counts as nothing, and blocks what raises risk.
    const value = this.#isUnknown[market] !== 0 ? Number.NaN : data[(market << 4) | LOT_VALUE];
    for (let strategy = 0; strategy < this.#strategies; strategy++) {
      const lane = strategy * this.quote.length + market;
      const position = this.positions[lane];
      let long = 0;
      let short = 0;
      if (value === value) {
        long = (position + laneDoubles[lane << 4]) * value + NEAREST - NEAREST;
        short = (laneDoubles[(lane << 4) | 1] - position) * value + NEAREST - NEAREST;
      }
      const gross = Math.max(long, short);
      const row = this.rowAt(this.strategyRow(strategy));
      data[row] += long - parts[lane * LANE];
      data[row + 1] += short - parts[lane * LANE + 1];
      data[row + ROW_GROSS] += gross - parts[lane * LANE + 2];
      parts[lane * LANE] = long;
      parts[lane * LANE + 1] = short;
      parts[lane * LANE + 2] = gross;
    }
  }

  /** Parts of a lane. */
  laneWorst(lane: number, side: Side): number {
    return this.#parts[lane * LANE + side];
  }

  laneGross(lane: number): number {
    return this.#parts[lane * LANE + 2];
  }
}
