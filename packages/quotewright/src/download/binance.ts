/**
 * Binance's public data: a zip a symbol and day or month, with the SHA-256 of each beside it (`….zip.CHECKSUM`).
 * Source: github.com/binance/binance-public-data.
 */
import { InputError } from '../data/report.ts';
import { type ArchiveFile, type Wanted, dateParts } from './archive.ts';

export const BINANCE_URL = 'https://data.binance.vision';
/** As options name markets, and as the archive does. */
export const BINANCE_MARKETS: Readonly<Record<string, string>> = { spot: 'spot', um: 'futures/um', cm: 'futures/cm' };
export const BINANCE_TYPES = ['trades', 'aggTrades', 'bookTicker', 'bookDepth'] as const;

export function binanceFiles(wanted: Wanted, market: string, isMonthly: boolean): ArchiveFile[] {
  const { symbols, type, fromDay, toDay, baseUrl } = wanted;
  if (!BINANCE_TYPES.some((each) => each === type)) {
    throw new InputError(`--type: found '${type}', expected one of ${BINANCE_TYPES.join(', ')}`);
  }
  if (market === 'spot' && type.startsWith('book'))
    throw new InputError(`--type: Binance has ${type} of futures only: --market um or cm`);
  const times = new Set<string>();
  for (let day = fromDay; day <= toDay; day++) {
    const { year, month, date } = dateParts(day);
    times.add(isMonthly ? `${year}-${month}` : date);
  }
  const folder = `data/${BINANCE_MARKETS[market]}/${isMonthly ? 'monthly' : 'daily'}/${type}`;
  return symbols.flatMap((symbol) =>
    [...times].map((time) => {
      const path = `${folder}/${encodeURIComponent(symbol)}/${encodeURIComponent(symbol)}-${type}-${time}.zip`;
      const url = `${baseUrl}/${path}`;
      return { url, path, checksumUrl: `${url}.CHECKSUM` };
    }),
  );
}
