/** Instruments of recordings that do not state their own tick and lot. `--tick` and `--lot` override this table. */
import type { InstrumentSpec } from '@quotewright/core/market/instrument';

/** `SYMBOL base quote tick lot` for spot instruments, by venue. Equity samples count shares, so their lot is 1. */
const SPOT: Record<string, readonly (readonly [string, string, string, string, string])[]> = {
  nasdaq: [
    ['AAPL', 'AAPL', 'USD', '0.01', '1'],
    ['AMZN', 'AMZN', 'USD', '0.01', '1'],
    ['GOOG', 'GOOG', 'USD', '0.01', '1'],
    ['INTC', 'INTC', 'USD', '0.01', '1'],
    ['MSFT', 'MSFT', 'USD', '0.01', '1'],
  ],
  coinbase: [['BTC-USD', 'BTC', 'USD', '0.01', '0.00000001']],
  bitstamp: [['BTC/USD', 'BTC', 'USD', '0.01', '0.00000001']],
  // Raw books carry prices with eight decimals, below the five significant digits that orders may have.
  bitfinex: [['BTCUSD', 'BTC', 'USD', '0.00000001', '0.00000001']],
  // New orders are in steps of 0.00001, but the book still holds older ones in millionths.
  binance: [['BTCUSDT', 'BTC', 'USDT', '0.01', '0.000001']],
};

/** Contracts: linear ones count lots of the base, inverse ones whole contracts of `multiplier` quote units. */
const CONTRACTS: readonly InstrumentSpec[] = [
  {
    venue: 'binance-usdm',
    symbol: 'BTCUSDT',
    base: 'BTC',
    quote: 'USDT',
    tick: '0.1',
    lot: '0.001',
    contract: 'linear',
  },
  {
    venue: 'binance-coinm',
    symbol: 'BTCUSD_PERP',
    base: 'BTC',
    quote: 'USD',
    tick: '0.1',
    lot: '1',
    contract: 'inverse',
    multiplier: '100',
  },
];

/** Names that Tardis gives to venues of the table. */
const ALIASES: Readonly<Record<string, string>> = {
  'binance-futures': 'binance-usdm',
  'binance-delivery': 'binance-coinm',
};

/** The specification of an instrument by its venue's lower-case name and the venue's own symbol, if it is known here. */
export function knownInstrument(venue: string, symbol: string): InstrumentSpec | undefined {
  const row = SPOT[venue]?.find((each) => each[0] === symbol);
  if (row !== undefined) {
    return { venue, symbol, base: row[1], quote: row[2], tick: row[3], lot: row[4], contract: 'spot' };
  }
  const known = ALIASES[venue] ?? venue;
  const contract = CONTRACTS.find((each) => each.venue === known && each.symbol === symbol);
  return contract && { ...contract, venue };
}
