/** What the exchange itself knows, as plain JSON: to compare with what a bot believes. */
import { Side } from '@quotewright/core/market/side';
import type { ExchangeFill, ExchangeOrder } from '../contract.ts';
import type { VenueDesk } from '../core/venue-desk.ts';

const MOST_LEVELS = 10_000;

/** Decimal text; empty when the side is. */
export function bestOf(desk: VenueDesk, market: number, side: Side): string {
  const price = desk.feeds[market]!.levels.bestPrice(side);
  return price === price ? desk.instruments[market]!.price.format(price) : '';
}

/** Every level, best first, as price and size. */
export function bookOf(desk: VenueDesk, market: number): object {
  return {
    sequence: desk.sequence(market),
    bids: sideOf(desk, market, Side.BUY),
    asks: sideOf(desk, market, Side.SELL),
  };
}

function sideOf(desk: VenueDesk, market: number, side: Side): [string, string][] {
  const prices = new Float64Array(MOST_LEVELS);
  const sizes = new Float64Array(MOST_LEVELS);
  const count = desk.top(market, side, MOST_LEVELS, prices, sizes);
  const { price, size } = desk.instruments[market]!;
  return Array.from({ length: count }, (_, i) => [price.format(prices[i]!), size.format(sizes[i]!)]);
}

/** Newest last. */
export function tradesOf(desk: VenueDesk, market: number): object[] {
  const { price, size } = desk.instruments[market]!;
  return desk.recentTrades(market).map((trade) => ({
    number: trade.number,
    price: price.format(trade.priceTicks),
    size: size.format(trade.sizeLots),
    side: sideName(trade.side),
    ms: desk.unixMs(trade.ns),
  }));
}

/** Balances, open orders and fills. */
export function accountOf(desk: VenueDesk, account: string): object {
  return {
    balances: desk.balances(account),
    positions: desk.instruments.flatMap(({ symbol, contract }, market) =>
      contract === 'spot' ? [] : [{ symbol, ...desk.position(account, market) }],
    ),
    open: desk.openOrders(account).map((order) => orderOf(desk, order)),
    fills: desk.fills(account).map((fill) => fillOf(desk, fill)),
  };
}

function orderOf(desk: VenueDesk, order: ExchangeOrder): object {
  const { symbol, price, size } = desk.instruments[order.market]!;
  return {
    number: order.number,
    clientId: order.clientId,
    symbol,
    side: sideName(order.side),
    price: order.priceTicks === undefined ? '' : price.format(order.priceTicks),
    size: size.format(order.sizeLots),
    filled: size.format(order.filledLots),
  };
}

function fillOf(
  desk: VenueDesk,
  { number, order, priceTicks, sizeLots, isMaker, fee, feeCurrency, ns }: ExchangeFill,
): object {
  const { symbol, price, size } = desk.instruments[order.market]!;
  return {
    number,
    order: order.number,
    symbol,
    side: sideName(order.side),
    price: price.format(priceTicks),
    size: size.format(sizeLots),
    isMaker,
    fee,
    feeCurrency,
    ms: desk.unixMs(ns),
  };
}

const sideName = (side: Side): 'buy' | 'sell' => (side === Side.BUY ? 'buy' : 'sell');
