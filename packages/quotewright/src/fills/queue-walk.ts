/**
 * The real queue around a real order: who is ahead and who behind, told by the order numbers that the L2 view hides. From it come the
 * cancels whose place a model has to guess, and whether the venue itself kept to the queue.
 */
import type { RealOrder } from './real-orders.ts';
import type { Tape } from './tape.ts';
import { RowKind } from './tape.ts';

/** An order that joined the level after ours. */
interface Behind {
  readonly id: number;
  lots: number;
  readonly sinceNs: number;
}

/** A cancel of another order at our level while we wait. */
export interface Cancel {
  /** Lots ahead of us and behind us before it. */
  readonly aheadLots: number;
  readonly behindLots: number;
  readonly lots: number;
  readonly timeNs: number;
  /** Age of the youngest order behind us of its size; NaN without one. */
  readonly youngestAgeNs: number;
  /** Since the level last printed while we waited; NaN when it has not. */
  readonly sincePrintNs: number;
  readonly isAhead: boolean;
}

export interface QueueVisitor {
  /** Before it is applied. */
  cancel?(cancel: Cancel): void;
  /**
   * The venue filled a younger order while an older one rested, or printed a trade at the price that took nothing from the level (a
   * hidden order's): what happened to the order then is not a matter of its place in the visible queue.
   */
  breach?(): void;
}

/** Walks the life of an order that joined behind `aheadLots`. */
export function walkQueue(tape: Tape, order: RealOrder, visitor: QueueVisitor): void {
  let ahead = order.aheadLots;
  let printedNs = Number.NaN;
  const behind: Behind[] = [];
  for (let row = tape.next[order.addRow]!; row >= 0 && row <= order.endRow; row = tape.next[row]!) {
    const kind = tape.kind[row];
    const id = tape.orderId[row]!;
    const lots = tape.lots[row]!;
    const timeNs = tape.timeNs[row]!;
    if (kind === RowKind.PRINT) visitor.breach?.();
    else if (id === order.id) {
      if (kind === RowKind.EXEC && ahead > 0) visitor.breach?.();
    } else if (kind === RowKind.ADD) behind.push({ id, lots, sinceNs: timeNs });
    else if (kind === RowKind.CANCEL || kind === RowKind.EXEC) {
      const index = behind.findIndex((each) => each.id === id);
      if (kind === RowKind.EXEC) {
        printedNs = timeNs;
        if (index >= 0) visitor.breach?.();
      } else visitor.cancel?.(cancelOf(ahead, behind, lots, index < 0, timeNs, timeNs - printedNs));
      if (index < 0) ahead -= lots;
      else if ((behind[index]!.lots -= lots) <= 0) behind.splice(index, 1);
    }
  }
}

function cancelOf(
  aheadLots: number,
  behind: readonly Behind[],
  lots: number,
  isAhead: boolean,
  timeNs: number,
  sincePrintNs: number,
): Cancel {
  let behindLots = 0;
  let youngestNs = Number.NaN;
  for (const each of behind) {
    behindLots += each.lots;
    if (each.lots === lots) youngestNs = each.sinceNs;
  }
  return { aheadLots, behindLots, lots, timeNs, youngestAgeNs: timeNs - youngestNs, sincePrintNs, isAhead };
}

/** True when the cancel could have been on either side of us, as far as sizes tell. */
export function isUncertain({ aheadLots, behindLots, lots }: Cancel): boolean {
  return lots <= aheadLots && lots <= behindLots;
}

/** Whether the venue kept to the visible queue of the order's level all its life. */
export function isRegular(tape: Tape, order: RealOrder): boolean {
  let regular = true;
  walkQueue(tape, order, {
    breach() {
      regular = false;
    },
  });
  return regular;
}
