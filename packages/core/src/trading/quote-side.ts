/** The scratch of one reconciliation for one side: what each wanted level has, and which orders are to be changed. */
import { Side } from '../market/side.ts';

/** Entries of `lots`. */
export const QuoteLots = {
  /** Open in orders that go, or may: on their way out, UNKNOWN, or not to be touched yet. */
  LEAVING: 0,
  /** Open in strays. */
  STRAY: 1,
} as const;

const { LEAVING, STRAY } = QuoteLots;
const FIRST_SIZE = 8;

export class QuoteSide {
  /** Lots that stand, or will stand, at each wanted level. */
  have = new Float64Array(FIRST_SIZE);
  readonly lots = new Float64Array(2);
  /** Orders at prices that are not wanted, or too many, which may be amended or cancelled; oldest first. */
  strays = new Int32Array(FIRST_SIZE);
  strayCount = 0;
  /** Orders to be cancelled, whatever else. */
  doomed = new Int32Array(FIRST_SIZE);
  doomedCount = 0;
  /** Orders that are to have another size where they are, and the open size they shall have. */
  resized = new Int32Array(FIRST_SIZE);
  resizedLots = new Float64Array(FIRST_SIZE);
  resizedCount = 0;
  /** 1 = an order is leaving the level, or may: nothing new is sent there. */
  #blocked = new Uint8Array(FIRST_SIZE);

  begin(levels: number): void {
    if (levels > this.have.length) {
      const size = 2 ** Math.ceil(Math.log2(levels));
      this.have = new Float64Array(size);
      this.#blocked = new Uint8Array(size);
    }
    for (let level = 0; level < levels; level++) {
      this.have[level] = 0;
      this.#blocked[level] = 0;
    }
    this.lots[LEAVING] = 0;
    this.lots[STRAY] = 0;
    this.strayCount = 0;
    this.doomedCount = 0;
    this.resizedCount = 0;
  }

  /** @param level -1 is left out */
  block(level: number): void {
    if (level >= 0) this.#blocked[level] = 1;
  }

  isBlocked(level: number): boolean {
    return this.#blocked[level] !== 0;
  }

  addStray(slot: number, openLots: number): void {
    if (this.strayCount === this.strays.length) this.strays = doubled(this.strays);
    this.strays[this.strayCount++] = slot;
    this.lots[STRAY] += openLots;
  }

  addDoomed(slot: number): void {
    if (this.doomedCount === this.doomed.length) this.doomed = doubled(this.doomed);
    this.doomed[this.doomedCount++] = slot;
  }

  addResized(slot: number, openLots: number): void {
    if (this.resizedCount === this.resized.length) {
      this.resized = doubled(this.resized);
      const lots = new Float64Array(this.resized.length);
      lots.set(this.resizedLots);
      this.resizedLots = lots;
    }
    this.resized[this.resizedCount] = slot;
    this.resizedLots[this.resizedCount++] = openLots;
  }
}

/** True when a price of a side is at least as aggressive as another; false when either is NaN. */
export function isAggressive(side: Side, priceTicks: number, thanTicks: number): boolean {
  return side === Side.BUY ? priceTicks >= thanTicks : priceTicks <= thanTicks;
}

function doubled(slots: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(2 * slots.length);
  grown.set(slots);
  return grown;
}
