/**
 * Requests as Coinbase Advanced Trade takes them. Prices and sizes are written from ticks and lots; names are of letters, digits and dashes,
 * so that nothing has to be escaped.
 * Source: docs.cdp.coinbase.com, "Create Order", "Cancel Orders", "Edit Order".
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import { OrderFlag } from '@quotewright/core/trading/records';

export function newOrderBody(
  { symbol, price, size }: Instrument,
  clientId: string,
  flags: number,
  priceTicks: number,
  sizeLots: number,
): string {
  const terms = `"base_size":"${size.format(sizeLots)}","limit_price":"${price.format(priceTicks)}"`;
  const side = (flags & OrderFlag.BUY) === 0 ? 'SELL' : 'BUY';
  let configuration = `"limit_limit_gtc":{${terms},"post_only":${(flags & OrderFlag.POST_ONLY) !== 0}}`;
  if ((flags & OrderFlag.IOC) !== 0) configuration = `"sor_limit_ioc":{${terms}}`;
  else if ((flags & OrderFlag.FOK) !== 0) configuration = `"limit_limit_fok":{${terms}}`;
  return (
    `{"client_order_id":"${clientId}","product_id":"${symbol}","side":"${side}",` +
    `"order_configuration":{${configuration}}}`
  );
}

export function cancelBody(venueIds: readonly string[]): string {
  return `{"order_ids":["${venueIds.join('","')}"]}`;
}

/** The size is the whole one, filled included. */
export function amendBody({ price, size }: Instrument, venueId: string, priceTicks: number, sizeLots: number): string {
  return `{"order_id":"${venueId}","price":"${price.format(priceTicks)}","size":"${size.format(sizeLots)}"}`;
}
