/**
 * The reference workload's simulator and strategy, written from the words of its page and slow on purpose: plain maps and arrays
 * over the raw 64-byte records, nothing of the engine. What the page leaves open is taken so: sizes ahead round half
 * away from zero; the last step is the last one that is not after the last row; what is under way then still counts.
 *
 * One thing is ours by choice: a strategy of Quotewright sees a crossed book crossed, where the page's sees the best moved away.
 */
import { NaiveBook } from './naive-book.ts';

const RECORD = 64;
const LATENCY_NS = 1_000_000;
const STEP_NS = 10_000_000;
const MAX_CANCELS = 4;
const ORDER_LOTS = 10;
const MAX_LOTS = 1000;
const BUY_BIT = 0x2000_0000;

interface Row {
  readonly venueNs: number;
  readonly localNs: number;
  readonly isTrade: boolean;
  readonly isBuy: boolean;
  readonly ticks: number;
  readonly lots: number;
}

interface NaiveOrder {
  readonly isBuy: boolean;
  readonly ticks: number;
  ahead: number;
  /** Traded at the level since its last change. */
  traded: number;
  isResting: boolean;
  /** As the strategy knows it. */
  isAcknowledged: boolean;
  isInFlight: boolean;
  isFinished: boolean;
}

/** A message under way: what happens when it arrives. */
interface Message {
  readonly ns: number;
  readonly arrive: () => void;
}

export interface NaiveParity {
  readonly steps: number;
  readonly requests: number;
  readonly fills: number;
  readonly position: number;
  readonly balance: number;
  readonly fee: number;
}

/** @param seesCrossed the strategy's best prices are those of the levels as received, also while they cross */
export function naiveParity(bytes: Uint8Array, seesCrossed = false): NaiveParity {
  return new NaiveSimulation(readRows(bytes), seesCrossed).run();
}

function readRows(bytes: Uint8Array): Row[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const origin = view.getBigInt64(8, true);
  const rows: Row[] = [];
  for (let at = 0; at < bytes.length; at += RECORD) {
    const event = view.getUint32(at, true);
    rows.push({
      venueNs: Number(view.getBigInt64(at + 8, true) - origin),
      localNs: Number(view.getBigInt64(at + 16, true) - origin),
      isTrade: (event & 0xff) === 2,
      isBuy: (event & BUY_BIT) !== 0,
      ticks: Math.round(view.getFloat64(at + 24, true) / 0.1),
      lots: Math.round(view.getFloat64(at + 32, true) / 0.001),
    });
  }
  return rows;
}

class NaiveSimulation {
  readonly #local: readonly Row[];
  readonly #venue: readonly Row[];
  readonly #localBook = new NaiveBook();
  readonly #venueBook = new NaiveBook();
  readonly #resting = new Set<NaiveOrder>();
  #working: NaiveOrder[] = [];
  readonly #requestsUnderWay: Message[] = [];
  readonly #reportsUnderWay: Message[] = [];
  #nowNs = 0;
  #steps = 0;
  #requests = 0;
  #fills = 0;
  #positionLots = 0;
  /** Sums of price × size, in ticks × lots. */
  #bought = 0;
  #sold = 0;

  readonly #seesCrossed: boolean;

  constructor(rows: readonly Row[], seesCrossed: boolean) {
    this.#seesCrossed = seesCrossed;
    this.#local = rows;
    this.#venue = rows.toSorted((a, b) => a.venueNs - b.venueNs);
  }

  run(): NaiveParity {
    const first = this.#local[0]!;
    const lastNs = this.#local.at(-1)!.localNs;
    let stepNs = Math.min(first.venueNs, first.localNs) + STEP_NS;
    let local = 0;
    let venue = 0;
    for (;;) {
      // The order of this list is the order at equal times.
      const times = [
        this.#local[local]?.localNs,
        this.#reportsUnderWay[0]?.ns,
        this.#venue[venue]?.venueNs,
        this.#requestsUnderWay[0]?.ns,
        stepNs <= lastNs ? stepNs : undefined,
      ].map((ns) => ns ?? Number.POSITIVE_INFINITY);
      this.#nowNs = Math.min(...times);
      if (this.#nowNs === Number.POSITIVE_INFINITY) break;
      const what = times.indexOf(this.#nowNs);
      if (what === 0) this.#seen(this.#local[local++]!);
      else if (what === 1) this.#reportsUnderWay.shift()!.arrive();
      else if (what === 2) this.#happens(this.#venue[venue++]!);
      else if (what === 3) this.#requestsUnderWay.shift()!.arrive();
      else {
        this.#step();
        stepNs += STEP_NS;
      }
    }
    const unit = 0.1 * 0.001;
    return {
      steps: this.#steps,
      requests: this.#requests,
      fills: this.#fills,
      position: Number((this.#positionLots * 0.001).toFixed(3)),
      balance: Number(((this.#sold - this.#bought) * unit).toFixed(8)),
      fee: Number(((this.#sold + this.#bought) * unit * -0.00005).toFixed(8)),
    };
  }

  #seen({ isTrade, isBuy, ticks, lots }: Row): void {
    if (!isTrade) this.#localBook.set(isBuy, ticks, lots);
  }

  #happens(row: Row): void {
    if (row.isTrade) this.#trade(row);
    else this.#depth(row);
  }

  /** A buyer's trade concerns resting sells, a seller's resting buys. */
  #trade({ isBuy, ticks, lots }: Row): void {
    for (const order of [...this.#resting].filter((each) => each.isBuy !== isBuy)) {
      const isThrough = isBuy ? order.ticks < ticks : order.ticks > ticks;
      if (isThrough) this.#fill(order);
      else if (order.ticks === ticks) {
        order.ahead -= lots;
        order.traded += lots;
        if (roundAway(order.ahead) < 0) this.#fill(order);
      }
    }
  }

  #depth({ isBuy, ticks, lots }: Row): void {
    const before = this.#venueBook.set(isBuy, ticks, lots);
    for (const order of this.#resting) {
      if (order.isBuy === isBuy && order.ticks === ticks) moveInQueue(order, before, lots);
    }
    const { bestBid, bestAsk } = this.#venueBook;
    for (const order of [...this.#resting].filter((each) => each.isBuy !== isBuy)) {
      if (order.isBuy ? bestAsk <= order.ticks : bestBid >= order.ticks) this.#fill(order);
    }
  }

  #fill(order: NaiveOrder): void {
    order.isResting = false;
    this.#resting.delete(order);
    this.#report(() => {
      this.#fills++;
      const value = order.ticks * ORDER_LOTS;
      if (order.isBuy) this.#bought += value;
      else this.#sold += value;
      this.#positionLots += order.isBuy ? ORDER_LOTS : -ORDER_LOTS;
      order.isFinished = true;
    });
  }

  #step(): void {
    this.#steps++;
    this.#working = this.#working.filter((order) => !order.isFinished);
    let cancels = 0;
    const present = { buy: false, sell: false };
    for (const order of this.#working) {
      const best = this.#seenBest(order.isBuy);
      const canCancel = order.isAcknowledged && !order.isInFlight;
      if (order.ticks !== best && canCancel && cancels < MAX_CANCELS) {
        cancels++;
        this.#cancel(order);
      } else if (order.isBuy) present.buy = true;
      else present.sell = true;
    }
    if (!present.buy && this.#positionLots < MAX_LOTS) this.#enter(true, this.#seenBest(true));
    if (!present.sell && this.#positionLots > -MAX_LOTS) this.#enter(false, this.#seenBest(false));
  }

  #seenBest(isBid: boolean): number {
    const { bids, asks, bestBid, bestAsk } = this.#localBook;
    if (this.#seesCrossed) return isBid ? Math.max(...bids.keys()) : Math.min(...asks.keys());
    return isBid ? bestBid : bestAsk;
  }

  #enter(isBuy: boolean, ticks: number): void {
    if (!Number.isFinite(ticks)) return;
    const order: NaiveOrder = {
      isBuy,
      ticks,
      ahead: 0,
      traded: 0,
      isResting: false,
      isAcknowledged: false,
      isInFlight: true,
      isFinished: false,
    };
    this.#working.push(order);
    this.#request(() => {
      const { bestBid, bestAsk, bids, asks } = this.#venueBook;
      if (isBuy ? ticks >= bestAsk : ticks <= bestBid) {
        this.#report(() => {
          order.isFinished = true;
        });
        return;
      }
      order.ahead = (isBuy ? bids : asks).get(ticks) ?? 0;
      order.isResting = true;
      this.#resting.add(order);
      this.#report(() => {
        order.isAcknowledged = true;
        order.isInFlight = false;
      });
    });
  }

  #cancel(order: NaiveOrder): void {
    order.isInFlight = true;
    this.#request(() => {
      // One that has been filled has had its report before this one.
      order.isResting = false;
      this.#resting.delete(order);
      this.#report(() => {
        order.isFinished = true;
      });
    });
  }

  #request(arrive: () => void): void {
    this.#requests++;
    this.#requestsUnderWay.push({ ns: this.#nowNs + LATENCY_NS, arrive });
  }

  #report(arrive: () => void): void {
    this.#reportsUnderWay.push({ ns: this.#nowNs + LATENCY_NS, arrive });
  }
}

function moveInQueue(order: NaiveOrder, before: number, after: number): void {
  const change = before - after - order.traded;
  order.traded = 0;
  const { ahead } = order;
  if (change < 0) {
    order.ahead = Math.min(ahead, after);
    return;
  }
  const back = before - ahead;
  const p = 1 - (ahead / (ahead + back)) ** 3;
  order.ahead = Math.min(ahead - (1 - p) * change + Math.min(back - p * change, 0), after);
}

function roundAway(x: number): number {
  return Math.sign(x) * Math.round(Math.abs(x));
}
