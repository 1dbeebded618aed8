/** What differs between the faces of spot and USD-M. */
import { Instrument } from '@quotewright/core/market/instrument';
import type { ExchangeInstrument } from '../contract.ts';
import { type LimitRule, SPOT_LIMITS, USDM_LIMITS } from './limits.ts';

export interface FaceProduct {
  readonly venue: 'binance' | 'binance-usdm';
  readonly isFutures: boolean;
  readonly pages: string;
  readonly limits: readonly LimitRule[];
  readonly orderTypes: readonly string[];
}

export const SPOT_FACE: FaceProduct = {
  venue: 'binance',
  isFutures: false,
  pages: '/api/v3',
  limits: SPOT_LIMITS,
  orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET'],
};
export const USDM_FACE: FaceProduct = {
  venue: 'binance-usdm',
  isFutures: true,
  pages: '/fapi/v1',
  limits: USDM_LIMITS,
  orderTypes: ['LIMIT', 'MARKET'],
};

/** Tick and lot by coin, of spot and of USD-M. */
const GRIDS: Readonly<Record<string, readonly [tick: string, lot: string, futuresTick: string, futuresLot: string]>> = {
  BTC: ['0.01', '0.00001', '0.1', '0.001'],
  ETH: ['0.01', '0.0001', '0.01', '0.001'],
  SOL: ['0.01', '0.001', '0.01', '0.01'],
  BNB: ['0.01', '0.001', '0.01', '0.01'],
  XRP: ['0.0001', '0.1', '0.0001', '0.1'],
  DOGE: ['0.00001', '1', '0.00001', '1'],
};
const OTHER = ['0.0001', '0.01', '0.0001', '0.1'] as const;
const FEES = { maker: '0.001', taker: '0.001' };
const FUTURES_FEES = { maker: '0.0002', taker: '0.0005' };

export function listedInstruments(product: FaceProduct, coins: readonly string[]): ExchangeInstrument[] {
  const { venue, isFutures } = product;
  return coins.map((coin) => {
    const [tick, lot, futuresTick, futuresLot] = GRIDS[coin] ?? OTHER;
    const instrument = new Instrument({
      venue,
      symbol: `${coin}USDT`,
      base: coin,
      quote: 'USDT',
      tick: isFutures ? futuresTick : tick,
      lot: isFutures ? futuresLot : lot,
      contract: isFutures ? 'linear' : 'spot',
      minSize: isFutures ? futuresLot : lot,
      maxSize: '9000',
      minNotional: '5',
      fees: isFutures ? FUTURES_FEES : FEES,
    });
    return { coin, instrument };
  });
}
