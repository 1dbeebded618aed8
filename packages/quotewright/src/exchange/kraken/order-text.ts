/** Orders and fills as Kraken writes them: times, costs, states, and REST's entries. */
import { NS_PER_SECOND, nsToIso } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { decimalText } from '@quotewright/core/trading/money-text';
import { Reject } from '@quotewright/core/trading/records';
import type { ExchangeFill, ExchangeOrder, VenueExchange } from '../contract.ts';
import { orderText, tradeText } from './ids.ts';
import { digits } from './json.ts';
import type { PairList } from './names.ts';

/** Why an order ended before it was filled. */
const REASONS: Readonly<Partial<Record<Reject, string>>> = {
  [Reject.REQUESTED]: 'User requested',
  [Reject.POST_ONLY_WOULD_TAKE]: 'Post only order',
  [Reject.UNFILLED_REST]: 'Time in force',
  [Reject.FOK_UNFILLED]: 'Time in force',
  [Reject.SELF_TRADE]: 'Self trade prevention',
  [Reject.REDUCE_ONLY]: 'Reduce only',
  [Reject.INSUFFICIENT_BALANCE]: 'Out of funds',
  [Reject.EXPIRED]: 'Expired',
};

export function reasonText(reason: Reject): string {
  return REASONS[reason] ?? 'Cancelled by the venue';
}

export function sideText(side: Side): 'buy' | 'sell' {
  return side === Side.BUY ? 'buy' : 'sell';
}

/** RFC 3339 with microseconds. */
export function isoText(exchange: VenueExchange, ns: number): string {
  return `${nsToIso(ns, exchange.epochDay).slice(0, 26)}Z`;
}

/** Unix seconds with microseconds, as a JSON number. */
export function secondsOf(exchange: VenueExchange, ns: number): object {
  const seconds = Math.floor(ns / NS_PER_SECOND);
  const micros = Math.floor((ns - seconds * NS_PER_SECOND) / 1000);
  return digits(`${exchange.epochDay * 86_400 + seconds}.${micros.toString().padStart(6, '0')}`);
}

/** What so many ticks × lots are worth in the quote currency. */
export function costText({ money }: Instrument, atoms: bigint): string {
  return decimalText(atoms * BigInt(money.numerator), money.scale);
}

/** The average price of what is filled; '0' when nothing is. */
export function averageText({ price }: Instrument, { filledAtoms, filledLots }: ExchangeOrder): string {
  if (filledLots === 0) return '0';
  const scale = price.scale + 5;
  const units = (filledAtoms * BigInt(price.numerator) * 100_000n) / BigInt(filledLots);
  return decimalText(units, scale);
}

export function statusText({ status }: ExchangeOrder): string {
  if (status === 'open') return 'open';
  return status === 'filled' ? 'closed' : 'canceled';
}

/** An entry of OpenOrders, ClosedOrders and QueryOrders. Source: docs.kraken.com/api/docs/rest-api/get-open-orders. */
export function orderEntry(exchange: VenueExchange, pairs: PairList, order: ExchangeOrder, hasTrades: boolean): object {
  const instrument = exchange.instruments[order.market]!;
  const { altname } = pairs.names[order.market]!;
  return {
    refid: null,
    userref: 0,
    ...(order.clientId === '' ? {} : { cl_ord_id: order.clientId }),
    status: statusText(order),
    ...(order.status === 'open'
      ? {}
      : {
          reason: order.status === 'filled' ? null : reasonText(order.reason),
          closetm: secondsOf(exchange, order.updatedNs),
        }),
    opentm: secondsOf(exchange, order.placedNs),
    starttm: 0,
    expiretm: 0,
    descr: {
      pair: altname,
      type: sideText(order.side),
      ordertype: order.priceTicks === undefined ? 'market' : 'limit',
      price: order.priceTicks === undefined ? '0' : instrument.price.format(order.priceTicks),
      price2: '0',
      leverage: 'none',
      order: describe(instrument, altname, order),
      close: '',
    },
    vol: instrument.size.format(order.sizeLots),
    vol_exec: instrument.size.format(order.filledLots),
    cost: costText(instrument, order.filledAtoms),
    fee: order.feePaid,
    price: averageText(instrument, order),
    stopprice: '0.00000',
    limitprice: '0.00000',
    misc: '',
    oflags: order.isPostOnly ? 'fciq,post' : 'fciq',
    ...(hasTrades && order.fills.length > 0 ? { trades: order.fills.map(({ number }) => tradeText(number)) } : {}),
  };
}

/** `buy 0.02100000 ETHUSD @ limit 330.00`. */
export function describe(
  { price, size }: Instrument,
  altname: string,
  order: Pick<ExchangeOrder, 'side' | 'sizeLots' | 'priceTicks'>,
): string {
  const how = order.priceTicks === undefined ? 'market' : `limit ${price.format(order.priceTicks)}`;
  return `${sideText(order.side)} ${size.format(order.sizeLots)} ${altname} @ ${how}`;
}

/** An entry of TradesHistory and QueryTrades. Source: docs.kraken.com/api/docs/rest-api/get-trade-history. */
export function tradeEntry(exchange: VenueExchange, pairs: PairList, fill: ExchangeFill): object {
  const { order } = fill;
  const instrument = exchange.instruments[order.market]!;
  return {
    ordertxid: orderText(order.number),
    postxid: 'TKH2SE-M7IF5-CFI7LT',
    pair: pairs.names[order.market]!.id,
    time: secondsOf(exchange, fill.ns),
    type: sideText(order.side),
    ordertype: order.priceTicks === undefined ? 'market' : 'limit',
    price: instrument.price.format(fill.priceTicks),
    cost: costText(instrument, BigInt(fill.priceTicks) * BigInt(fill.sizeLots)),
    fee: fill.fee,
    vol: instrument.size.format(fill.sizeLots),
    margin: '0.00000',
    misc: '',
    trade_id: fill.number,
    maker: fill.isMaker,
    ...(order.clientId === '' ? {} : { cl_ord_id: order.clientId }),
  };
}
