/** The last prints of one instrument. */
import { EventFlag, Field } from '@quotewright/core/market/event';
import type { TradeEntry } from '../protocol/stream.ts';
import { marketMs } from './market-time.ts';

const { HEAD, LOCAL_NS, PRICE_TICKS, SIZE_LOTS } = Field;
const BUY_IN_HEAD = EventFlag.BUY << 8;
const STRIDE = 4;

export class TradeTape {
  /** Prints so far. */
  count = 0;
  readonly capacity: number;
  readonly #epochDay: number;
  /** Time, ticks, lots, side of each. */
  readonly #data: Float64Array;

  constructor(epochDay: number, capacity: number) {
    this.#epochDay = epochDay;
    this.capacity = capacity;
    this.#data = new Float64Array(capacity * STRIDE);
  }

  /** The TRADE record at `data[offset]`. */
  add(data: Float64Array, offset: number): void {
    const at = (this.count++ % this.capacity) * STRIDE;
    const own = this.#data;
    own[at] = data[offset + LOCAL_NS]!;
    own[at + 1] = data[offset + PRICE_TICKS]!;
    own[at + 2] = data[offset + SIZE_LOTS]!;
    own[at + 3] = (data[offset + HEAD]! & BUY_IN_HEAD) === 0 ? -1 : 1;
  }

  /** Prints from a number (from 0) to before another one, as far as they are kept, oldest first. */
  entries(from: number, to: number): TradeEntry[] {
    const own = this.#data;
    const entries: TradeEntry[] = [];
    for (let number = Math.max(0, from, this.count - this.capacity); number < to; number++) {
      const at = (number % this.capacity) * STRIDE;
      const side = own[at + 3]! > 0 ? 1 : -1;
      entries.push([marketMs(this.#epochDay, own[at]!), own[at + 1]!, own[at + 2]!, side]);
    }
    return entries;
  }
}
