/** A tape from a script of what orders did, with levels kept the slow and obvious way. For tests. */
import { Side } from '@quotewright/core/market/side';
import { RowKind, Tape } from '../tape.ts';

/** `[seconds, what, order, side, price, lots]`. */
export type Line = readonly [
  seconds: number,
  what: 'add' | 'cancel' | 'exec' | 'print' | 'hide',
  order: number,
  side: 'buy' | 'sell',
  price: number,
  lots: number,
];

const KINDS = {
  add: RowKind.ADD,
  cancel: RowKind.CANCEL,
  exec: RowKind.EXEC,
  print: RowKind.PRINT,
  hide: RowKind.HIDE,
} as const;

export function tapeOf(lines: readonly Line[]): Tape {
  const tape = new Tape();
  const levels = { buy: new Map<number, number>(), sell: new Map<number, number>() };
  const best = (side: 'buy' | 'sell'): number => {
    const prices = [...levels[side]].filter(([, lots]) => lots > 0).map(([price]) => price);
    if (prices.length === 0) return Number.NaN;
    return side === 'buy' ? Math.max(...prices) : Math.min(...prices);
  };
  for (const [seconds, what, order, side, price, lots] of lines) {
    const before = levels[side].get(price) ?? 0;
    const change = what === 'add' ? lots : what === 'cancel' || what === 'exec' ? -lots : 0;
    const oppositeTicks = best(side === 'buy' ? 'sell' : 'buy');
    levels[side].set(price, before + change);
    const code = side === 'buy' ? Side.BUY : Side.SELL;
    const id = what === 'print' || what === 'hide' ? 0 : order;
    tape.push(KINDS[what], code, seconds * 1e9, price, lots, id, before, before + change, oppositeTicks);
  }
  return tape;
}
