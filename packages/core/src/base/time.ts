/**
 * Time: nanoseconds in a float64, counted from the UTC midnight of an epoch day (days since 1970-01-01).
 *
 * A float64 holds integers exactly up to 2^53 ns = 104.25 days on either side of that midnight; beyond it the nearest
 * representable nanosecond is taken (within 4 ns over a year). Text becomes time digit by digit, seconds and
 * nanoseconds apart, so that 19-digit Unix nanoseconds pass without a float step. Days carry no leap seconds, as in
 * Unix time: second 60 is malformed.
 */

export const NS_PER_SECOND = 1e9;
export const SECONDS_PER_DAY = 86_400;
export const NS_PER_DAY = SECONDS_PER_DAY * NS_PER_SECOND;

/** Units of a Unix time, as the number of decimal digits of a second that they resolve. */
export const UnixUnit = { SECONDS: 0, MILLIS: 3, MICROS: 6, NANOS: 9 } as const;
export type UnixUnit = (typeof UnixUnit)[keyof typeof UnixUnit];

/** Nanoseconds of the unit that resolves so many digits of a second. */
const NS_PER_UNIT = Float64Array.from({ length: 10 }, (_, digits) => Number(`1e${9 - digits}`));

const MAX_TEXT = 64;
/** So many digits are below 2^53 whatever they are. */
const EXACT_DIGITS = 15;
const ZERO = 48;
const DOT = 46;
const MINUS = 45;
const PLUS = 43;
const COLON = 58;
const SPACE = 32;
const UPPER_T = 84;
const LOWER_T = 116;
const UPPER_Z = 90;
const LOWER_Z = 122;

const scratch = new Uint8Array(MAX_TEXT);

/** Days since 1970-01-01 of a date in the proleptic Gregorian calendar; months and days count from 1. */
export function daysFromCivil(year: number, month: number, day: number): number {
  // Years start in March here, so that the leap day is the last of its year (Howard Hinnant's algorithm).
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The epoch day of `YYYY-MM-DD`; NaN when it is not a date of the calendar. */
export function parseIsoDay(text: string): number {
  return text.length === 10 ? parseIsoNs(text, 0) / NS_PER_DAY : Number.NaN;
}

/** The epoch day that a Unix time in milliseconds lies in. */
export function epochDayOfUnixMs(ms: number): number {
  return Math.floor(ms / (SECONDS_PER_DAY * 1000));
}

/** A whole number of Unix milliseconds, exactly; a fraction is rounded to the nearest nanosecond of its float64. */
export function unixMsToNs(ms: number, epochDay: number): number {
  return Math.round((ms - epochDay * (SECONDS_PER_DAY * 1e3)) * 1e6);
}

/** A whole number of Unix microseconds, exactly; a fraction is rounded to the nearest nanosecond of its float64. */
export function unixUsToNs(us: number, epochDay: number): number {
  return Math.round((us - epochDay * (SECONDS_PER_DAY * 1e6)) * 1e3);
}

/** Unix nanoseconds in decimal digits, exactly; NaN when malformed. */
export function unixNsTextToNs(text: string, epochDay: number): number {
  return unixTextToNs(text, UnixUnit.NANOS, epochDay);
}

/** A Unix time in decimal text, see `unixBytesToNs`. */
export function unixTextToNs(text: string, unit: UnixUnit, epochDay: number): number {
  return copyToScratch(text) ? unixBytesToNs(scratch, 0, text.length, unit, epochDay) : Number.NaN;
}

/**
 * A Unix time in the ASCII digits at `bytes[start, end)`, in the given unit, with an optional sign and fraction; NaN
 * when malformed. What lies below a nanosecond is cut off (towards zero).
 */
export function unixBytesToNs(bytes: Uint8Array, start: number, end: number, unit: UnixUnit, epochDay: number): number {
  // The usual shape, digits only; at the first other byte it is taken from the start by the long way.
  const point = end - unit;
  if (point <= start || point - start > EXACT_DIGITS) return unixDecimalToNs(bytes, start, end, unit, epochDay);
  let seconds = 0;
  for (let i = start; i < point; i++) {
    const digit = bytes[i] - ZERO;
    if (!(digit >= 0 && digit <= 9)) return unixDecimalToNs(bytes, start, end, unit, epochDay);
    seconds = seconds * 10 + digit;
  }
  let fraction = 0;
  for (let i = point; i < end; i++) {
    const digit = bytes[i] - ZERO;
    if (!(digit >= 0 && digit <= 9)) return unixDecimalToNs(bytes, start, end, unit, epochDay);
    fraction = fraction * 10 + digit;
  }
  return (seconds - epochDay * SECONDS_PER_DAY) * NS_PER_SECOND + fraction * NS_PER_UNIT[unit];
}

/** The general case of `unixBytesToNs`: sign, fraction, few or many digits. */
function unixDecimalToNs(bytes: Uint8Array, start: number, end: number, unit: UnixUnit, epochDay: number): number {
  const negative = start < end && bytes[start] === MINUS;
  const first = negative ? start + 1 : start;
  let dot = end;
  for (let i = first; i < end; i++) {
    if (bytes[i] === DOT) {
      dot = i;
      break;
    }
  }
  if (dot - first + (end - dot) <= (dot < end ? 1 : 0)) return Number.NaN;
  // Digits up to the last whole second, then nine digits of nanoseconds, zeros where the text has none.
  let secondDigits = dot - first - unit;
  let seconds = 0;
  let nanos = 0;
  let nanoDigits = 0;
  for (; secondDigits < 0 && nanoDigits < 9; secondDigits++) nanoDigits++;
  for (let i = first; i < end; i++) {
    if (i === dot) continue;
    const digit = bytes[i] - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    if (secondDigits > 0) {
      seconds = seconds * 10 + digit;
      secondDigits--;
    } else if (nanoDigits < 9) {
      nanos = nanos * 10 + digit;
      nanoDigits++;
    }
  }
  for (; nanoDigits < 9; nanoDigits++) nanos *= 10;
  if (seconds > Number.MAX_SAFE_INTEGER) return Number.NaN;
  return negative
    ? (-seconds - epochDay * SECONDS_PER_DAY) * NS_PER_SECOND - nanos
    : (seconds - epochDay * SECONDS_PER_DAY) * NS_PER_SECOND + nanos;
}

/** An ISO 8601 time in text, see `parseIsoBytesNs`. */
export function parseIsoNs(text: string, epochDay: number): number {
  return copyToScratch(text) ? parseIsoBytesNs(scratch, 0, text.length, epochDay) : Number.NaN;
}

/**
 * An ISO 8601 time in the ASCII text at `bytes[start, end)`: `YYYY-MM-DD`, or that with `T` or a space and
 * `HH:MM[:SS[.f]]`, one to nine digits of fraction, then `Z`, `±HH`, `±HHMM`, `±HH:MM`, or nothing, which means UTC.
 * NaN when malformed or not in the calendar.
 */
export function parseIsoBytesNs(bytes: Uint8Array, start: number, end: number, epochDay: number): number {
  if (end - start < 10 || bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return Number.NaN;
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
  let seconds = (daysFromCivil(year, month, day) - epochDay) * SECONDS_PER_DAY;
  let at = start + 10;
  if (at === end) return seconds * NS_PER_SECOND;
  const separator = bytes[at];
  if (separator !== UPPER_T && separator !== SPACE && separator !== LOWER_T) return Number.NaN;
  if (end - at < 6 || bytes[at + 3] !== COLON) return Number.NaN;
  const hour = twoDigits(bytes, at + 1);
  const minute = twoDigits(bytes, at + 4);
  if (!(hour <= 23 && minute <= 59)) return Number.NaN;
  seconds += hour * 3600 + minute * 60;
  at += 6;
  let nanos = 0;
  if (at < end && bytes[at] === COLON) {
    const second = end - at >= 3 ? twoDigits(bytes, at + 1) : Number.NaN;
    if (!(second <= 59)) return Number.NaN;
    seconds += second;
    at += 3;
    if (at < end && bytes[at] === DOT) {
      const first = ++at;
      for (let digit = 0; at < end && (digit = bytes[at] - ZERO) >= 0 && digit <= 9; at++) nanos = nanos * 10 + digit;
      const digits = at - first;
      if (digits === 0 || digits > 9) return Number.NaN;
      for (let i = digits; i < 9; i++) nanos *= 10;
    }
  }
  return (seconds - offsetSeconds(bytes, at, end)) * NS_PER_SECOND + nanos;
}

/** `YYYY-MM-DDTHH:MM:SS.nnnnnnnnnZ`; empty for NaN, the time that is not known. */
export function nsToIso(ns: number, epochDay: number): string {
  if (ns !== ns) return '';
  const seconds = Math.floor(ns / NS_PER_SECOND);
  const nanos = ns - seconds * NS_PER_SECOND;
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  const ofDay = seconds - days * SECONDS_PER_DAY;
  const clock = [Math.floor(ofDay / 3600), Math.floor(ofDay / 60) % 60, ofDay % 60].map((n) => padded(n, 2)).join(':');
  return `${isoDay(epochDay + days)}T${clock}.${padded(Math.round(nanos), 9)}Z`;
}

/** `YYYY-MM-DD` of an epoch day, for the years 0 to 9999. */
export function isoDay(epochDay: number): string {
  // The inverse of `daysFromCivil`, from the same source.
  const shifted = epochDay + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  return `${padded(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

function padded(value: number, width: number): string {
  return value.toString().padStart(width, '0');
}

/** False when the text is longer than any time is. What is not ASCII becomes a byte that no parser takes. */
function copyToScratch(text: string): boolean {
  const length = text.length;
  if (length > MAX_TEXT) return false;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    scratch[i] = code > 127 ? 0 : code;
  }
  return true;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const high = bytes[at] - ZERO;
  const low = bytes[at + 1] - ZERO;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : Number.NaN;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Seconds east of UTC that the zone at `bytes[at, end)` states; NaN when it is malformed. */
function offsetSeconds(bytes: Uint8Array, at: number, end: number): number {
  if (at === end) return 0;
  const sign = bytes[at];
  if (sign === UPPER_Z || sign === LOWER_Z) return at + 1 === end ? 0 : Number.NaN;
  if (sign !== PLUS && sign !== MINUS) return Number.NaN;
  const length = end - at;
  const hasColon = length === 6 && bytes[at + 3] === COLON;
  if (length !== 3 && length !== 5 && !hasColon) return Number.NaN;
  const hours = twoDigits(bytes, at + 1);
  const minutes = length === 3 ? 0 : twoDigits(bytes, hasColon ? at + 4 : at + 3);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  return (sign === MINUS ? -1 : 1) * (hours * 3600 + minutes * 60);
}
