/**
 * Lets most orders pass with little work: those that are within every limit with certainty. It compares what `OrderChecks` compares
 * one after the other, as if nothing reduced, with what is known beforehand (`LanePart`, filled in by `Room`). An order that it does not
 * let pass is not refused: `OrderChecks` looks at it, which finds the answer and its code.
 */
import { Side } from '../market/side.ts';
import type { MessageBudget } from '../trading/message-budget.ts';
import type { OrderDesk } from '../trading/order-desk.ts';
import { GateTerm } from '../trading/order-gate.ts';
import { LaneDouble, OrderDouble, OrderMark } from '../trading/order-layout.ts';
import { BreakerState, RiskState } from '../trading/risk-state.ts';
import type { Account } from './account.ts';
import { LanePart, MarketPart, TotalPart } from './exposure-layout.ts';
import type { Exposure } from './exposure.ts';
import { AllCap, type LimitCaps, RowCap } from './limit-caps.ts';
import type { LossWatch } from './loss-watch.ts';
import { type OrderChecks, type OrderChecksSetup, Passed } from './order-checks.ts';
import type { OrderRate } from './order-rate.ts';
import type { RiskMarket } from './risk-market.ts';
import { DRIFT, Room } from './room.ts';

const { PRICE_TICKS, SIZE_LOTS, NOW_NS } = GateTerm;
const { LOT_HIGH, SPENT: OWN_SPENT } = MarketPart;
const { SPENT, HELD } = TotalPart;
const { VERSION, ROOM, MOST_LOTS, MOST_VALUE, LOW_TICKS, HIGH_TICKS, LAST_UP, LAST_DOWN, AGE_NS } = LanePart;
const { LOW_MID, HIGH_MID, DUPLICATE_NS, DISTANCE, BOUND, SENT_NS } = LanePart;
const { LOSS } = RowCap;
const { DRAWDOWN } = AllCap;
const { BEST_TICKS } = LaneDouble;
const { FILLED_LOTS, OPEN_LOTS } = OrderDouble;
const { QUOTE } = OrderMark;
const { ACTIVE } = RiskState;
const { CLOSED } = BreakerState;
const { BUY, SELL } = Side;
const { NOTHING, PRICE, SIZE, ALL } = Passed;

export class QuickCheck {
  /** No loss stands in the way of any order. */
  #isCalm = false;
  readonly #checks: OrderChecks;
  readonly #terms: Float64Array;
  readonly #room: Room;
  readonly #exposure: Exposure;
  readonly #account: Account;
  readonly #caps: LimitCaps;
  readonly #watch: LossWatch;
  readonly #data: Float64Array;
  readonly #lanes: Float64Array;
  readonly #spentAt: number;
  readonly #bestAt: number;
  readonly #states: Int32Array;
  readonly #rate: OrderRate;
  readonly #markets: readonly RiskMarket[];
  /** By instrument: the other one that must have a price too. */
  readonly #sources: readonly (RiskMarket | undefined)[];
  readonly #budgets: readonly (MessageBudget | undefined)[];
  readonly #venueOf: Int32Array;
  readonly #venues: number;
  readonly #count: number;
  #desk: OrderDesk | undefined;

  constructor(setup: OrderChecksSetup, checks: OrderChecks) {
    const { markets, venueOf, strategies, exposure, account, caps, budgets } = setup;
    this.#checks = checks;
    this.#terms = checks.terms;
    this.#room = new Room(markets, strategies, exposure, account, caps);
    this.#exposure = exposure;
    this.#account = account;
    this.#caps = caps;
    this.#watch = setup.watch;
    this.#data = exposure.data;
    this.#lanes = exposure.lanes;
    this.#spentAt = exposure.totalsAt + SPENT;
    this.#bestAt = exposure.bestAt;
    this.#states = setup.breaker.states;
    this.#rate = setup.rate;
    this.#markets = markets;
    this.#sources = Array.from(exposure.rateSource, (source) => markets[source]);
    this.#budgets = venueOf.map((venue) => budgets?.[venue]);
    this.#venueOf = Int32Array.from(venueOf);
    this.#venues = Math.max(-1, ...venueOf) + 1;
    this.#count = markets.length;
  }

  attach(desk: OrderDesk): void {
    this.#desk = desk;
  }

  /** Answers how far an order passes with certainty; one that passes ALL is counted. `Exposure` is refreshed. */
  look(strategy: number, market: number, side: Side, flags: number, slot: number): Passed {
    if (this.#checks.state !== ACTIVE || this.#states[market] !== CLOSED) return NOTHING;
    const lane = strategy * this.#count + market;
    const lanes = this.#lanes;
    const at = (lane << 5) | (side << 4);
    if (lanes[at | VERSION] !== this.#exposure.version) this.#room.measure(strategy, market, side);

    const terms = this.#terms;
    const data = this.#data;
    const price = terms[PRICE_TICKS];
    const size = terms[SIZE_LOTS];
    const nowNs = terms[NOW_NS];
    const bucket = strategy * this.#venues + this.#venueOf[market];
    if (!this.#rate.has(bucket, terms, NOW_NS)) return NOTHING;
    const known = this.#markets[market];
    const age = lanes[at | AGE_NS];
    // All written so that what is no number does not pass.
    if (!known.isReady || !(nowNs - known.receivedNs <= age)) return NOTHING;
    const source = this.#sources[market];
    if (source !== undefined && (!source.isReady || !(nowNs - source.receivedNs <= age))) return NOTHING;
    const mid = known.lastMidTicks;
    if (!(mid >= lanes[at | LOW_MID] && mid <= lanes[at | HIGH_MID])) return NOTHING;
    if (!(price >= lanes[at | LOW_TICKS] && price <= lanes[at | HIGH_TICKS])) return NOTHING;
    const last = known.lastTradeTicks;
    // But for this: there may be no print yet.
    if (price > last * lanes[at | LAST_UP] || price < last * lanes[at | LAST_DOWN]) return NOTHING;

    if (!(size >= 1 && size <= lanes[at | MOST_LOTS] && price * size <= lanes[at | MOST_VALUE])) return PRICE;
    let more = size;
    if (slot >= 0) {
      const { doubles } = this.#desk!.table;
      more = Math.max(0, size - doubles[(slot << 4) | FILLED_LOTS] - doubles[(slot << 4) | OPEN_LOTS]);
    }
    const cost = Math.ceil(more * data[(market << 4) | LOT_HIGH]);
    if (!(cost + data[this.#spentAt] <= lanes[at | ROOM]) || !this.#isCalm) return SIZE;
    const isQuote = (flags & QUOTE) !== 0;
    const duplicateNs = lanes[at | DUPLICATE_NS];
    if (!isQuote && (lanes[at | SENT_NS] > nowNs - duplicateNs || slot >= 0)) {
      if (duplicateNs > 0 && this.#checks.isDuplicate(strategy, market, side, slot)) return SIZE;
    }
    const signed = (1 - 2 * side) * price;
    const distance = lanes[at | DISTANCE];
    const best = this.#bestAt + (market << 1);
    if (signed + distance + data[best + 1 - side] >= 0) {
      this.#lookForBest(market, side === BUY ? SELL : BUY);
      if (signed + distance + data[best + 1 - side] >= 0) return SIZE;
    }
    const budget = this.#budgets[market];
    // A quoter has taken its message.
    if (!isQuote && budget !== undefined && !budget.take(false, nowNs)) return SIZE;
    this.#rate.take(bucket, terms, NOW_NS);

    if (signed > data[best + side]) data[best + side] = signed;
    lanes[at | SENT_NS] = nowNs;
    lanes[at | BOUND] += more;
    data[this.#spentAt] += cost;
    const spent = data[(market << 4) | OWN_SPENT];
    data[(market << 4) | OWN_SPENT] = spent + cost;
    if (spent === 0) this.#exposure.leave(market);
    return ALL;
  }

  /** `OrderChecks` let an order pass. */
  sent(strategy: number, market: number, side: Side): void {
    const lane = strategy * this.#count + market;
    this.#lanes[(lane << 5) | (side << 4) | SENT_NS] = this.#terms[NOW_NS];
  }

  /** Equity, the day or losses are others. */
  calm(): void {
    const { equity, peak, dayEquity } = this.#account;
    const exposure = this.#exposure;
    const most = this.#caps.all[DRAWDOWN] * peak;
    const loss = this.#caps.rows[LOSS];
    const isDown = equity < peak && !(peak - equity < most);
    this.#isCalm = dayEquity - equity < loss && !isDown;
    const { lost } = this.#watch;
    for (let strategy = 0; strategy < lost.length; strategy++) if (lost[strategy] !== 0) this.#isCalm = false;
    // Far enough from a new peak and from losses that matter.
    const drift = DRIFT * exposure.data[exposure.totalsAt + HELD] + 1;
    const isFar = drift === 1 || (equity + drift <= peak && peak - equity + drift < most);
    exposure.isLoose = this.#isCalm && isFar && dayEquity - equity + drift < loss;
  }

  /** Brings the best price of own orders of a side up to date. */
  #lookForBest(market: number, side: Side): void {
    const { table } = this.#desk!;
    const { laneDoubles } = table;
    const sign = 1 - 2 * side;
    let best = -Infinity;
    for (let lane = market; lane << 5 < this.#lanes.length; lane += this.#count) {
      table.refreshBest(lane, side);
      const ticks = sign * laneDoubles[(lane << 4) | (BEST_TICKS + side)];
      if (ticks > best) best = ticks;
    }
    this.#data[this.#bestAt + (market << 1) + side] = best;
  }
}
