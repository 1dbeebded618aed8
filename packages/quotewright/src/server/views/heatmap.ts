/**
 * Columns of liquidity of one instrument: what stood at each price around the mid, at fixed steps of market time, ten minutes back at the
 * usual speed. A column has up to 160 cells of a whole number of ticks, the mid in the middle; a cell holds the lots of its levels, bids
 * and asks together. The width of a cell is chosen from what the book holds, so that most of its levels are seen: a book that is
 * dense around the touch has cells of one tick. It is looked at again every minute, and changed when it is off by a factor of two.
 */
import type { MarketView } from '@quotewright/core/engine/market-view';
import { Side } from '@quotewright/core/market/side';
import { type HeatmapColumn, LIST_LENGTH } from '../protocol/stream.ts';
import { finiteOrNull } from './finite.ts';
import { marketMs } from './market-time.ts';

export const HEATMAP_CELLS = 160;
const CAPACITY = LIST_LENGTH.heatmap;
/** Levels a side that are looked at. */
const LEVELS = 400;
/** Levels of the imbalance. */
const NEAR = 5;
/** A side's levels, best first, that shall be seen: those of this share, but no more than so many. */
const SEEN_SHARE = 0.8;
const SEEN_LEVELS = 80;
/** Columns between two looks at the width of a cell. */
const COLUMNS_PER_LOOK = 240;

// Numbers of a column, before its cells.
const NS = 0;
const BID = 1;
const ASK = 2;
const IMBALANCE = 3;
const FROM = 4;
const STEP = 5;
const CELLS = 6;
const STRIDE = CELLS + HEATMAP_CELLS;

export class Heatmap {
  /** Columns so far. */
  count = 0;
  readonly #epochDay: number;
  /** Grows up to its capacity: an instrument that is not looked at for long needs little. */
  #data = new Float64Array(64 * STRIDE);
  #stepTicks = 0;
  readonly #prices = [new Float64Array(LEVELS), new Float64Array(LEVELS)] as const;
  readonly #sizes = [new Float64Array(LEVELS), new Float64Array(LEVELS)] as const;
  readonly #counts = new Int32Array(2);

  constructor(epochDay: number) {
    this.#epochDay = epochDay;
  }

  /** Takes a column of the book as it is at a time. None while a side is empty. */
  add(market: MarketView, nowNs: number): void {
    const { book, bidTicks, askTicks } = market;
    const mid = (bidTicks + askTicks) / 2;
    if (mid !== mid) return;
    for (const side of [Side.BUY, Side.SELL] as const) {
      this.#counts[side] = book.top(side, LEVELS, this.#prices[side], this.#sizes[side]);
    }
    if (this.count % COLUMNS_PER_LOOK === 0) this.#chooseStep();
    const step = this.#stepTicks;
    const from = Math.floor(mid / step - HEATMAP_CELLS / 2) * step;
    const at = this.#reserve();
    const data = this.#data;
    data[at + NS] = nowNs;
    data[at + BID] = bidTicks;
    data[at + ASK] = askTicks;
    data[at + IMBALANCE] = this.#imbalance();
    data[at + FROM] = from;
    data[at + STEP] = step;
    data.fill(0, at + CELLS, at + STRIDE);
    this.#put(Side.BUY, at, from, step);
    this.#put(Side.SELL, at, from, step);
  }

  /** From a number (from 0) to before another one, as far as they are kept, oldest first. */
  entries(from: number, to: number): HeatmapColumn[] {
    const data = this.#data;
    const columns: HeatmapColumn[] = [];
    for (let number = Math.max(0, from, this.count - CAPACITY); number < to; number++) {
      const at = (number % CAPACITY) * STRIDE;
      columns.push({
        timeMs: marketMs(this.#epochDay, data[at + NS]!),
        bidTicks: finiteOrNull(data[at + BID]),
        askTicks: finiteOrNull(data[at + ASK]),
        imbalance: finiteOrNull(data[at + IMBALANCE]),
        fromTicks: data[at + FROM]!,
        stepTicks: data[at + STEP]!,
        lots: Array.from(data.subarray(at + CELLS, at + STRIDE)),
      });
    }
    return columns;
  }

  #reserve(): number {
    const at = (this.count++ % CAPACITY) * STRIDE;
    if (at + STRIDE > this.#data.length) {
      const grown = new Float64Array(Math.min(2 * this.#data.length, CAPACITY * STRIDE));
      grown.set(this.#data);
      this.#data = grown;
    }
    return at;
  }

  #put(side: Side, at: number, from: number, step: number): void {
    const data = this.#data;
    const prices = this.#prices[side];
    const sizes = this.#sizes[side];
    const count = this.#counts[side]!;
    for (let i = 0; i < count; i++) {
      const cell = Math.floor((prices[i]! - from) / step);
      if (cell >= 0 && cell < HEATMAP_CELLS) data[at + CELLS + cell]! += sizes[i]!;
    }
  }

  #imbalance(): number {
    const bids = this.#near(Side.BUY);
    const asks = this.#near(Side.SELL);
    return (bids - asks) / (bids + asks);
  }

  #near(side: Side): number {
    const sizes = this.#sizes[side];
    let lots = 0;
    for (let i = 0; i < NEAR && i < this.#counts[side]!; i++) lots += sizes[i]!;
    return lots;
  }

  #chooseStep(): void {
    const reach = Math.max(this.#reach(Side.BUY), this.#reach(Side.SELL));
    const wanted = roundedUp((2 * reach) / HEATMAP_CELLS);
    const step = this.#stepTicks;
    if (step === 0 || wanted > 2 * step || 2 * wanted < step) this.#stepTicks = wanted;
  }

  /** Ticks from the mid to the farthest level that shall be seen. */
  #reach(side: Side): number {
    const prices = this.#prices[side];
    const levels = Math.min(SEEN_LEVELS, Math.ceil(SEEN_SHARE * this.#counts[side]!));
    return levels === 0 ? 0 : Math.abs(prices[levels - 1]! - prices[0]!);
  }
}

/** The next of 1, 2, 5, 10, 20, 50, … */
function roundedUp(ticks: number): number {
  for (let power = 1; power < Number.MAX_SAFE_INTEGER; power *= 10) {
    for (const digit of [1, 2, 5]) if (digit * power >= ticks) return digit * power;
  }
  return 1;
}
