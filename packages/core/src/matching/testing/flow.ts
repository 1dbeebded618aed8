/** Random operations for a session, drawn by a profile: what prices and sizes, which kinds of orders and events. */
import type { Random } from '../../base/random.ts';
import { Side } from '../../market/side.ts';
import { MarketState, OrderType, PostOnly, SelfTrade, TimeInForce } from '../codes.ts';
import type { NaiveOrder } from './naive-order.ts';
import type { Op, SubmitFields } from './ops.ts';
import type { Session, SessionOptions } from './session.ts';

export type Feature = 'iceberg' | 'conditional' | 'oco' | 'states' | 'time' | 'bad' | 'postOnly' | 'immediate';

export interface Profile extends SessionOptions {
  readonly name: string;
  /** Operations in all, and in each session. */
  readonly ops: number;
  readonly sessionOps: number;
  /** Open orders that the flow keeps to, about. */
  readonly live: number;
  /** Owners 1 to this many take turns; 0 = all orders are nobody's. */
  readonly owners: number;
  readonly selfTrade?: boolean;
  /** Of 100 operations, those that go through `submit` with features, amend, and name a handle that is gone. */
  readonly special: number;
  readonly amends: number;
  readonly stale: number;
  readonly features: readonly Feature[];
  price(random: Random, step: number): number;
  /** Two of three orders stand this many ticks further from the other side. */
  readonly passive: number;
  lots(random: Random): number;
}

const BAD_LOTS = [0, -1, 1.5, Number.NaN, Infinity, 2 ** 46 + 1, -Infinity];
const BAD_TICKS = [0.5, Number.NaN, Infinity, -Infinity, 2 ** 46 + 1, -(2 ** 46) - 1];
const CONDITIONAL = [
  OrderType.STOP,
  OrderType.STOP_LIMIT,
  OrderType.TRAILING_STOP,
  OrderType.TAKE_PROFIT,
  OrderType.TAKE_PROFIT_LIMIT,
] as const;

export class Flow {
  readonly #profile: Profile;
  readonly #random: Random;
  #step = 0;
  #nextRef = 1;
  #nowNs = 0;
  /** Accepted orders that were open when last seen, for targets. */
  #known: NaiveOrder[] = [];
  #gone: number[] = [];

  constructor(profile: Profile, random: Random) {
    this.#profile = profile;
    this.#random = random;
  }

  next(session: Session): Op {
    const random = this.#random;
    const profile = this.#profile;
    this.#step++;
    const latest = session.orders[this.#nextRef - 1];
    if (latest !== undefined && latest.where !== 'gone' && this.#known.at(-1) !== latest) this.#known.push(latest);
    const roll = random.below(100);
    if (roll < profile.stale && this.#gone.length > 0) return this.#stale();
    if (roll < profile.stale + profile.amends) {
      const order = this.#pick();
      if (order !== undefined) return this.#amend(order);
    }
    const open = session.naive.queues[0].length + session.naive.queues[1].length + session.naive.waiting.length;
    const cancels = open > profile.live ? 65 : 8;
    if (random.below(100) < cancels) {
      const order = this.#pick();
      if (order !== undefined) return { op: 'cancel', target: order.ref };
    }
    const event = this.#marketEvent(session);
    if (event !== undefined) return event;
    if (random.below(100) < profile.special) return this.#submit();
    const side = this.#side();
    return {
      op: 'limit',
      ref: this.#nextRef++,
      side,
      priceTicks: this.#price(side),
      sizeLots: profile.lots(random),
      owner: this.#owner(),
      timeInForce: random.below(8) === 0 ? TimeInForce.IOC : TimeInForce.GTC,
      selfTrade: this.#selfTrade(),
    };
  }

  /** State changes, time and mass cancels. */
  #marketEvent(session: Session): Op | undefined {
    const random = this.#random;
    const isTrading = session.naive.state === MarketState.TRADING;
    if (this.#has('states') && random.below(isTrading ? 80 : 20) === 0) {
      const states = isTrading ? [MarketState.AUCTION, MarketState.HALTED] : Object.values(MarketState);
      return { op: 'setState', state: this.#one<MarketState>(states) };
    }
    if (this.#has('time') && random.below(12) === 0) {
      this.#nowNs += random.below(30) === 0 ? 9 * 3600e9 : random.below(2000) - 100;
      return { op: 'advance', nowNs: this.#nowNs };
    }
    if (this.#profile.owners > 0 && random.below(2000) === 0) return { op: 'massCancel', owner: this.#owner() };
    return undefined;
  }

  #submit(): Op {
    const random = this.#random;
    const profile = this.#profile;
    const sizeLots = profile.lots(random);
    const side = this.#side();
    const base = { op: 'submit', ref: this.#nextRef++, side, sizeLots } as const;
    let fields: SubmitFields = {
      priceTicks: this.#price(side),
      owner: this.#owner(),
      selfTrade: this.#selfTrade(),
    };
    const add = (more: SubmitFields): void => {
      fields = { ...fields, ...more };
    };
    const wish = (feature: Feature): boolean => this.#has(feature) && random.below(2) === 0;
    const isImmediate = wish('immediate');
    if (isImmediate) {
      const timeInForce = random.below(3) === 0 ? TimeInForce.IOC : TimeInForce.FOK;
      add({ timeInForce, type: random.below(3) === 0 ? OrderType.MARKET : OrderType.LIMIT });
    }
    const isConditional = !isImmediate && wish('conditional');
    if (isConditional) {
      const type = this.#one(CONDITIONAL);
      const isTrailing = type === OrderType.TRAILING_STOP;
      add({ type, triggerTicks: isTrailing ? 1 + random.below(6) : profile.price(random, this.#step) });
    }
    const isResting = !isImmediate && !isConditional;
    if (isResting && wish('postOnly')) add({ postOnly: random.below(2) === 0 ? PostOnly.REJECT : PostOnly.SLIDE });
    if (!isImmediate && wish('iceberg'))
      add({ displayLots: Math.max(1, Math.floor(sizeLots / (2 + random.below(4)))) });
    if (!isImmediate && wish('oco')) {
      const other = this.#pick();
      if (other !== undefined) add({ link: other.ref, owner: other.owner });
    }
    if (!isImmediate && wish('time')) {
      if (random.below(3) === 0) add({ timeInForce: TimeInForce.DAY });
      else add({ timeInForce: TimeInForce.GTD, expiryNs: this.#nowNs + random.below(5000) });
    }
    const op = { ...base, ...fields };
    return this.#has('bad') && random.below(6) === 0 ? this.#spoil(op) : op;
  }

  /** Makes a request wrong in one way, or at least odd. */
  #spoil(op: Extract<Op, { op: 'submit' }>): Op {
    const random = this.#random;
    const lots = this.#one(BAD_LOTS);
    const ticks = this.#one(BAD_TICKS);
    switch (random.below(10)) {
      case 0:
        return { ...op, sizeLots: lots };
      case 1:
        return { ...op, priceTicks: ticks };
      case 2:
        return { ...op, triggerTicks: ticks, type: this.#one(CONDITIONAL) };
      case 3:
        return { ...op, displayLots: random.below(2) === 0 ? lots : op.sizeLots };
      case 4:
        return { ...op, timeInForce: TimeInForce.GTD, expiryNs: this.#one([Number.NaN, -1, 0, this.#nowNs]) };
      case 5:
        return { ...op, link: this.#gone.at(-1) ?? 1 };
      case 6:
        return { ...op, link: 1 + random.below(this.#nextRef) };
      case 7:
        return { ...op, postOnly: PostOnly.SLIDE };
      case 8:
        return { ...op, timeInForce: this.#one(Object.values(TimeInForce)), expiryNs: this.#nowNs + 100 };
      default:
        return { ...op, type: this.#one(Object.values(OrderType)), displayLots: 1 };
    }
  }

  #amend(order: NaiveOrder): Op {
    const random = this.#random;
    const target = order.ref;
    const sizeLots = this.#profile.lots(random);
    if (this.#has('bad') && random.below(8) === 0) {
      return random.below(2) === 0
        ? { op: 'amend', target, priceTicks: order.price, sizeLots: this.#one(BAD_LOTS) }
        : { op: 'amend', target, priceTicks: this.#one(BAD_TICKS), sizeLots };
    }
    if (random.below(2) === 0) {
      return { op: 'amend', target, priceTicks: order.price, sizeLots: Math.max(1, order.open - random.below(4)) };
    }
    return { op: 'amend', target, priceTicks: this.#price(order.side), sizeLots };
  }

  #stale(): Op {
    const random = this.#random;
    const target = this.#gone[random.below(this.#gone.length)]!;
    if (random.below(2) === 0) return { op: 'cancel', target };
    return { op: 'amend', target, priceTicks: this.#profile.price(random, this.#step), sizeLots: 1 };
  }

  /** An open order; those found gone are remembered as stale handles. */
  #pick(): NaiveOrder | undefined {
    while (this.#known.length > 0) {
      const at = this.#random.below(this.#known.length);
      const order = this.#known[at]!;
      if (order.where !== 'gone') return order;
      this.#known[at] = this.#known.at(-1)!;
      this.#known.pop();
      if (this.#gone.length < 200) this.#gone.push(order.ref);
      else this.#gone[this.#random.below(200)] = order.ref;
    }
    return undefined;
  }

  #one<T>(values: readonly T[]): T {
    return values[this.#random.below(values.length)]!;
  }

  #has(feature: Feature): boolean {
    return this.#profile.features.includes(feature);
  }

  #side(): Side {
    return this.#random.below(2) === 0 ? Side.BUY : Side.SELL;
  }

  #price(side: Side): number {
    const away = this.#random.below(3) === 0 ? 0 : this.#profile.passive;
    const price = this.#profile.price(this.#random, this.#step);
    return side === Side.BUY ? price - away : price + away;
  }

  #owner(): number {
    return this.#profile.owners === 0 ? 0 : this.#random.below(this.#profile.owners + 1);
  }

  #selfTrade(): SelfTrade {
    return this.#profile.selfTrade ? this.#one(Object.values(SelfTrade)) : SelfTrade.ALLOW;
  }
}
