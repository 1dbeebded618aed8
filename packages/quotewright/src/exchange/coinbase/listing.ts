/** What the local Coinbase lists: coins against dollars, on the grids that the venue has for them. */
import { Instrument } from '@quotewright/core/market/instrument';
import type { ExchangeInstrument } from '../contract.ts';

/** Tick and lot; others are as Bitcoin's. */
const GRIDS: Readonly<Record<string, readonly [tick: string, lot: string]>> = {
  XRP: ['0.0001', '0.000001'],
  DOGE: ['0.00001', '0.1'],
  ADA: ['0.0001', '0.00000001'],
};
/** The rates of the first tier. */
export const MAKER_RATE = '0.004';
export const TAKER_RATE = '0.006';

export function coinbaseInstruments(venue: string, coins: readonly string[]): readonly ExchangeInstrument[] {
  return coins.map((coin) => {
    const [tick, lot] = GRIDS[coin] ?? ['0.01', '0.00000001'];
    const instrument = new Instrument({
      venue,
      symbol: `${coin}-USD`,
      base: coin,
      quote: 'USD',
      tick,
      lot,
      contract: 'spot',
      maxSize: '3400',
      minNotional: '1',
      fees: { maker: MAKER_RATE, taker: TAKER_RATE },
    });
    return { coin, instrument };
  });
}
