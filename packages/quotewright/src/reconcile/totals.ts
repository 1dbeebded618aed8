/** What fills come to: counts, volume, fees and profit. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Ledger } from '@quotewright/core/trading/ledger';
import type { FillRecord } from './fills.ts';

export interface Totals {
  readonly fills: number;
  readonly makerFills: number;
  /** By instrument: lots traded, signed lots held at the end. */
  readonly tradedLots: readonly number[];
  readonly positionLots: readonly number[];
  /** By currency: equity at the end less what there was at the beginning, fees taken off. */
  readonly pnl: Readonly<Record<string, number>>;
}

/** @param marks by instrument: what positions are valued at, ticks; NaN: at their cost */
export function fillTotals(
  fills: readonly FillRecord[],
  instruments: readonly Instrument[],
  marks: readonly number[],
): Totals {
  const ledger = new Ledger(instruments);
  const tradedLots = instruments.map(() => 0);
  for (const { market, side, priceTicks, sizeLots, feePpb } of fills) {
    ledger.fill(market, side, priceTicks, sizeLots, feePpb);
    tradedLots[market]! += sizeLots;
  }
  for (const [market, ticks] of marks.entries()) if (ticks === ticks) ledger.mark(market, ticks);
  return {
    fills: fills.length,
    makerFills: fills.filter(({ isMaker }) => isMaker).length,
    tradedLots,
    positionLots: instruments.map((_, market) => ledger.positionLots(market)),
    pnl: Object.fromEntries(settlements(instruments).map((currency) => [currency, ledger.equity(currency)])),
  };
}

function settlements(instruments: readonly Instrument[]): string[] {
  return [...new Set(instruments.map(({ settlement }) => settlement))];
}
