/** Instruments of recordings that name a venue and a symbol but no grid: options first, then the table, then the data. */
import { Instrument, type InstrumentSpec } from '@quotewright/core/market/instrument';
import { knownInstrument } from './known-instruments.ts';
import type { OpenOptions } from './recording.ts';
import { InputError } from './report.ts';

/** Quote currencies that symbols end in, longest first, so that BTCUSDT is BTC/USDT and not BTCUSD/T. */
const QUOTES = ['FDUSD', 'USDT', 'USDC', 'BUSD', 'TUSD', 'USD', 'EUR', 'GBP', 'JPY', 'KRW', 'TRY', 'BTC', 'ETH', 'BNB'];
/** What stands between the parts of a symbol; the parts themselves may be of any script. */
const SEPARATORS = /[\s\p{Pd}_/:.,;|]+/u;

/**
 * Decimals that a decimal text needs, at least 0: 2 for `1.50` (a venue writes as many as its grid has), 7 for `1e-7`.
 * NaN when it is not a decimal.
 */
export function decimalsOf(text: string): number {
  const parts = /^[+-]?\d*(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (parts === null || text === '') return Number.NaN;
  return Math.max(0, (parts[1]?.length ?? 0) - Number(parts[2] ?? 0));
}

/** The step of a grid with so many decimals: `1`, `0.1`, `0.01`… */
export function stepOf(decimals: number): string {
  return decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`;
}

/** The coarsest decimal grid that holds every text; texts that are no decimals are for the reader to report. */
export function stepOfTexts(texts: Iterable<string>): string {
  let most = 0;
  for (const text of texts) {
    const decimals = decimalsOf(text);
    if (decimals > most && decimals <= 30) most = decimals;
  }
  return stepOf(most);
}

/** `BTC-USDT`, `BTC/USDT` and `btcusdt` are BTC and USDT; a symbol that cannot be split is its own base, in USD. */
export function splitSymbol(symbol: string): readonly [base: string, quote: string] {
  const upper = symbol.toUpperCase();
  const parts = upper.split(SEPARATORS).filter((part) => part !== '');
  if (parts.length >= 2 && QUOTES.includes(parts[1]!)) return [parts[0]!, parts[1]!];
  const joined = parts[0] ?? upper;
  const quote = QUOTES.find((candidate) => joined.endsWith(candidate) && joined.length > candidate.length);
  return quote === undefined ? [joined, 'USD'] : [joined.slice(0, -quote.length), quote];
}

/**
 * The instrument `symbol` of `venue`. `samples` gives decimal texts of its first rows; it is asked only when neither the
 * options nor the table of known instruments say what the grid is.
 * @throws InputError when the options do not make an instrument.
 */
export function guessInstrument(
  venue: string,
  symbol: string,
  options: OpenOptions,
  samples: () => { readonly prices: Iterable<string>; readonly sizes: Iterable<string> },
): Instrument {
  return guessStepInstrument(venue, symbol, options, () => {
    const { prices, sizes } = samples();
    return { tick: stepOfTexts(prices), lot: stepOfTexts(sizes) };
  });
}

/** The same for data that holds no decimal texts; `--symbol` wins over the symbol found. */
export function guessStepInstrument(
  venue: string,
  found: string,
  options: OpenOptions,
  steps: () => { readonly tick: string; readonly lot: string },
): Instrument {
  const symbol = options.symbol ?? found;
  const known = knownInstrument(venue, symbol);
  const [base, quote] = splitSymbol(symbol);
  const isNeeded = known === undefined && (options.tick === undefined || options.lot === undefined);
  const guessed = isNeeded ? steps() : { tick: '1', lot: '1' };
  const spec: InstrumentSpec = {
    venue,
    symbol,
    base,
    quote,
    contract: 'spot',
    ...known,
    tick: options.tick ?? known?.tick ?? guessed.tick,
    lot: options.lot ?? known?.lot ?? guessed.lot,
  };
  return makeInstrument(spec);
}

/** @throws InputError instead of the core's RangeError, because the numbers came from outside. */
export function makeInstrument(spec: InstrumentSpec): Instrument {
  try {
    return new Instrument(spec);
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(error.message);
    throw error;
  }
}
