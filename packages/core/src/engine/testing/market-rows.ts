/** Market records written by name, in the order in which they are received, and a random market made of them. */
import { Random } from '../../base/random.ts';
import { EVENT_STRIDE, EventFlag, EventKind, packHead } from '../../market/event.ts';
import { Side } from '../../market/side.ts';

export interface RowTimes {
  readonly venueNs: number;
  readonly localNs: number;
  /** Index of the instrument; 0 when absent. */
  readonly market?: number;
  /** More rows of the message follow. */
  readonly isOpen?: boolean;
}

export class MarketRows {
  count = 0;
  #data = new Float64Array(EVENT_STRIDE * 64);

  level(side: Side, priceTicks: number, sizeLots: number, times: RowTimes): this {
    return this.#add(EventKind.LEVEL, side, priceTicks, sizeLots, times);
  }

  /** `side`: the aggressor's. */
  trade(side: Side, priceTicks: number, sizeLots: number, times: RowTimes): this {
    return this.#add(EventKind.TRADE, side, priceTicks, sizeLots, times);
  }

  /** A record without price: GAP, SNAPSHOT_BEGIN, SNAPSHOT_END, STATUS (`size`). */
  mark(kind: number, times: RowTimes, size = 0): this {
    return this.#add(kind, Side.SELL, 0, size, times);
  }

  /** Rows `[from, to)` as a batch. */
  batch(from: number, to: number): Float64Array {
    return this.#data.slice(from * EVENT_STRIDE, to * EVENT_STRIDE);
  }

  #add(kind: number, side: Side, price: number, size: number, times: RowTimes): this {
    const { venueNs, localNs, market = 0, isOpen = false } = times;
    const at = this.count * EVENT_STRIDE;
    if (at === this.#data.length) {
      const grown = new Float64Array(at * 2);
      grown.set(this.#data);
      this.#data = grown;
    }
    const flags = (side === Side.BUY ? EventFlag.BUY : 0) | (isOpen ? 0 : EventFlag.LAST);
    this.#data.set([packHead(kind, flags, market), venueNs, localNs, price, size, 0, ++this.count, 0], at);
    return this;
  }
}

/** No row of a random market is received later than this after it happened. */
export const MAX_FEED_NS = 3_000_000;
export const MIDDLE = 10_000;
const DEPTH = 6;
const MEAN_GAP_NS = 400_000;

/**
 * A market that wanders: levels around a moving middle, prints at the touch, now and then a level that crosses the other side, a
 * gap with its snapshot, and rows that happened before others that were received earlier.
 */
export function randomMarket(seed: number, rows: number, markets: number): MarketRows {
  const random = Random.stream(seed, 'random market');
  const out = new MarketRows();
  const middles = Array.from({ length: markets }, () => MIDDLE);
  let clockNs = 1_000_000;
  let localNs = 0;
  const times = (market: number, isOpen = false): Required<RowTimes> => {
    localNs = Math.max(localNs, clockNs + 500_000 + random.below(1_000_000));
    const venueNs = random.below(8) === 0 ? clockNs - random.below(1_000_000) : clockNs;
    return { venueNs: Math.max(venueNs, localNs - MAX_FEED_NS), localNs, market, isOpen };
  };
  const ladder = (market: number): void => {
    for (let i = 1; i <= DEPTH; i++) {
      const isLastPair = i === DEPTH;
      out.level(Side.BUY, middles[market]! - i, 1 + random.below(300), times(market, true));
      out.level(Side.SELL, middles[market]! + i, 1 + random.below(300), times(market, !isLastPair));
    }
  };
  for (let market = 0; market < markets; market++) ladder(market);
  while (out.count < rows) {
    clockNs += 1 + random.below(2 * MEAN_GAP_NS);
    const market = random.below(markets);
    const side = random.below(2) === 0 ? Side.BUY : Side.SELL;
    const away = side === Side.BUY ? -1 : 1;
    const what = random.below(1000);
    if (what < 2) {
      out.mark(EventKind.GAP, times(market));
      clockNs += 1 + random.below(20_000_000);
      out.mark(EventKind.SNAPSHOT_BEGIN, times(market, true));
      ladder(market);
      out.mark(EventKind.SNAPSHOT_END, times(market));
    } else if (what < 300) {
      out.trade(side, middles[market]! - away * (1 + random.below(2)), 1 + random.below(120), times(market));
    } else if (what < 340) {
      // The middle moves a tick: what it passes is removed, in one message with what appears.
      const up = random.below(2) === 0 ? 1 : -1;
      const middle = (middles[market]! += up);
      const passed = up > 0 ? Side.SELL : Side.BUY;
      out.level(passed, middle, 0, times(market, true));
      out.level(up > 0 ? Side.BUY : Side.SELL, middle - up, 1 + random.below(300), times(market));
    } else if (what < 344) {
      const crossing = middles[market]! - 2 * away;
      out.level(side, crossing, 1 + random.below(50), times(market));
      clockNs += 1 + random.below(3_000_000);
      out.level(side, crossing, 0, times(market));
    } else {
      const size = random.below(7) === 0 ? 0 : 1 + random.below(300);
      out.level(side, middles[market]! + away * (1 + random.below(DEPTH)), size, times(market));
    }
  }
  return out;
}
