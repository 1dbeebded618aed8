/**
 * The gate, written for reading: everything is worked out anew for each order, from all orders, executions and prices, in plain
 * amounts of the risk currency. It shares no arithmetic with the gate.
 */
import type { Instrument } from '../../market/instrument.ts';
import { Side } from '../../market/side.ts';
import type { OrderDesk } from '../../trading/order-desk.ts';
import { OrderMark } from '../../trading/order-layout.ts';
import { Refusal } from '../../trading/refusal.ts';
import { LIMITS, SCOPE_NAMES } from '../limits.ts';
import type { TestMarket } from './test-market.ts';

const EPSILON = 1e-6;
const DAY = 86_400e9;
const all = (): boolean => true;

export interface SlowOrder {
  readonly strategy: number;
  readonly market: number;
  readonly side: Side;
  readonly price: number;
  readonly size: number;
  readonly flags: number;
  readonly nowNs: number;
  /** Of the order to be amended, -1 = none. */
  readonly slot: number;
}

interface Trade {
  readonly strategy: number;
  readonly market: number;
  readonly signed: number;
  /** Value in the risk currency when it was booked. */
  readonly value: number;
}

export interface SlowSetup {
  readonly markets: readonly TestMarket[];
  readonly venueOf: readonly number[];
  readonly strategies: number;
  readonly hedgers: readonly number[];
  /** Risk currency per unit at any moment. */
  readonly rate: (currency: string) => number;
  /** Equity from the exact books, in the risk currency. */
  readonly equity: () => number;
  readonly profit: (strategy: number) => number;
  readonly desk: OrderDesk;
}

export class SlowGate {
  state = 0;
  readonly breakers: number[];
  readonly canaryShare: number;
  peak: number;
  dayEquity: number;
  readonly dayProfits: number[];
  /** Strategies beyond their loss when all was looked at last. */
  readonly lost: boolean[];
  readonly #setup: SlowSetup;
  readonly #limits = new Map<string, number>();
  #today: Trade[] = [];
  #all: Trade[] = [];
  #day = 0;
  /** By strategy and venue: tokens, when they were counted, until when it rests. */
  readonly #rates = new Map<string, { tokens: number; atNs: number; restNs: number }>();

  constructor(setup: SlowSetup, canaryShare: number) {
    this.#setup = setup;
    this.canaryShare = canaryShare;
    this.breakers = setup.markets.map(() => 0);
    this.peak = setup.equity();
    this.dayEquity = this.peak;
    this.dayProfits = Array.from({ length: setup.strategies }, () => 0);
    this.lost = this.dayProfits.map(() => false);
    for (const { name, preset } of LIMITS) this.#limits.set(`${name} global 0`, preset ?? Infinity);
  }

  set(name: string, scope: number, index: number, value: number): void {
    this.#limits.set(`${name} ${SCOPE_NAMES[scope]} ${index}`, Number.isNaN(value) ? Infinity : value);
  }

  fill(strategy: number, market: number, side: Side, price: number, lots: number): void {
    const signed = side === Side.BUY ? lots : -lots;
    const trade = { strategy, market, signed, value: this.#value(market, lots, price) };
    this.#today.push(trade);
    this.#all.push(trade);
  }

  /** Something happened: the peak follows, and perhaps another day begins. */
  look(): void {
    this.peak = Math.max(this.peak, this.#setup.equity());
  }

  evaluate(nowNs: number): void {
    this.turn(nowNs);
    this.look();
    this.lost.forEach((_, strategy) => {
      const loss = this.dayProfits[strategy]! - this.#setup.profit(strategy);
      this.lost[strategy] = loss > 0 && loss >= this.#said('daily_loss_limit', 'strategy', strategy) - EPSILON;
    });
  }

  turn(nowNs: number): void {
    const day = Math.floor(nowNs / DAY);
    if (day === this.#day) return;
    this.#day = day;
    this.#today = [];
    this.dayEquity = this.#setup.equity();
    this.dayProfits.forEach((_, strategy) => (this.dayProfits[strategy] = this.#setup.profit(strategy)));
    this.lost.fill(false);
  }

  sent(order: SlowOrder): void {
    this.#bucket(order).tokens -= 1;
  }

  judge(order: SlowOrder): Refusal {
    const { strategy, market, side, price, size, nowNs, slot } = order;
    const { desk, markets } = this.#setup;
    const venue = this.#setup.venueOf[market]!;
    const known = markets[market]!;
    const before = slot < 0 ? 0 : desk.openLotsAt(slot);
    const after = slot < 0 ? size : size - desk.filledLotsAt(slot);
    const more = Math.max(0, after - before);
    const isShrunk = slot >= 0 && after <= before && price === desk.priceTicksAt(slot);
    const worst = this.#worst(all, market, side) + more;
    const baseAfter = this.#base(market, side) + more * this.#baseOf(market);
    const isHedge = this.#setup.hedgers.includes(strategy) && baseAfter <= 1e-9;
    const reduces = worst <= 0 || isShrunk || isHedge;

    if (this.state === 2) return Refusal.HALTED;
    if (this.state === 1 && !reduces) return Refusal.REDUCING;
    const tightest = (name: string): number =>
      Math.min(
        this.#said(name, 'global', 0),
        this.#said(name, 'venue', venue),
        this.#said(name, 'instrument', market),
        this.#said(name, 'strategy', strategy),
      );
    const shared = (name: string): number =>
      Math.min(this.#said(name, 'global', 0), this.#said(name, 'venue', venue), this.#said(name, 'instrument', market));
    const lotsOf = (base: number): number => Math.floor(base / this.#baseOf(market) + 1e-6);
    if (this.breakers[market] === 2 && !reduces) return Refusal.BREAKER_OPEN;
    if (this.breakers[market] === 1 && !reduces) {
      const most = lotsOf(tightest('max_order_size')) * this.canaryShare;
      if (this.#open(all, market, side) > before || size > Math.max(1, most)) return Refusal.BREAKER_CANARY;
    }
    const rate = this.#askRate(order);
    if (rate !== 0) return rate;
    if (!isShrunk) {
      if (!reduces) {
        const ageMs = tightest('max_price_age_ms');
        if (ageMs < Infinity && (!known.isReady || nowNs - known.receivedNs > ageMs * 1e6)) return Refusal.STALE_PRICE;
        const source = markets.find(({ gives }) => gives === known.instrument.quote);
        if (ageMs < Infinity && source !== undefined && (!source.isReady || nowNs - source.receivedNs > ageMs * 1e6)) {
          return Refusal.NO_RATE;
        }
      }
      const far = (from: number, pct: number): boolean => Math.abs(price - from) > (from * pct) / 100 + 1e-7;
      if (far(known.lastMidTicks, tightest('price_collar_pct'))) return Refusal.COLLAR_MID;
      if (known.lastTradeTicks > 0 && far(known.lastTradeTicks, tightest('last_collar_pct')))
        return Refusal.COLLAR_LAST;
      const through = side === Side.BUY ? price - known.askTicks : known.bidTicks - price;
      const touch = side === Side.BUY ? known.askTicks : known.bidTicks;
      if (through > (touch * tightest('fat_finger_pct')) / 100 + 1e-7) return Refusal.FAT_FINGER;
      if (size > lotsOf(tightest('max_order_size'))) return Refusal.ORDER_SIZE;
      if (this.#value(market, size, price) > tightest('max_order_value') + EPSILON) return Refusal.ORDER_VALUE;
      if (more > 0) {
        const refusal = this.#judgeMore(order, more, worst, baseAfter, reduces, shared, lotsOf);
        if (refusal !== 0) return refusal;
      }
      const money = this.#judgeMoney(order, more, reduces);
      if (money !== 0) return money;
    }
    return this.#judgeOrders(order, after === before);
  }

  #judgeMore(
    order: SlowOrder,
    more: number,
    worst: number,
    baseAfter: number,
    reduces: boolean,
    shared: (name: string) => number,
    lotsOf: (base: number) => number,
  ): Refusal {
    const { strategy, market, side } = order;
    const venue = this.#setup.venueOf[market]!;
    const mine = (one: number): boolean => one === strategy;
    const atVenue = (one: number): boolean => this.#setup.venueOf[one] === venue;
    const price = this.#setup.markets[market]!.lastMidTicks;
    const added = this.#value(market, more, price);
    if (worst > lotsOf(shared('max_position_size'))) return Refusal.POSITION;
    if (baseAfter > this.#said('max_base_position', 'global', 0) + 1e-8) return Refusal.BASE_POSITION;
    const now = this.#portfolio(market, 0, side);
    const then = this.#portfolio(market, added, side);
    if (then > now + EPSILON && then > this.#said('max_portfolio_position', 'global', 0) + EPSILON) {
      return Refusal.PORTFOLIO_POSITION;
    }
    if (this.#value(market, worst, price) > shared('max_notional_exposure') + EPSILON) return Refusal.NOTIONAL;
    const isNet = (
      scope: string,
      index: number,
      who: (one: number) => boolean,
      where: (one: number) => boolean,
    ): boolean => this.#net(who, where, side) + added > this.#said('max_net_exposure', scope, index) + EPSILON;
    const isGross = (
      scope: string,
      index: number,
      who: (one: number) => boolean,
      where: (one: number) => boolean,
    ): boolean => {
      const before = this.#gross(who, where, -1, 0, side);
      const after = this.#gross(who, where, market, more, side);
      return after > before + EPSILON && after > this.#said('max_gross_exposure', scope, index) + EPSILON;
    };
    if (isNet('global', 0, all, all)) return Refusal.NET_EXPOSURE;
    if (isGross('global', 0, all, all)) return Refusal.GROSS_EXPOSURE;
    const isTurned = (
      scope: string,
      index: number,
      who: (one: number) => boolean,
      where: (one: number) => boolean,
    ): boolean => {
      const traded = this.#today.filter((trade) => who(trade.strategy) && where(trade.market));
      let sum = added;
      for (const { value } of traded) sum += value;
      for (const one of this.#setup.markets) {
        if (!where(one.index)) continue;
        const lots = this.#open(who, one.index, Side.BUY) + this.#open(who, one.index, Side.SELL);
        sum += this.#value(one.index, lots, one.lastMidTicks);
      }
      return sum > this.#said('max_daily_turnover', scope, index) + EPSILON;
    };
    const volume = (who: (one: number) => boolean): number => {
      let lots = more + this.#open(who, market, Side.BUY) + this.#open(who, market, Side.SELL);
      for (const trade of this.#today)
        if (who(trade.strategy) && trade.market === market) lots += Math.abs(trade.signed);
      return lots;
    };
    if (!reduces) {
      if (volume(all) > lotsOf(shared('max_daily_volume'))) return Refusal.DAILY_VOLUME;
      if (isTurned('global', 0, all, all)) return Refusal.DAILY_TURNOVER;
    }
    const own = this.#worst(mine, market, side) + more;
    if (own > lotsOf(this.#said('max_position_size', 'strategy', strategy))) return Refusal.POSITION;
    if (this.#value(market, own, price) > this.#said('max_notional_exposure', 'strategy', strategy) + EPSILON) {
      return Refusal.NOTIONAL;
    }
    if (isNet('venue', venue, all, atVenue) || isNet('strategy', strategy, mine, all)) return Refusal.NET_EXPOSURE;
    if (isGross('venue', venue, all, atVenue) || isGross('strategy', strategy, mine, all))
      return Refusal.GROSS_EXPOSURE;
    if (reduces) return Refusal.NONE;
    if (volume(mine) > lotsOf(this.#said('max_daily_volume', 'strategy', strategy))) return Refusal.DAILY_VOLUME;
    const isTurnedBeyond =
      isTurned('instrument', market, all, (one) => one === market) ||
      isTurned('venue', venue, all, atVenue) ||
      isTurned('strategy', strategy, mine, all);
    return isTurnedBeyond ? Refusal.DAILY_TURNOVER : Refusal.NONE;
  }

  #judgeMoney(order: SlowOrder, more: number, reduces: boolean): Refusal {
    const { market, side, strategy } = order;
    const equity = this.#setup.equity();
    if (!reduces) {
      const loss = this.dayEquity - equity;
      if (loss > EPSILON && loss >= this.#said('daily_loss_limit', 'global', 0) - EPSILON) return Refusal.DAILY_LOSS;
      if (this.lost[strategy]!) return Refusal.DAILY_LOSS;
      const down = this.peak - equity;
      const share = this.#said('max_drawdown_pct', 'global', 0) / 100;
      if (down > EPSILON && down >= share * this.peak - EPSILON) return Refusal.DRAWDOWN;
    }
    const before = this.#gross(all, all, -1, 0, side);
    const after = this.#gross(all, all, market, more, side);
    const leverage = this.#said('max_leverage', 'global', 0);
    return after > before + EPSILON && after > leverage * equity + EPSILON ? Refusal.MARGIN : Refusal.NONE;
  }

  #judgeOrders(order: SlowOrder, isSameSize: boolean): Refusal {
    const { strategy, market, side, price, size, nowNs, slot, flags } = order;
    const { desk } = this.#setup;
    const windowNs = this.#said('duplicate_window_ms', 'global', 0) * 1e6;
    if (windowNs < Infinity && windowNs > 0 && (flags & OrderMark.QUOTE) === 0) {
      if (slot >= 0) {
        if (isSameSize && price === desk.priceTicksAt(slot)) return Refusal.DUPLICATE;
      } else {
        for (const one of this.#orders((own) => own === strategy, market, side)) {
          const { doubles, words } = desk.table;
          const isQuote = (words[(one << 5) | 25]! & OrderMark.QUOTE) !== 0;
          const isSame = doubles[(one << 4) | 4] === price && doubles[(one << 4) | 5] === size;
          if (isSame && !isQuote && nowNs - desk.sentNsAt(one) < windowNs) return Refusal.DUPLICATE;
        }
      }
    }
    const distance = this.#said('self_cross_ticks', 'global', 0);
    if (distance === Infinity) return Refusal.NONE;
    const other = side === Side.BUY ? Side.SELL : Side.BUY;
    for (const one of this.#orders(all, market, other)) {
      for (const at of [desk.table.doubles[(one << 4) | 1]!, desk.table.doubles[(one << 4) | 4]!]) {
        if (side === Side.BUY ? price + distance >= at : price - distance <= at) return Refusal.SELF_CROSS;
      }
    }
    return Refusal.NONE;
  }

  /** A bucket that is filled drop by drop, instead of the time at which it would be full. */
  #askRate(order: SlowOrder): Refusal {
    const bucket = this.#bucket(order);
    const { nowNs } = order;
    if (nowNs < bucket.restNs) return Refusal.ORDER_COOLDOWN;
    if (bucket.tokens >= 1 - 1e-6) return Refusal.NONE;
    const restMs = this.#said('order_cooldown_ms', 'global', 0);
    bucket.restNs = nowNs + (restMs < Infinity ? restMs * 1e6 : 0);
    return Refusal.ORDER_RATE;
  }

  #bucket({ strategy, market, nowNs }: SlowOrder): { tokens: number; atNs: number; restNs: number } {
    const venue = this.#setup.venueOf[market]!;
    const key = `${strategy} ${venue}`;
    const perSecond = this.#said('max_orders_per_second', 'global', 0);
    const burst = this.#said('max_order_burst', 'global', 0);
    const bucket = this.#rates.get(key) ?? { tokens: burst, atNs: nowNs, restNs: -Infinity };
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowNs - bucket.atNs) / 1e9) * perSecond);
    bucket.atNs = nowNs;
    this.#rates.set(key, bucket);
    return bucket;
  }

  #said(name: string, scope: string, index: number): number {
    return this.#limits.get(`${name} ${scope} ${index}`) ?? Infinity;
  }

  #orders(who: (strategy: number) => boolean, market: number, side: Side): number[] {
    const { desk, strategies } = this.#setup;
    const found: number[] = [];
    for (let strategy = 0; strategy < strategies; strategy++) {
      if (!who(strategy)) continue;
      for (let slot = desk.firstSlot(strategy, market); slot >= 0; slot = desk.nextSlot(slot)) {
        if (desk.sideAt(slot) === side) found.push(slot);
      }
    }
    return found;
  }

  #open(who: (strategy: number) => boolean, market: number, side: Side): number {
    let lots = 0;
    for (const slot of this.#orders(who, market, side)) lots += this.#setup.desk.openLotsAt(slot);
    return lots;
  }

  #position(who: (strategy: number) => boolean, market: number): number {
    let lots = 0;
    for (const trade of this.#all) if (trade.market === market && who(trade.strategy)) lots += trade.signed;
    return lots;
  }

  /** What would be held on a side if all orders of it filled. */
  #worst(who: (strategy: number) => boolean, market: number, side: Side): number {
    const held = this.#position(who, market);
    return (side === Side.BUY ? held : -held) + this.#open(who, market, side);
  }

  /** Base currency per lot. */
  #baseOf(market: number): number {
    const { instrument, lastMidTicks } = this.#setup.markets[market]!;
    const size = Number(instrument.spec.lot) * Number(instrument.spec.multiplier ?? '1');
    return instrument.contract === 'inverse' ? size / (lastMidTicks * Number(instrument.spec.tick)) : size;
  }

  #value(market: number, lots: number, price: number): number {
    const { instrument } = this.#setup.markets[market]!;
    return lots * valuePerLot(instrument, price) * this.#setup.rate(instrument.quote);
  }

  #base(market: number, side: Side): number {
    const { markets } = this.#setup;
    let sum = 0;
    for (const { index, instrument } of markets) {
      if (instrument.base !== markets[market]!.instrument.base) continue;
      sum += this.#worst(all, index, side) * this.#baseOf(index);
    }
    return sum;
  }

  #net(who: (one: number) => boolean, where: (one: number) => boolean, side: Side): number {
    let sum = 0;
    for (const { index, lastMidTicks } of this.#setup.markets) {
      if (where(index)) sum += this.#value(index, this.#worst(who, index, side), lastMidTicks);
    }
    return sum;
  }

  #gross(
    who: (one: number) => boolean,
    where: (one: number) => boolean,
    added: number,
    more: number,
    on: Side,
  ): number {
    let sum = 0;
    for (const { index, lastMidTicks } of this.#setup.markets) {
      if (!where(index)) continue;
      const extra = (side: Side): number => (index === added && side === on ? more : 0);
      const most = Math.max(
        this.#worst(who, index, Side.BUY) + extra(Side.BUY),
        this.#worst(who, index, Side.SELL) + extra(Side.SELL),
      );
      sum += this.#value(index, most, lastMidTicks);
    }
    return sum;
  }

  /** Net values by base currency without sign, with a value more on a side of one instrument. */
  #portfolio(market: number, added: number, on: Side): number {
    const { markets } = this.#setup;
    let sum = 0;
    for (const base of new Set(markets.map(({ instrument }) => instrument.base))) {
      const of = (side: Side): number => {
        const extra = markets[market]!.instrument.base === base && side === on ? added : 0;
        return this.#net(all, (one) => markets[one]!.instrument.base === base, side) + extra;
      };
      sum += Math.max(of(Side.BUY), of(Side.SELL));
    }
    return sum;
  }
}

/** In quote currency. */
function valuePerLot({ contract, spec }: Instrument, price: number): number {
  const size = Number(spec.lot) * Number(spec.multiplier ?? '1');
  return contract === 'inverse' ? size : size * price * Number(spec.tick);
}
