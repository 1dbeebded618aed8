/** One engine beside the naive one: each operation runs on both, and what differs, or breaks an invariant, is told. */
import { Side } from '../../market/side.ts';
import { MarketState } from '../codes.ts';
import { MatchingEngine } from '../engine.ts';
import { MatchEvent, MatchEventBuffer } from '../events.ts';
import { Ledger } from './ledger.ts';
import { NaiveEngine } from './naive-engine.ts';
import type { NaiveEvent, NaiveOrder } from './naive-order.ts';
import { type Op, completeRequest } from './ops.ts';
import { type Published, readEvents } from './published.ts';

export interface SessionOptions {
  /** Records of the event buffer. */
  readonly buffer?: number;
  /** Records of the book. */
  readonly capacity?: number;
  /** Whole books are compared every so many operations. */
  readonly checkEvery?: number;
  readonly dayEndNs?: number;
}

const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));
const word = (kind: number): string => Object.entries(MatchEvent).find(([, value]) => value === kind)?.[0] ?? `${kind}`;

export class Session {
  readonly engine: MatchingEngine;
  readonly naive = new NaiveEngine();
  readonly ledger = new Ledger();
  /** Accepted orders by REF. */
  readonly orders: (NaiveOrder | undefined)[] = [];
  readonly #checkEvery: number;
  readonly #generations = new Map<number, number>();
  readonly #published: Published[] = [];
  readonly #icebergs = new Set<number>();
  #ops = 0;

  constructor(options: SessionOptions = {}) {
    const events = new MatchEventBuffer(options.buffer ?? 256, (buffer) => this.#published.push(...readEvents(buffer)));
    this.engine = new MatchingEngine(events, options.capacity ?? 64);
    this.engine.dayEndNs = options.dayEndNs ?? 0;
    this.naive.dayEndNs = options.dayEndNs ?? 0;
    this.#checkEvery = options.checkEvery ?? 64;
  }

  /** Runs an operation on both engines. @returns what went wrong, or '' */
  run(op: Op): string {
    const expected = this.#runNaive(op);
    const answered = this.#runEngine(op);
    this.engine.events.flush();
    const wrong = this.#compareEvents();
    this.naive.events = [];
    this.#published.length = 0;
    if (wrong !== '') return wrong;
    const wanted = typeof expected === 'object' ? (isOpen(expected) ? expected.slot : 0) : expected;
    if (answered !== wanted) return `${op.op} answered ${answered}, not ${wanted}`;
    if (!same(this.engine.lastTradeTicks, this.naive.lastTicks)) {
      return `last trade is ${this.engine.lastTradeTicks}, not ${this.naive.lastTicks}`;
    }
    const { book } = this.engine;
    if (this.engine.state === MarketState.TRADING && book.bestPrice(Side.BUY) >= book.bestPrice(Side.SELL)) {
      return `crossed: ${book.bestPrice(Side.BUY)} bid, ${book.bestPrice(Side.SELL)} asked`;
    }
    return ++this.#ops % this.#checkEvery === 0 ? this.check() : '';
  }

  /** Compares the whole books and checks what must always hold. @returns what is wrong, or '' */
  check(): string {
    const lost = this.naive.waiting.find((order) => this.#handleOf(order) !== '');
    if (lost !== undefined) return `waiting ${this.#handleOf(lost)}`;
    if (!same(this.engine.auctionPrice(), this.naive.auctionPrice())) {
      return `auction price is ${this.engine.auctionPrice()}, not ${this.naive.auctionPrice()}`;
    }
    const open = this.naive.live().reduce((sum, order) => sum + order.open, 0);
    if (open !== this.ledger.total) return `${open} lots are open, ${this.ledger.total} by the events`;
    return this.#checkSide(Side.BUY) || this.#checkSide(Side.SELL);
  }

  #checkSide(side: Side): string {
    const { book } = this.engine;
    const queue = this.naive.queues[side];
    let at = 0;
    for (let level = book.best(side); level !== 0; level = book.levelAfter(level)) {
      const price = book.levelPrice(level);
      let total = 0;
      let arrival = 0;
      for (let slot = book.front(level); slot !== 0; slot = book.behind(slot)) {
        const order = queue[at++];
        if (order === undefined) return `the book has more orders than the naive one from ${price} on`;
        const wrong = this.#handleOf(order);
        if (wrong !== '') return wrong;
        if (order.slot !== slot) return `at ${price}: slot ${slot} stands where order ${order.ref} should`;
        if (order.price !== price) return `order ${order.ref} stands at ${price}, not ${order.price}`;
        if (order.shown !== book.openLots(slot)) return `order ${order.ref} shows ${book.openLots(slot)}`;
        if (book.sideOf(slot) !== side || book.priceOf(slot) !== price) return `slot ${slot} is astray`;
        if (!this.#icebergs.has(order.ref)) {
          if (this.ledger.arrival[order.ref]! < arrival) return `order ${order.ref} stands behind a later one`;
          arrival = this.ledger.arrival[order.ref]!;
        }
        total += book.openLots(slot);
      }
      if (total !== book.levelLots(level)) return `level ${price} totals ${book.levelLots(level)}, not ${total}`;
      if (book.findLevel(side, price) !== level) return `level ${price} is not found by its price`;
    }
    return at === queue.length ? '' : `the book lacks orders: ${at} of ${queue.length}`;
  }

  /** What is wrong with the engine's record of a live order, or ''. */
  #handleOf(order: NaiveOrder): string {
    if (!this.engine.book.isLive(order.slot, order.generation)) return `order ${order.ref} is lost`;
    const open = this.engine.openLots(order.slot);
    if (open !== order.open) return `order ${order.ref} has ${open} lots open, not ${order.open}`;
    if (open !== this.ledger.open[order.ref]) {
      return `order ${order.ref} has ${open} lots open, ${this.ledger.open[order.ref]} by the events`;
    }
    return '';
  }

  #runNaive(op: Op): NaiveOrder | number | boolean {
    const { naive } = this;
    switch (op.op) {
      case 'limit':
      case 'submit': {
        const r = completeRequest(op);
        const linkRef = op.op === 'submit' ? op.link : undefined;
        const link = linkRef === undefined ? undefined : this.orders[linkRef];
        if (r.displayLots !== 0) this.#icebergs.add(r.ref);
        const order = naive.submit({ ...r, hasLink: linkRef !== undefined, link });
        if (order !== undefined) this.orders[r.ref] = order;
        return order ?? 0;
      }
      case 'cancel': {
        const { slot, generation } = this.#target(op.target);
        return naive.cancel(this.orders[op.target], slot, generation);
      }
      case 'amend': {
        const { slot, generation } = this.#target(op.target);
        return naive.amend(this.orders[op.target], slot, generation, op.priceTicks, op.sizeLots);
      }
      case 'massCancel':
        return naive.massCancel(op.owner);
      case 'advance':
        naive.advance(op.nowNs);
        return 0;
      default:
        naive.setState(op.state);
        return 0;
    }
  }

  #runEngine(op: Op): number | boolean {
    const { engine } = this;
    switch (op.op) {
      case 'limit':
        return engine.limit(op.side, op.priceTicks, op.sizeLots, op.ref, op.owner, op.timeInForce, op.selfTrade);
      case 'submit': {
        engine.request.reset();
        Object.assign(engine.request, completeRequest(op));
        if (op.link !== undefined) {
          const { slot, generation } = this.#target(op.link);
          engine.request.linkSlot = slot;
          engine.request.linkGeneration = generation;
        }
        return engine.submit();
      }
      case 'cancel': {
        const { slot, generation } = this.#target(op.target);
        return engine.cancel(slot, generation);
      }
      case 'amend': {
        const { slot, generation } = this.#target(op.target);
        return engine.amend(slot, generation, op.priceTicks, op.sizeLots);
      }
      case 'massCancel':
        return engine.massCancel(op.owner);
      case 'advance':
        engine.advance(op.nowNs);
        return 0;
      default:
        engine.setState(op.state);
        return 0;
    }
  }

  /** Handle of an order; one that is nobody's when the order had none. */
  #target(ref: number): { slot: number; generation: number } {
    const order = this.orders[ref];
    return order === undefined || order.slot === 0 ? { slot: 3, generation: 1 } : order;
  }

  #compareEvents(): string {
    const wanted = this.naive.events;
    const got = this.#published;
    for (let i = 0; i < Math.max(wanted.length, got.length); i++) {
      const a = wanted[i];
      const b = got[i];
      if (a === undefined || b === undefined || !this.#isEqual(a, b)) {
        return `event ${i}: ${b === undefined ? 'nothing' : describe(b)}, not ${a === undefined ? 'nothing' : describeWanted(a)}`;
      }
      const wrong = this.ledger.apply(b.kind, b.ref, b.last, b.price, b.lots, b.isGone);
      if (wrong !== '') return wrong;
    }
    return '';
  }

  #isEqual(a: NaiveEvent, b: Published): boolean {
    const { order } = a;
    if (a.kind === MatchEvent.ACCEPTED && order?.canRest && b.slot !== 0) {
      // Which slot an order gets is the engine's own business, but it must be a handle that never was.
      const before = this.#generations.get(b.slot);
      if (before !== undefined && b.last <= before) return false;
      this.#generations.set(b.slot, b.last);
      order.slot = b.slot;
      order.generation = b.last;
    }
    const last = a.kind === MatchEvent.TRADED ? order?.ref : (order?.generation ?? a.generation);
    return (
      a.kind === b.kind &&
      a.reason === b.reason &&
      a.side === b.side &&
      a.isGone === b.isGone &&
      a.ref === b.ref &&
      (order?.slot ?? a.slot) === b.slot &&
      last === b.last &&
      same(a.price, b.price) &&
      same(a.lots, b.lots)
    );
  }
}

const isOpen = (order: NaiveOrder): boolean => order.where === 'queued' || order.where === 'waiting';

function describe(e: Published): string {
  return `${textOf(e)} (slot ${e.slot}, ${e.last})`;
}

function describeWanted(e: NaiveEvent): string {
  const handle = e.order === null ? `slot ${e.slot}, ${e.generation}` : `order ${e.order.ref}, slot ${e.order.slot}`;
  return `${textOf(e)} (${handle})`;
}

function textOf(e: NaiveEvent | Published): string {
  const gone = e.isGone ? ' gone' : '';
  return `${word(e.kind)} reason ${e.reason} side ${e.side} ref ${e.ref} ${e.lots} @ ${e.price}${gone}`;
}
