/** An order as Coinbase Exchange takes it, from ticks and lots. Source: docs.cdp.coinbase.com, "Create a new order". */
import type { Instrument } from '@quotewright/core/market/instrument';
import { OrderFlag } from '@quotewright/core/trading/records';

export function newOrderBody(
  { symbol, price, size }: Instrument,
  clientOid: string,
  flags: number,
  priceTicks: number,
  sizeLots: number,
): string {
  const side = (flags & OrderFlag.BUY) === 0 ? 'sell' : 'buy';
  const isNow = (flags & (OrderFlag.IOC | OrderFlag.FOK)) !== 0;
  let rest = `"time_in_force":"GTC","post_only":${(flags & OrderFlag.POST_ONLY) !== 0}`;
  if (isNow) rest = `"time_in_force":"${(flags & OrderFlag.FOK) === 0 ? 'IOC' : 'FOK'}"`;
  // By default (`dc`) the venue makes the larger of two orders of ours smaller; the one that comes is refused instead.
  return (
    `{"type":"limit","stp":"cn","client_oid":"${clientOid}","product_id":"${symbol}","side":"${side}",` +
    `"price":"${price.format(priceTicks)}","size":"${size.format(sizeLots)}",${rest}}`
  );
}
