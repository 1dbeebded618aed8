/**
 * What one account has at one venue: balances with what open orders hold of them, positions of margin instruments, its orders and fills.
 *
 * Margin instruments are settled in their quote currency: profit is booked when a position is reduced, against its average cost, of which
 * the part released is rounded to a unit and the rest stays exact. An order that enlarges a position, and the position itself, hold a
 * share of their value (`MARGIN_SHARE`). Nobody is liquidated.
 */
import { Side } from '@quotewright/core/market/side';
import { decimalText } from '@quotewright/core/trading/money-text';
import type { ExchangeBalance, ExchangeFill } from '../contract.ts';
import type { OrderRecord } from './exchange-order.ts';
import type { InstrumentMoney } from './money.ts';

/** Initial margin: a twentieth of the value. */
const MARGIN_SHARE = 20n;
/** Of orders that are not open, and of fills; when twice as many are there the older half goes. */
const KEPT_ORDERS = 5_000;
const KEPT_FILLS = 20_000;

interface Balance {
  readonly decimals: number;
  total: bigint;
  held: bigint;
}

interface Position {
  lots: number;
  /** Signed cost, units of the quote currency. */
  basis: bigint;
  realised: bigint;
}

export class Account {
  readonly name: string;
  /** From 1: no two orders of one owner trade with each other. */
  readonly owner: number;
  /** Open and finished, by number, oldest first. */
  readonly orders = new Map<number, OrderRecord>();
  readonly open = new Map<number, OrderRecord>();
  readonly byClientId = new Map<string, OrderRecord>();
  fills: ExchangeFill[] = [];
  readonly #balances = new Map<string, Balance>();
  readonly #positions: Position[];
  readonly #money: readonly InstrumentMoney[];

  constructor(
    name: string,
    owner: number,
    money: readonly InstrumentMoney[],
    cash: ReadonlyMap<string, { readonly units: bigint; readonly decimals: number }>,
  ) {
    this.name = name;
    this.owner = owner;
    this.#money = money;
    this.#positions = money.map(() => ({ lots: 0, basis: 0n, realised: 0n }));
    for (const [currency, { units, decimals }] of cash)
      this.#balances.set(currency, { decimals, total: units, held: 0n });
  }

  /** @returns false when the account has not so much: nothing is held */
  hold(order: OrderRecord, priceTicks: number, openLots: number): boolean {
    const wanted = this.#holdOf(order, priceTicks, openLots);
    const balance = this.#heldBalance(order);
    const more = wanted - order.held;
    if (more > 0n && balance.held + more + this.#margin(order) > balance.total) return false;
    balance.held += more;
    order.held = wanted;
    return true;
  }

  /** What the order holds is what its open size needs at its limit. */
  settleHold(order: OrderRecord): void {
    const wanted = order.status === 'open' ? this.#holdOf(order, order.limitTicks, order.openLots) : 0n;
    this.#heldBalance(order).held += wanted - order.held;
    order.held = wanted;
  }

  /** Books an execution. @returns the fee, in units of the fee currency */
  fill(order: OrderRecord, priceTicks: number, sizeLots: number, feePpb: number): bigint {
    const money = this.#money[order.market]!;
    const isBuy = order.side === Side.BUY;
    const value = money.value(priceTicks, sizeLots);
    const fee = money.fee(order.side, priceTicks, sizeLots, feePpb);
    const quote = this.#balance(money.quote);
    if (money.isSpot) {
      const inventory = money.inventory(sizeLots);
      quote.total += isBuy ? -value : value;
      this.#balance(money.base).total += isBuy ? inventory : -inventory;
    } else quote.total += this.#trade(this.#positions[order.market]!, money, priceTicks, isBuy ? sizeLots : -sizeLots);
    this.#balance(money.feeCurrency(order.side)).total -= fee;
    return fee;
  }

  /** How many lots of a side can trade before the position turns. */
  reducible(market: number, side: Side): number {
    const { lots } = this.#positions[market]!;
    return Math.max(0, side === Side.BUY ? -lots : lots);
  }

  position(market: number): { lots: number; entryTicks: number; realised: string } {
    const { lots, basis, realised } = this.#positions[market]!;
    const money = this.#money[market]!;
    const entryTicks = lots === 0 ? 0 : money.averageTicks(basis, lots);
    return { lots, entryTicks, realised: decimalText(realised, this.#balance(money.quote).decimals) };
  }

  balances(): ExchangeBalance[] {
    return Array.from(this.#balances, ([currency, { decimals, total, held }]) => ({
      currency,
      total: decimalText(total, decimals),
      held: decimalText(held + this.#marginIn(currency), decimals),
    }));
  }

  /** The order is over: what the account remembers of such orders is bounded. */
  finished(order: OrderRecord): void {
    this.open.delete(order.number);
    if (this.orders.size < 2 * KEPT_ORDERS + this.open.size) return;
    let surplus = this.orders.size - this.open.size - KEPT_ORDERS;
    for (const [number, old] of this.orders) {
      if (surplus <= 0) break;
      if (old.status === 'open') continue;
      this.orders.delete(number);
      if (this.byClientId.get(old.clientId) === old) this.byClientId.delete(old.clientId);
      surplus--;
    }
  }

  note(fill: ExchangeFill): void {
    this.fills.push(fill);
    if (this.fills.length >= 2 * KEPT_FILLS) this.fills = this.fills.slice(-KEPT_FILLS);
  }

  /** What is booked as profit when a position changes; the fill is worth `priceTicks` × |signedLots|. */
  #trade(position: Position, money: InstrumentMoney, priceTicks: number, signedLots: number): bigint {
    const isReducing = position.lots !== 0 && Math.sign(position.lots) !== Math.sign(signedLots);
    const closed = isReducing ? Math.min(Math.abs(position.lots), Math.abs(signedLots)) : 0;
    const sign = signedLots > 0 ? 1n : -1n;
    let realised = 0n;
    if (closed > 0) {
      const released = (position.basis * BigInt(closed)) / BigInt(Math.abs(position.lots));
      position.basis -= released;
      realised = -sign * money.value(priceTicks, closed) - released;
      position.realised += realised;
    }
    position.basis += sign * money.value(priceTicks, Math.abs(signedLots) - closed);
    position.lots += signedLots;
    return realised;
  }

  #holdOf(order: OrderRecord, priceTicks: number, openLots: number): bigint {
    const money = this.#money[order.market]!;
    if (money.isSpot) return money.spotHold(order.side, priceTicks, openLots);
    if (order.isReduceOnly) return 0n;
    const opening = Math.max(0, openLots - this.reducible(order.market, order.side));
    return money.value(priceTicks, opening) / MARGIN_SHARE;
  }

  #heldBalance(order: OrderRecord): Balance {
    const { isSpot, base, quote } = this.#money[order.market]!;
    return this.#balance(isSpot && order.side === Side.SELL ? base : quote);
  }

  /** What positions hold of the balance that an order holds of. */
  #margin(order: OrderRecord): bigint {
    const { isSpot, base, quote } = this.#money[order.market]!;
    return this.#marginIn(isSpot && order.side === Side.SELL ? base : quote);
  }

  #marginIn(currency: string): bigint {
    let sum = 0n;
    this.#positions.forEach(({ basis }, market) => {
      if (basis !== 0n && this.#money[market]!.quote === currency) sum += (basis < 0n ? -basis : basis) / MARGIN_SHARE;
    });
    return sum;
  }

  #balance(currency: string): Balance {
    return this.#balances.get(currency)!;
  }
}
