/** What a venue has charged for an execution, as a rate of its worth. */
import type { Instrument } from '@quotewright/core/market/instrument';

const DECIMAL = /^([+-]?)(\d{1,40})(?:\.(\d{0,40}))?$/u;
const PPB_DIGITS = 9;

/**
 * The rate in signed parts per billion, to the nearest, of a fee in the instrument's quote currency (positive = paid, decimal text) on
 * `sizeLots` at `priceTicks`; NaN when the text is no decimal, or the execution is worth nothing.
 */
export function feeRatePpb(fee: string, instrument: Instrument, priceTicks: number, sizeLots: number): number {
  const parts = DECIMAL.exec(fee);
  if (parts === null || !Number.isSafeInteger(priceTicks) || !Number.isSafeInteger(sizeLots)) return Number.NaN;
  const [, sign, whole = '', part = ''] = parts;
  const { numerator, scale } = instrument.money;
  const atoms = BigInt(sizeLots) * (instrument.contract === 'inverse' ? 1n : BigInt(priceTicks));
  const exponent = PPB_DIGITS + scale - part.length;
  let above = BigInt(whole + part) * 10n ** BigInt(Math.max(0, exponent));
  const below = atoms * BigInt(numerator) * 10n ** BigInt(Math.max(0, -exponent));
  if (below <= 0n) return Number.NaN;
  above = (above + below / 2n) / below;
  return Number(sign === '-' ? -above : above);
}
