/**
 * The public side of one market of the exchange: its messages as listeners see them (`ExchangeListener.market`), its levels, its prints.
 * An order-by-order market tells of orders; which levels that has changed is worked out from the prices that it touched.
 */
import {
  EVENT_STRIDE,
  EventFlag,
  EventKind,
  Field,
  TradingStatus,
  headFlags,
  headKind,
  packHead,
} from '@quotewright/core/market/event';
import { L2Book } from '@quotewright/core/market/l2-book';
import type { L3Book } from '@quotewright/core/market/l3-book';
import { Side } from '@quotewright/core/market/side';
import { TradeTape } from './trade-tape.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { LEVEL, TRADE, ORDER_ADD, ORDER_EXEC, ORDER_REDUCE, ORDER_REMOVE, SNAPSHOT_BEGIN, SNAPSHOT_END, STATUS } =
  EventKind;
const { BUY, SELL } = Side;

export class MarketFeed {
  readonly index: number;
  /** The queues; undefined: the market is one of levels. */
  readonly queues: L3Book | undefined;
  readonly levels = new L2Book();
  readonly tape = new TradeTape();
  sequence = 0;
  isTrading = true;
  /** The message at hand, `length` numbers of it. */
  message = new Float64Array(64 * EVENT_STRIDE);
  length = 0;
  /** Levels that the message touched: side and price in turn. */
  #touched: number[] = [];

  constructor(index: number, queues: L3Book | undefined) {
    this.index = index;
    this.queues = queues;
  }

  /** Makes the message of the records `data[from, to)`, which are one; `trades` has the number of each record that is a trade. */
  read(data: Float64Array, from: number, to: number, trades: Float64Array): void {
    this.length = 0;
    this.#touched.length = 0;
    this.sequence++;
    let isSnapshot = false;
    const before = hasSnapshot(data, from, to) ? this.#places() : [];
    for (let at = from; at < to; at += EVENT_STRIDE) {
      const kind = headKind(data[at + HEAD]!);
      this.#copy(data, at);
      if (kind === ORDER_EXEC) this.#trade(data, at, trades[at / EVENT_STRIDE]!);
      else if (kind === TRADE) this.#print(data, at, trades[at / EVENT_STRIDE]!);
      else if (kind === STATUS) this.isTrading = data[at + SIZE_LOTS] === TradingStatus.TRADING;
      else if (kind === SNAPSHOT_BEGIN) {
        isSnapshot = true;
        if (this.queues === undefined) this.levels.clear();
      } else if (kind === LEVEL) this.levels.set(sideOf(data, at), data[at + PRICE_TICKS]!, data[at + SIZE_LOTS]!);
      if (kind === ORDER_ADD || kind === ORDER_EXEC || kind === ORDER_REDUCE || kind === ORDER_REMOVE)
        this.#note(data, at);
    }
    const ns = data[from + VENUE_NS]!;
    if (this.queues !== undefined)
      this.#tellLevels(this.queues, isSnapshot ? [...before, ...this.#places(this.queues)] : this.#touched, ns);
    else if (isSnapshot) this.#tellGone(before, ns);
    if (this.length > 0) this.message[this.length - EVENT_STRIDE + HEAD]! |= EventFlag.LAST << 8;
  }

  top(side: Side, n: number, prices: Float64Array, sizes: Float64Array): number {
    return this.levels.top(side, n, prices, sizes);
  }

  #trade(data: Float64Array, at: number, number: number): void {
    const side = sideOf(data, at) === BUY ? SELL : BUY;
    const to = this.#append(packHead(TRADE, side === BUY ? EventFlag.BUY : 0, this.index), data[at + VENUE_NS]!);
    const { message } = this;
    message[to + PRICE_TICKS] = data[at + PRICE_TICKS]!;
    message[to + SIZE_LOTS] = data[at + SIZE_LOTS]!;
    message[to + ORDER_ID] = data[at + ORDER_ID]!;
    message[to + SEQ] = number;
    message[to + AUX] = data[at + AUX]!;
    this.tape.add(data[at + PRICE_TICKS]!, data[at + SIZE_LOTS]!, side, number, data[at + VENUE_NS]!);
  }

  #print(data: Float64Array, at: number, number: number): void {
    this.message[this.length - EVENT_STRIDE + SEQ] = number;
    this.tape.add(data[at + PRICE_TICKS]!, data[at + SIZE_LOTS]!, sideOf(data, at), number, data[at + VENUE_NS]!);
  }

  #note(data: Float64Array, at: number): void {
    this.#touched.push(sideOf(data, at), data[at + PRICE_TICKS]!);
  }

  /** Each level whose size is another than the one told last. */
  #tellLevels(queues: L3Book, touched: readonly number[], ns: number): void {
    for (let i = 0; i < touched.length; i += 2) {
      const side = touched[i] === BUY ? BUY : SELL;
      const price = touched[i + 1]!;
      const lots = queues.levelLots(queues.findLevel(side, price));
      if (this.levels.sizeAt(side, price) === lots) continue;
      this.levels.set(side, price, lots);
      this.#tellLevel(side, price, lots, ns);
    }
  }

  /** After a snapshot of levels: those that it does not have. */
  #tellGone(before: readonly number[], ns: number): void {
    for (let i = 0; i < before.length; i += 2) {
      const side = before[i] === BUY ? BUY : SELL;
      if (this.levels.sizeAt(side, before[i + 1]!) === 0) this.#tellLevel(side, before[i + 1]!, 0, ns);
    }
  }

  #tellLevel(side: Side, price: number, lots: number, ns: number): void {
    const to = this.#append(packHead(LEVEL, side === BUY ? EventFlag.BUY : 0, this.index), ns);
    const { message } = this;
    message[to + PRICE_TICKS] = price;
    message[to + SIZE_LOTS] = lots;
    message[to + ORDER_ID] = 0;
    message[to + SEQ] = this.sequence;
    message[to + AUX] = 0;
  }

  #copy(data: Float64Array, at: number): void {
    const head = data[at + HEAD]!;
    const flags = headFlags(head) & ~EventFlag.LAST;
    const to = this.#append(packHead(headKind(head), flags, this.index), data[at + VENUE_NS]!);
    const { message } = this;
    message[to + PRICE_TICKS] = data[at + PRICE_TICKS]!;
    message[to + SIZE_LOTS] = data[at + SIZE_LOTS]!;
    message[to + ORDER_ID] = data[at + ORDER_ID]!;
    message[to + SEQ] = this.sequence;
    message[to + AUX] = data[at + AUX]!;
  }

  /** A record whose head and times are set. */
  #append(head: number, ns: number): number {
    const at = this.length;
    if (at === this.message.length) {
      const grown = new Float64Array(at * 2);
      grown.set(this.message);
      this.message = grown;
    }
    this.length = at + EVENT_STRIDE;
    this.message[at + HEAD] = head;
    this.message[at + VENUE_NS] = ns;
    this.message[at + LOCAL_NS] = Number.NaN;
    return at;
  }

  /** Side and price of every level: as told last, or of queues. */
  #places(queues?: L3Book): number[] {
    const places: number[] = [];
    for (const side of [BUY, SELL]) {
      if (queues === undefined) {
        const levels = side === BUY ? this.levels.bids : this.levels.asks;
        for (let level = levels.best(); level >= 0; level = levels.next(level))
          places.push(side, levels.priceOf(level));
      } else {
        for (let level = queues.best(side); level !== 0; level = queues.levelAfter(level)) {
          places.push(side, queues.levelPrice(level));
        }
      }
    }
    return places;
  }
}

const sideOf = (data: Float64Array, at: number): Side =>
  (headFlags(data[at + HEAD]!) & EventFlag.BUY) === 0 ? SELL : BUY;

function hasSnapshot(data: Float64Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += EVENT_STRIDE) {
    if (headKind(data[at + HEAD]!) === SNAPSHOT_END) return true;
  }
  return false;
}
