/**
 * Where cancels fall, ahead of us or behind: the one thing about a queue that an L2 feed does not tell, judged for each model at every
 * cancel of the recording that could have been on either side of a real order. The real queue is given; there is no path to drift.
 */
import type { ModelSpec } from './models.ts';
import { isUncertain, walkQueue, type Cancel } from './queue-walk.ts';
import type { RealOrder } from './real-orders.ts';
import type { Tape } from './tape.ts';

export interface PlacedCancel {
  readonly cancel: Cancel;
  /** Index of the order that waited. */
  readonly order: number;
  readonly ownAgeNs: number;
}

export function uncertainCancels(tape: Tape, orders: readonly RealOrder[]): PlacedCancel[] {
  const found: PlacedCancel[] = [];
  orders.forEach((order, index) => {
    if (order.aheadLots === 0) return;
    walkQueue(tape, order, {
      cancel(cancel) {
        if (isUncertain(cancel)) found.push({ cancel, order: index, ownAgeNs: cancel.timeNs - order.startNs });
      },
    });
  });
  return found;
}

/** Squared errors of a model's answers, summed by order, with the number of cancels by order. */
export class PlaceErrors {
  readonly squares: Float64Array;
  readonly counts: Float64Array;

  constructor(spec: ModelSpec, cancels: readonly PlacedCancel[], orders: number) {
    this.squares = new Float64Array(orders);
    this.counts = new Float64Array(orders);
    for (const { cancel, order, ownAgeNs } of cancels) {
      this.squares[order]! += (spec.aheadChance(cancel, ownAgeNs) - (cancel.isAhead ? 1 : 0)) ** 2;
      this.counts[order]! += 1;
    }
  }

  /** Brier score over the cancels of some orders. */
  brier(indexes: Uint32Array): number {
    let sum = 0;
    let count = 0;
    for (const i of indexes) {
      sum += this.squares[i]!;
      count += this.counts[i]!;
    }
    return sum / count;
  }
}
