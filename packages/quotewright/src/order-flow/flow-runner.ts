/** Runs order flow through the matching engine and keeps the figures by which engines are compared. */
import { MatchingEngine } from '@quotewright/core/matching/engine';
import { EventField, MatchEvent, MatchEventBuffer, eventKind } from '@quotewright/core/matching/events';
import { SelfTrade, TimeInForce } from '@quotewright/core/matching/codes';
import { InputError } from '../data/report.ts';
import { OrderTable } from './order-table.ts';
import { FLOW_STRIDE, FlowOp } from './read-flow.ts';

// Constants of this module alone: V8 folds them into the machine code, imported ones it loads at every use.
const { HEAD, MAKER_REF, PRICE, LOTS } = EventField;
const { TRADED } = MatchEvent;
const { CANCEL, ADD_IOC } = FlowOp;
const { GTC, IOC } = TimeInForce;
const { ALLOW } = SelfTrade;
const STRIDE = FLOW_STRIDE;

/** FNV-1a: start and multiplier of the trade hash. */
const HASH_START = 2_166_136_261;
const HASH_FACTOR = 16_777_619;
/** Records that stay in the nearest cache. */
const EVENT_CAPACITY = 256;

export interface FlowResult {
  readonly ops: number;
  readonly trades: number;
  readonly tradedQty: number;
  /** For each trade, for each of maker id, price, qty: xor, then × 16777619 (mod 2^32). */
  readonly tradeHash: number;
  readonly resting: number;
  readonly bidLevels: number;
  readonly askLevels: number;
  /** null when the side is empty. */
  readonly bestBid: number | null;
  readonly bestAsk: number | null;
  /** Cancels of ids that rest no more, or never did. */
  readonly unknownCancels: number;
}

export class FlowRunner {
  readonly engine: MatchingEngine;
  readonly #events: MatchEventBuffer;
  readonly #table: OrderTable;
  #ops = 0;
  #unknownCancels = 0;
  #hash = HASH_START | 0;
  #trades = 0;
  #tradedQty = 0;

  /**
   * @param orders orders and levels at a time for which memory is held ready; it grows
   * @param ids ids from 0 for which memory is held ready; it grows
   */
  constructor(orders: number, ids: number) {
    this.#events = new MatchEventBuffer(EVENT_CAPACITY, (buffer) => this.#take(buffer));
    this.engine = new MatchingEngine(this.#events, orders);
    this.#table = new OrderTable(ids);
  }

  /**
   * Runs `length` operations, five int32 each.
   * @throws InputError when an order's id is that of an order that rests, at what `describe` answers for its place in the batch
   */
  run(ops: Int32Array, length: number, describe: (index: number) => string): void {
    for (let i = 0; i < length; i++) if (!this.step(ops, i * STRIDE)) throw repeatedId(describe(i));
  }

  /** Runs the operation at an offset; false when its id is that of an order that rests. */
  step(ops: Int32Array, at: number): boolean {
    const { engine } = this;
    const { book } = engine;
    this.#ops++;
    const op = ops[at]!;
    const id = ops[at + 1]!;
    const slot = this.#table.get(id);
    // The table does not forget: only the book knows whether the slot still holds this order.
    const isResting = slot !== 0 && book.holds(slot, id);
    if (op === CANCEL) {
      if (isResting) engine.cancel(slot, book.generationOf(slot));
      else this.#unknownCancels++;
      return true;
    }
    if (isResting) return false;
    const timeInForce = op === ADD_IOC ? IOC : GTC;
    this.#table.set(id, engine.limit(ops[at + 2]!, ops[at + 3]!, ops[at + 4]!, id, 0, timeInForce, ALLOW));
    return true;
  }

  /** The figures so far. */
  result(): FlowResult {
    this.#events.flush();
    const { book } = this.engine;
    const [bids, asks] = [book.sides[0]!, book.sides[1]!];
    return {
      ops: this.#ops,
      trades: this.#trades,
      tradedQty: this.#tradedQty,
      tradeHash: this.#hash >>> 0,
      resting: book.countOrders(0) + book.countOrders(1),
      bidLevels: bids.size,
      askLevels: asks.size,
      bestBid: bids.size === 0 ? null : book.bestPrice(0),
      bestAsk: asks.size === 0 ? null : book.bestPrice(1),
      unknownCancels: this.#unknownCancels,
    };
  }

  #take(buffer: MatchEventBuffer): void {
    const { ints, doubles, length } = buffer;
    let hash = this.#hash;
    let trades = 0;
    let quantity = 0;
    for (let record = 0; record < length; record++) {
      if (eventKind(ints[(record << 3) | HEAD]!) !== TRADED) continue;
      const lots = doubles[(record << 2) | LOTS]!;
      hash = Math.imul(hash ^ ints[(record << 3) | MAKER_REF]!, HASH_FACTOR);
      hash = Math.imul(hash ^ doubles[(record << 2) | PRICE]!, HASH_FACTOR);
      hash = Math.imul(hash ^ lots, HASH_FACTOR);
      trades++;
      quantity += lots;
    }
    this.#hash = hash;
    this.#trades += trades;
    this.#tradedQty += quantity;
  }
}

/** The error of an operation that adds an order under the id of one that rests. */
export function repeatedId(where: string): InputError {
  return new InputError(`${where}: the id of a new order is that of an order that rests already`);
}
