/**
 * Numbers as the page writes them. Whatever is not known is an en dash; a figure that may have a sign gets a real minus (as wide as the
 * plus), so that columns of tabular figures stay still.
 */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';

export const DASH = '–';
const MINUS = '−';
/** Between a figure and its unit: no break. */
const GAP = '\u00a0';

type Maybe = number | null | undefined;
type Priced = Pick<InstrumentInfo, 'tick' | 'priceDigits'>;
type Sized = Pick<InstrumentInfo, 'lot' | 'sizeDigits'>;

export interface NumberFormat {
  /** Digits behind the point; 2 unless told. */
  readonly digits?: number | undefined;
  /** Written behind the number. */
  readonly unit?: string | undefined;
  /** A plus before what is above zero. */
  readonly sign?: boolean | undefined;
}

const formats = new Map<number, Intl.NumberFormat>();

/** Grouped by thousands, a fixed number of digits, no sign. */
function magnitude(value: number, digits: number): string {
  let format = formats.get(digits);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(digits, format);
  }
  return format.format(Math.abs(value));
}

export function formatNumber(value: Maybe, { digits = 2, unit, sign = false }: NumberFormat = {}): string {
  if (value === null || value === undefined || Number.isNaN(value)) return DASH;
  const text = Number.isFinite(value) ? magnitude(value, digits) : '∞';
  // What rounds to zero has no sign.
  const isZero = Number.isFinite(value) && Math.abs(value) < 0.5 * 10 ** -digits;
  const before = isZero ? '' : value < 0 ? MINUS : sign ? '+' : '';
  return `${before}${text}${unit === undefined || unit === '' ? '' : GAP + unit}`;
}

/** A share as per cent: 0.012 → 1.2 %. */
export function formatShare(share: Maybe, digits = 1, sign = false): string {
  return formatNumber(share === null || share === undefined ? share : share * 100, { digits, unit: '%', sign });
}

/** A price in ticks as its quote currency. */
export function formatTicks(ticks: Maybe, instrument: Priced, sign = false): string {
  return formatNumber(ticks === null || ticks === undefined ? ticks : ticks * Number(instrument.tick), {
    digits: instrument.priceDigits,
    sign,
  });
}

export function formatLots(lots: Maybe, instrument: Sized, sign = false): string {
  return formatNumber(lots === null || lots === undefined ? lots : lots * Number(instrument.lot), {
    digits: instrument.sizeDigits,
    sign,
  });
}

const two = (value: number): string => String(value).padStart(2, '0');

/** HH:MM:SS of the session's clock (UTC of the Unix time given); with `digits` of the second's fraction. */
export function formatTime(ms: Maybe, digits = 0): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return DASH;
  const day = ((ms % 86_400_000) + 86_400_000) % 86_400_000;
  const whole = Math.floor(day / 1000);
  const clock = `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  if (digits === 0) return clock;
  const fraction = Math.floor((day / 1000 - whole) * 10 ** digits);
  return `${clock}.${String(fraction).padStart(digits, '0')}`;
}

/** 2026-11-21 13:05:09 of the session's clock. */
export function formatDateTime(ms: Maybe): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return DASH;
  return `${new Date(ms).toISOString().slice(0, 10)} ${formatTime(ms)}`;
}

/** Milliseconds as the two largest units that say something: 3 d 4 h, 2 h 05 min, 45.0 s, 120 ms. */
export function formatDuration(ms: Maybe): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return DASH;
  if (ms < 0) return `${MINUS}${formatDuration(-ms)}`;
  if (ms < 1000) return `${Math.round(ms)}${GAP}ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)}${GAP}s`;
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes < 60) return `${minutes}${GAP}min ${two(seconds % 60)}${GAP}s`;
  if (hours < 24) return `${hours}${GAP}h ${two(minutes % 60)}${GAP}min`;
  return `${Math.floor(hours / 24)}${GAP}d ${hours % 24}${GAP}h`;
}

/** Steps of a thousand: 3 digits, and the unit. */
function scaled(value: Maybe, units: readonly string[], step: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  let size = Math.abs(value);
  let unit = 0;
  while (size >= step * 0.9995 && unit < units.length - 1) {
    size /= step;
    unit++;
  }
  const digits = unit === 0 && Number.isInteger(value) ? 0 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  return `${value < 0 ? MINUS : ''}${size.toFixed(digits)}${GAP}${units[unit] ?? ''}`;
}

export function formatBytes(bytes: Maybe): string {
  return scaled(bytes, ['B', 'kB', 'MB', 'GB', 'TB'], 1000);
}

/** Nanoseconds as ns, µs, ms or s. */
export function formatNs(ns: Maybe): string {
  return scaled(ns, ['ns', 'µs', 'ms', 's'], 1000);
}

/** Large counts in short: 12.3 k, 4.56 M. */
export function formatCount(value: Maybe): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return DASH;
  if (Math.abs(value) < 10_000) return formatNumber(value, { digits: 0 });
  return scaled(value, ['', 'k', 'M', 'G'], 1000);
}

/** Two figures that count, for scales: 0.0005, 0.25, 12, 3.4 k. */
export function formatSize(value: Maybe): string {
  if (value === null || value === undefined || !(Math.abs(value) < 1000)) return formatCount(value);
  return formatNumber(value, { digits: value === 0 ? 0 : significant(value) });
}

/** Digits behind the point for at most two figures, without noughts at the end. */
function significant(value: number): number {
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value))));
  return digits > 0 && Number(value.toFixed(digits)) === Number(value.toFixed(digits - 1)) ? digits - 1 : digits;
}

export const sideLetter = (side: 1 | -1): 'B' | 'S' => (side === 1 ? 'B' : 'S');
export const sideWord = (side: 1 | -1): 'buy' | 'sell' => (side === 1 ? 'buy' : 'sell');
