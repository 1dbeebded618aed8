/**
 * What an execution has cost, as a rate. Binance takes commissions in the currency that was received, or in BNB: one in the base currency is
 * valued at the execution's price; for one in another currency the instrument's own rates are taken, as its price is not known.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import { feeRatePpb } from '../fee-rate.ts';

export function commissionPpb(
  instrument: Instrument,
  commission: string,
  asset: string,
  priceTicks: number,
  sizeLots: number,
  isMaker: boolean,
): number {
  let ppb = Number.NaN;
  if (asset === instrument.quote || Number(commission) === 0)
    ppb = feeRatePpb(commission, instrument, priceTicks, sizeLots);
  else if (asset === instrument.base) ppb = baseRatePpb(commission, instrument, sizeLots);
  if (ppb === ppb) return ppb;
  const { fees } = instrument;
  return (isMaker ? fees?.makerPpb : fees?.takerPpb)?.[0] ?? 0;
}

/** A share of the size is the same share of its worth. */
function baseRatePpb(commission: string, instrument: Instrument, sizeLots: number): number {
  const size = Number(instrument.size.format(sizeLots));
  return size > 0 ? Math.round((Number(commission) / size) * 1e9) : Number.NaN;
}
