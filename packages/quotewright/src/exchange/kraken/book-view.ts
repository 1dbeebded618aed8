/**
 * The book of one market to a depth, as those who subscribed to that depth see it: what each message changes within it. A level that falls
 * out of the depth is not told of, one that comes into it is; the checksum is of the ten best levels.
 * Source: docs.kraken.com/exchange/api-reference/spot-websocket-v2/book, docs.kraken.com/exchange/guides/websockets/book-checksum-v2.
 */
import { crc32 } from 'node:zlib';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { VenueExchange } from '../contract.ts';
import { digits } from './json.ts';

const CHECKED = 10;

interface Levels {
  prices: Float64Array;
  sizes: Float64Array;
  count: number;
}

export class BookView {
  readonly depth: number;
  readonly market: number;
  readonly #exchange: VenueExchange;
  readonly #instrument: Instrument;
  /** By side. */
  #now: [Levels, Levels];
  #last: [Levels, Levels];

  constructor(exchange: VenueExchange, market: number, depth: number) {
    this.#exchange = exchange;
    this.market = market;
    this.depth = depth;
    this.#instrument = exchange.instruments[market]!;
    const none = (): Levels => ({ prices: new Float64Array(depth), sizes: new Float64Array(depth), count: 0 });
    this.#now = [none(), none()];
    this.#last = [none(), none()];
    this.#read();
  }

  /** `data` of a snapshot. */
  snapshot(timestamp: string): object {
    const side = (which: Side) => {
      const { prices, sizes, count } = this.#now[which];
      return Array.from({ length: count }, (_, i) => this.#level(prices[i]!, sizes[i]!));
    };
    return this.#entry(side(Side.BUY), side(Side.SELL), timestamp);
  }

  /** `data` of an update to the market as it is now; undefined when nothing within the depth is another. */
  update(timestamp: string): object | undefined {
    this.follow();
    const bids = this.#changes(Side.BUY);
    const asks = this.#changes(Side.SELL);
    return bids.length + asks.length === 0 ? undefined : this.#entry(bids, asks, timestamp);
  }

  /** The same without telling of it. */
  follow(): void {
    [this.#last, this.#now] = [this.#now, this.#last];
    this.#read();
  }

  /** Best bid and ask with their sizes; undefined when a side is empty. */
  best(): readonly [bid: number, bidLots: number, ask: number, askLots: number] | undefined {
    const [bids, asks] = this.#now;
    if (bids.count === 0 || asks.count === 0) return undefined;
    return [bids.prices[0]!, bids.sizes[0]!, asks.prices[0]!, asks.sizes[0]!];
  }

  #read(): void {
    for (const side of [Side.BUY, Side.SELL]) {
      const levels = this.#now[side];
      levels.count = this.#exchange.top(this.market, side, this.depth, levels.prices, levels.sizes);
    }
  }

  #changes(side: Side): object[] {
    const now = this.#now[side];
    const last = this.#last[side];
    const sign = side === Side.BUY ? -1 : 1;
    const changes: object[] = [];
    // What stood behind the worst level that is told of now has fallen out of the depth, unless there is room.
    const worst = now.count < this.depth ? Number.POSITIVE_INFINITY : sign * now.prices[now.count - 1]!;
    let i = 0;
    let k = 0;
    while (i < now.count || k < last.count) {
      const ours = i < now.count ? sign * now.prices[i]! : Number.POSITIVE_INFINITY;
      const theirs = k < last.count ? sign * last.prices[k]! : Number.POSITIVE_INFINITY;
      if (ours === theirs) {
        if (now.sizes[i] !== last.sizes[k]) changes.push(this.#level(now.prices[i]!, now.sizes[i]!));
        i++;
        k++;
      } else if (ours < theirs) {
        changes.push(this.#level(now.prices[i]!, now.sizes[i]!));
        i++;
      } else {
        if (theirs < worst) changes.push(this.#level(last.prices[k]!, 0));
        k++;
      }
    }
    return changes;
  }

  #entry(bids: readonly object[], asks: readonly object[], timestamp: string): object {
    return { symbol: this.#instrument.symbol, bids, asks, checksum: this.#checksum(), timestamp };
  }

  #checksum(): number {
    let text = '';
    for (const side of [Side.SELL, Side.BUY]) {
      const { prices, sizes, count } = this.#now[side];
      for (let i = 0; i < Math.min(CHECKED, count); i++) {
        text += plain(this.#instrument.price.format(prices[i]!)) + plain(this.#instrument.size.format(sizes[i]!));
      }
    }
    const checksum = crc32(text);
    return this.#exchange.faults.take('bad-checksum') ? (checksum ^ 1) >>> 0 : checksum;
  }

  #level(ticks: number, lots: number): object {
    const { price, size } = this.#instrument;
    return { price: digits(price.format(ticks)), qty: digits(size.format(lots)) };
  }
}

/** Without the point and the zeros in front. */
function plain(decimal: string): string {
  return decimal.replace('.', '').replace(/^0+/u, '');
}
