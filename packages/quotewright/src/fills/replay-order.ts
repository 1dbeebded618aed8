/**
 * Replays the L2 view of one real order's life to a queue model, as the L2 replay venue would show it had the order been ours.
 *
 * What the model sees:
 * - the level's size without the order: the sum of all others. Prints since it was last shown are taken out when the order joins;
 * - every print at the level at once, with its full size, the prints that filled the order among them. These come without a change of
 *   the level's size, because the lots they took were ours; nobody behind us is made to trade in our stead;
 * - changes of the level, each one, or (a view with an interval) only what they come to at the interval's end;
 * - nothing else: no order numbers, not that the real order is still open, not which print was its own.
 *
 * The life ends when the real order ends. A cancel ends it at once. A fill ends it after the rest of its instant, or of its
 * interval: prints there that reach the model's order, or trade beyond its price, and quotes of the other side that
 * cross it, still fill it. For the time of a fill alone, the replay goes on for a while (`PATIENCE_NS`): a model that is late is late.
 */
import { Side } from '@quotewright/core/market/side';
import type { QueueModel } from '@quotewright/core/venue-sim/queue-model';
import { LifeEnd } from './real-orders.ts';
import type { RealOrder } from './real-orders.ts';
import type { Tape } from './tape.ts';
import { RowKind } from './tape.ts';

/** How long after the real fill a model's fill is still waited for. */
export const PATIENCE_NS = 60e9;

const ROUNDING_LOTS = 1e-6;

/** What an L2 feed shows of a tape. */
export interface View {
  readonly tape: Tape;
  /** Levels are published at multiples of it, nanoseconds; 0: every change. */
  readonly intervalNs: number;
  /** By row: what the level last showed, less what has printed there since, before the row. */
  readonly shownLots: Float64Array;
}

/** What a model says became of an order. */
export interface Outcome {
  /** Within the order's life. */
  filledLots: number;
  /** First fill within life and patience; NaN without one. */
  firstFillNs: number;
}

export function viewOf(tape: Tape, intervalNs: number): View {
  if (intervalNs === 0) return { tape, intervalNs, shownLots: tape.beforeLots };
  const shownLots = new Float64Array(tape.length);
  const levels = new Map<number, { interval: number; lots: number }>();
  for (let row = 0; row < tape.length; row++) {
    const key = tape.side[row] === Side.BUY ? tape.priceTicks[row]! : -tape.priceTicks[row]!;
    const interval = Math.floor(tape.timeNs[row]! / intervalNs);
    let level = levels.get(key);
    if (level?.interval !== interval) {
      const before = tape.beforeLots[row]!;
      level = { interval, lots: Number.isNaN(before) ? 0 : before };
      levels.set(key, level);
    }
    shownLots[row] = level.lots;
    if (tape.kind[row] === RowKind.EXEC) level.lots = Math.max(0, level.lots - tape.lots[row]!);
  }
  return { tape, intervalNs, shownLots };
}

/** Replays the life to a model in a slot, and writes the outcome. */
export function replayOrder(view: View, order: RealOrder, model: QueueModel, slot: number, out: Outcome): void {
  const { tape, intervalNs } = view;
  const { side, priceTicks, endRow } = order;
  const isFilled = order.end === LifeEnd.FILLED;
  const stopNs = endOfMoment(order.endNs, intervalNs);
  out.filledLots = 0;
  out.firstFillNs = Number.NaN;
  /** Real lots still in the level; lots that the model has not filled. */
  let own = order.lots;
  let left = order.lots;
  let shown = view.shownLots[order.addRow]!;
  let current = order.aheadLots;
  let traded = 0;
  let dueNs = endOfMoment(order.startNs, intervalNs);
  let ahead = model.join(slot, side, priceTicks, shown, order.startNs);
  for (let row = tape.next[order.addRow]!; row >= 0; row = tape.next[row]!) {
    const timeNs = tape.timeNs[row]!;
    const kind = tape.kind[row]!;
    const isLife = row <= endRow || (isFilled && timeNs < stopNs);
    if (!isLife && (!isFilled || out.filledLots > 0 || kind === RowKind.HIDE || timeNs > stopNs + PATIENCE_NS)) break;
    if (intervalNs > 0 && timeNs >= dueNs) {
      if (current !== shown) {
        ahead = model.depth(slot, side, priceTicks, ahead, shown, current, traded, dueNs);
        traded = 0;
        shown = current;
      }
      dueNs = endOfMoment(timeNs, intervalNs);
    }
    const lots = tape.lots[row]!;
    const isOwn = tape.orderId[row] === order.id;
    if (kind === RowKind.EXEC || kind === RowKind.PRINT) {
      ahead = model.trade(slot, ahead, lots);
      if (!isOwn) traded += lots;
      // Whole lots, as the venue fills them; estimates carry rounding errors far below a lot.
      const through = Math.floor(ROUNDING_LOTS - ahead);
      if (through > 0) {
        if (Number.isNaN(out.firstFillNs)) out.firstFillNs = timeNs;
        if (!isLife) break;
        const filled = Math.min(through, left);
        out.filledLots += filled;
        left -= filled;
        if (left === 0) return;
        ahead += filled;
      }
    }
    if (isOwn) own -= lots;
    else if (kind === RowKind.ADD || kind === RowKind.CANCEL || kind === RowKind.EXEC) {
      current = tape.afterLots[row]! - own;
      if (intervalNs === 0) {
        ahead = model.depth(slot, side, priceTicks, ahead, shown, current, traded, timeNs);
        traded = 0;
        shown = current;
      }
    }
  }
  if (!isFilled || !isCrossedAfter(view, order, stopNs)) return;
  if (out.filledLots === 0) out.firstFillNs = order.endNs;
  out.filledLots = order.lots;
}

/** Whether the rest of the moment in which the real order ended trades beyond its price, or quotes across it. */
function isCrossedAfter({ tape }: View, { side, priceTicks, endRow }: RealOrder, stopNs: number): boolean {
  const sign = side === Side.BUY ? 1 : -1;
  for (let row = endRow + 1; row < tape.length && tape.timeNs[row]! < stopNs; row++) {
    const kind = tape.kind[row];
    const beyond = sign * (priceTicks - tape.priceTicks[row]!);
    const isPrint = kind === RowKind.EXEC || kind === RowKind.PRINT;
    if (tape.side[row] === side ? isPrint && beyond > 0 : kind === RowKind.ADD && beyond >= 0) return true;
  }
  return false;
}

/** When all that happens at a time has been told: the end of its interval, or right after the instant. */
function endOfMoment(timeNs: number, intervalNs: number): number {
  return intervalNs === 0 ? timeNs + 0.5 : (Math.floor(timeNs / intervalNs) + 1) * intervalNs;
}
