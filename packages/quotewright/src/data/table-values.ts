/** Values of table rows that every tabular format shares: microsecond times, and words for what a grid refused. */
import { type Grid, GridFault } from '@quotewright/core/base/grid';

const ZERO = 48;

/** The unsigned integer of at most 19 digits at `[start, end)`, exact up to 2^53; NaN when it is something else. */
export function wholeAt(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > 19) return Number.NaN;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value <= Number.MAX_SAFE_INTEGER ? value : Number.NaN;
}

/** The kind of a bad row whose price was refused. */
export function priceFault(grid: Grid): string {
  if (grid.fault === GridFault.OFF_GRID) return 'price off the tick grid';
  return grid.fault === GridFault.OUT_OF_RANGE ? 'price out of range' : 'price is no decimal';
}

/** The kind of a bad row whose size was refused, or is negative. */
export function sizeFault(grid: Grid): string {
  if (grid.fault === GridFault.NONE) return 'size is negative';
  if (grid.fault === GridFault.OFF_GRID) return 'size off the lot grid';
  return grid.fault === GridFault.OUT_OF_RANGE ? 'size out of range' : 'size is no decimal';
}
