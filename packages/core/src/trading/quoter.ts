/**
 * Keeps the quotes of one strategy in one market as they are wanted, with the fewest messages.
 *
 * A working quote at a wanted price stays where it is, in its place in the queue. A level that holds too much is cut from its
 * youngest order on: by an amendment to a smaller size where the venue keeps the place for that, else (if part of the order is
 * wanted) not at all; a level that holds too little gets another order (`resize: 'keep-place'`). With `resize: 'one-order'`
 * each level is one order of the exact size, whatever that costs. A quote at a price that is not wanted is amended to a
 * level that lacks size, or cancelled.
 *
 * In flight: an order that is on its way counts where it will stand; one that is leaving, or UNKNOWN, counts as open until
 * there is evidence, and no new order is sent that would have more lots at work on the side than are wanted (but see
 * `overlap`). No quote is sent that the strategy's own orders of the other side would meet. An UNKNOWN quote is asked
 * for by cancelling it, once per the desk's time-out.
 *
 * `reconcile` is to be called after each event while the venue is connected, and at `nextNs`.
 */
import { checkState } from '../base/state.ts';
import { Side } from '../market/side.ts';
import type { MessageBudget } from './message-budget.ts';
import type { OrderDesk } from './order-desk.ts';
import { LaneDouble, LaneWord, OrderDouble, OrderMark, OrderWord } from './order-layout.ts';
import { OrderState } from './order-state.ts';
import { QuoteLots, QuoteSide, isAggressive } from './quote-side.ts';
import { QuoteTargets, type QuoteTargetsState } from './quote-targets.ts';
import { OrderFlag } from './records.ts';

const { PRICE_TICKS, FILLED_LOTS, WANTED_PRICE_TICKS, WANTED_SIZE_LOTS, OPEN_LOTS, TERMS_NS, CHANGED_NS } = OrderDouble;
const { STATE, FLAGS, NEXT } = OrderWord;
const { QUOTE, CANCEL_REFUSED, NO_AMEND } = OrderMark;
const { BEST_TICKS, REFUSED_TICKS, REFUSED_NS } = LaneDouble;
const { FIRST, VERSION, REFUSALS } = LaneWord;
const { PENDING_NEW, LIVE, PENDING_CANCEL, PENDING_AMEND } = OrderState;
const { LEAVING, STRAY } = QuoteLots;
const POST_ONLY_QUOTE = OrderFlag.POST_ONLY | QUOTE;
/** Entries of `#times`. */
const NOW = 0;
const NEXT_NS = 1;
/** Entries of `#order`. */
const PRICE = 0;
const LOTS = 1;
/** A refusal's delay doubles up to so many times. */
const MAX_DOUBLINGS = 6;

export interface QuoterOptions {
  /** The venue amends price and size in one message, and a smaller size keeps the place in the queue. Default: false. */
  readonly canAmend?: boolean;
  /** What to do when a level's size changes; see above. Default: keep-place. */
  readonly resize?: 'keep-place' | 'one-order';
  /** New quotes go out beside the cancels of those they replace, not after their answer; both may fill. Default: false. */
  readonly overlap?: boolean;
  /** A quote is not moved or cancelled earlier than this after it was sent, unless its whole side is pulled. Default: 0. */
  readonly minQuoteLifeNs?: number;
  /** No order below this is sent. Default: 1. */
  readonly minSizeLots?: number;
  /**
   * After a refusal the price, and those more aggressive, rest for so long; twice as long after each in a row, up to 64 times
   * as long. An order whose cancel was refused rests for so long too. A side of which the risk gate refused a quote rests likewise,
   * but no longer than until `retry`. Default: 10 ms.
   */
  readonly rejectDelayNs?: number;
}

export interface QuoterState {
  readonly wanted: QuoteTargetsState;
  readonly times: Float64Array;
  readonly gateNs: Float64Array;
  readonly refusals: Int32Array;
  readonly seenVersion: number;
  readonly isIdle: boolean;
}

export class Quoter {
  /** What the strategy wants: `clear` it and fill it in. */
  readonly wanted = new QuoteTargets();
  readonly #desk: OrderDesk;
  readonly #strategy: number;
  readonly #market: number;
  readonly #lane: number;
  readonly #budget: MessageBudget | undefined;
  readonly #canAmend: boolean;
  readonly #isOneOrder: boolean;
  readonly #overlap: boolean;
  readonly #minQuoteLifeNs: number;
  readonly #minSizeLots: number;
  readonly #rejectDelayNs: number;
  readonly #sides: readonly [QuoteSide, QuoteSide] = [new QuoteSide(), new QuoteSide()];
  /** Now and when to look again, in an array so that no time is boxed. */
  readonly #times = Float64Array.of(0, Infinity);
  /** Price and open size of the request that is being made. */
  readonly #order = new Float64Array(2);
  /** By side: until when new quotes and amendments rest because the gate refused one. */
  readonly #gateNs = Float64Array.of(-Infinity, -Infinity);
  /** By side: refusals of the gate since the last `retry`. */
  readonly #refusals = new Int32Array(2);
  /** Version of the lane that the last reconciliation left. */
  #seenVersion = 0;
  /** No quote was wanted or unfinished after the last reconciliation. */
  #isIdle = false;

  /** @param budget requests per time of the venue; absent = no limit. @throws RangeError that names the field */
  constructor(
    desk: OrderDesk,
    strategy: number,
    market: number,
    budget: MessageBudget | undefined,
    options: QuoterOptions = {},
  ) {
    const { minQuoteLifeNs = 0, minSizeLots = 1, rejectDelayNs = 10e6 } = options;
    if (!(minQuoteLifeNs >= 0)) throw new RangeError(`quoter: minQuoteLifeNs ${minQuoteLifeNs} is below zero`);
    if (!(minSizeLots >= 1)) throw new RangeError(`quoter: minSizeLots ${minSizeLots} is below 1`);
    if (!(rejectDelayNs > 0)) throw new RangeError(`quoter: rejectDelayNs ${rejectDelayNs} is not above zero`);
    this.#desk = desk;
    this.#strategy = strategy;
    this.#market = market;
    this.#lane = strategy * desk.markets + market;
    this.#budget = budget;
    this.#canAmend = options.canAmend ?? false;
    this.#isOneOrder = options.resize === 'one-order';
    this.#overlap = options.overlap ?? false;
    this.#minQuoteLifeNs = minQuoteLifeNs;
    this.#minSizeLots = minSizeLots;
    this.#rejectDelayNs = rejectDelayNs;
  }

  /** When `reconcile` has something to do without another event; Infinity = never. */
  get nextNs(): number {
    return this.#times[NEXT_NS];
  }

  /** Positions, limits or states are others than when the gate refused: what rests for that is tried again. */
  retry(): void {
    if (this.#refusals[Side.BUY] + this.#refusals[Side.SELL] === 0) return;
    this.#refusals.fill(0);
    this.#gateNs.fill(-Infinity);
    // No version that there is: the next `reconcile` looks.
    this.#seenVersion = -1;
  }

  /** Sends what is needed to reach the wanted quotes, as far as it can be sent now. */
  reconcile(nowNs: number): void {
    const times = this.#times;
    // Nothing wanted and no quote left: a strategy that sends its own orders only is not looked through after each report.
    if (this.#isIdle && !this.wanted.isChanged) return;
    const isQuiet = this.#desk.table.laneWords[(this.#lane << 5) | VERSION] === this.#seenVersion;
    if (isQuiet && nowNs < times[NEXT_NS] && !this.wanted.isChanged) return;
    times[NOW] = nowNs;
    times[NEXT_NS] = Infinity;
    this.#isIdle = this.#reconcile() && this.wanted.counts[Side.BUY] + this.wanted.counts[Side.SELL] === 0;
    this.wanted.agree();
    this.#seenVersion = this.#desk.table.laneWords[(this.#lane << 5) | VERSION];
  }

  save(): QuoterState {
    return {
      wanted: this.wanted.save(),
      times: this.#times.slice(),
      gateNs: this.#gateNs.slice(),
      refusals: this.#refusals.slice(),
      seenVersion: this.#seenVersion,
      isIdle: this.#isIdle,
    };
  }

  restore(state: QuoterState): void {
    checkState('a quoter', state, this.save());
    this.wanted.restore(state.wanted);
    this.#times.set(state.times);
    this.#gateNs.set(state.gateNs);
    this.#refusals.set(state.refusals);
    this.#seenVersion = state.seenVersion;
    this.#isIdle = state.isIdle;
  }

  /** Cancels go first: they have the first claim on the budget. Answers true when there is no unfinished quote. */
  #reconcile(): boolean {
    let hasQuotes = false;
    const [bids, asks] = this.#sides;
    bids.begin(this.wanted.counts[Side.BUY]);
    asks.begin(this.wanted.counts[Side.SELL]);
    const { words, laneWords } = this.#desk.table;
    for (let slot = laneWords[(this.#lane << 5) | FIRST]; slot >= 0; slot = words[(slot << 5) | NEXT]) {
      const flags = words[(slot << 5) | FLAGS];
      if ((flags & QUOTE) === 0) continue;
      hasQuotes = true;
      this.#sort(slot, (flags & OrderFlag.BUY) !== 0 ? Side.BUY : Side.SELL);
    }
    for (let i = 0; i < bids.doomedCount; i++) this.#cancel(bids.doomed[i]);
    for (let i = 0; i < asks.doomedCount; i++) this.#cancel(asks.doomed[i]);
    this.#fillLevels(Side.BUY);
    this.#fillLevels(Side.SELL);
    return !hasQuotes;
  }

  /** Counts an order where it stands or will stand, or among those that have to go. */
  #sort(slot: number, side: Side): void {
    const { doubles, words } = this.#desk.table;
    const plan = this.#sides[side];
    const wanted = this.wanted;
    const at = slot << 4;
    const standing = wanted.levelOf(side, doubles, at | PRICE_TICKS);
    const coming = wanted.levelOf(side, doubles, at | WANTED_PRICE_TICKS);
    switch (words[(slot << 5) | STATE]) {
      case LIVE:
        if (standing < 0 || !this.#keeps(slot, side, standing)) this.#release(slot, side, standing);
        break;
      case PENDING_NEW:
      case PENDING_AMEND:
        this.#count(slot, side, coming);
        break;
      case PENDING_CANCEL:
        if (!this.#overlap) plan.lots[LEAVING] += doubles[at | OPEN_LOTS];
        plan.block(standing);
        plan.block(coming);
        break;
      default:
        plan.lots[LEAVING] += doubles[at | OPEN_LOTS];
        plan.block(standing);
        plan.block(coming);
        if (this.#isDue(doubles[at | CHANGED_NS] + this.#desk.ackTimeoutNs)) plan.addDoomed(slot);
    }
  }

  /** Counts an order on its way to a level, or (-1) to where it is not wanted any more. */
  #count(slot: number, side: Side, level: number): void {
    const { doubles } = this.#desk.table;
    const plan = this.#sides[side];
    const at = slot << 4;
    let leaving = doubles[at | OPEN_LOTS];
    if (level >= 0) {
      const coming = doubles[at | WANTED_SIZE_LOTS] - doubles[at | FILLED_LOTS];
      const lacks = Math.max(0, this.wanted.levels[side][2 * level + 1] - plan.have[level]);
      plan.have[level] += coming;
      if (this.#overlap) return;
      // What is cut off it, now or as soon as it stands.
      leaving -= this.#canAmend || this.#isOneOrder ? Math.min(coming, lacks) : coming;
    }
    plan.lots[LEAVING] += leaving;
  }

  /** Lets a working order stay at a wanted level, perhaps at another size; false when the level has no use for it. */
  #keeps(slot: number, side: Side, level: number): boolean {
    const plan = this.#sides[side];
    const open = this.#desk.table.doubles[(slot << 4) | OPEN_LOTS];
    const want = this.wanted.levels[side][2 * level + 1];
    const lacks = want - plan.have[level];
    if (this.#isOneOrder) {
      if (plan.have[level] !== 0) return false;
      if (open !== want) {
        if (!this.#mayAmend(slot) || want < this.#minSizeLots) return false;
        plan.addResized(slot, want);
      }
    } else {
      if (lacks <= 0) return false;
      if (lacks < open && lacks >= this.#minSizeLots && this.#mayAmend(slot)) plan.addResized(slot, lacks);
    }
    plan.have[level] += open;
    return true;
  }

  /** A working order is to go from where it is, when it may. */
  #release(slot: number, side: Side, level: number): void {
    const { doubles, words } = this.#desk.table;
    const plan = this.#sides[side];
    const open = doubles[(slot << 4) | OPEN_LOTS];
    const isPulled = this.wanted.counts[side] === 0;
    const isRefused = (words[(slot << 5) | FLAGS] & CANCEL_REFUSED) !== 0;
    if (
      (!isPulled && !this.#isDue(doubles[(slot << 4) | TERMS_NS] + this.#minQuoteLifeNs)) ||
      (isRefused && !this.#isDue(doubles[(slot << 4) | CHANGED_NS] + this.#rejectDelayNs))
    ) {
      plan.lots[LEAVING] += open;
      plan.block(level);
    } else if (this.#mayAmend(slot)) plan.addStray(slot, open);
    else {
      plan.addDoomed(slot);
      if (!this.#overlap) plan.lots[LEAVING] += open;
      plan.block(level);
    }
  }

  /** Resizes orders, moves strays to levels that lack size, sends new orders for the rest, and cancels strays of no use. */
  #fillLevels(side: Side): void {
    const plan = this.#sides[side];
    // Its arrays are others after a new order that made them grow.
    const table = this.#desk.table;
    const levels = this.wanted.levels[side];
    const count = this.wanted.counts[side];
    let lacking = 0;
    let fillable = 0;
    for (let level = 0; level < count; level++) {
      const lacks = levels[2 * level + 1] - plan.have[level];
      if (lacks > 0) lacking += lacks;
      if (this.#isFillable(plan, level, lacks)) fillable++;
    }
    // Lots that may go to work without more being open than wanted. Strays count as open until they are used.
    let room = lacking - plan.lots[LEAVING] - (this.#overlap ? 0 : plan.lots[STRAY]);
    for (let i = 0; i < plan.resizedCount; i++) {
      const slot = plan.resized[i];
      const more = plan.resizedLots[i] - table.doubles[(slot << 4) | OPEN_LOTS];
      // What is cut off is open until the venue has confirmed it; what is added is wanted there.
      if (more < 0 && !this.#overlap) room += more;
      if (more > room && more > 0) continue;
      this.#order[PRICE] = table.doubles[(slot << 4) | PRICE_TICKS];
      this.#order[LOTS] = plan.resizedLots[i];
      if (this.#amend(slot) && more > 0) room -= more;
    }
    // With more strays than levels, a level may take several at their size: that costs no more than to cancel them.
    let spare = this.#isOneOrder ? 0 : plan.strayCount - fillable;
    let used = 0;
    let skippedTicks = Number.NaN;
    for (let level = 0; level < count; level++) {
      let lacks = levels[2 * level + 1] - plan.have[level];
      if (!this.#isFillable(plan, level, lacks)) continue;
      this.#order[PRICE] = levels[2 * level];
      let isSent = this.#isSendable(side);
      while (isSent && lacks > 0 && used < plan.strayCount) {
        const slot = plan.strays[used];
        const open = table.doubles[(slot << 4) | OPEN_LOTS];
        const most = this.#overlap ? Math.max(open, room) : open + Math.max(0, room);
        const isPart = spare > 0 && open < lacks;
        const size = isPart ? open : Math.min(lacks, most);
        this.#order[LOTS] = size;
        isSent = this.#amend(slot);
        if (!isSent) break;
        used++;
        // While the amendment is in flight the larger of the sizes is open.
        room -= this.#overlap ? size : Math.max(0, size - open);
        lacks -= size;
        if (!isPart) lacks = 0;
        else spare--;
      }
      if (isSent && lacks > 0 && lacks <= room) {
        this.#order[LOTS] = lacks;
        isSent = this.#send(side);
        room -= lacks;
      }
      if (!isSent && skippedTicks !== skippedTicks) skippedTicks = levels[2 * level];
    }
    // A stray that no level can take now waits where it is for one that is at least as aggressive.
    for (; used < plan.strayCount; used++) {
      const slot = plan.strays[used];
      if (!isAggressive(side, skippedTicks, table.doubles[(slot << 4) | PRICE_TICKS])) this.#cancel(slot);
    }
  }

  #isFillable(plan: QuoteSide, level: number, lacksLots: number): boolean {
    if (!(lacksLots >= this.#minSizeLots) || plan.isBlocked(level)) return false;
    return !this.#isOneOrder || plan.have[level] === 0;
  }

  /** False while a quote at the price in `#order` would meet an own order, or was refused a moment ago. */
  #isSendable(side: Side): boolean {
    if (!this.#isDue(this.#gateNs[side])) return false;
    const table = this.#desk.table;
    const { laneDoubles, laneWords } = table;
    const price = this.#order[PRICE];
    const other = side === Side.BUY ? Side.SELL : Side.BUY;
    table.refreshBest(this.#lane, other);
    if (isAggressive(side, price, laneDoubles[(this.#lane << 4) | (BEST_TICKS + other)])) return false;
    const refusals = laneWords[(this.#lane << 5) | (REFUSALS + side)];
    if (refusals === 0 || !isAggressive(side, price, laneDoubles[(this.#lane << 4) | (REFUSED_TICKS + side)]))
      return true;
    const delayNs = this.#rejectDelayNs * (1 << Math.min(refusals - 1, MAX_DOUBLINGS));
    return this.#isDue(laneDoubles[(this.#lane << 4) | (REFUSED_NS + side)] + delayNs);
  }

  /** Sends a new quote of the terms in `#order`. */
  #send(side: Side): boolean {
    if (!this.#take(false)) return false;
    const order = this.#order;
    const nowNs = this.#times[NOW];
    const desk = this.#desk;
    if (desk.place(this.#strategy, this.#market, side, order[PRICE], order[LOTS], POST_ONLY_QUOTE, nowNs) !== 0) {
      return true;
    }
    this.#rest(side);
    return false;
  }

  /** Amends a working order to the price and open size in `#order`. */
  #amend(slot: number): boolean {
    const { doubles, words } = this.#desk.table;
    const side = (words[(slot << 5) | FLAGS] & OrderFlag.BUY) !== 0 ? Side.BUY : Side.SELL;
    if (!this.#isDue(this.#gateNs[side]) || !this.#take(false)) return false;
    const total = doubles[(slot << 4) | FILLED_LOTS] + this.#order[LOTS];
    if (this.#desk.amend(doubles[slot << 4], this.#order[PRICE], total, this.#times[NOW])) return true;
    this.#rest(side);
    return false;
  }

  /** The gate refused: what it refuses now it will refuse at the next event too. */
  #rest(side: Side): void {
    const doublings = Math.min(this.#refusals[side]++, MAX_DOUBLINGS);
    this.#gateNs[side] = this.#times[NOW] + this.#rejectDelayNs * (1 << doublings);
    this.#isDue(this.#gateNs[side]);
  }

  #cancel(slot: number): void {
    if (this.#take(true)) this.#desk.cancel(this.#desk.table.doubles[slot << 4], this.#times[NOW]);
  }

  #mayAmend(slot: number): boolean {
    return this.#canAmend && (this.#desk.table.words[(slot << 5) | FLAGS] & NO_AMEND) === 0;
  }

  /** True when the venue takes a request now; else the time when it does is noted. */
  #take(isCancel: boolean): boolean {
    const budget = this.#budget;
    if (budget === undefined || budget.take(isCancel, this.#times[NOW])) return true;
    this.#isDue(budget.nextNs(isCancel));
    return false;
  }

  /** True when a time has come; else it is noted as one to look again. */
  #isDue(timeNs: number): boolean {
    const times = this.#times;
    if (times[NOW] >= timeNs) return true;
    if (timeNs < times[NEXT_NS]) times[NEXT_NS] = timeNs;
    return false;
  }
}
