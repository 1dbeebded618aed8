/**
 * CSV at byte level for hot readers: no string and no object per field. Quoted fields lose their quotes; a separator
 * inside quotes does not split. Doubled quotes stay as they are: venue data has none.
 */

const QUOTE = 34;
const CARRIAGE_RETURN = 13;
const ZERO = 48;
const DOT = 46;
const COMMA = 44;
const MINUS = 45;
const NEWLINE = 10;
const MAX_DIGITS = 15;
/** Digits that always fit an int32. */
const INT32_DIGITS = 9;
const POWERS = Float64Array.from({ length: INT32_DIGITS + 1 }, (_, n) => 10 ** n);

/** Splits lines into fields; field `i` of the last line split is `bytes[starts[i], ends[i])`. */
export class CsvFields {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly #separator: number;

  /** @param capacity fields that are kept of a line; those after it are counted but not kept. */
  constructor(capacity: number, separator = ',') {
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
    this.#separator = separator.charCodeAt(0);
  }

  /** Splits the line at `[start, end)`, its `\n` excluded, a `\r` at its end ignored. Answers the number of fields. */
  split(bytes: Uint8Array, start: number, end: number): number {
    const { starts, ends } = this;
    const separator = this.#separator;
    const capacity = starts.length;
    const stop = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    let count = 0;
    let at = start;
    for (;;) {
      const quoted = at < stop && bytes[at] === QUOTE;
      let close = at;
      if (quoted) {
        close = at + 1;
        while (close < stop && bytes[close] !== QUOTE) close++;
      }
      let next = close;
      while (next < stop && bytes[next] !== separator) next++;
      if (count < capacity) {
        starts[count] = quoted ? at + 1 : at;
        ends[count] = quoted ? close : next;
      }
      count++;
      if (next >= stop) return count;
      at = next + 1;
    }
  }

  /** Text of a field, for headers and error messages. */
  text(bytes: Uint8Array, field: number): string {
    return asciiAt(bytes, this.starts[field]!, this.ends[field]!);
  }
}

/**
 * A row of plain numbers (`[-]digits[.digits]`, no quotes), decoded in one pass. A value is the number without its dot:
 * `34200.017` is 34200017 with 3 places; exact up to 15 digits.
 */
export class NumericRow {
  readonly values: Float64Array;
  readonly places: Uint8Array;
  /** Fields of the row decoded last; -1 when one of them is no number. */
  count = 0;
  /** Where the row decoded last ends: its `\n`, or the limit. */
  end = 0;

  /** @param capacity fields that are kept; a row with more is counted in full. */
  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
    this.places = new Uint8Array(capacity);
  }

  /** Decodes the row that starts at `start` and ends before `limit`; answers where the next one starts. */
  decode(bytes: Uint8Array, start: number, limit: number): number {
    const { values, places } = this;
    const capacity = values.length;
    let field = 0;
    let at = start;
    for (;;) {
      const first = at;
      let sign = 1;
      if (at < limit && bytes[at] === MINUS) {
        sign = -1;
        at++;
      }
      // Whole and fraction are int32 sums, a third of the latency of float64 ones; what does not fit is added up again.
      let digit = 0;
      let whole = 0;
      const wholeStart = at;
      while (at < limit && (digit = bytes[at]! - ZERO) >>> 0 <= 9) {
        whole = (Math.imul(whole, 10) + digit) | 0;
        at++;
      }
      const wholeDigits = at - wholeStart;
      let fraction = 0;
      let decimals = 0;
      if (at < limit && bytes[at] === DOT) {
        const fractionStart = ++at;
        while (at < limit && (digit = bytes[at]! - ZERO) >>> 0 <= 9) {
          fraction = (Math.imul(fraction, 10) + digit) | 0;
          at++;
        }
        decimals = at - fractionStart;
      }
      if (wholeDigits + decimals === 0 || wholeDigits + decimals > MAX_DIGITS) return this.#malformed(bytes, at, limit);
      if (field < capacity) {
        places[field] = decimals;
        values[field] =
          wholeDigits <= INT32_DIGITS && decimals <= INT32_DIGITS
            ? sign * (decimals === 0 ? whole : whole * POWERS[decimals]! + fraction)
            : sign * digitsBetween(bytes, first, at);
      }
      field++;
      if (at >= limit) break;
      const byte = bytes[at]!;
      if (byte === COMMA) {
        at++;
        continue;
      }
      if (byte === NEWLINE) break;
      if (byte !== CARRIAGE_RETURN || (at + 1 < limit && bytes[at + 1] !== NEWLINE)) {
        return this.#malformed(bytes, at, limit);
      }
      at++;
      break;
    }
    this.count = field;
    this.end = at;
    return at + 1;
  }

  #malformed(bytes: Uint8Array, from: number, limit: number): number {
    this.count = -1;
    this.end = lineEnd(bytes, from, limit);
    return this.end + 1;
  }
}

/** The digits in a range as one integer, whatever else stands between them. */
function digitsBetween(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit >= 0 && digit <= 9) value = value * 10 + digit;
  }
  return value;
}

/** Whether `[start, end)` is nothing but a line end. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  return end <= start || (end === start + 1 && bytes[start] === CARRIAGE_RETURN);
}

/** Latin-1 text of a byte range; for names and messages, not for hot paths. */
export function asciiAt(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start)).toString('latin1');
}

/** End of the line that starts at `start`: the index of its `\n`, or `limit`. */
export function lineEnd(bytes: Uint8Array, start: number, limit: number): number {
  let at = start;
  while (at < limit && bytes[at] !== 10) at++;
  return at;
}
