/** What an execution was charged, as a rate. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { PPB } from '@quotewright/core/market/fees';
import { asList, asObject, asText } from '../../data/json.ts';
import { feeRatePpb } from '../fee-rate.ts';
import { exactText } from './exact-json.ts';

/** Of `fees` in an execution report: `[{"asset":"USD","qty":0.03}]`; NaN when it cannot be told. */
export function reportedFeePpb(fees: unknown, instrument: Instrument, priceTicks: number, sizeLots: number): number {
  let ppb = 0;
  for (const entry of asList(fees)) {
    const fee = asObject(entry);
    const quantity = exactText(fee?.['qty']);
    const asset = asText(fee?.['asset']);
    if (asset === instrument.quote) ppb += feeRatePpb(quantity, instrument, priceTicks, sizeLots);
    // A fee in the base currency is the same share of the size.
    else if (asset === instrument.base) {
      ppb += Math.round((Number(quantity) / instrument.size.toNumber(sizeLots)) * PPB);
    } else return Number.NaN;
  }
  return ppb;
}
