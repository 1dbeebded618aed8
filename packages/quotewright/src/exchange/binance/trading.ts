/** Requests about orders, by their parameters, whether they came over REST or the WebSocket API. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { Reject } from '@quotewright/core/trading/records';
import type { ExchangeKey, ExchangeOrder, VenueExchange } from '../contract.ts';
import type { OrderWords } from './order-words.ts';
import type { FaceProduct } from './product.ts';
import { Refusal, refusals } from './refusal.ts';

const DECIMAL = /^\d{1,20}(\.\d{1,20})?$/u;
const WHOLE = /^\d{1,20}$/u;
const CLIENT_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/u;

export class Trading {
  readonly #exchange: VenueExchange;
  readonly #product: FaceProduct;
  readonly #words: OrderWords;
  #cancels = 0;

  constructor(exchange: VenueExchange, product: FaceProduct, words: OrderWords) {
    this.#exchange = exchange;
    this.#product = product;
    this.#words = words;
  }

  market(p: URLSearchParams): number {
    const symbol = p.get('symbol');
    if (symbol === null || symbol === '') throw refusals.missing('symbol');
    const market = this.#exchange.instruments.findIndex((each) => each.symbol === symbol);
    if (market < 0) throw refusals.symbol();
    return market;
  }

  /** @throws Refusal */
  place(key: ExchangeKey, p: URLSearchParams): Record<string, unknown> {
    const order = this.#place(key, p, this.market(p));
    return this.#words.placed(order, p.get('newOrderRespType') ?? 'FULL');
  }

  /** Looks at the order without placing it: `order/test`. */
  test(p: URLSearchParams): Record<string, unknown> {
    this.#terms(p, this.market(p));
    return {};
  }

  cancel(key: ExchangeKey, p: URLSearchParams): Record<string, unknown> {
    const account = traderOf(key);
    const order = this.#named(account, p, refusals.unknownOrder);
    if (this.#exchange.cancel(account, order.number) !== Reject.NONE) throw refusals.unknownOrder();
    return this.#words.cancelled(this.#exchange.order(account, order.number) ?? order, this.#cancelName(p));
  }

  cancelAll(key: ExchangeKey, p: URLSearchParams): Record<string, unknown>[] {
    const account = traderOf(key);
    const market = this.market(p);
    const open = this.#exchange.openOrders(account).filter((order) => order.market === market);
    if (open.length === 0 && !this.#product.isFutures) throw refusals.unknownOrder();
    for (const { number } of open) this.#exchange.cancel(account, number);
    return open.map((order) =>
      this.#words.cancelled(this.#exchange.order(account, order.number) ?? order, this.#cancelName(p)),
    );
  }

  /** Spot: the old order goes, and then the new one comes; that the first failed may stop the second. */
  cancelReplace(key: ExchangeKey, p: URLSearchParams): Record<string, unknown> {
    traderOf(key);
    const mode = p.get('cancelReplaceMode');
    if (mode !== 'STOP_ON_FAILURE' && mode !== 'ALLOW_FAILURE') throw refusals.missing('cancelReplaceMode');
    const cancel = new URLSearchParams();
    for (const [from, to] of [
      ['symbol', 'symbol'],
      ['cancelOrderId', 'orderId'],
      ['cancelOrigClientOrderId', 'origClientOrderId'],
      ['cancelNewClientOrderId', 'newClientOrderId'],
    ] as const) {
      const value = p.get(from);
      if (value !== null) cancel.set(to, value);
    }
    const cancelled = attempt(() => this.cancel(key, cancel));
    if (cancelled instanceof Refusal && mode === 'STOP_ON_FAILURE') {
      throw new Refusal(-2022, 'Order cancel-replace failed.', 400, {
        cancelResult: 'FAILURE',
        newOrderResult: 'NOT_ATTEMPTED',
        cancelResponse: cancelled.body,
        newOrderResponse: null,
      });
    }
    const placed = attempt(() => this.place(key, p));
    const result = {
      cancelResult: cancelled instanceof Refusal ? 'FAILURE' : 'SUCCESS',
      newOrderResult: placed instanceof Refusal ? 'FAILURE' : 'SUCCESS',
      cancelResponse: cancelled instanceof Refusal ? cancelled.body : cancelled,
      newOrderResponse: placed instanceof Refusal ? placed.body : placed,
    };
    if (!(cancelled instanceof Refusal) && !(placed instanceof Refusal)) return result;
    const isPart = !(cancelled instanceof Refusal && placed instanceof Refusal);
    const words = isPart ? 'Order cancel-replace partially failed.' : 'Order cancel-replace failed.';
    throw new Refusal(isPart ? -2021 : -2022, words, isPart ? 409 : 400, result);
  }

  /** Spot: a smaller size at the same price, which keeps its place. */
  amendKeepPriority(key: ExchangeKey, p: URLSearchParams): Record<string, unknown> {
    const account = traderOf(key);
    const order = this.#named(account, p, refusals.noSuchOrder);
    const lots = this.#lots(p.get('newQty'), this.#exchange.instruments[order.market]!, 'newQty');
    if (lots >= order.sizeLots || lots <= order.filledLots) {
      throw new Refusal(
        -2038,
        'The requested change to the order is not allowed. newQty must be less than the open quantity.',
      );
    }
    return this.#amend(account, order, order.priceTicks ?? 0, lots);
  }

  /** USD-M: another price and size. */
  modify(key: ExchangeKey, p: URLSearchParams): Record<string, unknown> {
    const account = traderOf(key);
    const order = this.#named(account, p, refusals.noSuchOrder);
    const instrument = this.#exchange.instruments[order.market]!;
    const priceTicks = this.#ticks(p.get('price'), instrument);
    return this.#amend(account, order, priceTicks, this.#lots(p.get('quantity'), instrument, 'quantity'));
  }

  query({ account }: ExchangeKey, p: URLSearchParams): Record<string, unknown> {
    return this.#words.full(this.#named(account, p, refusals.noSuchOrder));
  }

  open({ account }: ExchangeKey, p: URLSearchParams): Record<string, unknown>[] {
    const market = p.has('symbol') ? this.market(p) : -1;
    const open = this.#exchange.openOrders(account).filter((order) => market < 0 || order.market === market);
    return open.map((order) => this.#words.full(order));
  }

  /** From an order on, or the last ones. */
  all({ account }: ExchangeKey, p: URLSearchParams): Record<string, unknown>[] {
    const market = this.market(p);
    const from = Number(p.get('orderId') ?? 0);
    const start = Number(p.get('startTime') ?? 0);
    const orders = this.#exchange
      .orders(account)
      .filter((each) => each.market === market && each.number >= from && this.#words.ms(each.placedNs) >= start);
    return page(orders, p, p.has('orderId') || p.has('startTime')).map((order) => this.#words.full(order));
  }

  trades({ account }: ExchangeKey, p: URLSearchParams): unknown[] {
    const market = this.market(p);
    const from = Number(p.get('fromId') ?? 0);
    const start = Number(p.get('startTime') ?? 0);
    const order = Number(p.get('orderId') ?? 0);
    const fills = this.#exchange.fills(account).filter((each) => {
      if (each.order.market !== market || each.number < from) return false;
      return this.#words.ms(each.ns) >= start && (order === 0 || each.order.number === order);
    });
    return page(fills, p, p.has('fromId') || p.has('startTime')).map((fill) => this.#words.trade(fill));
  }

  #place(key: ExchangeKey, p: URLSearchParams, market: number): ExchangeOrder {
    const account = traderOf(key);
    const terms = this.#terms(p, market);
    const duplicate = terms.clientId === '' ? undefined : this.#exchange.orderByClientId(account, terms.clientId);
    if (duplicate?.status === 'open') {
      throw new Refusal(
        this.#product.isFutures ? -4116 : -2010,
        this.#product.isFutures ? 'ClientOrderId is duplicated.' : 'Duplicate order sent.',
      );
    }
    const order = this.#exchange.place({ ...terms, account });
    if (order.status === 'rejected' && order.reason !== Reject.FOK_UNFILLED) throw this.#refusal(order.reason);
    return order;
  }

  #terms(p: URLSearchParams, market: number) {
    const { isFutures, orderTypes } = this.#product;
    const instrument = this.#exchange.instruments[market]!;
    const type = p.get('type');
    if (type === null) throw refusals.missing('type');
    if (!orderTypes.includes(type)) throw new Refusal(-1116, 'Invalid orderType.');
    const sideText = p.get('side');
    if (sideText !== 'BUY' && sideText !== 'SELL') {
      throw sideText === null ? refusals.missing('side') : new Refusal(-1117, 'Invalid side.');
    }
    const clientId = p.get('newClientOrderId') ?? '';
    if (clientId !== '' && !CLIENT_ID.test(clientId)) {
      throw new Refusal(
        -1100,
        "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.",
      );
    }
    const tif = type === 'LIMIT' ? this.#timeInForce(p) : 'GTC';
    const sizeLots = this.#lots(p.get('quantity'), instrument, 'quantity');
    const priceTicks = type === 'MARKET' ? undefined : this.#ticks(p.get('price'), instrument);
    if (priceTicks !== undefined && priceTicks * sizeLots < instrument.minNotionalAtoms) {
      throw isFutures
        ? new Refusal(
            -4164,
            `Order's notional must be no smaller than ${instrument.spec.minNotional} (unless you choose reduce only).`,
          )
        : refusals.filter('NOTIONAL');
    }
    return {
      market,
      side: sideText === 'BUY' ? Side.BUY : Side.SELL,
      priceTicks,
      sizeLots,
      timeInForce: tif === 'GTX' ? ('GTC' as const) : tif,
      isPostOnly: type === 'LIMIT_MAKER' || tif === 'GTX',
      isReduceOnly: isFutures && p.get('reduceOnly') === 'true',
      clientId,
    };
  }

  #timeInForce(p: URLSearchParams): 'GTC' | 'IOC' | 'FOK' | 'GTX' {
    const tif = p.get('timeInForce');
    if (tif === 'GTC' || tif === 'IOC' || tif === 'FOK' || (tif === 'GTX' && this.#product.isFutures)) return tif;
    throw tif === null ? refusals.missing('timeInForce') : new Refusal(-1115, 'Invalid timeInForce.');
  }

  #ticks(text: string | null, { price }: Instrument): number {
    if (text === null) throw refusals.missing('price');
    if (!DECIMAL.test(text)) throw refusals.illegal('price');
    const ticks = price.parse(text);
    if (ticks > 0) return ticks;
    throw this.#product.isFutures
      ? new Refusal(-4014, 'Price not increased by tick size.')
      : refusals.filter('PRICE_FILTER');
  }

  #lots(text: string | null, { size, minSizeLots, maxSizeLots }: Instrument, name: string): number {
    if (text === null) throw refusals.missing(name);
    if (!DECIMAL.test(text)) throw refusals.illegal(name);
    const lots = size.parse(text);
    if (lots >= minSizeLots && lots <= maxSizeLots) return lots;
    if (!this.#product.isFutures) throw refusals.filter('LOT_SIZE');
    throw Number.isNaN(lots)
      ? new Refusal(-1111, 'Precision is over the maximum defined for this asset.')
      : new Refusal(-4003, 'Quantity less than or equal to zero.');
  }

  #amend(account: string, order: ExchangeOrder, priceTicks: number, lots: number): Record<string, unknown> {
    const reject = this.#exchange.amend(account, order.number, priceTicks, lots);
    if (reject !== Reject.NONE) throw reject === Reject.UNKNOWN_ORDER ? refusals.noSuchOrder() : this.#refusal(reject);
    const amended = this.#exchange.order(account, order.number) ?? order;
    const words = this.#words.full(amended);
    if (this.#product.isFutures) return words;
    return { transactTime: words['updateTime'], executionId: amended.number, amendedOrder: words };
  }

  /** The order that `orderId` or `origClientOrderId` names. */
  #named(account: string, p: URLSearchParams, none: () => Refusal): ExchangeOrder {
    const market = this.market(p);
    const id = p.get('orderId');
    const name = p.get('origClientOrderId');
    if (id !== null && !WHOLE.test(id)) throw refusals.illegalNumber('orderId');
    if (id === null && name === null)
      throw new Refusal(-1102, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!");
    const order = id === null ? this.#byName(account, name!) : this.#exchange.order(account, Number(id));
    if (order === undefined || order.market !== market) throw none();
    return order;
  }

  #byName(account: string, name: string): ExchangeOrder | undefined {
    const given = /^web_(\d{1,15})$/u.exec(name);
    return given === null
      ? this.#exchange.orderByClientId(account, name)
      : this.#exchange.order(account, Number(given[1]));
  }

  #cancelName(p: URLSearchParams): string {
    return p.get('newClientOrderId') ?? `cancel_${++this.#cancels}`;
  }

  #refusal(reason: Reject): Refusal {
    const { isFutures } = this.#product;
    switch (reason) {
      case Reject.INSUFFICIENT_BALANCE:
        return isFutures
          ? new Refusal(-2019, 'Margin is insufficient.')
          : new Refusal(-2010, 'Account has insufficient balance for requested action.');
      case Reject.POST_ONLY_WOULD_TAKE:
        return isFutures
          ? new Refusal(-5022, 'Due to the order could not be executed as maker, the Post Only order will be rejected.')
          : new Refusal(-2010, 'Order would immediately match and take.');
      case Reject.REDUCE_ONLY:
        return new Refusal(-2022, 'ReduceOnly Order is rejected.');
      case Reject.BAD_PRICE:
        return refusals.filter('PRICE_FILTER');
      case Reject.BAD_SIZE:
        return refusals.filter('LOT_SIZE');
      case Reject.BAD_NOTIONAL:
        return refusals.filter('NOTIONAL');
      case Reject.HALTED:
        return new Refusal(isFutures ? -1010 : -1013, 'Market is closed.');
      default:
        return new Refusal(-2010, 'New order rejected.');
    }
  }
}

/** @throws Refusal when the key may not trade */
export function traderOf({ account, canTrade }: ExchangeKey): string {
  if (!canTrade) throw new Refusal(-2015, 'Invalid API-key, IP, or permissions for action.', 401);
  return account;
}

/** The first ones of those after a start, else the last ones. */
function page<T>(list: readonly T[], p: URLSearchParams, isFromStart: boolean): readonly T[] {
  const limit = Math.min(1000, Math.max(1, Number(p.get('limit') ?? 500) || 500));
  return isFromStart ? list.slice(0, limit) : list.slice(-limit);
}

function attempt(work: () => Record<string, unknown>): Record<string, unknown> | Refusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
