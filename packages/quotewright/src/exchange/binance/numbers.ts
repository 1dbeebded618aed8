/** Decimals as Binance writes them: eight places on spot, as many as the grid has on futures. */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { ExchangeOrder } from '../contract.ts';

const PLACES = 8;

export function padded(text: string, isFutures: boolean): string {
  if (isFutures) return text;
  const dot = text.indexOf('.');
  const places = dot < 0 ? 0 : text.length - dot - 1;
  return `${text}${dot < 0 ? '.' : ''}${'0'.repeat(Math.max(0, PLACES - places))}`;
}

export function priceText(instrument: Instrument, ticks: number | undefined): string {
  const isFutures = instrument.contract !== 'spot';
  return padded(ticks === undefined ? '0' : instrument.price.format(ticks), isFutures);
}

export function sizeText(instrument: Instrument, lots: number): string {
  return padded(instrument.size.format(lots), instrument.contract !== 'spot');
}

/** Atoms are ticks × lots. */
export function moneyText(instrument: Instrument, atoms: bigint): string {
  const { scale, numerator } = instrument.money;
  const units = atoms * BigInt(numerator);
  const digits = units.toString().padStart(scale + 1, '0');
  const text = scale <= 0 ? digits + '0'.repeat(-scale) : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return trimmed(text, instrument.contract !== 'spot');
}

/** At most eight places, cut. */
function trimmed(text: string, isFutures: boolean): string {
  const dot = text.indexOf('.');
  return padded(dot >= 0 && text.length - dot - 1 > PLACES ? text.slice(0, dot + 1 + PLACES) : text, isFutures);
}

export function averagePrice(instrument: Instrument, { filledAtoms, filledLots }: ExchangeOrder): string {
  return filledLots === 0 ? '0' : priceText(instrument, Number(filledAtoms / BigInt(filledLots)));
}
