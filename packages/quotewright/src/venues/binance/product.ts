/** What differs between Binance's markets as far as their listing, streams and pages go. */

export interface BinanceProduct {
  readonly venue: 'binance' | 'binance-usdm';
  readonly isFutures: boolean;
  /** What pages begin with. */
  readonly pages: string;
  /** Levels a side of the snapshot, and its weight. */
  readonly depthLimit: number;
  readonly depthWeight: number;
}

/** Five thousand levels would cost five times as much: with twenty instruments more than a minute's weight. */
export const SPOT: BinanceProduct = {
  venue: 'binance',
  isFutures: false,
  pages: '/api/v3',
  depthLimit: 1000,
  depthWeight: 50,
};

export const USDM: BinanceProduct = {
  venue: 'binance-usdm',
  isFutures: true,
  pages: '/fapi/v1',
  depthLimit: 1000,
  depthWeight: 20,
};
