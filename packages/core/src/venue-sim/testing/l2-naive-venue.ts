/**
 * The slow, obvious L2 replay venue that the fast one is tested against: one instrument, order objects in a list, maps of levels,
 * everything found by looking at all there is. Prices are compared as `better(a, b)`; queue models: `l2-naive-queue.ts`.
 */
import { OrderFlag, Reject, ReportKind } from '../../trading/records.ts';
import { type Level, NaiveL2 } from '../../market/testing/naive-l2.ts';
import { Side } from '../../market/side.ts';
import { naiveDepth } from './l2-naive-queue.ts';
import type { PlainReport } from './l2-venue-driver.ts';

interface NaiveOrder {
  id: number;
  buy: boolean;
  flags: number;
  price: number;
  size: number;
  open: number;
  ahead: number;
  traded: number;
  cut: { ns: number; lots: number; moved: number };
}

export interface NaiveRules {
  whole: boolean;
  model: string;
  exponent: number;
  selfTrade: 'cancel-newest' | 'cancel-oldest' | 'cancel-both' | 'none';
  makerPpb: number;
  takerPpb: number;
  minSize: number;
  maxSize: number;
  minNotional: number;
}

export class NaiveL2Venue {
  reports: PlainReport[] = [];
  position = 0;
  readonly rules: NaiveRules;
  book = new NaiveL2();
  /** Best bid and best ask by the rule that the newer row is right. */
  best: { bid: number | undefined; ask: number | undefined } = { bid: undefined, ask: undefined };
  taken = { bid: new Map<number, number>(), ask: new Map<number, number>() };
  /** What printed at a level since it was shown last. */
  printed = { bid: new Map<number, number>(), ask: new Map<number, number>() };
  levelNs = Number.NaN;
  /** Resting, in the order of arrival. */
  orders: NaiveOrder[] = [];
  trading = true;
  laying = false;
  executions = 0;

  constructor(rules: NaiveRules) {
    this.rules = rules;
  }

  level(buy: boolean, price: number, size: number, ns: number): void {
    const side = buy ? Side.BUY : Side.SELL;
    const prev = this.book.sizeAt(side, price);
    this.book.set(side, price, size);
    this.moveBest(buy, price, size);
    (buy ? this.taken.bid : this.taken.ask).delete(price);
    (buy ? this.printed.bid : this.printed.ask).delete(price);
    this.levelNs = ns;
    if (this.laying) return;
    let older = -Infinity;
    for (const order of this.orders) {
      if (order.buy !== buy || order.price !== price) continue;
      const was = order.ahead;
      let ahead = naiveDepth(this.rules.model, this.rules.exponent, was, prev, size, order.traded);
      if (!this.rules.whole) {
        ahead = Math.max(ahead, older);
        older = ahead;
        if (order.cut.ns !== ns) order.cut = { ns, lots: 0, moved: 0 };
        const lost = prev - size - order.traded;
        if (lost > 0 && was - ahead >= 0) {
          order.cut.lots += lost;
          order.cut.moved += was - ahead;
        }
      }
      order.ahead = ahead;
      order.traded = 0;
    }
    if (size > 0) this.crossed(!buy, price, ns);
  }

  trade(buyer: boolean, price: number, lots: number, ns: number): void {
    let left = lots;
    if (!this.rules.whole && ns !== this.levelNs && this.book.sizeAt(buyer ? Side.SELL : Side.BUY, price) > 0) {
      const printed = buyer ? this.printed.ask : this.printed.bid;
      printed.set(price, (printed.get(price) ?? 0) + lots);
    }
    for (const order of this.resting(!buyer)) {
      const through = buyer ? order.price < price : order.price > price;
      if (!through && order.price !== price) continue;
      let lotsToUs = 0;
      if (through) {
        lotsToUs = this.rules.whole ? order.open : Math.min(order.open, left);
        if (this.rules.model !== 'through') order.ahead = 0;
      } else if (this.rules.whole) {
        order.ahead -= lots;
        order.traded += lots;
        if (Math.round(Math.abs(order.ahead)) > 0 && order.ahead < 0) lotsToUs = order.open;
      } else {
        let explained = 0;
        if (order.cut.ns === ns && order.cut.lots > 0) {
          explained = Math.min(order.cut.lots, lots);
          const back = (order.cut.moved * explained) / order.cut.lots;
          order.ahead += back;
          order.cut.lots -= explained;
          order.cut.moved -= back;
        }
        order.traded += lots - explained;
        order.ahead -= left;
        if (order.ahead < 0) lotsToUs = Math.min(order.open, left, Math.floor(-order.ahead + 1e-6));
        order.ahead += lotsToUs;
      }
      if (lotsToUs <= 0) continue;
      if (!this.rules.whole) left -= lotsToUs;
      this.fill(order, order.price, lotsToUs, true, ns);
    }
  }

  beginSnapshot(): void {
    this.laying = true;
    this.book.clear();
    this.best = { bid: undefined, ask: undefined };
    this.taken.bid.clear();
    this.taken.ask.clear();
    this.printed.bid.clear();
    this.printed.ask.clear();
  }

  endSnapshot(ns: number): void {
    if (!this.laying) return;
    this.laying = false;
    for (const order of this.orders) {
      const shown = this.book.sizeAt(order.buy ? Side.BUY : Side.SELL, order.price);
      if (this.rules.model === 'touch') order.ahead = 0;
      else if (this.rules.model !== 'through') order.ahead = Math.min(order.ahead, shown);
      order.traded = 0;
      order.cut = { ns: Number.NaN, lots: 0, moved: 0 };
    }
    if (this.best.ask !== undefined) this.crossed(true, this.best.ask, ns);
    if (this.best.bid !== undefined) this.crossed(false, this.best.bid, ns);
  }

  enter(id: number, flags: number, price: number, size: number, ns: number): void {
    const buy = (flags & OrderFlag.BUY) !== 0;
    const twice = this.orders.some((order) => order.id === id);
    const refusal = twice ? Reject.OTHER : this.judge(flags, price, size, size);
    if (refusal !== 0) return this.say(ReportKind.REJECT, buy, ns, price, size, id, 0, refusal);
    this.say(ReportKind.ACK, buy, ns, price, size, id, 0, 0);
    const cut = { ns: Number.NaN, lots: 0, moved: 0 };
    this.go({ id, buy, flags, price, size, open: size, ahead: 0, traded: 0, cut }, ns);
  }

  cancel(id: number, flags: number, price: number, size: number, ns: number): void {
    const order = this.orders.find((one) => one.id === id);
    const buy = (flags & OrderFlag.BUY) !== 0;
    if (order === undefined)
      return this.say(ReportKind.CANCEL_REJECT, buy, ns, price, size, id, 0, Reject.UNKNOWN_ORDER);
    this.end(order, Reject.REQUESTED, ns);
  }

  amend(id: number, flags: number, price: number, size: number, ns: number): void {
    const order = this.orders.find((one) => one.id === id);
    const buy = (flags & OrderFlag.BUY) !== 0;
    if (order === undefined)
      return this.say(ReportKind.AMEND_REJECT, buy, ns, price, size, id, 0, Reject.UNKNOWN_ORDER);
    const stays = price === order.price && size <= order.size;
    const open = size - (order.size - order.open);
    const refusal = this.judge(stays ? order.flags & OrderFlag.BUY : order.flags, price, size, open);
    if (refusal !== 0) return this.say(ReportKind.AMEND_REJECT, order.buy, ns, price, size, id, 0, refusal);
    if (open <= 0) return this.end(order, Reject.REQUESTED, ns);
    if (!stays) this.orders = this.orders.filter((one) => one !== order);
    order.price = price;
    order.size = size;
    order.open = open;
    this.say(ReportKind.AMENDED, order.buy, ns, price, size, id, 0, 0, stays ? OrderFlag.KEPT_PLACE : 0);
    if (!stays) this.go(order, ns);
  }

  private go(order: NaiveOrder, ns: number): void {
    let reason: number = Reject.NONE;
    if (this.rules.whole) {
      const best = order.buy ? this.best.ask : this.best.bid;
      if (best !== undefined && (order.buy ? order.price >= best : order.price <= best)) {
        this.fill(order, best, order.open, false, ns);
      }
    } else {
      while (order.open > 0) {
        const level = this.offers(order.buy, order.price)[0];
        const own = this.rules.selfTrade === 'none' ? undefined : this.met(order.buy, order.price);
        if (
          own !== undefined &&
          (level === undefined || level[0] === own.price || this.better(!order.buy, own.price, level[0]))
        ) {
          // Of the own order's own level, what others have ahead of it comes first.
          const before =
            level !== undefined && level[0] === own.price
              ? Math.max(0, Math.floor(own.ahead)) - (this.takenOf(order.buy).get(level[0]) ?? 0)
              : 0;
          const lots = Math.min(order.open, before, level?.[1] ?? 0);
          if (lots > 0) {
            this.takeFrom(order, own.price, lots, order.buy, ns);
            continue;
          }
          if (this.rules.selfTrade !== 'cancel-newest') this.end(own, Reject.SELF_TRADE, ns);
          if (this.rules.selfTrade === 'cancel-oldest') continue;
          reason = Reject.SELF_TRADE;
          break;
        }
        if (level === undefined) break;
        this.takeFrom(order, level[0], Math.min(order.open, level[1]), order.buy, ns);
      }
    }
    if (order.open === 0) return;
    if (reason === Reject.NONE && (order.flags & (OrderFlag.IOC | OrderFlag.FOK)) !== 0) reason = Reject.UNFILLED_REST;
    if (reason !== Reject.NONE) return this.end(order, reason, ns);
    const shown = this.book.sizeAt(order.buy ? Side.BUY : Side.SELL, order.price);
    const printed = (order.buy ? this.printed.bid : this.printed.ask).get(order.price) ?? 0;
    const left = Math.max(0, shown - printed);
    order.ahead = this.rules.model === 'touch' ? 0 : this.rules.model === 'through' ? Infinity : left;
    order.traded = printed;
    order.cut = { ns: Number.NaN, lots: 0, moved: 0 };
    this.orders.push(order);
  }

  private judge(flags: number, price: number, size: number, open: number): number {
    const { whole, minSize, maxSize, minNotional } = this.rules;
    const buy = (flags & OrderFlag.BUY) !== 0;
    const best = buy ? this.best.ask : this.best.bid;
    const reaches = best !== undefined && (buy ? price >= best : price <= best);
    if (!this.trading) return Reject.HALTED;
    if (price !== Math.round(price)) return Reject.BAD_PRICE;
    if (size !== Math.round(size) || size < minSize || size > maxSize) return Reject.BAD_SIZE;
    if ((reaches ? best : price) * size < minNotional) return Reject.BAD_NOTIONAL;
    const canReduce = buy ? -this.position : this.position;
    if ((flags & OrderFlag.REDUCE_ONLY) !== 0 && open > canReduce) return Reject.REDUCE_ONLY;
    const own = whole || this.rules.selfTrade === 'none' ? undefined : this.met(buy, price);
    const offers = this.offers(buy, price);
    const takes = whole ? reaches : own !== undefined || offers.length > 0;
    if ((flags & OrderFlag.POST_ONLY) !== 0 && takes) return Reject.POST_ONLY_WOULD_TAKE;
    if ((flags & OrderFlag.FOK) !== 0) {
      let lots = 0;
      for (const [at, available] of offers) {
        const ends = own !== undefined && this.rules.selfTrade !== 'cancel-oldest';
        if (!ends || this.better(!buy, at, own.price)) lots += available;
        else if (at === own.price) {
          const gone = this.takenOf(buy).get(at) ?? 0;
          lots += Math.max(0, Math.min(available, Math.max(0, Math.floor(own.ahead)) - gone));
        }
      }
      if (whole ? !reaches : lots < open) return Reject.FOK_UNFILLED;
    }
    return Reject.NONE;
  }

  /** The other side's levels that a buyer or seller may take up to a price, best first, with the lots that are not taken. */
  private offers(buy: boolean, limit: number): Level[] {
    const best = buy ? this.best.ask : this.best.bid;
    if (best === undefined) return [];
    return this.book
      .levels(buy ? Side.SELL : Side.BUY)
      .map(([price, size]): Level => [price, size - (this.takenOf(buy).get(price) ?? 0)])
      .filter(([price, size]) => size > 0 && (buy ? price >= best && price <= limit : price <= best && price >= limit));
  }

  /** What buyers (or sellers) among us took. */
  private takenOf(buy: boolean): Map<number, number> {
    return buy ? this.taken.ask : this.taken.bid;
  }

  private takeFrom(order: NaiveOrder, price: number, lots: number, buy: boolean, ns: number, isMaker = false): void {
    const taken = this.takenOf(buy);
    taken.set(price, (taken.get(price) ?? 0) + lots);
    this.fill(order, isMaker ? order.price : price, lots, isMaker, ns);
  }

  /** The first own order on the other side that a price reaches. */
  private met(buy: boolean, price: number): NaiveOrder | undefined {
    return this.resting(!buy).find((own) => (buy ? own.price <= price : own.price >= price));
  }

  private crossed(buy: boolean, price: number, ns: number): void {
    const strict = this.rules.model === 'through';
    for (const order of this.resting(buy)) {
      const beyond = buy ? order.price > price : order.price < price;
      if (!beyond && (strict || order.price !== price)) continue;
      if (this.rules.whole) {
        this.fill(order, order.price, order.open, true, ns);
        continue;
      }
      for (const [at, available] of this.offers(buy, order.price)) {
        if ((strict && at === order.price) || order.open === 0) continue;
        this.takeFrom(order, at, Math.min(order.open, available), buy, ns, true);
      }
      if (order.open > 0) return;
    }
  }

  private moveBest(bid: boolean, price: number, size: number): void {
    const mine = bid ? 'bid' : 'ask';
    const theirs = bid ? 'ask' : 'bid';
    const next = (isBid: boolean, beyond: number): number | undefined =>
      this.book.levels(isBid ? Side.BUY : Side.SELL).find(([at]) => (isBid ? at < beyond : at > beyond))?.[0];
    if (size > 0) {
      const best = this.best[mine];
      if (best === undefined || this.better(bid, price, best)) this.best[mine] = price;
      const other = this.best[theirs];
      if (this.best[mine] === price && other !== undefined && !this.better(bid, other, price)) {
        this.best[theirs] = next(!bid, price);
      }
    } else if (this.best[mine] === price) this.best[mine] = next(bid, price);
  }

  private better(bid: boolean, a: number, b: number): boolean {
    return bid ? a > b : a < b;
  }

  private resting(buy: boolean): NaiveOrder[] {
    return this.orders
      .filter((order) => order.buy === buy)
      .toSorted((a, b) => (buy ? b.price - a.price : a.price - b.price));
  }

  private fill(order: NaiveOrder, price: number, lots: number, maker: boolean, ns: number): void {
    order.open -= lots;
    this.position += order.buy ? lots : -lots;
    if (order.open === 0) this.orders = this.orders.filter((one) => one !== order);
    const aux = maker ? this.rules.makerPpb : this.rules.takerPpb;
    const flag = maker ? OrderFlag.MAKER : 0;
    this.say(ReportKind.FILL, order.buy, ns, price, lots, order.id, ++this.executions, aux, flag);
  }

  private end(order: NaiveOrder, reason: number, ns: number): void {
    this.orders = this.orders.filter((one) => one !== order);
    this.say(ReportKind.CANCELLED, order.buy, ns, order.price, order.open, order.id, 0, reason);
  }

  private say(
    kind: number,
    buy: boolean,
    ns: number,
    price: number,
    size: number,
    id: number,
    seq: number,
    aux: number,
    flag = 0,
  ): void {
    this.reports.push({ kind, flags: (buy ? 1 : 0) | flag, ns, price, size, id, seq, aux });
  }
}
