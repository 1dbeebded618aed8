/**
 * Names as Kraken has them: REST's of coins and pairs (`XXBT`, `XXBTZUSD`, `XBTUSD`), those of `wsname` (`XBT/USD`), and WebSocket v2's
 * (`BTC/USD`). Source: docs.kraken.com/api/docs/rest-api/get-tradable-asset-pairs, …/get-asset-info.
 */
import type { Instrument } from '@quotewright/core/market/instrument';

/** Coins that had names with a prefix before that was given up: X for coins, Z for money. */
const PREFIXED: Readonly<Record<string, string>> = {
  BTC: 'XXBT',
  ETH: 'XETH',
  LTC: 'XLTC',
  XRP: 'XXRP',
  DOGE: 'XXDG',
  USD: 'ZUSD',
  EUR: 'ZEUR',
};
const MONEY = new Set(['USD', 'EUR', 'USDT', 'USDC']);

export interface PairNames {
  readonly id: string;
  readonly altname: string;
  readonly wsname: string;
  /** WebSocket v2's. */
  readonly symbol: string;
}

export function pairNames({ symbol, base, quote }: Instrument): PairNames {
  const baseId = assetId(base);
  const quoteId = assetId(quote);
  const isOld = baseId !== base && quoteId !== quote;
  const altname = `${altnameOf(base)}${altnameOf(quote)}`;
  return {
    id: isOld ? baseId + quoteId : altname,
    altname,
    wsname: `${altnameOf(base)}/${altnameOf(quote)}`,
    symbol,
  };
}

export function assetId(currency: string): string {
  return PREFIXED[currency] ?? currency;
}

export function altnameOf(currency: string): string {
  if (currency === 'BTC') return 'XBT';
  return currency === 'DOGE' ? 'XDG' : currency;
}

export function isMoney(currency: string): boolean {
  return MONEY.has(currency);
}

/** Finds a market by any of its names; -1 = there is none. */
export class PairList {
  readonly names: readonly PairNames[];
  readonly #places = new Map<string, number>();

  constructor(instruments: readonly Instrument[]) {
    this.names = instruments.map(pairNames);
    for (const [i, names] of this.names.entries()) for (const name of Object.values(names)) this.#places.set(name, i);
  }

  find(name: string): number {
    return this.#places.get(name.toUpperCase()) ?? -1;
  }
}
