/**
 * Real orders that can stand in for ours: each joins a level that is published, does not cross, and lives for longer than an
 * instant. What really became of them is the truth that queue models are measured against.
 */
import type { Side } from '@quotewright/core/market/side';
import { Side as Sides } from '@quotewright/core/market/side';
import type { Tape } from './tape.ts';
import { RowKind } from './tape.ts';

export const LifeEnd = {
  /** Nothing was left: the last of it traded. */
  FILLED: 1,
  /** The owner cancelled what was left. */
  CANCELLED: 2,
  /** The level left the published window, or the recording ended: what comes after is not known. */
  UNSEEN: 3,
} as const;
export type LifeEnd = (typeof LifeEnd)[keyof typeof LifeEnd];

export interface RealOrder {
  readonly id: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly lots: number;
  /** Lots of others that the level showed when it joined: all of them ahead of it. */
  readonly aheadLots: number;
  readonly addRow: number;
  readonly startNs: number;
  endRow: number;
  endNs: number;
  end: LifeEnd;
  filledLots: number;
  /** Time of the first execution; NaN without one. */
  firstFillNs: number;
}

/** All real orders of a tape that meet the conditions, in the order of their arrival. */
export function realOrders(tape: Tape): RealOrder[] {
  const found: RealOrder[] = [];
  const open = new Map<number, { order: RealOrder; left: number }>();
  for (let row = 0; row < tape.length; row++) {
    const kind = tape.kind[row];
    const id = tape.orderId[row]!;
    if (kind === RowKind.ADD) {
      const order = orderAt(tape, row);
      if (order !== undefined) {
        found.push(order);
        open.set(id, { order, left: order.lots });
      }
      continue;
    }
    if (kind === RowKind.HIDE) {
      for (const [each, { order }] of open) {
        if (order.side !== tape.side[row] || order.priceTicks !== tape.priceTicks[row]) continue;
        finish(order, tape, row, LifeEnd.UNSEEN);
        open.delete(each);
      }
      continue;
    }
    const entry = open.get(id);
    if (entry === undefined) continue;
    const { order } = entry;
    entry.left -= tape.lots[row]!;
    if (kind === RowKind.EXEC) {
      order.filledLots += tape.lots[row]!;
      if (Number.isNaN(order.firstFillNs)) order.firstFillNs = tape.timeNs[row]!;
    }
    if (entry.left > 0) continue;
    finish(order, tape, row, kind === RowKind.EXEC ? LifeEnd.FILLED : LifeEnd.CANCELLED);
    open.delete(id);
  }
  for (const { order } of open.values()) finish(order, tape, tape.length - 1, LifeEnd.UNSEEN);
  return found.filter((order) => order.endNs > order.startNs);
}

function finish(order: RealOrder, tape: Tape, row: number, end: LifeEnd): void {
  order.endRow = row;
  order.endNs = tape.timeNs[row]!;
  order.end = end;
}

function orderAt(tape: Tape, row: number): RealOrder | undefined {
  const side: Side = tape.side[row] === Sides.BUY ? Sides.BUY : Sides.SELL;
  const sign = side === Sides.BUY ? 1 : -1;
  const priceTicks = tape.priceTicks[row]!;
  const lots = tape.lots[row]!;
  const aheadLots = tape.beforeLots[row]!;
  const isPublished = tape.afterLots[row] === aheadLots + lots;
  const isPassive = !(sign * (tape.oppositeTicks[row]! - priceTicks) <= 0);
  if (!isPublished || !isPassive) return undefined;
  const startNs = tape.timeNs[row]!;
  return {
    id: tape.orderId[row]!,
    side,
    priceTicks,
    lots,
    aheadLots,
    addRow: row,
    startNs,
    endRow: row,
    endNs: startNs,
    end: LifeEnd.UNSEEN,
    filledLots: 0,
    firstFillNs: Number.NaN,
  };
}
