/**
 * Where own orders stand in the queues of a recording of levels, and what its rows do to them there.
 *
 * When a resting order fills by a print, by the rule `partial`:
 * - A print at its price, of the aggressor that concerns its side, first takes the lots ahead of it (`QueueModel.trade`); what is
 *   left of the print fills own orders, oldest first, each print being used once.
 * - A print beyond its price means that the aggressor swept our price. It would have met us first, so that print's lots
 *   fill us before others, and no more than those: the aggressor is no larger with us in the book than it was without. What
 *   the print leaves of our order stands at the front from then on.
 * Several own orders fill in the order of price (best first), then time.
 *
 * A print and the change of the level that it causes count once. When the print's row comes first, its lots are taken
 * out of the level's next change (`TRADED_LOTS`). When the level's row comes first and the print follows at the same venue
 * time, the print's lots are taken out of that change afterwards: what the change moved us ahead for them is undone (`CUT_…`).
 * A print that follows its level's row at a later venue time is not recognised, and counts once more.
 *
 * The rule `whole` is hftbacktest's: each print fills the whole order, each own order sees the whole print, lots
 * ahead are rounded to whole ones, and the level's row never undoes what it did.
 */
import type { L2Book } from '../market/l2-book.ts';
import type { Side } from '../market/side.ts';
import { OWN_SHIFT, Own, type OwnOrderBook } from './own-order-book.ts';
import type { QueueModel } from './queue-model.ts';

const { OPEN_LOTS, PRICE_TICKS } = Own;

/** Estimated lots of others ahead in the queue of the level; fractions occur. */
const AHEAD_LOTS = Own.VENUE;
/** Lots that printed at the level since its last change. */
const TRADED_LOTS = Own.VENUE + 1;
/** What the level lost at CUT_NS without a print, and how far that moved us ahead. */
const CUT_NS = Own.VENUE + 2;
const CUT_LOTS = Own.VENUE + 3;
const CUT_MOVED_LOTS = Own.VENUE + 4;

export class L2Queue {
  readonly #own: OwnOrderBook;
  readonly #model: QueueModel;
  readonly #isWhole: boolean;

  constructor(own: OwnOrderBook, model: QueueModel, isWhole: boolean) {
    this.#own = own;
    this.#model = model;
    this.#isWhole = isWhole;
  }

  /**
   * An order joins the level at its price, where others show so many lots, of which so many have printed since: those are gone,
   * and the level's next change will tell it.
   */
  join(slot: number, side: Side, levelLots: number, printedLots: number): void {
    const { values, nowNs } = this.#own;
    const at = slot << OWN_SHIFT;
    const left = levelLots > printedLots ? levelLots - printedLots : 0;
    values[at + AHEAD_LOTS] = this.#model.join(slot, side, values[at + PRICE_TICKS], left, nowNs);
    values[at + TRADED_LOTS] = printedLots;
    values[at + CUT_NS] = Number.NaN;
    this.#own.stand(slot);
  }

  /** Whole lots of others ahead of an order. */
  aheadOf(slot: number): number {
    return Math.max(0, Math.floor(this.#own.values[(slot << OWN_SHIFT) + AHEAD_LOTS]));
  }

  /** The level of this key was shown anew. */
  change(side: Side, key: number, priceTicks: number, prevLots: number, nextLots: number): void {
    const { values, nowNs, sides } = this.#own;
    const list = sides[side];
    let aheadBefore = -Infinity;
    for (let i = list.firstFrom(key); i < list.count && list.keys[i] === key; i++) {
      const slot = list.slots[i];
      const at = slot << OWN_SHIFT;
      const was = values[at + AHEAD_LOTS];
      const traded = values[at + TRADED_LOTS];
      let ahead = this.#model.depth(slot, side, priceTicks, was, prevLots, nextLots > 0 ? nextLots : 0, traded, nowNs);
      values[at + TRADED_LOTS] = 0;
      if (!this.#isWhole) {
        // Estimates must not let a younger order pass an older one.
        if (ahead < aheadBefore) ahead = aheadBefore;
        aheadBefore = ahead;
        noteCut(values, at, prevLots - nextLots - traded, was - ahead, nowNs);
      }
      values[at + AHEAD_LOTS] = ahead;
    }
  }

  /** The book was shown as a whole: orders keep their lots ahead, but no more than their level shows. */
  requeue(side: Side, book: L2Book): void {
    const { values, nowNs, sides } = this.#own;
    const list = sides[side];
    for (let i = 0; i < list.count; i++) {
      const slot = list.slots[i];
      const at = slot << OWN_SHIFT;
      const price = values[at + PRICE_TICKS];
      const lots = book.sizeAt(side, price);
      values[at + AHEAD_LOTS] = this.#model.depth(slot, side, price, values[at + AHEAD_LOTS], lots, lots, 0, nowNs);
      values[at + TRADED_LOTS] = 0;
      values[at + CUT_NS] = Number.NaN;
    }
  }

  /** A print of this key reaches own orders of a side. */
  print(side: Side, key: number, lots: number): void {
    if (!(lots > 0)) return;
    const own = this.#own;
    const { values, nowNs } = own;
    const list = own.sides[side];
    const isWhole = this.#isWhole;
    const model = this.#model;
    let left = lots;
    let i = 0;
    while (i < list.count && list.keys[i] <= key) {
      const slot = list.slots[i];
      const at = slot << OWN_SHIFT;
      const open = values[at + OPEN_LOTS];
      let filled = 0;
      if (list.keys[i] < key) {
        filled = isWhole || open < left ? open : left;
        if (!model.isStrictlyThrough) values[at + AHEAD_LOTS] = 0;
      } else if (isWhole) {
        const ahead = model.trade(slot, values[at + AHEAD_LOTS], lots);
        values[at + AHEAD_LOTS] = ahead;
        values[at + TRADED_LOTS] += lots;
        // Below zero once rounded, halves away from zero.
        if (ahead <= -0.5) filled = open;
      } else {
        const explained = values[at + CUT_NS] === nowNs ? undoCut(values, at, lots) : 0;
        values[at + TRADED_LOTS] += lots - explained;
        const ahead = model.trade(slot, values[at + AHEAD_LOTS], left);
        // The estimate carries rounding errors far below a lot.
        const through = Math.floor(1e-6 - ahead);
        filled = Math.min(open, left, through > 0 ? through : 0);
        values[at + AHEAD_LOTS] = ahead + filled;
      }
      if (filled > 0) {
        if (!isWhole) left -= filled;
        own.fill(slot, filled, values[at + PRICE_TICKS], true);
      }
      // What is filled has left the list.
      if (filled < open) i++;
    }
  }
}

/** Remembers what a level lost without a print at a time, and how far that moved the order at `values[at]` ahead. */
function noteCut(values: Float64Array, at: number, lots: number, movedLots: number, nowNs: number): void {
  if (values[at + CUT_NS] !== nowNs) {
    values[at + CUT_NS] = nowNs;
    values[at + CUT_LOTS] = 0;
    values[at + CUT_MOVED_LOTS] = 0;
  }
  // The lots ahead may be endless, and then nothing moves.
  if (!(lots > 0) || !(movedLots >= 0)) return;
  values[at + CUT_LOTS] += lots;
  values[at + CUT_MOVED_LOTS] += movedLots;
}

/** A print explains the loss of a level at the same time: answers how many of its lots do, and undoes what those moved. */
function undoCut(values: Float64Array, at: number, lots: number): number {
  const cut = values[at + CUT_LOTS];
  if (cut === 0) return 0;
  const explained = cut < lots ? cut : lots;
  const moved = (values[at + CUT_MOVED_LOTS] * explained) / cut;
  values[at + CUT_LOTS] = cut - explained;
  values[at + CUT_MOVED_LOTS] -= moved;
  values[at + AHEAD_LOTS] += moved;
  return explained;
}
