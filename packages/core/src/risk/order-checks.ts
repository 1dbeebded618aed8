/**
 * The checks of one order or amendment, in the order of the codes of `trading/refusal.ts`. Everything they compare with is up to date
 * (`RiskGate`). What is asked and when is in `terms`.
 *
 * Prices, positions and values are taken times +1 for a bid and −1 for an offer: one comparison serves both sides, and there is no
 * branch on the side, which nobody can guess.
 */
import { Side } from '../market/side.ts';
import type { MessageBudget } from '../trading/message-budget.ts';
import type { OrderDesk } from '../trading/order-desk.ts';
import { GateTerm } from '../trading/order-gate.ts';
import { LaneDouble, LaneWord, OrderDouble, OrderMark, OrderWord } from '../trading/order-layout.ts';
import { Refusal } from '../trading/refusal.ts';
import { BreakerState, RiskState } from '../trading/risk-state.ts';
import type { Account } from './account.ts';
import type { Breaker } from './breaker.ts';
import { BasePart, MarketPart, RowPart, TotalPart } from './exposure-layout.ts';
import type { Exposure } from './exposure.ts';
import { AllCap, Cap, type LimitCaps, RowCap } from './limit-caps.ts';
import type { LossWatch } from './loss-watch.ts';
import { type OrderRate, RateAnswer } from './order-rate.ts';
import type { RiskMarket } from './risk-market.ts';

const { PRICE_TICKS, SIZE_LOTS, NOW_NS } = GateTerm;
const { POSITION, OPEN, WORST, GROSS, LOT_VALUE, LOT_BASE, ORDER_VALUE } = MarketPart;
const { GROSS: ROW_GROSS } = RowPart;
const { UNITS: BASE_UNITS, WORST: BASE_WORST } = BasePart;
const { PORTFOLIO } = TotalPart;
const { AGE_NS, MID_UP, MID_DOWN, LAST_UP, LAST_DOWN, FAT_UP, FAT_DOWN, ORDER_LOTS } = Cap;
const { ORDER_VALUE: ORDER_VALUE_CAP, POSITION: POSITION_CAP, NOTIONAL, VOLUME, HAS_NARROW, NEEDS_VALUE } = Cap;
const { OWN_POSITION, OWN_NOTIONAL, OWN_VOLUME, TURNOVER } = Cap;
const { NET: NET_CAP, GROSS: GROSS_CAP, TURNOVER: TURNOVER_CAP, LOSS: LOSS_CAP } = RowCap;
const { BASE: BASE_CAP, PORTFOLIO: PORTFOLIO_CAP, DRAWDOWN, LEVERAGE, BALANCE, DUPLICATE_NS, SELF_CROSS } = AllCap;
const { FILLED_LOTS, OPEN_LOTS, WANTED_PRICE_TICKS, WANTED_SIZE_LOTS, SENT_NS } = OrderDouble;
const { FLAGS, PREVIOUS } = OrderWord;
const { OPEN_LOTS: LANE_OPEN, BEST_TICKS } = LaneDouble;
const { LAST, STALE_BEST } = LaneWord;
const { QUOTE } = OrderMark;
const { BUY, SELL } = Side;
const { ACTIVE, HALTED: STATE_HALTED } = RiskState;
const { CLOSED, OPEN: BREAKER_IS_OPEN } = BreakerState;
const { YES, DRY } = RateAnswer;
const { NONE, NO_ROOM, HALTED, REDUCING, BREAKER_OPEN, BREAKER_CANARY, ORDER_RATE, ORDER_COOLDOWN } = Refusal;
const { STALE_PRICE, NO_RATE, COLLAR_MID, COLLAR_LAST, FAT_FINGER, ORDER_SIZE, ORDER_VALUE: VALUE_REFUSED } = Refusal;
const { POSITION: POSITION_REFUSED, BASE_POSITION, PORTFOLIO_POSITION, NOTIONAL: NOTIONAL_REFUSED } = Refusal;
const { NET_EXPOSURE, GROSS_EXPOSURE, DAILY_VOLUME, DAILY_TURNOVER, DAILY_LOSS, MARGIN } = Refusal;
const { DRAWDOWN: DRAWDOWN_REFUSED, BALANCE: BALANCE_REFUSED, DUPLICATE, MESSAGE_BUDGET } = Refusal;
const SELF_CROSSES = Refusal.SELF_CROSS;
const MOST = Number.MAX_SAFE_INTEGER;
/** Entries of `#work`: open lots that the order adds; what it adds to the gross exposure. */
const MORE = 0;
const MORE_GROSS = 1;

/** How far an order has passed: state, breaker, rate and price; its size and value too; everything. */
export const Passed = { NOTHING: 0, PRICE: 1, SIZE: 2, ALL: 3 } as const;
export type Passed = (typeof Passed)[keyof typeof Passed];
const { PRICE: PRICED, SIZE: SIZED } = Passed;

export interface OrderChecksSetup {
  readonly markets: readonly RiskMarket[];
  readonly venueOf: readonly number[];
  readonly strategies: number;
  readonly breaker: Breaker;
  readonly budgets: readonly MessageBudget[] | undefined;
  /** By strategy: 1 = it hedges. */
  readonly isHedger: Uint8Array;
  readonly exposure: Exposure;
  readonly account: Account;
  readonly rate: OrderRate;
  readonly caps: LimitCaps;
  readonly watch: LossWatch;
}

export class OrderChecks {
  /** See `GateTerm`. */
  readonly terms = new Float64Array(3);
  state: RiskState = RiskState.ACTIVE;
  /** An order was refused because of a loss that the state does not know yet. */
  mustLook = false;
  readonly #markets: readonly RiskMarket[];
  readonly #venueOf: Int32Array;
  readonly #venues: number;
  readonly #strategies: number;
  readonly #breaker: Breaker;
  readonly #states: Int32Array;
  readonly #budgets: readonly MessageBudget[] | undefined;
  readonly #isHedger: Uint8Array;
  readonly #exposure: Exposure;
  readonly #account: Account;
  readonly #rate: OrderRate;
  readonly #caps: LimitCaps;
  readonly #lanes: Float64Array;
  readonly #watch: LossWatch;
  readonly #work = new Float64Array(2);
  #desk: OrderDesk | undefined;

  constructor(setup: OrderChecksSetup) {
    this.#markets = setup.markets;
    this.#venueOf = Int32Array.from(setup.venueOf);
    this.#venues = Math.max(-1, ...setup.venueOf) + 1;
    this.#strategies = setup.strategies;
    this.#breaker = setup.breaker;
    this.#states = setup.breaker.states;
    this.#budgets = setup.budgets;
    this.#isHedger = setup.isHedger;
    this.#exposure = setup.exposure;
    this.#account = setup.account;
    this.#rate = setup.rate;
    this.#caps = setup.caps;
    this.#lanes = setup.caps.lanes;
    this.#watch = setup.watch;
  }

  attach(desk: OrderDesk): void {
    this.#desk = desk;
  }

  /** An order goes: it is counted by its strategy's rate. */
  take(strategy: number, market: number): void {
    this.#rate.take(strategy * this.#venues + this.#venueOf[market], this.terms, NOW_NS);
  }

  /** @param passed what needs not be looked at again */
  judge(strategy: number, market: number, side: Side, flags: number, slot: number, passed: Passed): Refusal {
    const { terms } = this;
    const price = terms[PRICE_TICKS];
    const size = terms[SIZE_LOTS];
    // Also what is no number; Infinity − Infinity is none.
    if (!(size >= 1 && size <= MOST) || price - price !== 0) return NO_ROOM;
    const exposure = this.#exposure;
    const { data } = exposure;
    const at = market << 4;
    let more = size;
    let isShrunk = false;
    if (slot >= 0) {
      const { doubles } = this.#desk!.table;
      const order = slot << 4;
      more = size - doubles[order | FILLED_LOTS] - doubles[order | OPEN_LOTS];
      isShrunk = more <= 0 && price === doubles[order | WANTED_PRICE_TICKS];
      if (more < 0) more = 0;
    }
    this.#work[MORE] = more;
    this.#work[MORE_GROSS] = 0;
    const worst = (1 - 2 * side) * data[at | POSITION] + data[at | (OPEN + side)] + more;
    const reduces = worst <= 0 || isShrunk || (this.#isHedger[strategy] !== 0 && this.#hedges(market, side));

    if (passed < PRICED) {
      const refusal = this.#judgeState(strategy, market, side, slot, reduces);
      if (refusal !== NONE) return refusal;
    }
    if (!isShrunk) {
      const cap = (strategy * this.#markets.length + market) << 5;
      const caps = this.#lanes;
      let refusal: Refusal = passed < PRICED ? this.#judgePrice(cap, market, side, reduces) : NONE;
      if (refusal !== NONE) return refusal;
      if (passed < SIZED) {
        if (size > caps[cap | ORDER_LOTS]) return ORDER_SIZE;
        const each = exposure.isInverse[market] === 0 ? price : 1;
        if (Math.abs(each * size * data[at | ORDER_VALUE]) > caps[cap | ORDER_VALUE_CAP]) return VALUE_REFUSED;
      }
      if (more > 0) {
        if (worst > caps[cap | POSITION_CAP]) return POSITION_REFUSED;
        refusal = this.#judgeExposure(cap, market, side, reduces);
        if (refusal !== NONE) return refusal;
        if (caps[cap | HAS_NARROW] !== 0) {
          refusal = this.#judgeNarrow(strategy, market, side, reduces);
          if (refusal !== NONE) return refusal;
        }
      }
      refusal = this.#judgeMoney(strategy, market, side, reduces);
      if (refusal !== NONE) return refusal;
    }
    return this.#judgeOrders(strategy, market, side, flags, slot);
  }

  /** State, breaker and order rate. */
  #judgeState(strategy: number, market: number, side: Side, slot: number, reduces: boolean): Refusal {
    if (this.state !== ACTIVE) {
      if (this.state === STATE_HALTED) return HALTED;
      if (!reduces) return REDUCING;
    }
    if (this.#states[market] !== CLOSED && !reduces) {
      const refusal = this.#judgeCanary(strategy, market, side, slot);
      if (refusal !== NONE) return refusal;
    }
    const answer = this.#rate.ask(strategy * this.#venues + this.#venueOf[market], this.terms, NOW_NS);
    if (answer === YES) return NONE;
    return answer === DRY ? ORDER_RATE : ORDER_COOLDOWN;
  }

  /** Whether all orders of a side, as they are open, would only reduce. */
  areReducing(strategy: number, market: number, side: Side): boolean {
    const { data } = this.#exposure;
    const at = market << 4;
    this.#work[MORE] = 0;
    const worst = (1 - 2 * side) * data[at | POSITION] + data[at | (OPEN + side)];
    return worst <= 0 || (this.#isHedger[strategy] !== 0 && this.#hedges(market, side));
  }

  /** Whether after the lots in `#work` more the base currency's net position is on the other side still, or flat. */
  #hedges(market: number, side: Side): boolean {
    const { data, baseAt } = this.#exposure;
    const units = data[baseAt[market] + BASE_UNITS + side];
    // Half a part is the rounding.
    return units + this.#work[MORE] * data[(market << 4) | LOT_BASE] <= 0.5;
  }

  /** While the breaker is half open one order a side is let through, of a share of the largest size. */
  #judgeCanary(strategy: number, market: number, side: Side, slot: number): Refusal {
    if (this.#states[market] === BREAKER_IS_OPEN) return BREAKER_OPEN;
    const own = slot < 0 ? 0 : this.#desk!.openLotsAt(slot);
    if (this.#exposure.data[(market << 4) | (OPEN + side)] > own) return BREAKER_CANARY;
    const cap = (strategy * this.#markets.length + market) << 5;
    const most = this.#lanes[cap | ORDER_LOTS] * this.#breaker.canaryShare;
    return this.terms[SIZE_LOTS] > Math.max(1, most) ? BREAKER_CANARY : NONE;
  }

  #judgePrice(cap: number, market: number, side: Side, reduces: boolean): Refusal {
    const { terms } = this;
    const caps = this.#lanes;
    const known = this.#markets[market];
    const price = terms[PRICE_TICKS];
    const mid = known.lastMidTicks;
    if (!reduces) {
      const age = caps[cap | AGE_NS];
      if (age < Infinity) {
        if (!known.isReady || !(terms[NOW_NS] - known.receivedNs <= age)) return STALE_PRICE;
        const source = this.#exposure.rateSource[market];
        if (source >= 0) {
          const other = this.#markets[source];
          if (!other.isReady || !(terms[NOW_NS] - other.receivedNs <= age)) return NO_RATE;
        }
      }
      if (!(mid > 0) && (caps[cap | NEEDS_VALUE] !== 0 || caps[cap | MID_UP] < Infinity)) return STALE_PRICE;
      if (caps[cap | NEEDS_VALUE] !== 0) {
        const exposure = this.#exposure;
        const value = exposure.data[(market << 4) | LOT_VALUE];
        const { equity } = this.#account;
        // What is unknown is no number.
        if (value !== value || equity !== equity || exposure.unknown !== 0) return NO_RATE;
      }
    }
    if (mid > 0 && (price > mid * caps[cap | MID_UP] || price < mid * caps[cap | MID_DOWN])) return COLLAR_MID;
    const last = known.lastTradeTicks;
    if (last > 0 && (price > last * caps[cap | LAST_UP] || price < last * caps[cap | LAST_DOWN])) return COLLAR_LAST;
    // No side there, or no limit: no number, which is not above zero.
    const beyond = (1 - side) * (price - known.askTicks * caps[cap | FAT_UP]);
    const below = side * (known.bidTicks * caps[cap | FAT_DOWN] - price);
    return beyond > 0 || below > 0 ? FAT_FINGER : NONE;
  }

  /** Base currency, portfolio, notional, net, gross, volume and turnover of all, with the lots in `#work` more on a side. */
  #judgeExposure(cap: number, market: number, side: Side, reduces: boolean): Refusal {
    const { data, baseAt, rowsAt, totalsAt } = this.#exposure;
    const caps = this.#lanes;
    const { rows: rowCaps, all } = this.#caps;
    const work = this.#work;
    const at = market << 4;
    const more = work[MORE];
    const value = more * data[at | LOT_VALUE];
    const base = baseAt[market];
    if (data[base + BASE_UNITS + side] + more * data[at | LOT_BASE] > all[BASE_CAP]) return BASE_POSITION;
    const beyond = data[base + side] + value - data[base + BASE_WORST];
    if (beyond > 0 && data[totalsAt + PORTFOLIO] + beyond > all[PORTFOLIO_CAP]) return PORTFOLIO_POSITION;
    const worst = data[at | (WORST + side)] + value;
    if (worst > caps[cap | NOTIONAL]) return NOTIONAL_REFUSED;
    if (data[rowsAt + side] + value > rowCaps[NET_CAP]) return NET_EXPOSURE;
    const gross = worst - data[at | GROSS];
    if (gross > 0 && data[rowsAt + ROW_GROSS] + gross > rowCaps[GROSS_CAP]) return GROSS_EXPOSURE;
    work[MORE_GROSS] = gross;
    if (reduces) return NONE;
    const { volumes, turnovers } = this.#account;
    const traded = volumes[this.#strategies * this.#markets.length + market];
    if (traded + data[at | OPEN] + data[at | (OPEN + 1)] + more > caps[cap | VOLUME]) return DAILY_VOLUME;
    // The worst of both sides together is all that is open.
    return turnovers[0] + data[rowsAt] + data[rowsAt + 1] + value > rowCaps[TURNOVER_CAP] ? DAILY_TURNOVER : NONE;
  }

  /** The limits of the venue, the strategy and the instrument on their own sums. */
  #judgeNarrow(strategy: number, market: number, side: Side, reduces: boolean): Refusal {
    const exposure = this.#exposure;
    const { data, positions, rowsAt } = exposure;
    const caps = this.#lanes;
    const { rows: rowCaps } = this.#caps;
    const at = market << 4;
    const lane = strategy * this.#markets.length + market;
    const cap = lane << 5;
    const more = this.#work[MORE];
    const value = more * data[at | LOT_VALUE];
    const { laneDoubles } = this.#desk!.table;
    const worst = (1 - 2 * side) * positions[lane] + laneDoubles[(lane << 4) | (LANE_OPEN + side)] + more;
    if (worst > caps[cap | OWN_POSITION]) return POSITION_REFUSED;
    if (worst * data[at | LOT_VALUE] > caps[cap | OWN_NOTIONAL]) return NOTIONAL_REFUSED;
    const venue = exposure.venueAt[market];
    const own = exposure.rowAt(exposure.strategyRow(strategy));
    const venueCap = venue - rowsAt;
    const ownCap = own - rowsAt;
    if (data[venue + side] + value > rowCaps[venueCap | NET_CAP]) return NET_EXPOSURE;
    if (data[own + side] + value > rowCaps[ownCap | NET_CAP]) return NET_EXPOSURE;
    const gross = data[at | (WORST + side)] + value - data[at | GROSS];
    if (gross > 0 && data[venue + ROW_GROSS] + gross > rowCaps[venueCap | GROSS_CAP]) return GROSS_EXPOSURE;
    const ownGross = exposure.laneWorst(lane, side) + value - exposure.laneGross(lane);
    if (ownGross > 0 && data[own + ROW_GROSS] + ownGross > rowCaps[ownCap | GROSS_CAP]) return GROSS_EXPOSURE;
    if (reduces) return NONE;
    const { volumes, turnovers } = this.#account;
    const open = laneDoubles[(lane << 4) | LANE_OPEN] + laneDoubles[(lane << 4) | (LANE_OPEN + 1)];
    if (volumes[lane] + open + more > caps[cap | OWN_VOLUME]) return DAILY_VOLUME;
    const inMarket = turnovers[this.#account.turnoverOf(market)] + data[at | WORST] + data[at | (WORST + 1)];
    if (
      inMarket + value > caps[cap | TURNOVER] ||
      turnovers[venueCap >> 2] + data[venue] + data[venue + 1] + value > rowCaps[venueCap | TURNOVER_CAP] ||
      turnovers[ownCap >> 2] + data[own] + data[own + 1] + value > rowCaps[ownCap | TURNOVER_CAP]
    ) {
      return DAILY_TURNOVER;
    }
    return NONE;
  }

  /** Loss of the day, drawdown, margin and balance. */
  #judgeMoney(strategy: number, market: number, side: Side, reduces: boolean): Refusal {
    const { equity, peak, dayEquity } = this.#account;
    const { rows: rowCaps, all } = this.#caps;
    if (!reduces) {
      if (dayEquity - equity >= rowCaps[LOSS_CAP]) {
        this.mustLook = true;
        return DAILY_LOSS;
      }
      if (this.#watch.lost[strategy] !== 0) return DAILY_LOSS;
      if (equity < peak && peak - equity >= all[DRAWDOWN] * peak) {
        this.mustLook = true;
        return DRAWDOWN_REFUSED;
      }
    }
    const gross = this.#work[MORE_GROSS];
    const leverage = all[LEVERAGE];
    // Half a millionth is the rounding.
    if (gross > 0 && leverage < Infinity) {
      if (!(this.#exposure.data[this.#exposure.rowsAt + ROW_GROSS] + gross <= leverage * equity + 0.5)) return MARGIN;
    }
    if (all[BALANCE] > -Infinity && !reduces && this.#work[MORE] > 0) return this.#judgeBalance(market, side);
    return NONE;
  }

  /** What all spot orders would leave of the currency that this one pays with: bids quote currency at the mid, asks base currency. */
  #judgeBalance(market: number, side: Side): Refusal {
    const { instrument } = this.#markets[market];
    if (instrument.contract !== 'spot') return NONE;
    const { data, base, quote } = this.#exposure;
    const paying = side === BUY ? quote[market] : base[market];
    let left = this.#account.balance(paying);
    for (let other = 0; other < this.#markets.length; other++) {
      const { instrument: traded, lastMidTicks } = this.#markets[other];
      if (traded.contract !== 'spot') continue;
      const bids = traded.size.toNumber(data[(other << 4) | OPEN]);
      if (quote[other] === paying && bids > 0) left -= bids * traded.price.toNumber(lastMidTicks);
      if (base[other] === paying) left -= traded.size.toNumber(data[(other << 4) | (OPEN + 1)]);
    }
    const size = instrument.size.toNumber(this.#work[MORE]);
    left -= side === BUY ? size * instrument.price.toNumber(this.terms[PRICE_TICKS]) : size;
    return left < this.#caps.all[BALANCE] ? BALANCE_REFUSED : NONE;
  }

  /** Duplicates, own orders of the other side, and the venue's message budget. */
  #judgeOrders(strategy: number, market: number, side: Side, flags: number, slot: number): Refusal {
    const { terms } = this;
    const { all } = this.#caps;
    const isQuote = (flags & QUOTE) !== 0;
    if (all[DUPLICATE_NS] > 0 && !isQuote && this.isDuplicate(strategy, market, side, slot)) return DUPLICATE;
    const distance = all[SELF_CROSS];
    if (distance === distance) {
      const sign = 1 - 2 * side;
      const price = sign * terms[PRICE_TICKS] + distance;
      const other = side === BUY ? SELL : BUY;
      const { table } = this.#desk!;
      const { laneDoubles, laneWords } = table;
      for (let own = 0; own < this.#strategies; own++) {
        const lane = own * this.#markets.length + market;
        if (laneWords[(lane << 5) | (STALE_BEST + other)] !== 0) table.refreshBest(lane, other);
        if (price >= sign * laneDoubles[(lane << 4) | (BEST_TICKS + other)]) return SELF_CROSSES;
      }
    }
    // A quoter has taken its message.
    if (isQuote || this.#budgets === undefined) return NONE;
    const budget = this.#budgets[this.#venueOf[market]];
    return budget === undefined || budget.take(false, terms[NOW_NS]) ? NONE : MESSAGE_BUDGET;
  }

  /** Whether the same order was sent a moment ago, or is to be amended to what it is. */
  isDuplicate(strategy: number, market: number, side: Side, slot: number): boolean {
    const { terms } = this;
    const { doubles, words, laneWords } = this.#desk!.table;
    const price = terms[PRICE_TICKS];
    const size = terms[SIZE_LOTS];
    if (slot >= 0) {
      return doubles[(slot << 4) | WANTED_PRICE_TICKS] === price && doubles[(slot << 4) | WANTED_SIZE_LOTS] === size;
    }
    const sinceNs = terms[NOW_NS] - this.#caps.all[DUPLICATE_NS];
    const lane = strategy * this.#markets.length + market;
    // From the youngest on.
    for (let other = laneWords[(lane << 5) | LAST]; other >= 0; other = words[(other << 5) | PREVIOUS]) {
      const at = other << 4;
      if (!(doubles[at | SENT_NS] > sinceNs)) return false;
      if (doubles[at | WANTED_PRICE_TICKS] !== price || doubles[at | WANTED_SIZE_LOTS] !== size) continue;
      const orderFlags = words[(other << 5) | FLAGS];
      if ((orderFlags & QUOTE) === 0 && (~orderFlags & 1) === side) return true;
    }
    return false;
  }
}
