/**
 * Orders as customers send them, by REST and by WebSocket, and the venue's words when it does not take them.
 * Source: docs.kraken.com/api/docs/rest-api/add-order, …/amend-order, …/cancel-order, and docs.kraken.com/api/docs/websocket-v2/add_order.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { Reject } from '@quotewright/core/trading/records';
import type { ExchangeKey, ExchangeOrder, OrderTerms, VenueExchange } from '../contract.ts';
import { Refusal } from './auth.ts';
import { orderNumber } from './ids.ts';
import type { PairList } from './names.ts';
import type { KrakenRates } from './rates.ts';

/** An order in the customer's words, `''` = not given. */
export interface OrderWords {
  readonly pair: string;
  readonly side: string;
  readonly type: string;
  readonly price: string;
  readonly size: string;
  /** gtc, ioc, fok, in any case. */
  readonly timeInForce: string;
  readonly isPostOnly: boolean;
  readonly isReduceOnly: boolean;
  readonly clientId: string;
}

/** How a refusal of the exchange reads; those that are not here are orders that are taken and cancelled at once. */
const REFUSALS: Readonly<Partial<Record<Reject, string>>> = {
  [Reject.INSUFFICIENT_BALANCE]: 'EOrder:Insufficient funds',
  [Reject.BAD_NOTIONAL]: 'EOrder:Cost minimum not met',
  [Reject.BAD_SIZE]: 'EOrder:Order minimum not met',
  [Reject.BAD_PRICE]: 'EOrder:Invalid price',
  [Reject.HALTED]: 'EService:Market in cancel_only mode',
  [Reject.OVERLOADED]: 'EOrder:Orders limit exceeded',
  [Reject.REDUCE_ONLY]: 'EOrder:Reduce only:No position exists',
  [Reject.UNKNOWN_ORDER]: 'EOrder:Unknown order',
  [Reject.OTHER]: 'EGeneral:Invalid arguments:cl_ord_id',
};

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/iu;
/** Visible ASCII. */
const FREE_TEXT = /^[!-~]{1,18}$/u;

export class OrderEntry {
  readonly #exchange: VenueExchange;
  readonly #pairs: PairList;
  readonly #rates: KrakenRates;

  constructor(exchange: VenueExchange, pairs: PairList, rates: KrakenRates) {
    this.#exchange = exchange;
    this.#pairs = pairs;
    this.#rates = rates;
  }

  /** @throws Refusal */
  terms(key: ExchangeKey, words: OrderWords): OrderTerms {
    const market = this.#pairs.find(words.pair);
    const instrument = this.#exchange.instruments[market];
    if (instrument === undefined) throw new Refusal('EQuery:Unknown asset pair');
    if (words.side !== 'buy' && words.side !== 'sell') throw new Refusal('EGeneral:Invalid arguments:type');
    if (words.type !== 'limit' && words.type !== 'market') throw new Refusal('EGeneral:Invalid arguments:ordertype');
    const timeInForce = (words.timeInForce || 'gtc').toLowerCase();
    if (timeInForce !== 'gtc' && timeInForce !== 'ioc') throw new Refusal('EGeneral:Invalid arguments:timeinforce');
    const isLimit = words.type === 'limit';
    return {
      account: key.account,
      market,
      side: words.side === 'buy' ? Side.BUY : Side.SELL,
      priceTicks: isLimit ? priceOf(instrument, words.price) : undefined,
      sizeLots: sizeOf(instrument, words.size),
      timeInForce: timeInForce === 'ioc' || !isLimit ? 'IOC' : 'GTC',
      isPostOnly: words.isPostOnly,
      isReduceOnly: words.isReduceOnly,
      clientId: this.#clientId(key, words.clientId),
    };
  }

  /** @throws Refusal */
  add(key: ExchangeKey, words: OrderWords): ExchangeOrder {
    allow(key);
    const exchange = this.#exchange;
    const terms = this.terms(key, words);
    if (!this.#rates.add(key.account, terms.market, exchange.nowMs())) throw new Refusal('EOrder:Rate limit exceeded');
    const order = exchange.place(terms);
    if (!isTaken(order)) throw new Refusal(REFUSALS[order.reason] ?? 'EOrder:Invalid order');
    return order;
  }

  /** The price and size are '' to stay as they are. @throws Refusal */
  amend(key: ExchangeKey, name: OrderName, price: string, size: string): ExchangeOrder {
    allow(key);
    const exchange = this.#exchange;
    const order = this.find(key, name);
    const instrument = exchange.instruments[order.market]!;
    const priceTicks = price === '' ? (order.priceTicks ?? 0) : priceOf(instrument, price);
    const sizeLots = size === '' ? order.sizeLots : sizeOf(instrument, size);
    const nowMs = exchange.nowMs();
    const ageMs = nowMs - exchange.unixMs(order.updatedNs);
    if (!this.#rates.amend(key.account, order.market, ageMs, nowMs)) throw new Refusal('EOrder:Rate limit exceeded');
    const reason = exchange.amend(key.account, order.number, priceTicks, sizeLots);
    if (reason !== Reject.NONE) throw new Refusal(amendRefusal(reason));
    return order;
  }

  /** @throws Refusal */
  cancel(key: ExchangeKey, name: OrderName): ExchangeOrder {
    allow(key);
    const exchange = this.#exchange;
    const order = this.find(key, name);
    const nowMs = exchange.nowMs();
    const ageMs = nowMs - exchange.unixMs(order.placedNs);
    if (!this.#rates.cancel(key.account, order.market, ageMs, nowMs)) throw new Refusal('EOrder:Rate limit exceeded');
    if (exchange.cancel(key.account, order.number) !== Reject.NONE) throw new Refusal('EOrder:Unknown order');
    return order;
  }

  /** All orders of an account. @returns how many @throws Refusal */
  cancelAll(key: ExchangeKey): number {
    allow(key);
    return this.cancelThose(key.account);
  }

  /** The same, when nobody has asked for it now. */
  cancelThose(account: string): number {
    const orders = [...this.#exchange.openOrders(account)];
    return orders.filter(({ number }) => this.#exchange.cancel(account, number) === Reject.NONE).length;
  }

  /** An open order of the account. @throws Refusal */
  find(key: ExchangeKey, { id, clientId }: OrderName): ExchangeOrder {
    const exchange = this.#exchange;
    const order =
      id === '' ? exchange.orderByClientId(key.account, clientId) : exchange.order(key.account, orderNumber(id));
    if (order?.status !== 'open') throw new Refusal('EOrder:Unknown order');
    return order;
  }

  #clientId(key: ExchangeKey, clientId: string): string {
    if (clientId === '') return '';
    const isUsed = this.#exchange.orderByClientId(key.account, clientId)?.status === 'open';
    if (isUsed || !(UUID.test(clientId) || FREE_TEXT.test(clientId))) {
      throw new Refusal('EGeneral:Invalid arguments:cl_ord_id');
    }
    return clientId;
  }
}

/** Whether the venue has a record of it: what it refuses it has none of, what it takes and cannot keep is an order that was cancelled. */
export function isTaken({ status, reason }: ExchangeOrder): boolean {
  return status !== 'rejected' || REFUSALS[reason] === undefined;
}

/** One of the two. */
export interface OrderName {
  readonly id: string;
  readonly clientId: string;
}

/** @throws Refusal when the key may not trade */
export function allow(key: ExchangeKey): void {
  if (!key.canTrade) throw new Refusal('EGeneral:Permission denied');
}

function amendRefusal(reason: Reject): string {
  return reason === Reject.POST_ONLY_WOULD_TAKE
    ? 'EOrder:Post only order'
    : (REFUSALS[reason] ?? 'EOrder:Invalid order');
}

function priceOf({ price }: Instrument, text: string): number {
  if (text === '') throw new Refusal('EGeneral:Invalid arguments:price');
  const ticks = price.parse(text);
  if (ticks !== ticks && price.fault === 2) throw new Refusal('EOrder:Tick size check failed');
  if (!(ticks > 0)) throw new Refusal('EOrder:Invalid price');
  return ticks;
}

function sizeOf({ size, minSizeLots }: Instrument, text: string): number {
  const lots = size.parse(text);
  if (!(lots > 0)) throw new Refusal('EGeneral:Invalid arguments:volume');
  if (lots < minSizeLots) throw new Refusal('EOrder:Order minimum not met');
  return lots;
}
