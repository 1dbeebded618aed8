/** An order as Binance's answers and events have it. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { Reject } from '@quotewright/core/trading/records';
import type { ExchangeFill, ExchangeOrder, VenueExchange } from '../contract.ts';
import { averagePrice, moneyText, padded, priceText, sizeText } from './numbers.ts';

export class OrderWords {
  readonly #exchange: VenueExchange;
  readonly #isFutures: boolean;

  constructor(exchange: VenueExchange, isFutures: boolean) {
    this.#exchange = exchange;
    this.#isFutures = isFutures;
  }

  instrument({ market }: ExchangeOrder): Instrument {
    return this.#exchange.instruments[market]!;
  }

  ms(ns: number): number {
    return Math.floor(this.#exchange.unixMs(ns));
  }

  /** The customer's own name of it, or one that the venue has given. */
  clientId({ clientId, number }: ExchangeOrder): string {
    return clientId === '' ? `web_${number}` : clientId;
  }

  status({ status, reason, filledLots }: ExchangeOrder): string {
    if (status === 'open') return filledLots > 0 ? 'PARTIALLY_FILLED' : 'NEW';
    if (status === 'filled') return 'FILLED';
    if (reason === Reject.REQUESTED) return 'CANCELED';
    if (reason === Reject.SELF_TRADE) return 'EXPIRED_IN_MATCH';
    return status === 'rejected' && reason !== Reject.FOK_UNFILLED ? 'REJECTED' : 'EXPIRED';
  }

  type({ priceTicks, isPostOnly }: ExchangeOrder): string {
    if (priceTicks === undefined) return 'MARKET';
    return isPostOnly && !this.#isFutures ? 'LIMIT_MAKER' : 'LIMIT';
  }

  timeInForce(order: ExchangeOrder): string {
    return order.isPostOnly && this.#isFutures ? 'GTX' : order.timeInForce;
  }

  /** Of queries, and of answers that say more than that it arrived. */
  full(order: ExchangeOrder): Record<string, unknown> {
    const instrument = this.instrument(order);
    const common = {
      symbol: instrument.symbol,
      orderId: order.number,
      clientOrderId: this.clientId(order),
      price: priceText(instrument, order.priceTicks),
      origQty: sizeText(instrument, order.sizeLots),
      executedQty: sizeText(instrument, order.filledLots),
      status: this.status(order),
      timeInForce: this.timeInForce(order),
      type: this.type(order),
      side: sideWord(order.side),
      time: this.ms(order.placedNs),
      updateTime: this.ms(order.updatedNs),
      selfTradePreventionMode: 'EXPIRE_MAKER',
    };
    const quoted = moneyText(instrument, order.filledAtoms);
    if (this.#isFutures) {
      return {
        ...common,
        avgPrice: averagePrice(instrument, order),
        cumQuote: quoted,
        reduceOnly: order.isReduceOnly,
        closePosition: false,
        positionSide: 'BOTH',
        stopPrice: '0',
        workingType: 'CONTRACT_PRICE',
        priceProtect: false,
        origType: this.type(order),
        priceMatch: 'NONE',
        goodTillDate: 0,
      };
    }
    return {
      ...common,
      orderListId: -1,
      origQuoteOrderQty: '0.00000000',
      cummulativeQuoteQty: quoted,
      stopPrice: '0.00000000',
      icebergQty: '0.00000000',
      isWorking: true,
      workingTime: this.ms(order.placedNs),
    };
  }

  /** The answer to a new order: `ACK`, `RESULT` or `FULL`. */
  placed(order: ExchangeOrder, kind: string): Record<string, unknown> {
    if (this.#isFutures) return this.full(order);
    const transactTime = this.ms(order.updatedNs);
    if (kind === 'ACK') {
      const { symbol } = this.instrument(order);
      return { symbol, orderId: order.number, orderListId: -1, clientOrderId: this.clientId(order), transactTime };
    }
    const { time, updateTime, isWorking, stopPrice, icebergQty, ...words } = this.full(order);
    void [time, updateTime, isWorking, stopPrice, icebergQty];
    if (kind === 'RESULT') return { ...words, transactTime };
    const fills = order.fills.map((fill) => {
      const { price, qty, commission, commissionAsset, id } = this.trade(fill);
      return { price, qty, commission, commissionAsset, tradeId: id };
    });
    return { ...words, transactTime, fills };
  }

  /** The answer to a cancel has a name of its own. */
  cancelled(order: ExchangeOrder, cancelName: string): Record<string, unknown> {
    const words = this.full(order);
    if (this.#isFutures) return words;
    return {
      ...words,
      origClientOrderId: words['clientOrderId'],
      clientOrderId: cancelName,
      transactTime: words['updateTime'],
    };
  }

  /** `myTrades`, `userTrades`. */
  trade(fill: ExchangeFill) {
    const { order } = fill;
    const instrument = this.instrument(order);
    const isBuyer = order.side === Side.BUY;
    const common = {
      symbol: instrument.symbol,
      id: fill.number,
      orderId: order.number,
      price: priceText(instrument, fill.priceTicks),
      qty: sizeText(instrument, fill.sizeLots),
      quoteQty: moneyText(instrument, BigInt(fill.priceTicks) * BigInt(fill.sizeLots)),
      commission: padded(fill.fee, this.#isFutures),
      commissionAsset: fill.feeCurrency,
      time: this.ms(fill.ns),
    };
    return this.#isFutures
      ? {
          ...common,
          buyer: isBuyer,
          maker: fill.isMaker,
          side: sideWord(order.side),
          positionSide: 'BOTH',
          realizedPnl: '0',
        }
      : { ...common, orderListId: -1, isBuyer, isMaker: fill.isMaker, isBestMatch: true };
  }
}

export function sideWord(side: Side): 'BUY' | 'SELL' {
  return side === Side.BUY ? 'BUY' : 'SELL';
}
