/** Book levels of one venue message, as exact ticks and lots in reusable typed arrays. */
import { GridFault } from '@quotewright/core/base/grid';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';

const PRICE_FAULTS = [
  '',
  'price not a decimal number',
  'price off the tick grid',
  'price too large for exact arithmetic',
];
const SIZE_FAULTS = ['', 'size not a decimal number', 'size off the lot grid', 'size too large for exact arithmetic'];

/** What is wrong with a level, in words: the kind of the bad row and what was found. */
export interface LevelFault {
  readonly kind: string;
  readonly found: string;
  /** The number is sound, but the instrument's grid cannot hold it. */
  readonly offGrid?: true;
}

export class LevelList {
  length = 0;
  /** `Side` of each level. */
  sides: Uint8Array;
  pricesTicks: Float64Array;
  /** Lots, 0 = the level is gone. */
  sizesLots: Float64Array;
  /** Venue time of each, NaN when the venue gave none. */
  venueNs: Float64Array;
  /** Why the last `add` or `addPairs` answered false. */
  fault: LevelFault = { kind: '', found: '' };
  /** Levels that the grid cannot hold: they were left out, or are in as removals where the price is sound. */
  readonly leftOut: LevelFault[] = [];

  constructor(capacity = 1024) {
    this.sides = new Uint8Array(capacity);
    this.pricesTicks = new Float64Array(capacity);
    this.sizesLots = new Float64Array(capacity);
    this.venueNs = new Float64Array(capacity);
  }

  clear(): void {
    this.length = 0;
    this.leftOut.length = 0;
  }

  /**
   * Adds a level given as decimal texts. False, with `fault` set, when one is no number or below zero: the message is
   * broken then. A venue's book may also hold levels that its present grid does not, from before a change of tick or
   * lot; such a level alone is left out, because the rest of the message is as good as any.
   */
  add(instrument: Instrument, side: number, price: unknown, size: unknown, venueNs: number): boolean {
    const ticks = priceTicks(instrument, price);
    if (typeof ticks !== 'number') return this.#refuse(ticks);
    const lots = sizeLots(instrument, size);
    if (typeof lots === 'number') this.addTicks(side, ticks, lots, venueNs);
    else if (!this.#refuse(lots)) return false;
    else this.addTicks(side, ticks, 0, venueNs);
    return true;
  }

  /** Adds a level that is on the grid already. */
  addTicks(side: number, ticks: number, lots: number, venueNs: number): void {
    const at = this.length++;
    if (at === this.sides.length) this.#grow();
    this.sides[at] = side;
    this.pricesTicks[at] = ticks;
    this.sizesLots[at] = lots;
    this.venueNs[at] = venueNs;
  }

  /** Adds a venue's `[[price, size, …], …]` of one side. */
  addPairs(instrument: Instrument, side: number, pairs: unknown, venueNs: number): boolean {
    if (!Array.isArray(pairs)) return this.#fail({ kind: 'levels are not a list', found: describe(pairs) });
    for (const pair of pairs as readonly unknown[]) {
      if (!Array.isArray(pair)) return this.#fail({ kind: 'level is not a pair', found: describe(pair) });
      if (!this.add(instrument, side, pair[0], pair[1], venueNs)) return false;
    }
    return true;
  }

  /** Adds a venue's bids and asks. */
  addBook(instrument: Instrument, bids: unknown, asks: unknown, venueNs: number): boolean {
    return this.addPairs(instrument, Side.BUY, bids, venueNs) && this.addPairs(instrument, Side.SELL, asks, venueNs);
  }

  side(at: number): Side {
    return this.sides[at] === Side.BUY ? Side.BUY : Side.SELL;
  }

  /** The latest venue time of a level, NaN when none has one. */
  get latestNs(): number {
    let latest = Number.NaN;
    for (let i = 0; i < this.length; i++) if (!(latest >= this.venueNs[i]!)) latest = this.venueNs[i]!;
    return latest;
  }

  /** A copy that holds no more memory than its levels need. */
  clone(): LevelList {
    const copy = new LevelList(this.length);
    copy.length = this.length;
    copy.sides.set(this.sides.subarray(0, this.length));
    copy.pricesTicks.set(this.pricesTicks.subarray(0, this.length));
    copy.sizesLots.set(this.sizesLots.subarray(0, this.length));
    copy.venueNs.set(this.venueNs.subarray(0, this.length));
    return copy;
  }

  /** Takes note of a fault. True when only the level is left out for it. */
  #refuse(fault: LevelFault): boolean {
    if (fault.offGrid === true) this.leftOut.push(fault);
    else this.fault = fault;
    return fault.offGrid === true;
  }

  #fail(fault: LevelFault): false {
    this.fault = fault;
    return false;
  }

  #grow(): void {
    const capacity = Math.max(16, this.sides.length * 2);
    const { sides, pricesTicks, sizesLots, venueNs } = this;
    this.sides = new Uint8Array(capacity);
    this.pricesTicks = new Float64Array(capacity);
    this.sizesLots = new Float64Array(capacity);
    this.venueNs = new Float64Array(capacity);
    this.sides.set(sides);
    this.pricesTicks.set(pricesTicks);
    this.sizesLots.set(sizesLots);
    this.venueNs.set(venueNs);
  }
}

/** Ticks of a positive price in decimal text, or what is wrong with it. */
export function priceTicks(instrument: Instrument, price: unknown): number | LevelFault {
  if (typeof price !== 'string') return { kind: 'price not a decimal text', found: describe(price) };
  const ticks = instrument.price.parse(price);
  if (ticks !== ticks) return gridFault(PRICE_FAULTS, instrument.price.fault, price);
  return ticks > 0 ? ticks : { kind: 'price not above zero', found: price };
}

/** Lots of a size in decimal text, zero included, or what is wrong with it. */
export function sizeLots(instrument: Instrument, size: unknown): number | LevelFault {
  if (typeof size !== 'string') return { kind: 'size not a decimal text', found: describe(size) };
  const lots = instrument.size.parse(size);
  if (lots !== lots) return gridFault(SIZE_FAULTS, instrument.size.fault, size);
  return lots >= 0 ? lots : { kind: 'size below zero', found: size };
}

function gridFault(kinds: readonly string[], fault: GridFault, found: string): LevelFault {
  const kind = kinds[fault]!;
  return fault === GridFault.MALFORMED ? { kind, found } : { kind, found, offGrid: true };
}

function describe(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
