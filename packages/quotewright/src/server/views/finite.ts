/** What JSON can say of a number: null for NaN and ±∞, and no minus before a zero. */
export function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value + 0 : null;
}
