/**
 * Brings what an engine holds into line with what the venue says of our account, by inputs only, so that a replay of the inputs does
 * the same: executions that are not booked (by their numbers, so that none is booked twice), the standing of every order, orders
 * that we do not know. Then it compares positions and balances.
 *
 * A venue's answer may be wrong for a moment, and what is under way when the connection goes may arrive after it was asked. So an
 * order of ours is not gone, and one that we do not know not there, before two answers, `graceNs` apart, say so. Positions and what is
 * traded reach us by different ways, and never at one time: a difference counts when it stays the same while nothing trades. Who
 * reconciles asks again until an answer brings no news (`isSettled`), and after so many answers calls `conclude`.
 */
import { EVENT_STRIDE, Field, packHead } from '../market/event.ts';
import { Side } from '../market/side.ts';
import { OrderState } from '../trading/order-state.ts';
import { InputKind, OrderFlag, ReportKind } from '../trading/records.ts';
import type { VenueAccount, VenueExecution, VenueOrder } from '../trading/venue-account.ts';
import type { Engine } from './engine.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;

/** How many times `graceNs` a difference of positions must stay. */
const STAYS = 4;

/** More numbers than this are not remembered, so older executions cannot be told from those that are booked. */
const MOST_EXECUTIONS = 60_000;

export interface ReconcileOptions {
  /** What becomes of open orders that we do not know. Default: cancel. */
  readonly unknownOrders?: 'cancel' | 'adopt';
  /** Between two answers that lack an order, or have one that we do not know. Default: 500 ms. */
  readonly graceNs?: number;
  /** Positions may differ by so many lots. Default: 0. */
  readonly epsilonLots?: number;
  /** Balances may differ by this share of them, or by this much when they are below 1. Default: 1e-9. */
  readonly epsilonShare?: number;
  /** Answers are of these instruments only, those of one venue. Default: of all. */
  readonly markets?: readonly number[];
}

export interface Difference {
  readonly what: string;
  /** Index of the instrument, -1 = money. */
  readonly market: number;
  readonly ours: number;
  readonly venues: number;
}

/** A difference as it was first seen, and what had been traded. */
interface Seen extends Difference {
  readonly turnover: number;
  readonly sinceNs: number;
}

/** What was done, over all answers. */
export interface ReconcileReport {
  /** Answers that were looked at. */
  readonly answers: number;
  /** Executions at the venue since the time asked for, and how many of them were not booked before. */
  readonly executions: number;
  readonly booked: number;
  readonly bookedLots: number;
  /** Orders of ours that stand at the venue, as of the last answer, and those that were found to be gone. */
  readonly open: number;
  readonly gone: number;
  /** Orders that we did not know: open ones that were adopted, and cancelled; those of which only executions remain. */
  readonly adopted: number;
  readonly cancelled: number;
  readonly traces: number;
  /** Orders for which there is no evidence yet. */
  readonly pending: number;
  /** They were the same while nothing traded. */
  readonly differences: readonly Difference[];
  /** Those of which that cannot be told, because something trades all the time: no answer was equal to what we hold. */
  readonly unsettled: readonly Difference[];
  /** What was done, to be read. */
  readonly lines: readonly string[];
}

export class Reconciler {
  readonly #engine: Engine;
  readonly #unknownOrders: 'cancel' | 'adopt';
  readonly #graceNs: number;
  readonly #epsilonLots: number;
  readonly #epsilonShare: number;
  readonly #markets: ReadonlySet<number> | undefined;
  /** When an answer first lacked an order of ours, or had one that we do not know, by the venue's number. */
  readonly #absentNs = new Map<number, number>();
  readonly #strangeNs = new Map<number, number>();
  readonly #record = new Float64Array(EVENT_STRIDE);
  readonly #lines: string[] = [];
  #answers = 0;
  /** The answer at hand told something that we did not know. */
  #isNews = false;
  #executions = 0;
  #booked = 0;
  #bookedLots = 0;
  #open = 0;
  #gone = 0;
  #adopted = 0;
  #cancelled = 0;
  #traces = 0;
  #pending = 0;
  #nowNs = Number.NaN;
  /** Of the last answer. */
  #differences: readonly Seen[] = [];
  /** What was equal in an answer. */
  readonly #equal = new Set<string>();

  constructor(engine: Engine, options: ReconcileOptions = {}) {
    this.#engine = engine;
    this.#unknownOrders = options.unknownOrders ?? 'cancel';
    this.#graceNs = options.graceNs ?? 500e6;
    this.#epsilonLots = options.epsilonLots ?? 0;
    this.#epsilonShare = options.epsilonShare ?? 1e-9;
    this.#markets = options.markets && new Set(options.markets);
  }

  /** Takes an answer of the venue, which was asked after the connection came back, at local time `nowNs`. */
  answer(account: VenueAccount, nowNs: number): void {
    this.#answers++;
    this.#nowNs = nowNs;
    this.#pending = 0;
    this.#isNews = false;
    this.#executions = account.executions.length;
    const openAtVenue = new Map(account.orders.map((order) => [order.orderId, order]));
    const missed = this.#missed(account);
    this.#adoptUnknown(openAtVenue, missed);
    this.#book(missed);
    this.#tellOpen(openAtVenue);
    this.#tellGone(openAtVenue);
    this.#differences = this.#compare(account);
  }

  /** Nothing is left to be asked for. */
  get isSettled(): boolean {
    return this.#isAccounted && this.#differences.length === 0;
  }

  /** Nothing is left but differences that have stayed. */
  get isDecided(): boolean {
    return this.#isAccounted && this.#differences.every((seen) => this.#stays(seen));
  }

  get #isAccounted(): boolean {
    return this.#answers > 1 && !this.#isNews && this.#pending === 0;
  }

  /**
   * No more answers will come: halts trading when what we hold differs from what the venue says.
   * @param isLast nobody asks again: what cannot be told counts as a difference
   */
  conclude(nowNs: number, isLast = false): ReconcileReport {
    const counts = (seen: Seen): boolean => isLast || this.#stays(seen);
    const differences = this.#differences.filter(counts).map(plain);
    const unsettled = this.#differences.filter((seen) => !counts(seen) && !this.#equal.has(seen.what)).map(plain);
    for (const { market, ours, venues } of differences) this.#engine.drift(market, ours, venues, nowNs);
    if (this.#pending > 0) this.#lines.push(`${this.#pending} orders: neither open nor known to be gone`);
    return {
      answers: this.#answers,
      executions: this.#executions,
      booked: this.#booked,
      bookedLots: this.#bookedLots,
      open: this.#open,
      gone: this.#gone,
      adopted: this.#adopted,
      cancelled: this.#cancelled,
      traces: this.#traces,
      pending: this.#pending,
      differences,
      unsettled,
      lines: this.#lines,
    };
  }

  /** Executions that are not booked, each once. */
  #missed({ executions }: VenueAccount): VenueExecution[] {
    const { desk } = this.#engine;
    const missed = executions
      .slice(-MOST_EXECUTIONS)
      .filter(({ market, execution }) => !desk.hasExecution(market, execution));
    return [...new Map(missed.map((each) => [`${each.market} ${each.execution}`, each])).values()];
  }

  /** Slot of an unfinished order by the venue's number; -1 when we hold none. */
  #unfinished(venueId: number): number {
    const { desk } = this.#engine;
    const slot = desk.slotAtVenue(venueId);
    return slot >= 0 && desk.stateAt(slot) < OrderState.FILLED ? slot : -1;
  }

  /** Makes records of the orders that are open at the venue, or have executions that are not booked, and of which we hold none. */
  #adoptUnknown(openAtVenue: ReadonlyMap<number, VenueOrder>, missed: readonly VenueExecution[]): void {
    const lotsOf = new Map<number, number>();
    for (const { orderId, sizeLots } of missed) lotsOf.set(orderId, (lotsOf.get(orderId) ?? 0) + sizeLots);
    for (const id of this.#strangeNs.keys()) {
      if (openAtVenue.has(id)) continue;
      this.#strangeNs.delete(id);
      // One of the two answers is wrong: another has to tell.
      this.#isNews = true;
    }
    for (const order of openAtVenue.values()) {
      if (this.#unfinished(order.orderId) >= 0) continue;
      // An execution proves that there is such an order.
      if (!lotsOf.has(order.orderId) && !this.#isSure(this.#strangeNs, order.orderId)) continue;
      const isCancel = this.#unknownOrders === 'cancel';
      if (isCancel) this.#cancelled++;
      else this.#adopted++;
      // What was booked of it stands in a record that is not kept any more.
      const lots = order.openLots + (lotsOf.get(order.orderId) ?? 0);
      this.#adopt(order, lots, isCancel);
      this.#line(order, `order ${order.orderId}`, isCancel ? 'unknown, cancelled' : 'unknown, adopted', order.openLots);
    }
    for (const execution of missed) {
      const { orderId } = execution;
      if (this.#engine.desk.slotAtVenue(orderId) < 0) {
        this.#traces++;
        this.#adopt(execution, lotsOf.get(orderId)!, false);
      } else this.#enlarge(execution, lotsOf.get(orderId)! + (openAtVenue.get(orderId)?.openLots ?? 0));
    }
  }

  /** More of an order has traded, and stands, than we have of it: it was amended. */
  #enlarge({ orderId, market, side, priceTicks }: VenueExecution, lots: number): void {
    const { desk } = this.#engine;
    const slot = this.#unfinished(orderId);
    if (slot < 0 || desk.openLotsAt(slot) >= lots) return;
    this.#begin(ReportKind.STATUS, side === Side.BUY ? OrderFlag.BUY : 0, market, this.#nowNs, orderId);
    this.#take(priceTicks, lots, 0, desk.filledLotsAt(slot));
  }

  #book(missed: readonly VenueExecution[]): void {
    for (const execution of missed) {
      const { market, side, priceTicks, sizeLots, feePpb, isMaker, venueNs } = execution;
      const flags = (side === Side.BUY ? OrderFlag.BUY : 0) | (isMaker ? OrderFlag.MAKER : 0);
      this.#begin(ReportKind.FILL, flags, market, venueNs, execution.orderId);
      this.#take(priceTicks, sizeLots, execution.execution, feePpb);
      this.#booked++;
      this.#bookedLots += sizeLots;
      this.#line(execution, `execution ${execution.execution}`, `of order ${execution.orderId}, booked`, sizeLots);
    }
  }

  /** Tells of each order of ours that it is open, unless that is how we have it. */
  #tellOpen(openAtVenue: ReadonlyMap<number, VenueOrder>): void {
    const { desk } = this.#engine;
    this.#open = 0;
    for (const { orderId, market, side, priceTicks, openLots, filledLots } of openAtVenue.values()) {
      const slot = this.#unfinished(orderId);
      this.#absentNs.delete(orderId);
      if (slot < 0) continue;
      this.#open++;
      const isAsKnown =
        desk.stateAt(slot) !== OrderState.UNKNOWN &&
        desk.priceTicksAt(slot) === priceTicks &&
        desk.sizeLotsAt(slot) - desk.filledLotsAt(slot) === openLots;
      if (isAsKnown) continue;
      this.#begin(ReportKind.STATUS, side === Side.BUY ? OrderFlag.BUY : 0, market, this.#nowNs, orderId);
      // Of an adopted order we count what was filled since.
      const isOurs = desk.idAt(slot) === orderId;
      this.#take(priceTicks, openLots, 0, isOurs ? filledLots : desk.filledLotsAt(slot));
    }
  }

  /** Tells of orders that the venue does not know any more that they are gone, once that is sure. */
  #tellGone(openAtVenue: ReadonlyMap<number, VenueOrder>): void {
    const { desk, seats, instruments } = this.#engine;
    for (const { index: strategy } of seats) {
      for (let market = 0; market < instruments.length; market++) {
        if (this.#markets?.has(market) === false) continue;
        let next = -1;
        for (let slot = desk.firstSlot(strategy, market); slot >= 0; slot = next) {
          next = desk.nextSlot(slot);
          const id = desk.venueIdAt(slot);
          if (!openAtVenue.has(id)) this.#tellAbsent(slot, id, market);
        }
      }
    }
  }

  #tellAbsent(slot: number, id: number, market: number): void {
    const { desk } = this.#engine;
    if (!this.#isSure(this.#absentNs, id)) return;
    const side = desk.sideAt(slot);
    const priceTicks = desk.priceTicksAt(slot);
    const openLots = desk.openLotsAt(slot);
    this.#begin(ReportKind.STATUS, side === Side.BUY ? OrderFlag.BUY : 0, market, this.#nowNs, id);
    this.#take(priceTicks, 0, 0, desk.filledLotsAt(slot));
    // A new order may be on its way: the time-out decides.
    if (desk.stateAt(slot) < OrderState.FILLED) {
      this.#pending++;
      return;
    }
    this.#line({ market, side, priceTicks }, `order ${id}`, 'gone', openLots);
    this.#absentNs.delete(id);
    this.#gone++;
  }

  #compare({ positionLots, balances, costs }: VenueAccount): Seen[] {
    const { seats, instruments } = this.#engine;
    const found: Seen[] = [];
    for (const [market, venues] of positionLots.entries()) {
      if (this.#markets?.has(market) === false) continue;
      const ours = this.#engine.portfolioLots(market);
      const what = `position ${instruments[market].venue}:${instruments[market].symbol}, lots`;
      if (Math.abs(ours - venues) > this.#epsilonLots) found.push(this.#seen({ what, market, ours, venues }));
      else if (venues === venues) this.#equal.add(what);
    }
    for (const [currency, text] of Object.entries(balances ?? {})) {
      let venues = Number(text);
      let ours = seats.reduce((sum, { ledger }) => sum + Number(ledger.cashText(currency)), 0);
      let isComparable = true;
      for (const [market, { contract, settlement }] of instruments.entries()) {
        if (contract === 'spot' || settlement !== currency) continue;
        venues -= Number(costs?.[market] ?? 0);
        for (const { ledger } of seats) {
          ours -= Number(ledger.basisText(market));
          if (costs === undefined && ledger.positionLots(market) !== 0) isComparable = false;
        }
      }
      // What closing a margin position has brought depends on what was closed first, and by which strategy.
      if (!isComparable) continue;
      const what = `balance ${currency} (less cost of positions)`;
      if (Math.abs(ours - venues) > this.#epsilonShare * Math.max(1, Math.abs(venues))) {
        found.push(this.#seen({ what, market: -1, ours, venues }));
      } else this.#equal.add(what);
    }
    return found;
  }

  /** As it was first seen, when nothing has changed since. */
  #seen(difference: Difference): Seen {
    const { what, market, ours, venues } = difference;
    const turnover = this.#turnover(market);
    const before = this.#differences.find((each) => each.what === what);
    const isSame = before?.ours === ours && before.venues === venues && before.turnover === turnover;
    return isSame ? before : { ...difference, turnover, sinceNs: this.#nowNs };
  }

  #stays({ sinceNs }: Seen): boolean {
    return this.#nowNs - sinceNs >= STAYS * this.#graceNs;
  }

  /** What was traded in an instrument, or in all. */
  #turnover(market: number): number {
    const { seats, instruments } = this.#engine;
    let sum = 0;
    for (const { ledger } of seats) {
      for (let each = 0; each < instruments.length; each++) {
        if (market < 0 || each === market) sum += ledger.turnover(each);
      }
    }
    return sum;
  }

  #adopt({ market, side, priceTicks, orderId }: VenueOrder | VenueExecution, lots: number, isCancel: boolean): void {
    this.#begin(InputKind.ADOPT, side === Side.BUY ? OrderFlag.BUY : 0, market, this.#nowNs, orderId);
    this.#take(priceTicks, lots, this.#adopter(market), isCancel ? 1 : 0);
  }

  /** The strategy that an unknown order is given to, as the venue does not know strategies: who has traded most in the instrument. */
  #adopter(market: number): number {
    let adopter = 0;
    let most = 0;
    for (const { index, ledger } of this.#engine.seats) {
      const turnover = ledger.turnover(market);
      if (!(turnover > most)) continue;
      most = turnover;
      adopter = index;
    }
    return adopter;
  }

  /** Whether answers have said the same of an order for long enough; else it is pending. */
  #isSure(sinceNs: Map<number, number>, id: number): boolean {
    const ns = sinceNs.get(id) ?? this.#nowNs;
    sinceNs.set(id, ns);
    if (this.#nowNs - ns >= this.#graceNs) return true;
    this.#pending++;
    return false;
  }

  #begin(kind: number, flags: number, market: number, venueNs: number, orderId: number): void {
    const record = this.#record;
    record[HEAD] = packHead(kind, flags, market);
    record[VENUE_NS] = venueNs;
    record[LOCAL_NS] = this.#nowNs;
    record[ORDER_ID] = orderId;
  }

  #take(priceTicks: number, sizeLots: number, seq: number, aux: number): void {
    const record = this.#record;
    record[PRICE_TICKS] = priceTicks;
    record[SIZE_LOTS] = sizeLots;
    record[SEQ] = seq;
    record[AUX] = aux;
    this.#isNews = true;
    this.#engine.input(record, 0);
  }

  #line(terms: { market: number; side: Side; priceTicks: number }, what: string, done: string, lots: number): void {
    const { market, side, priceTicks } = terms;
    const instrument = this.#engine.instruments[market];
    const size = instrument.size.format(lots);
    const price = instrument.price.format(priceTicks);
    const word = side === Side.BUY ? 'buy' : 'sell';
    this.#lines.push(`${what}: ${done}: ${instrument.symbol} ${word} ${size} at ${price}`);
  }
}

const plain = ({ what, market, ours, venues }: Seen): Difference => ({ what, market, ours, venues });

/** Whether what we hold is what the venue says, as far as that could be told, and it could. */
export function agrees({ differences, unsettled }: Pick<ReconcileReport, 'differences' | 'unsettled'>): boolean {
  return differences.length + unsettled.length === 0;
}

/** Differences as a table: what, ours, the venue's, ours less the venue's. */
export function differenceTable(differences: readonly Difference[]): string {
  const rows = [
    ['what', 'ours', "venue's", 'difference'],
    ...differences.map(({ what, ours, venues }) => [what, `${ours}`, `${venues}`, `${ours - venues}`]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  '))
    .join('\n');
}
