/** Decimal text of amounts in BigInt units: the edge of the ledger, where money is read and written. */

const DECIMAL = /^([+-]?)(\d+)\.?(\d*)$|^([+-]?)\.(\d+)$/;

/** `1234500` units of 5 decimals is `12.345`: no zeros at the end, no point without decimals. */
export function decimalText(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** @throws RangeError that names `what` when the text is not a plain decimal of at most so many decimals. */
export function parseDecimal(what: string, text: string, decimals: number): bigint {
  const parts = text.length > 100 ? null : DECIMAL.exec(text);
  if (parts === null) throw new RangeError(`${what} '${text.slice(0, 100)}' is not a decimal number`);
  const fraction = (parts[3] ?? parts[5]).replace(/0+$/, '');
  if (fraction.length > decimals) throw new RangeError(`${what} '${text}' has more than ${decimals} decimals`);
  const magnitude = BigInt((parts[2] ?? '0') + fraction.padEnd(decimals, '0'));
  return (parts[1] ?? parts[4]) === '-' ? -magnitude : magnitude;
}
