/** Figures as people read them, by the unit that the metric catalogue gives them. */
import { ACCOUNT_METRICS } from '@quotewright/core/analytics/account-catalogue';
import { MARKET_METRICS } from '@quotewright/core/analytics/market-catalogue';
import type { MetricEntry, MetricUnit } from '@quotewright/core/analytics/metric-entry';

export const NOTHING = '–';

/** Catalogue entries by key, in the order of display. */
export const ACCOUNT_ENTRIES: readonly (readonly [string, MetricEntry])[] = Object.entries(ACCOUNT_METRICS);
export const MARKET_ENTRIES: readonly (readonly [string, MetricEntry])[] = Object.entries(MARKET_METRICS);

/** A figure with its unit; a dash when it cannot be said. Lots are shown as sizes, of which `lotSize` is one lot. */
export function formatMetric(value: number | null | undefined, unit: MetricUnit, lotSize = 1): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
  switch (unit) {
    case 'fraction':
      return `${grouped(value * 100, Math.abs(value) < 0.001 && value !== 0 ? 4 : 2)} %`;
    case 'currency':
      return grouped(value, digitsOf(value, 2));
    case 'count':
      return grouped(value, 0);
    case 's':
      return formatSeconds(value);
    case 'ticks':
    case 'bp':
      return `${grouped(value, 3)} ${unit === 'bp' ? 'bp' : 'ticks'}`;
    case 'lots':
      return formatMetric(value * lotSize, 'size');
    case 'size':
      return grouped(value, digitsOf(value, 2));
    default:
      return grouped(value, digitsOf(value, 3));
  }
}

/** `850 ms`, `12.5 s`, `3 min 20 s`, `5 h 12 min`. */
export function formatSeconds(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 1e-6) return `${grouped(seconds * 1e9, 0)} ns`;
  if (size < 1e-3) return `${oneDecimal(seconds * 1e6)} µs`;
  if (size < 1) return `${oneDecimal(seconds * 1e3)} ms`;
  if (size < 120) return `${oneDecimal(seconds)} s`;
  if (size < 7200) return `${Math.floor(size / 60)} min ${Math.floor(size % 60)} s`;
  if (size < 172_800) return `${Math.floor(size / 3600)} h ${Math.floor((size % 3600) / 60)} min`;
  return `${oneDecimal(seconds / 86_400)} days`;
}

function oneDecimal(value: number): string {
  return grouped(value, Number.isInteger(Number(value.toFixed(1))) ? 0 : 1);
}

/** Decimals so that a small figure still shows three digits. */
function digitsOf(value: number, least: number): number {
  const size = Math.abs(value);
  if (size === 0 || size >= 1) return least;
  return Math.min(8, Math.max(least, 2 - Math.floor(Math.log10(size))));
}

/** Thousands apart by commas, a true minus sign. */
export function grouped(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  const [whole, decimals] = text.split('.');
  const sign = value < 0 && Number(text) !== 0 ? '−' : '';
  const spaced = whole!.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}${spaced}${decimals === undefined ? '' : `.${decimals}`}`;
}
