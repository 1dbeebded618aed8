/** Markets of a run by the names that a parameter gives them. */
import type { Market } from '../strategy.ts';

/**
 * @param where strategy and parameter, for the message
 * @param name SYMBOL, or SYMBOL@VENUE where several venues have it
 * @throws RangeError when it is no market's name, or that of several
 */
export function marketNamed(markets: readonly Market[], where: string, name: string): Market {
  const found = markets.filter(({ instrument: { symbol, venue } }) => name === symbol || name === `${symbol}@${venue}`);
  if (found.length === 1) return found[0];
  const known = markets.map(({ instrument: { symbol, venue } }) => `${symbol}@${venue}`).join(', ');
  throw new RangeError(`${where}: found '${name}', expected one of ${known}`);
}

/** @param names separated by commas. @throws RangeError as above, and when one stands twice */
export function marketsNamed(markets: readonly Market[], where: string, names: string): Market[] {
  const found = names.split(',').map((name) => marketNamed(markets, where, name.trim()));
  if (new Set(found).size === found.length) return found;
  throw new RangeError(`${where}: found '${names}', expected markets that differ`);
}
