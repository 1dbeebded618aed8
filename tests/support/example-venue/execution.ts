/** An execution as Example tells it, over the connection and on the page of fills alike: so both give the same number and the same fee. */
import { unixMsToNs } from '@quotewright/core/base/time';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { VenueExecution } from '@quotewright/core/trading/venue-account';
import { asDecimal, asInteger, asText, type JsonObject } from '../../../packages/quotewright/src/data/json.ts';
import { executionNumber } from '../../../packages/quotewright/src/venues/contract/client-ids.ts';
import { feeRatePpb } from '../../../packages/quotewright/src/venues/fee-rate.ts';

/** @returns undefined when it cannot be read */
export function executionOf(
  instrument: Instrument,
  market: number,
  orderId: number,
  entry: JsonObject,
  epochDay: number,
): VenueExecution | undefined {
  const priceTicks = instrument.price.parse(asText(entry['price']));
  const sizeLots = instrument.size.parse(asText(entry['size']));
  const feePpb = feeRatePpb(asText(entry['fee']), instrument, priceTicks, sizeLots);
  const venueNs = unixMsToNs(asInteger(entry['ms']), epochDay);
  const id = asDecimal(entry['id']);
  const side = entry['side'] === 'buy' ? Side.BUY : Side.SELL;
  if (!(priceTicks > 0 && sizeLots > 0) || id === '' || Number.isNaN(feePpb + venueNs)) return undefined;
  const isMaker = entry['maker'] === true;
  return { execution: executionNumber(id), orderId, market, side, priceTicks, sizeLots, feePpb, isMaker, venueNs };
}
