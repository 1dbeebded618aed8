/** The best levels of a side, best first, as decimal texts of price and size with all of their digits. */
import type { Side } from '@quotewright/core/market/side';
import type { VenueExchange } from './contract.ts';

export function levelTexts(
  exchange: VenueExchange,
  market: number,
  side: Side,
  most: number,
): [price: string, size: string][] {
  const prices = new Float64Array(most);
  const sizes = new Float64Array(most);
  const count = exchange.top(market, side, most, prices, sizes);
  const { price, size } = exchange.instruments[market]!;
  return Array.from({ length: count }, (_, i) => [price.format(prices[i]!), size.format(sizes[i]!)]);
}
