/**
 * How a simulated venue takes requests: judged on arrival against the venue's book and the position as they are then, answered with
 * the reports of `trading/records.ts`. Children know the market: what an own order could take, what it takes, and where it stands.
 *
 * - A new order is refused (REJECT) while trading is halted; for a price or size off the instrument's limits; for a value below the
 *   smallest, an order that takes being worth what it takes at; when its number is open already; when it is post-only and would take;
 *   when it is fill-or-kill and cannot be filled; when it is reduce-only and all of it would not make the position smaller
 *   without turning it. Later changes of the position do not touch an order that stands.
 * - Otherwise it is acknowledged, takes what it can, and the rest stands, or is cut off when it is immediate-or-cancel.
 * - It does not trade with an own order: see `SelfTradeRule`. Price and time decide when they meet: what others have at a better
 *   price, or ahead of ours at its price, is taken first. A post-only order that would meet an own order would take.
 * - An amendment that at most lowers the size keeps its place, and only price and size are judged. Any other gives the place up, is
 *   judged as the order was, and may take as a new order may; a post-only order that would take is refused it
 *   (AMEND_REJECT). What is refused an amendment stays as it was. A total size of no more than what is filled ends the order
 *   (CANCELLED, REQUESTED).
 */
import { Field, headFlags, headKind } from '../market/event.ts';
import type { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import { OrderFlag, Reject, ReportKind, RequestKind } from '../trading/records.ts';
import type { RecordQueue } from '../trading/record-queue.ts';
import type { OwnImpact } from './own-impact.ts';
import { OwnOrderBook } from './own-order-book.ts';
import type { SimVenue } from './venue.ts';

const { HEAD, PRICE_TICKS, SIZE_LOTS, ORDER_ID } = Field;
const { BUY, POST_ONLY, REDUCE_ONLY, IOC, FOK } = OrderFlag;

/** Which order is cancelled when two own orders would trade; `none` lets the newer one pass the older. */
export type SelfTradeRule = 'cancel-newest' | 'cancel-oldest' | 'cancel-both' | 'none';

export abstract class OwnOrderVenue implements SimVenue {
  readonly reports: RecordQueue;
  protected readonly own: OwnOrderBook;
  protected isHalted = false;
  protected readonly selfTrade: SelfTradeRule;

  /** @param index the instrument's index in the records */
  constructor(instrument: Instrument, index: number, selfTrade: SelfTradeRule, impact?: OwnImpact) {
    this.own = new OwnOrderBook(instrument, index, impact);
    this.reports = this.own.reports;
    this.selfTrade = selfTrade;
  }

  /** Signed; own fills only. */
  get positionLots(): number {
    return this.own.positionLots;
  }

  /** Price of the first order of others that an order of this side could take; NaN when there is none. */
  protected abstract takePrice(side: Side): number;

  /**
   * Lots, up to `wantedLots`, that an order of this side and price would get at once from others.
   * @param endsAtOwn it gets nothing from those behind an own order that it meets
   */
  protected abstract reachable(side: Side, priceTicks: number, wantedLots: number, endsAtOwn: boolean): number;

  /**
   * The open order takes what it can from others at its price or better; what stands behind an own order that it meets it takes
   * only by the rule `none`. It may be filled and gone after it.
   */
  protected abstract take(slot: number): void;

  /** The open order, which is in no queue, joins the back of the queue at its price. */
  protected abstract join(slot: number): void;

  request(data: Float64Array, offset: number, nowNs: number): void {
    this.own.nowNs = nowNs;
    const kind = headKind(data[offset + HEAD] | 0);
    if (kind === RequestKind.NEW) this.#new(data, offset);
    else if (kind === RequestKind.CANCEL) this.#cancel(data, offset);
    else if (kind === RequestKind.AMEND) this.#amend(data, offset);
  }

  #new(data: Float64Array, offset: number): void {
    const flags = headFlags(data[offset + HEAD] | 0);
    const id = data[offset + ORDER_ID];
    const price = data[offset + PRICE_TICKS];
    const size = data[offset + SIZE_LOTS];
    const reason = this.own.find(id) === 0 ? this.#refusal(flags, price, size, size) : Reject.OTHER;
    if (reason !== Reject.NONE) return this.#refuse(ReportKind.REJECT, flags, data, offset, reason);
    this.#settle(this.own.open(id, flags, price, size));
  }

  #cancel(data: Float64Array, offset: number): void {
    const slot = this.own.find(data[offset + ORDER_ID]);
    if (slot !== 0) return this.own.cancel(slot, Reject.REQUESTED);
    const flags = headFlags(data[offset + HEAD] | 0);
    this.#refuse(ReportKind.CANCEL_REJECT, flags, data, offset, Reject.UNKNOWN_ORDER);
  }

  #amend(data: Float64Array, offset: number): void {
    const { own } = this;
    const slot = own.find(data[offset + ORDER_ID]);
    const price = data[offset + PRICE_TICKS];
    const size = data[offset + SIZE_LOTS];
    if (slot === 0) {
      const requestFlags = headFlags(data[offset + HEAD] | 0);
      return this.#refuse(ReportKind.AMEND_REJECT, requestFlags, data, offset, Reject.UNKNOWN_ORDER);
    }
    const flags = own.flagsOf(slot);
    const keepsPlace = price === own.priceOf(slot) && size <= own.totalOf(slot);
    const open = size - (own.totalOf(slot) - own.openOf(slot));
    const reason = this.#refusal(keepsPlace ? flags & BUY : flags, price, size, open);
    if (reason !== Reject.NONE) return this.#refuse(ReportKind.AMEND_REJECT, flags, data, offset, reason);
    if (open <= 0) return own.cancel(slot, Reject.REQUESTED);
    if (!keepsPlace) own.leave(slot);
    own.amend(slot, price, size, keepsPlace);
    if (!keepsPlace) this.#settle(slot);
  }

  /** @param open what would stand, or trade, of the total size */
  #refusal(flags: number, price: number, size: number, open: number): Reject {
    const { own } = this;
    const side = (flags & BUY) === 0 ? Side.SELL : Side.BUY;
    if (this.isHalted) return Reject.HALTED;
    // The limit of a market order is far away: an order that takes is worth what it takes at.
    const best = this.takePrice(side);
    const takes = side === Side.BUY ? price >= best : price <= best;
    const reason = own.judge(price, takes ? best : price, size);
    if (reason !== Reject.NONE) return reason;
    if ((flags & REDUCE_ONLY) !== 0 && open > own.reducible(side)) return Reject.REDUCE_ONLY;
    if (
      (flags & POST_ONLY) !== 0 &&
      (this.#meetsOwn(side, price) || (takes && this.reachable(side, price, 1, false) > 0))
    )
      return Reject.POST_ONLY_WOULD_TAKE;
    if ((flags & FOK) !== 0) {
      const endsAtOwn = this.selfTrade === 'cancel-newest' || this.selfTrade === 'cancel-both';
      const pushed = own.pushedTicks(side);
      const limit = side === Side.BUY ? price - pushed : price + pushed;
      if (this.reachable(side, limit, open, endsAtOwn) < open) return Reject.FOK_UNFILLED;
    }
    return Reject.NONE;
  }

  /** The open order trades as far as it can; the rest stands or is cut off. */
  #settle(slot: number): void {
    const { own } = this;
    this.take(slot);
    while (own.openOf(slot) > 0 && this.#meetsOwn(own.sideOf(slot), own.priceOf(slot))) {
      if (this.selfTrade !== 'cancel-newest')
        own.cancel(own.first(own.sideOf(slot) === Side.BUY ? Side.SELL : Side.BUY), Reject.SELF_TRADE);
      if (this.selfTrade !== 'cancel-oldest') return own.cancel(slot, Reject.SELF_TRADE);
      this.take(slot);
    }
    if (own.openOf(slot) === 0) return;
    if ((own.flagsOf(slot) & (IOC | FOK)) !== 0) own.cancel(slot, Reject.UNFILLED_REST);
    else this.join(slot);
  }

  /** Whether an order would trade with an own order that stands on the other side. */
  #meetsOwn(side: Side, price: number): boolean {
    if (this.selfTrade === 'none') return false;
    return side === Side.BUY ? this.own.sides[Side.SELL].bestKey <= price : this.own.sides[Side.BUY].bestKey <= -price;
  }

  #refuse(kind: ReportKind, flags: number, data: Float64Array, offset: number, reason: Reject): void {
    this.own.refuse(kind, flags, data[offset + PRICE_TICKS], data[offset + SIZE_LOTS], data[offset + ORDER_ID], reason);
  }
}
