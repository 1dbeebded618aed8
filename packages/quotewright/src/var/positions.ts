/** `btc=1,eth=-2`: units held of each asset, short ones negative. */
import { InputError } from '../data/report.ts';

export function parsePositions(text: string): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  const seen = new Set<string>();
  for (const part of text.split(',')) {
    const [, name = '', amount = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    const units = Number(amount);
    if (name === '' || amount === '' || !Number.isFinite(units)) {
      throw new InputError(`positions: found '${part.trim()}', expected NAME=UNITS, as btc=1,eth=-2`);
    }
    if (seen.has(name.toUpperCase())) throw new InputError(`positions: found '${name}' twice`);
    seen.add(name.toUpperCase());
    positions.set(name, units);
  }
  return positions;
}
