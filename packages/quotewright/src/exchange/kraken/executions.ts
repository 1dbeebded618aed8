/**
 * The executions channel: each change of an account's orders as a report.
 * Source: docs.kraken.com/exchange/api-reference/spot-websocket-v2/executions.
 */
import type { ExchangeFill, ExchangeOrder, VenueExchange } from '../contract.ts';
import { orderText, tradeText } from './ids.ts';
import { digits } from './json.ts';
import { averageText, costText, isoText, reasonText, sideText } from './order-text.ts';

export class ExecutionReports {
  readonly #exchange: VenueExchange;

  constructor(exchange: VenueExchange) {
    this.#exchange = exchange;
  }

  /** An order that is open, in a snapshot. */
  open(order: ExchangeOrder): object {
    return { ...this.#terms(order), ...this.#sums(order), ...this.#state(order, 'new', openStatus(order)) };
  }

  /** What has come in, before it is in the book. */
  pending(order: ExchangeOrder): object {
    const sums = { cum_cost: 0, cum_qty: 0, fee_usd_equiv: 0 };
    return { ...this.#terms(order), ...sums, ...this.#state(order, 'pending_new', 'pending_new') };
  }

  /** The reports of a change. */
  changed(order: ExchangeOrder, change: 'new' | 'rejected' | 'amended' | 'cancelled'): readonly object[] {
    if (change === 'new') return [this.pending(order), { ...this.#state(order, 'new', 'new') }];
    if (change === 'amended') {
      const { price, size } = this.#exchange.instruments[order.market]!;
      return [
        {
          ...this.#state(order, 'amended', openStatus(order)),
          limit_price: digits(price.format(order.priceTicks ?? 0)),
          order_qty: digits(size.format(order.sizeLots)),
          ...this.#sums(order),
          amended: true,
          reason: 'User requested',
        },
      ];
    }
    const reason = reasonText(order.reason);
    const ended = {
      ...this.#state(order, 'canceled', 'canceled'),
      ...this.#sums(order),
      cancel_reason: reason,
      reason,
    };
    return change === 'cancelled' ? [ended] : [this.pending(order), ended];
  }

  /** A trade, and the end of the order when that was its last. */
  filled(fill: ExchangeFill): readonly object[] {
    const { order } = fill;
    const trade = this.trade(fill);
    if (order.status !== 'filled') return [trade];
    const { size } = this.#exchange.instruments[order.market]!;
    const end = {
      ...this.#state(order, 'filled', 'filled'),
      order_qty: digits(size.format(order.sizeLots)),
      ...this.#sums(order),
    };
    return [trade, end];
  }

  trade(fill: ExchangeFill): object {
    const { order } = fill;
    const instrument = this.#exchange.instruments[order.market]!;
    const { price, size, symbol } = instrument;
    return {
      ...this.#state(order, 'trade', 'partially_filled'),
      timestamp: isoText(this.#exchange, fill.ns),
      symbol,
      side: sideText(order.side),
      order_type: order.priceTicks === undefined ? 'market' : 'limit',
      exec_id: tradeText(fill.number),
      trade_id: fill.number,
      last_qty: digits(size.format(fill.sizeLots)),
      last_price: digits(price.format(fill.priceTicks)),
      cost: digits(costText(instrument, BigInt(fill.priceTicks) * BigInt(fill.sizeLots))),
      liquidity_ind: fill.isMaker ? 'm' : 't',
      ...this.#sums(order),
      fees: [{ asset: fill.feeCurrency, qty: digits(fill.fee) }],
    };
  }

  #terms(order: ExchangeOrder): object {
    const { price, size, symbol } = this.#exchange.instruments[order.market]!;
    const isLimit = order.priceTicks !== undefined;
    return {
      symbol,
      side: sideText(order.side),
      order_type: isLimit ? 'limit' : 'market',
      order_qty: digits(size.format(order.sizeLots)),
      ...(isLimit ? { limit_price: digits(price.format(order.priceTicks)), limit_price_type: 'static' } : {}),
      time_in_force: order.timeInForce,
      post_only: order.isPostOnly,
      reduce_only: order.isReduceOnly,
      fee_ccy_pref: 'fciq',
    };
  }

  #sums(order: ExchangeOrder): object {
    const instrument = this.#exchange.instruments[order.market]!;
    return {
      cum_qty: digits(instrument.size.format(order.filledLots)),
      cum_cost: digits(costText(instrument, order.filledAtoms)),
      avg_price: digits(averageText(instrument, order)),
      fee_usd_equiv: digits(order.feePaid),
    };
  }

  #state(order: ExchangeOrder, type: string, status: string): object {
    return {
      order_id: orderText(order.number),
      ...(order.clientId === '' ? {} : { cl_ord_id: order.clientId }),
      order_userref: 0,
      exec_type: type,
      order_status: status,
      timestamp: isoText(this.#exchange, order.updatedNs),
    };
  }
}

function openStatus({ filledLots }: ExchangeOrder): string {
  return filledLots > 0 ? 'partially_filled' : 'new';
}
