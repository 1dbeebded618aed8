/**
 * What happens to one order: it goes through its states (`order-transitions.ts`), its terms become certain, its lane's totals and
 * the notes for the quoter follow. Slots are of unfinished orders unless said otherwise.
 */
import { Side } from '../market/side.ts';
import { LaneDouble, LaneWord, OrderDouble, OrderMark, OrderWord } from './order-layout.ts';
import { OrderState } from './order-state.ts';
import { OrderTable } from './order-table.ts';
import { TRANSITIONS } from './order-transitions.ts';
import { Reject } from './records.ts';

const { PRICE_TICKS, SIZE_LOTS, FILLED_LOTS, WANTED_PRICE_TICKS, WANTED_SIZE_LOTS, OPEN_LOTS, CHANGED_NS } =
  OrderDouble;
const { STATE, FLAGS, LANE } = OrderWord;
const { QUOTE } = OrderMark;
const { OPEN_LOTS: LANE_OPEN, REFUSED_TICKS, REFUSED_NS } = LaneDouble;
const { VERSION, STALE_BEST, REFUSALS } = LaneWord;
const { FILLED, LIVE, UNKNOWN } = OrderState;
const { POST_ONLY_WOULD_TAKE, SELF_TRADE } = Reject;

export class OrderMachine {
  readonly table: OrderTable;
  /** Local time, in an array so that no number is boxed on the way. */
  readonly nowNs = new Float64Array(1);

  constructor(lanes: number) {
    this.table = new OrderTable(lanes);
  }

  /** Goes to the next state if the input concerns the order; false when it does not, or leaves the state as it is. */
  move(slot: number, input: number): boolean {
    const table = this.table;
    const words = table.words;
    const state = words[(slot << 5) | STATE];
    const next = TRANSITIONS[(state << 4) | input];
    if (next === 0 || next === state) return false;
    words[(slot << 5) | STATE] = next;
    table.doubles[(slot << 4) | CHANGED_NS] = this.nowNs[0];
    this.touch(slot);
    if (next >= FILLED) table.finish(slot);
    else if (next === LIVE || next === UNKNOWN) table.unawait(slot);
    return true;
  }

  /** Whether `move` would move it. */
  can(slot: number, input: number): boolean {
    const state = this.table.words[(slot << 5) | STATE];
    const next = TRANSITIONS[(state << 4) | input];
    return next !== 0 && next !== state;
  }

  /** Tells the quoter of the lane that an order has changed. */
  touch(slot: number): void {
    this.table.laneWords[(this.table.words[(slot << 5) | LANE] << 5) | VERSION]++;
  }

  /** The larger of the sizes that the order may have. */
  mostLots(slot: number): number {
    const size = this.table.doubles[(slot << 4) | SIZE_LOTS];
    const wanted = this.table.doubles[(slot << 4) | WANTED_SIZE_LOTS];
    return wanted > size ? wanted : size;
  }

  /** Brings OPEN_LOTS of an unfinished order and of its lane up to date. */
  recount(slot: number): void {
    const table = this.table;
    const doubles = table.doubles;
    const rest = this.mostLots(slot) - doubles[(slot << 4) | FILLED_LOTS];
    const open = rest > 0 ? rest : 0;
    const words = table.words;
    const sum = (words[(slot << 5) | LANE] << 4) | (LANE_OPEN + (~words[(slot << 5) | FLAGS] & 1));
    table.laneDoubles[sum] += open - doubles[(slot << 4) | OPEN_LOTS];
    doubles[(slot << 4) | OPEN_LOTS] = open;
  }

  /** False while the outcome of an amendment is not known. A LIVE order is settled. */
  isSettled(slot: number): boolean {
    const doubles = this.table.doubles;
    const at = slot << 4;
    return (
      doubles[at | PRICE_TICKS] === doubles[at | WANTED_PRICE_TICKS] &&
      doubles[at | SIZE_LOTS] === doubles[at | WANTED_SIZE_LOTS]
    );
  }

  /** The terms are certain. */
  setTerms(slot: number, priceTicks: number, sizeLots: number): void {
    const table = this.table;
    const doubles = table.doubles;
    const at = slot << 4;
    if (doubles[at | PRICE_TICKS] !== priceTicks || doubles[at | WANTED_PRICE_TICKS] !== priceTicks) {
      const words = table.words;
      const side = ~words[(slot << 5) | FLAGS] & 1;
      table.laneWords[(words[(slot << 5) | LANE] << 5) | (STALE_BEST + side)] = 1;
    }
    doubles[at | PRICE_TICKS] = priceTicks;
    doubles[at | SIZE_LOTS] = sizeLots;
    doubles[at | WANTED_PRICE_TICKS] = priceTicks;
    doubles[at | WANTED_SIZE_LOTS] = sizeLots;
  }

  /** A quote stands as sent: the row of refusals on its side is over. */
  alive(slot: number): void {
    const words = this.table.words;
    const flags = words[(slot << 5) | FLAGS];
    if ((flags & QUOTE) === 0) return;
    const lane = words[(slot << 5) | LANE];
    this.table.laneWords[(lane << 5) | (REFUSALS + (~flags & 1))] = 0;
    this.table.laneDoubles[(lane << 4) | (REFUSED_NS + (~flags & 1))] = -Infinity;
  }

  /** Notes for the quoter that the venue did not want the price at which the quote should stand, or any. */
  noteRefusal(slot: number, reason: number): void {
    const table = this.table;
    const flags = table.words[(slot << 5) | FLAGS];
    if ((flags & QUOTE) === 0) return;
    const lane = table.words[(slot << 5) | LANE];
    const side = ~flags & 1;
    let price = side === Side.BUY ? -Infinity : Infinity;
    if (reason === POST_ONLY_WOULD_TAKE || reason === SELF_TRADE) {
      price = table.doubles[(slot << 4) | WANTED_PRICE_TICKS];
    }
    table.laneDoubles[(lane << 4) | (REFUSED_TICKS + side)] = price;
    table.laneDoubles[(lane << 4) | (REFUSED_NS + side)] = this.nowNs[0];
    table.laneWords[(lane << 5) | (REFUSALS + side)]++;
  }
}
