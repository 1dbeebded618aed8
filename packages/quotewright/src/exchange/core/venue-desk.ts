/** One venue of the exchange: its accounts and their orders in its markets, and who listens. */
import { EVENT_STRIDE, Field, headFlags, headInstrument, headKind, packHead } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { L3Book } from '@quotewright/core/market/l3-book';
import { Side } from '@quotewright/core/market/side';
import { decimalText } from '@quotewright/core/trading/money-text';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import type {
  ExchangeBalance,
  ExchangeFill,
  ExchangeKey,
  ExchangeListener,
  ExchangeOrder,
  Faults,
  OrderTerms,
  VenueExchange,
} from '../contract.ts';
import type { Account } from './account.ts';
import { OrderRecord } from './exchange-order.ts';
import { MarketFeed } from './market-feed.ts';
import type { InstrumentMoney } from './money.ts';
import type { Print } from './trade-tape.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const MS_PER_DAY = 86_400_000;

/** What all venues share: the market that they are in, and its time. */
export interface DeskHost {
  readonly epochDay: number;
  nowNs(): number;
  /** The market lives up to now, which is answered. */
  catchUp(): number;
  /** A request to the market (`market` is the index there); its reports and messages have come when this returns. */
  request(data: Float64Array, nowNs: number): void;
}

export interface DeskSetup {
  readonly venue: string;
  readonly instruments: readonly Instrument[];
  /** By instrument: its index in the market. */
  readonly markets: readonly number[];
  readonly money: readonly InstrumentMoney[];
  readonly queues: (market: number) => L3Book | undefined;
  readonly accounts: readonly Account[];
  readonly keys: readonly ExchangeKey[];
  readonly faults: Faults;
}

type Change = 'new' | 'rejected' | 'amended' | 'cancelled' | 'fill';

export class VenueDesk implements VenueExchange {
  readonly venue: string;
  readonly instruments: readonly Instrument[];
  readonly epochDay: number;
  readonly faults: Faults;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly feeds: readonly MarketFeed[];
  /** Trades so far, of all markets: a trade's number. */
  trades = 0;
  readonly #host: DeskHost;
  readonly #markets: readonly number[];
  readonly #money: readonly InstrumentMoney[];
  readonly #keys: ReadonlyMap<string, ExchangeKey>;
  readonly #open = new Map<number, OrderRecord>();
  readonly #request = new Float64Array(EVENT_STRIDE);
  #listeners: readonly ExchangeListener[] = [];
  #numbers = 0;
  /** Why the request at hand was not done. */
  #refused: Reject = Reject.NONE;

  constructor(host: DeskHost, setup: DeskSetup) {
    this.#host = host;
    this.epochDay = host.epochDay;
    this.venue = setup.venue;
    this.instruments = setup.instruments;
    this.faults = setup.faults;
    this.accounts = new Map(setup.accounts.map((account) => [account.name, account]));
    this.feeds = setup.markets.map((market, index) => new MarketFeed(index, setup.queues(market)));
    this.#markets = setup.markets;
    this.#money = setup.money;
    this.#keys = new Map(setup.keys.map((key) => [key.key, key]));
  }

  nowNs(): number {
    return this.#host.nowNs();
  }

  nowMs(): number {
    return this.unixMs(this.#host.nowNs());
  }

  unixMs(ns: number): number {
    return this.epochDay * MS_PER_DAY + Math.floor(ns / 1e6);
  }

  keyOf(key: string): ExchangeKey | undefined {
    return this.#keys.get(key);
  }

  place(terms: OrderTerms): ExchangeOrder {
    const owner = this.#account(terms.account);
    const nowNs = this.#host.catchUp();
    const order = new OrderRecord(terms, ++this.#numbers, nowNs, this.#money[terms.market]!.feeDecimals(terms.side));
    const namesake = terms.clientId === '' ? undefined : owner.byClientId.get(terms.clientId);
    const isTaken = namesake?.status === 'open';
    if (!isTaken && terms.clientId !== '') owner.byClientId.set(terms.clientId, order);
    owner.orders.set(order.number, order);
    const reason = isTaken ? Reject.OTHER : this.#check(order, owner);
    if (reason !== Reject.NONE) this.#reject(order, reason);
    else {
      this.#open.set(order.number, order);
      this.#send(RequestKind.NEW, order, order.limitTicks, order.sizeLots, nowNs);
    }
    return order;
  }

  cancel(account: string, number: number): Reject {
    const nowNs = this.#host.catchUp();
    const order = this.#account(account).open.get(number);
    if (order === undefined) return Reject.UNKNOWN_ORDER;
    return this.#send(RequestKind.CANCEL, order, order.limitTicks, order.sizeLots, nowNs);
  }

  amend(account: string, number: number, priceTicks: number, sizeLots: number): Reject {
    const nowNs = this.#host.catchUp();
    const owner = this.#account(account);
    const order = owner.open.get(number);
    if (order === undefined) return Reject.UNKNOWN_ORDER;
    if (!Number.isSafeInteger(priceTicks) || priceTicks <= 0) return Reject.BAD_PRICE;
    if (!Number.isSafeInteger(sizeLots) || sizeLots <= 0) return Reject.BAD_SIZE;
    const open = sizeLots - order.filledLots;
    if (open > 0 && !owner.hold(order, priceTicks, open)) return Reject.INSUFFICIENT_BALANCE;
    const refused = this.#send(RequestKind.AMEND, order, priceTicks, sizeLots, nowNs);
    owner.settleHold(order);
    return refused;
  }

  order(account: string, number: number): ExchangeOrder | undefined {
    return this.#account(account).orders.get(number);
  }

  orderByClientId(account: string, clientId: string): ExchangeOrder | undefined {
    return clientId === '' ? undefined : this.#account(account).byClientId.get(clientId);
  }

  openOrders(account: string): readonly ExchangeOrder[] {
    return [...this.#account(account).open.values()];
  }

  orders(account: string): readonly ExchangeOrder[] {
    return [...this.#account(account).orders.values()];
  }

  fills(account: string): readonly ExchangeFill[] {
    return this.#account(account).fills;
  }

  balances(account: string): readonly ExchangeBalance[] {
    return this.#account(account).balances();
  }

  position(account: string, market: number): { lots: number; entryTicks: number; realised: string } {
    return this.#account(account).position(market);
  }

  queues(market: number): L3Book | undefined {
    return this.feeds[market]!.queues;
  }

  top(market: number, side: Side, n: number, prices: Float64Array, sizes: Float64Array): number {
    return this.feeds[market]!.top(side, n, prices, sizes);
  }

  sequence(market: number): number {
    return this.feeds[market]!.sequence;
  }

  isTrading(market: number): boolean {
    return this.feeds[market]!.isTrading;
  }

  recentTrades(market: number): readonly Print[] {
    return this.feeds[market]!.tape.prints();
  }

  listen(listener: ExchangeListener): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((each) => each !== listener);
    };
  }

  /** The market tells of one of its instruments. */
  market(index: number, data: Float64Array, from: number, to: number, trades: Float64Array): void {
    const feed = this.feeds[index]!;
    feed.read(data, from, to, trades);
    for (const listener of this.#listeners) listener.market?.(index, feed.message, 0, feed.length);
  }

  turn(nowNs: number): void {
    for (const listener of this.#listeners) listener.turn?.(nowNs);
  }

  /** The number that an open order has in the market's records. */
  bookNumber(number: number): number {
    return this.#open.get(number)?.bookNumber ?? 0;
  }

  /** The market reports on an order; of a FILL `trade` is the number of the trade. */
  report(data: Float64Array, at: number, trade: number): void {
    const order = this.#open.get(data[at + ORDER_ID]!);
    if (order === undefined) return;
    const kind = headKind(data[at + HEAD]!);
    order.updatedNs = data[at + VENUE_NS]!;
    if (kind === ReportKind.FILL) this.#fill(order, data, at, trade);
    else if (kind === ReportKind.ACK) {
      order.bookNumber = data[at + SEQ]!;
      this.#account(order.account).open.set(order.number, order);
      this.#tell(order, 'new');
    } else if (kind === ReportKind.REJECT) this.#reject(order, reasonOf(data, at));
    else if (kind === ReportKind.CANCELLED) {
      order.reason = reasonOf(data, at);
      this.#finish(order, 'cancelled');
      this.#tell(order, 'cancelled');
    } else if (kind === ReportKind.AMENDED) {
      order.priceTicks = data[at + PRICE_TICKS]!;
      order.limitTicks = order.priceTicks;
      order.sizeLots = data[at + SIZE_LOTS]!;
      this.#account(order.account).settleHold(order);
      this.#tell(order, 'amended');
    } else this.#refused = reasonOf(data, at);
  }

  /** Why an order cannot be sent on. Price and size of one that can are sound, and what it needs is held. */
  #check(order: OrderRecord, owner: Account): Reject {
    const { market, side } = order;
    if (!Number.isSafeInteger(order.sizeLots) || order.sizeLots <= 0) return Reject.BAD_SIZE;
    if (order.priceTicks !== undefined && (!Number.isSafeInteger(order.priceTicks) || order.priceTicks <= 0)) {
      return Reject.BAD_PRICE;
    }
    if (order.isReduceOnly && order.sizeLots > owner.reducible(market, side)) return Reject.REDUCE_ONLY;
    if (order.priceTicks !== undefined) {
      return owner.hold(order, order.priceTicks, order.sizeLots) ? Reject.NONE : Reject.INSUFFICIENT_BALANCE;
    }
    const averageTicks = this.#walk(order);
    if (averageTicks !== averageTicks) return Reject.UNFILLED_REST;
    if (!owner.hold(order, averageTicks, order.sizeLots)) return Reject.INSUFFICIENT_BALANCE;
    // It is over before anything else can want what it holds, and takes the rest at other prices than the average.
    owner.hold(order, 0, 0);
    return Reject.NONE;
  }

  /** Finds the limit of a market order. @returns the average price of what it would take, rounded up; NaN when there is nothing to take */
  #walk(order: OrderRecord): number {
    const feed = this.feeds[order.market]!;
    const levels = order.side === Side.BUY ? feed.levels.asks : feed.levels.bids;
    let left = order.sizeLots;
    let atoms = 0n;
    for (let level = levels.best(); level >= 0 && left > 0; level = levels.next(level)) {
      const lots = Math.min(left, levels.sizeOf(level));
      order.limitTicks = levels.priceOf(level);
      atoms += BigInt(lots) * BigInt(order.limitTicks);
      left -= lots;
    }
    if (left === order.sizeLots) return Number.NaN;
    const taken = BigInt(order.sizeLots - left);
    return Number((atoms + taken - 1n) / taken);
  }

  /** @returns why the market did not do it */
  #send(kind: RequestKind, order: OrderRecord, priceTicks: number, sizeLots: number, nowNs: number): Reject {
    const request = this.#request;
    let flags: number = order.side === Side.BUY ? OrderFlag.BUY : 0;
    if (order.isPostOnly) flags |= OrderFlag.POST_ONLY;
    if (order.timeInForce === 'IOC') flags |= OrderFlag.IOC;
    if (order.timeInForce === 'FOK') flags |= OrderFlag.FOK;
    request[HEAD] = packHead(kind, flags, this.#markets[order.market]!);
    request[VENUE_NS] = nowNs;
    request[LOCAL_NS] = nowNs;
    request[PRICE_TICKS] = priceTicks;
    request[SIZE_LOTS] = sizeLots;
    request[ORDER_ID] = order.number;
    request[SEQ] = 0;
    request[AUX] = this.#account(order.account).owner;
    this.#refused = Reject.NONE;
    this.#host.request(request, nowNs);
    return this.#refused;
  }

  #fill(order: OrderRecord, data: Float64Array, at: number, number: number): void {
    const priceTicks = data[at + PRICE_TICKS]!;
    const sizeLots = data[at + SIZE_LOTS]!;
    const owner = this.#account(order.account);
    const units = owner.fill(order, priceTicks, sizeLots, data[at + AUX]!);
    order.filledLots += sizeLots;
    order.filledAtoms += BigInt(priceTicks) * BigInt(sizeLots);
    order.feeUnits += units;
    if (order.filledLots >= order.sizeLots) this.#finish(order, 'filled');
    else owner.settleHold(order);
    const fill: ExchangeFill = {
      number,
      order,
      priceTicks,
      sizeLots,
      isMaker: (headFlags(data[at + HEAD]!) & OrderFlag.MAKER) !== 0,
      fee: decimalText(units, order.feeDecimals),
      feeCurrency: this.#money[order.market]!.feeCurrency(order.side),
      ns: data[at + VENUE_NS]!,
    };
    order.fills.push(fill);
    owner.note(fill);
    this.#tell(order, 'fill', fill);
  }

  #reject(order: OrderRecord, reason: Reject): void {
    order.reason = reason;
    this.#finish(order, 'rejected');
    this.#tell(order, 'rejected');
  }

  #finish(order: OrderRecord, status: 'filled' | 'cancelled' | 'rejected'): void {
    order.status = status;
    const owner = this.#account(order.account);
    owner.settleHold(order);
    this.#open.delete(order.number);
    owner.finished(order);
  }

  #tell(order: OrderRecord, change: Change, fill?: ExchangeFill): void {
    for (const listener of this.#listeners) listener.order?.(order, change, fill);
  }

  #account(name: string): Account {
    const account = this.accounts.get(name);
    if (account === undefined) throw new RangeError(`${this.venue} has no account '${name}'`);
    return account;
  }
}

function reasonOf(data: Float64Array, at: number): Reject {
  // oxlint-disable-next-line no-unsafe-type-assertion -- a report's AUX is one of them
  return data[at + AUX] as Reject;
}

/** Which market a record is of. */
export const marketOf = (data: Float64Array, at: number): number => headInstrument(data[at + HEAD]!);
