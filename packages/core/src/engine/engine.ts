/**
 * The engine: one writer and one order of events. Market records, reports, timers and commands come in, one at a time; it keeps
 * the books, calls the strategies, books executions, and has the quoters send what is needed to reach the wanted quotes.
 * Requests leave through an outbox. Its state is a function of configuration, seed and inputs: the same inputs give the same
 * requests, bit for bit, and a hash over each says so.
 *
 * Backtest, simulation, paper and live differ only in who calls it and who carries the requests.
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind, packHead } from '../market/event.ts';
import type { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import type { Quotes } from '../strategies/strategy.ts';
import { Ledger, type LedgerOptions } from '../trading/ledger.ts';
import type { MessageBudget } from '../trading/message-budget.ts';
import { Applied } from '../trading/order-reports.ts';
import { OrderDesk } from '../trading/order-desk.ts';
import { Quoter, type QuoterOptions } from '../trading/quoter.ts';
import { Command, InputKind, OrderFlag, ReportKind } from '../trading/records.ts';
import { LocalMarket, type Mark } from './local-market.ts';
import { MarketView } from './market-view.ts';
import { SessionHash } from './session-hash.ts';
import { type SeatHost, type SeatSetup, StrategySeat } from './strategy-seat.ts';
import { Timers } from './timers.ts';
import { FillView, OrderView, TradeView } from './views.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { TRADE } = EventKind;
const { BUY } = EventFlag;

export interface EngineSetup {
  readonly instruments: readonly Instrument[];
  /** By instrument: its recording or venue gives order events. */
  readonly isL3: readonly boolean[];
  /** By instrument: index of its venue, for execution numbers and message budgets. */
  readonly venueOf: readonly number[];
  readonly strategies: readonly SeatSetup[];
  readonly seed: number;
  readonly mark: Mark;
  /** Of each strategy's account. */
  readonly ledger?: LedgerOptions;
  readonly quoter?: QuoterOptions;
  /** By venue; absent: no limit. */
  readonly budgets?: readonly MessageBudget[];
  readonly ackTimeoutNs?: number;
}

/** Who takes the requests away. */
export interface OrderCarrier {
  /** A request (`trading/records.ts`) at `data[offset]`, to be copied. */
  send(data: Float64Array, offset: number): void;
}

/** What was wrong with reports: none of it happens at a sound venue. */
export interface ReportFaults {
  duplicates: number;
  unknownOrders: number;
  overfills: number;
  late: number;
  missing: number;
  malformed: number;
}

export class Engine implements SeatHost {
  readonly instruments: readonly Instrument[];
  readonly seats: readonly StrategySeat[];
  readonly desk: OrderDesk;
  /** Local time of the input at hand. */
  nowNs = Number.NEGATIVE_INFINITY;
  /** When `wake` must be called if nothing else comes; Infinity when never. */
  wakeNs = Number.POSITIVE_INFINITY;
  readonly inputs = new SessionHash();
  readonly outputs = new SessionHash();
  readonly faults: ReportFaults = { duplicates: 0, unknownOrders: 0, overfills: 0, late: 0, missing: 0, malformed: 0 };
  readonly #locals: readonly LocalMarket[];
  readonly #timers = new Timers();
  readonly #trade = new TradeView();
  readonly #fill = new FillView();
  readonly #order: OrderView;
  readonly #record = new Float64Array(EVENT_STRIDE);
  /** A quoter may have something to do. */
  #isDirty = false;
  readonly #isWatched: boolean;
  #isPaused = false;
  /** Between `start` and `stop`; before it, market records build the books and nobody is called. */
  #isRunning = false;

  constructor(setup: EngineSetup) {
    const { instruments, strategies, venueOf } = setup;
    this.instruments = instruments;
    this.#isWatched = strategies.some(({ observers }) => observers.length > 0);
    this.#locals = instruments.map(
      (instrument, index) => new LocalMarket(index, instrument, setup.isL3[index], setup.mark),
    );
    const { ackTimeoutNs } = setup;
    this.desk = new OrderDesk({
      strategies: strategies.length,
      venueOfMarket: venueOf,
      ...(ackTimeoutNs === undefined ? {} : { ackTimeoutNs }),
    });
    this.#order = new OrderView(this.desk);
    this.seats = strategies.map((seat, index) => {
      const ledger = new Ledger(instruments, setup.ledger);
      const markets = this.#locals.map((local) => new MarketView(local, ledger, this.desk, index));
      const quoters = this.#locals.map(
        (local) => new Quoter(this.desk, index, local.index, setup.budgets?.[venueOf[local.index]], setup.quoter),
      );
      return new StrategySeat(this, index, seat, setup.seed, ledger, markets, quoters);
    });
  }

  /** The session begins. */
  start(nowNs: number): void {
    this.#command(Command.START, nowNs);
    this.#isRunning = true;
    for (const seat of this.seats) seat.handlers.onStart?.();
    this.#settle();
  }

  /** The session ends: `onStop`, then every order is cancelled, one with a request under way when that is answered; timers end. */
  stop(nowNs: number): void {
    this.#command(Command.STOP, nowNs);
    for (const seat of this.seats) seat.handlers.onStop?.();
    this.#settle();
    for (const seat of this.seats) seat.mark();
    this.#isRunning = false;
    for (const seat of this.seats) {
      for (const { index } of this.#locals) {
        seat.quoters[index].wanted.clear();
        let next = -1;
        for (let slot = this.desk.firstSlot(seat.index, index); slot >= 0; slot = next) {
          next = this.desk.nextSlot(slot);
          this.desk.cancel(this.desk.idAt(slot), nowNs);
        }
      }
    }
    this.wakeNs = Number.POSITIVE_INFINITY;
  }

  /**
   * Takes the market record at `data[offset]`, received at its LOCAL_NS.
   * @returns true when requests may have been made and `wakeNs` may have changed
   */
  market(data: Float64Array, offset: number): boolean {
    this.nowNs = data[offset + LOCAL_NS];
    this.inputs.add(data, offset);
    const head = data[offset + HEAD] | 0;
    const local = this.#locals[head >> 16];
    const hasChanged = local.apply(data, offset);
    if (!this.#isRunning) return false;
    if ((head & 0xff) === TRADE) this.#tradePrinted(local.index, data, offset, head);
    if (hasChanged) this.#bookChanged(local);
    if (!this.#isDirty) return false;
    this.#settle();
    return true;
  }

  /** Takes the report at `data[offset]`, received at its LOCAL_NS. */
  report(data: Float64Array, offset: number): void {
    this.nowNs = data[offset + LOCAL_NS];
    this.inputs.add(data, offset);
    const applied = this.desk.apply(data, offset, this.nowNs);
    if ((applied & ~(Applied.CHANGED | Applied.FILL | Applied.FINISHED)) !== 0) this.#countFaults(applied);
    if ((applied & Applied.CHANGED) === 0) return;
    const { slot } = this.desk;
    const seat = this.seats[this.desk.strategyAt(slot)];
    const market = seat.markets[this.desk.marketAt(slot)];
    if ((applied & Applied.FILL) !== 0) this.#filled(seat, market, slot, data, offset);
    seat.handlers.onOrder?.(market, this.#order.of(slot));
    const { observers } = seat;
    for (let i = 0; i < observers.length; i++) {
      observers[i].onOrder(market, this.#order.of(slot), this.nowNs, data[offset + VENUE_NS]);
    }
    // One refused cancel is enough: a venue that refuses them all would be asked for ever.
    if (!this.#isRunning && headKind(data[offset + HEAD] | 0) !== ReportKind.CANCEL_REJECT) {
      this.desk.cancel(this.desk.idAt(slot), this.nowNs);
    }
    this.#isDirty = true;
    this.#settle();
  }

  /** Does what is due at `wakeNs`: timers, overdue answers, quotes that had to wait. */
  wake(): void {
    this.nowNs = this.wakeNs;
    while (this.#timers.nextNs <= this.nowNs) {
      const { strategy, timer } = this.#timers;
      this.#timers.pop();
      this.#note(InputKind.TIMER, 0, 0, 0, 0, strategy, timer);
      this.seats[strategy].handlers.onTimer?.(timer);
    }
    for (let slot = this.desk.timeOut(this.nowNs); slot >= 0; slot = this.desk.timeOut(this.nowNs)) {
      this.#orderUnknown(slot);
    }
    this.#settle();
  }

  /** Books funding of a perpetual at its mid price. */
  funding(instrument: number, ratePpb: number, nowNs: number): void {
    this.nowNs = nowNs;
    const { markTicks } = this.#locals[instrument];
    this.#note(InputKind.FUNDING, instrument, markTicks, 0, ratePpb, 0, 0);
    if (markTicks !== markTicks) return;
    for (const seat of this.seats) {
      seat.ledger.funding(instrument, ratePpb, markTicks);
      for (const observer of seat.observers) observer.onFunding(seat.markets[instrument], ratePpb, markTicks, nowNs);
    }
  }

  /** Pulls all quotes and sends none until `resume`. */
  pause(nowNs: number): void {
    this.#command(Command.PAUSE, nowNs);
    this.#isPaused = true;
    for (const seat of this.seats) for (const quoter of seat.quoters) quoter.wanted.clear();
    this.#settle();
  }

  resume(nowNs: number): void {
    this.#command(Command.RESUME, nowNs);
    this.#isPaused = false;
  }

  /** The connection to an instrument's venue went or came: orders there are UNKNOWN until there is evidence, and nothing is quoted. */
  connection(instrument: number, isUp: boolean, nowNs: number): void {
    this.nowNs = nowNs;
    this.#note(InputKind.CONNECTION, instrument, 0, isUp ? 1 : 0, 0, 0, 0);
    const local = this.#locals[instrument];
    local.connect(isUp);
    if (!isUp) {
      this.#pull(instrument);
      for (const seat of this.seats) this.#disconnect(seat, instrument);
    }
    // Connections come before the session starts, and nobody is called then.
    if (!this.#isRunning) return;
    this.#bookChanged(local);
    this.#settle();
  }

  get hasRequests(): boolean {
    return this.desk.outbox.length > 0;
  }

  /** Hands the requests over, oldest first. */
  takeRequests(carrier: OrderCarrier): void {
    const { outbox } = this.desk;
    const isWatched = this.#isWatched;
    while (outbox.length > 0) {
      const at = outbox.peek();
      const { data } = outbox;
      outbox.shift();
      this.outputs.add(data, at);
      if (isWatched) this.#watchRequest(data, at);
      carrier.send(data, at);
    }
  }

  quote(seat: StrategySeat, market: number): Quotes {
    this.#isDirty = true;
    const { wanted } = seat.quoters[market];
    wanted.clear();
    return wanted;
  }

  place(seat: StrategySeat, market: number, side: Side, priceTicks: number, sizeLots: number, flags: number): number {
    if (this.#isPaused || !this.#isRunning || !Number.isSafeInteger(priceTicks) || !(sizeLots >= 1)) {
      seat.refused++;
      return 0;
    }
    const id = this.desk.place(seat.index, market, side, priceTicks, Math.floor(sizeLots), flags, this.nowNs);
    if (id === 0) seat.refused++;
    this.#isDirty = true;
    return id;
  }

  cancel(orderId: number): boolean {
    this.#isDirty = true;
    return this.desk.cancel(orderId, this.nowNs);
  }

  amend(orderId: number, priceTicks: number, sizeLots: number): boolean {
    this.#isDirty = true;
    if (!Number.isSafeInteger(priceTicks) || !(sizeLots >= 1)) return false;
    return this.desk.amend(orderId, priceTicks, Math.floor(sizeLots), this.nowNs);
  }

  setTimer(strategy: number, timer: number, inNs: number, everyNs: number): void {
    const every = everyNs > 0 ? Math.max(1, Math.round(everyNs)) : 0;
    this.#timers.set(strategy, timer, this.nowNs + Math.max(1, Math.round(inNs)), every);
    this.#isDirty = true;
  }

  #tradePrinted(market: number, data: Float64Array, offset: number, head: number): void {
    for (const seat of this.seats) {
      const { handlers } = seat;
      if (handlers.onTrade === undefined) continue;
      const trade = this.#trade;
      trade.side = (headFlags(head) & BUY) === 0 ? Side.SELL : Side.BUY;
      trade.priceTicks = data[offset + PRICE_TICKS];
      trade.sizeLots = data[offset + SIZE_LOTS];
      trade.venueNs = data[offset + VENUE_NS];
      handlers.onTrade(seat.markets[market], trade);
    }
  }

  #bookChanged(local: LocalMarket): void {
    const { index } = local;
    // A book that crossed or went stale is not quoted on.
    if (local.hasFallen) this.#pull(index);
    const seats = this.seats;
    for (let i = 0; i < seats.length; i++) {
      const seat = seats[i];
      const market = seat.markets[index];
      if (seat.onBook !== undefined) seat.onBook(market);
      const { observers } = seat;
      for (let k = 0; k < observers.length; k++) observers[k].onBook(market);
    }
  }

  #pull(market: number): void {
    for (const seat of this.seats) seat.quoters[market].wanted.clear();
    this.#isDirty = true;
  }

  #filled(seat: StrategySeat, market: MarketView, slot: number, data: Float64Array, offset: number): void {
    const fill = this.#fill;
    fill.orderId = data[offset + ORDER_ID];
    fill.side = this.desk.sideAt(slot);
    fill.priceTicks = data[offset + PRICE_TICKS];
    fill.sizeLots = data[offset + SIZE_LOTS];
    fill.isMaker = (headFlags(data[offset + HEAD] | 0) & OrderFlag.MAKER) !== 0;
    fill.venueNs = data[offset + VENUE_NS];
    const feePpb = data[offset + AUX];
    seat.ledger.fill(market.index, fill.side, fill.priceTicks, fill.sizeLots, feePpb);
    seat.fills++;
    seat.handlers.onFill?.(market, fill);
    for (const observer of seat.observers) observer.onFill(market, fill, this.nowNs, feePpb);
  }

  #disconnect(seat: StrategySeat, instrument: number): void {
    let next = -1;
    for (let slot = this.desk.firstSlot(seat.index, instrument); slot >= 0; slot = next) {
      next = this.desk.nextSlot(slot);
      if (this.desk.disconnect(slot, this.nowNs)) this.#orderUnknown(slot);
    }
  }

  #orderUnknown(slot: number): void {
    const seat = this.seats[this.desk.strategyAt(slot)];
    const market = seat.markets[this.desk.marketAt(slot)];
    seat.handlers.onOrder?.(market, this.#order.of(slot));
    for (const observer of seat.observers) observer.onOrder(market, this.#order.of(slot), this.nowNs, Number.NaN);
  }

  /** Lets the quoters act, and finds when they must be woken. */
  #settle(): void {
    this.#isDirty = false;
    if (!this.#isRunning) return;
    // A field and no variable, which V8 would box across the calls.
    this.wakeNs = Math.min(this.#timers.nextNs, this.desk.nextTimeoutNs);
    for (const seat of this.seats) {
      for (let market = 0; market < seat.quoters.length; market++) {
        if (!this.#locals[market].isConnected) continue;
        const quoter = seat.quoters[market];
        // Whatever the strategy wants, a book that crossed or went stale is not quoted on.
        if (this.#isPaused || !this.#locals[market].isReady) quoter.wanted.clear();
        quoter.reconcile(this.nowNs);
        if (quoter.nextNs < this.wakeNs) this.wakeNs = quoter.nextNs;
      }
    }
  }

  #watchRequest(data: Float64Array, at: number): void {
    const slot = this.desk.slotOf(data[at + ORDER_ID]);
    const seat = this.seats[this.desk.strategyAt(slot)];
    const market = seat.markets[this.desk.marketAt(slot)];
    const kind = headKind(data[at + HEAD] | 0);
    for (const observer of seat.observers) observer.onRequest(market, kind, this.#order.of(slot), data[at + LOCAL_NS]);
  }

  #countFaults(applied: number): void {
    const { faults } = this;
    if ((applied & Applied.DUPLICATE) !== 0) faults.duplicates++;
    if ((applied & Applied.UNKNOWN_ORDER) !== 0) faults.unknownOrders++;
    if ((applied & Applied.OVERFILL) !== 0) faults.overfills++;
    if ((applied & Applied.LATE) !== 0) faults.late++;
    if ((applied & Applied.MISSING) !== 0) faults.missing++;
    if ((applied & Applied.MALFORMED) !== 0) faults.malformed++;
  }

  #command(command: number, nowNs: number): void {
    this.nowNs = nowNs;
    this.#note(InputKind.COMMAND, 0, 0, 0, 0, -1, command);
  }

  /** Hashes an input that does not come as a record. */
  #note(kind: number, market: number, price: number, size: number, aux: number, orderId: number, seq: number): void {
    const record = this.#record;
    record[HEAD] = packHead(kind, 0, market);
    record[VENUE_NS] = this.nowNs;
    record[LOCAL_NS] = this.nowNs;
    record[PRICE_TICKS] = price;
    record[SIZE_LOTS] = size;
    record[ORDER_ID] = orderId;
    record[SEQ] = seq;
    record[AUX] = aux;
    this.inputs.add(record, 0);
  }
}
