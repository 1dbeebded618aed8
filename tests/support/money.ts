/** Decimal texts as exact numbers, for sums of money. */

/** In units of 1e-18. */
export function units(text: string): bigint {
  const [whole = '0', part = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + part.padEnd(18, '0').slice(0, 18));
  return text.startsWith('-') ? -value : value;
}
