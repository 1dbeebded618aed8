/** The markets of `data sample` and `simulate`: three well-known symbols, and a plain instrument under any other name. */
import { Instrument } from '@quotewright/core/market/instrument';
import type { LivingInstrument } from '@quotewright/core/venue-sim/living/living-market';
import { DEFAULT_PARAMS, type MarketParams } from '@quotewright/core/venue-sim/living/params';
import { InputError } from '../data/report.ts';

/** Volatility in a second as a share of the price: some 22 % a year. */
const VOLATILITY = 4e-5;
const FEES = { maker: '0', taker: '0.0002' };

/** Symbol, base, tick, lot, ticks at the start. */
const KNOWN = [
  ['BTCUSDT', 'BTC', '0.5', '0.001', 120_000],
  ['ETHUSDT', 'ETH', '0.05', '0.01', 60_000],
  ['SOLUSDT', 'SOL', '0.005', '0.1', 30_000],
] as const;

/** The markets of a list of symbols, separated by commas. @throws InputError when one is empty or stands twice */
export function sampleMarkets(symbols: string): LivingInstrument[] {
  const names = symbols.split(',').map((name) => name.trim());
  if (names.includes('') || new Set(names).size !== names.length) {
    throw new InputError(`--symbols: found '${symbols}', expected names that differ, separated by commas`);
  }
  return names.map(sampleMarket);
}

/** @throws RangeError when the symbol is empty */
export function sampleMarket(symbol: string): LivingInstrument {
  const [, base, tick, lot, startTicks] = KNOWN.find(([name]) => name === symbol) ?? [
    symbol,
    symbol.replace(/USDT?$/, '') || symbol,
    '0.01',
    '0.01',
    100_000,
  ];
  const instrument = new Instrument({
    venue: 'living',
    symbol,
    base,
    quote: 'USDT',
    tick,
    lot,
    contract: 'linear',
    fees: FEES,
  });
  return { instrument, params: paramsAt(startTicks) };
}

/** The default parameters for an instrument of another price. */
function paramsAt(startTicks: number): MarketParams {
  const { value } = DEFAULT_PARAMS;
  const volatilityTicks = VOLATILITY * startTicks;
  const jumpTicks = (value.jumpTicks * volatilityTicks) / value.volatilityTicks;
  return { ...DEFAULT_PARAMS, value: { ...value, startTicks, volatilityTicks, jumpTicks } };
}
