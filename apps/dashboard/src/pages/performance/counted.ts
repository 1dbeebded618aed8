/** A count of things in words: "1 fill", "1,204 fills". */
import { formatNumber } from '../../lib/format.ts';

export function counted(count: number, one: string): string {
  return formatNumber(count, { digits: 0, unit: count === 1 ? one : `${one}s` });
}
