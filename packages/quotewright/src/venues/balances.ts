/** What an account has of each currency, as pages tell it: sums of exact decimals. */
import { VenueError } from './contract/venue-error.ts';
import type { Balances } from './contract/venue.ts';

const DECIMAL = /^(-?)(\d{1,40})(?:\.(\d{0,40}))?$/u;

/**
 * @param rows a currency as instruments name it, and what there is of it in parts (free, held by orders); a currency may come more than once
 * @throws VenueError UNREADABLE when a part is no decimal
 */
export function balancesOf(
  venue: string,
  rows: readonly (readonly [currency: string, ...parts: string[]])[],
): Balances {
  const sums = new Map<string, string>();
  for (const [currency, ...parts] of rows) {
    const known = sums.get(currency);
    const sum = sumOf(known === undefined ? parts : [known, ...parts]);
    if (sum === undefined || currency === '') {
      const found = JSON.stringify([currency, ...parts]).slice(0, 160);
      throw new VenueError({ venue, code: 'UNREADABLE', text: `balances: found ${found}`, status: 200 });
    }
    sums.set(currency, sum);
  }
  return sums;
}

/** Without zeros that say nothing; undefined when one of them is no decimal, or there is none. */
function sumOf(texts: readonly string[]): string | undefined {
  const read = texts.map((text) => DECIMAL.exec(text));
  if (read.length === 0 || read.some((parts) => parts === null)) return undefined;
  const places = Math.max(...read.map((parts) => parts?.[3]?.length ?? 0));
  let units = 0n;
  for (const parts of read) {
    const [, sign = '', whole = '', part = ''] = parts ?? [];
    units += BigInt(sign + whole + part.padEnd(places, '0'));
  }
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const [whole, part] = [digits.slice(0, digits.length - places), digits.slice(digits.length - places)];
  const rest = part.replace(/0+$/u, '');
  return `${units < 0n ? '-' : ''}${whole}${rest === '' ? '' : `.${rest}`}`;
}
