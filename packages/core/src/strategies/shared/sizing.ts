/** Sizes of orders in whole lots that the venue takes. */
import type { Instrument } from '../../market/instrument.ts';
import type { Market } from '../strategy.ts';

/** The smallest order at a price: smallest size and smallest value. At least one lot. */
export function leastLots(instrument: Instrument, priceTicks: number): number {
  const { minNotionalAtoms, minSizeLots } = instrument;
  const perLot = instrument.contract === 'inverse' ? 1 : Math.max(1, priceTicks);
  return Math.max(1, minSizeLots, Math.ceil(minNotionalAtoms / perLot));
}

/** A size in the instrument's own units as whole lots within the venue's limits, never below the smallest order. */
export function sizeToLots(market: Market, size: number, priceTicks: number): number {
  return fitLots(market.instrument, Math.floor(size / market.lotSize + 1e-6), priceTicks);
}

/** The next size below of the series 1, 2, 5, 10, 20…, within the venue's limits: for sizes that are chosen by themselves. */
export function roundedLots(instrument: Instrument, lots: number, priceTicks: number): number {
  if (!(lots >= 1)) return fitLots(instrument, 1, priceTicks);
  let unit = 1;
  while (unit * 10 <= lots) unit *= 10;
  const digit = lots / unit;
  return fitLots(instrument, unit * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1), priceTicks);
}

function fitLots(instrument: Instrument, lots: number, priceTicks: number): number {
  return Math.min(instrument.maxSizeLots, Math.max(lots, leastLots(instrument, priceTicks)));
}
