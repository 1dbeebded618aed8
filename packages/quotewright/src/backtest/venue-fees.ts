/**
 * Fees that a venue's ordinary customer pays (its published base tier), for recordings of known venues when the user gives none. They change;
 * a run prints which it used, and `--maker-fee` and `--taker-fee` override them.
 */
import type { FeeSchedule } from '@quotewright/core/market/fees';

const FEES: Readonly<Record<string, FeeSchedule>> = {
  'binance-usdm': { maker: '0.0002', taker: '0.0005' },
  'binance-coinm': { maker: '0.0002', taker: '0.0005', currency: 'base' },
  binance: { maker: '0.001', taker: '0.001' },
  bitstamp: { maker: '0.003', taker: '0.004' },
  coinbase: { maker: '0.004', taker: '0.006' },
  gemini: { maker: '0.002', taker: '0.004' },
  kraken: { maker: '0.0025', taker: '0.004' },
};

/** Undefined for a venue that is not in the table. */
export function venueFees(venue: string): FeeSchedule | undefined {
  return FEES[venue];
}
