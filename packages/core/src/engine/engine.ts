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
import { AlertType, Severity } from '../risk/alert.ts';
import type { Risk } from '../risk/risk.ts';
import type { InputSink } from '../trading/input-sink.ts';
import { Ledger } from '../trading/ledger.ts';
import { Applied } from '../trading/order-reports.ts';
import { OrderDesk } from '../trading/order-desk.ts';
import { Quoter } from '../trading/quoter.ts';
import { ALL_MARKETS, Command, InputKind, OrderFlag, Reject, ReportKind } from '../trading/records.ts';
import { RiskState } from '../trading/risk-state.ts';
import { StrategyState } from '../trading/strategy-state.ts';
import { Departures } from './departures.ts';
import { type EngineSetup, type OrderCarrier, type ReportFaults, countFaults, makeRisk } from './engine-setup.ts';
import { type EngineParts, type EngineState, restoreEngine, saveEngine } from './engine-state.ts';
import { LocalMarket } from './local-market.ts';
import { MarketView } from './market-view.ts';
import { otherInput } from './other-inputs.ts';
import { curbQuotes, sweepOrders, tellRefusals } from './risk-effects.ts';
import { type ParamChange, writeChange } from './seat-parameters.ts';
import { SessionHash, hashFraction } from './session-hash.ts';
import { cancelIfStopped, changeParameters, commandStrategy, withdraw, withdrawStopped } from './strategy-control.ts';
import { type SeatHost, StrategySeat } from './strategy-seat.ts';
import { Timers } from './timers.ts';
import { FillView, OrderView, TradeView } from './views.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { TRADE } = EventKind;
const { BUY } = EventFlag;

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
  readonly risk: Risk | undefined;
  readonly timers = new Timers();
  readonly #locals: readonly LocalMarket[];
  readonly #journal: InputSink | undefined;
  readonly #parts: EngineParts;
  readonly #departures: Departures;
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
    this.#journal = setup.journal;
    this.risk = setup.risk === undefined ? undefined : makeRisk(setup, setup.risk, this.#locals);
    this.desk = new OrderDesk({
      strategies: strategies.length,
      venueOfMarket: venueOf,
      ...(ackTimeoutNs === undefined ? {} : { ackTimeoutNs }),
      ...(this.risk === undefined ? {} : { gate: this.risk.gate }),
    });
    this.risk?.guard(this.desk);
    this.#order = new OrderView(this.desk);
    this.seats = strategies.map((seat, index) => {
      const ledger = new Ledger(instruments, setup.ledger);
      const markets = this.#locals.map((local) => new MarketView(local, ledger, this.desk, index, this.risk));
      const quoters = this.#locals.map(
        (local) => new Quoter(this.desk, index, local.index, setup.budgets?.[venueOf[local.index]], setup.quoter),
      );
      return new StrategySeat(this, index, seat, setup.seed, ledger, markets, quoters);
    });
    const { desk, faults, inputs, outputs, risk, seats, timers } = this;
    this.#departures = new Departures(desk, seats, this.#locals, risk);
    this.#parts = { setup, faults, inputs, outputs, locals: this.#locals, timers, desk, risk, seats };
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
    for (const seat of this.seats) withdraw(seat, this.desk, nowNs);
    this.wakeNs = Number.POSITIVE_INFINITY;
  }

  /**
   * Takes the market record at `data[offset]`, received at its LOCAL_NS.
   * @returns true when requests may have been made and `wakeNs` may have changed
   */
  market(data: Float64Array, offset: number): boolean {
    this.nowNs = data[offset + LOCAL_NS];
    this.#take(data, offset);
    const head = data[offset + HEAD] | 0;
    const local = this.#locals[head >> 16];
    const hasChanged = local.apply(data, offset);
    const { risk } = this;
    if (risk !== undefined) {
      if ((head & 0xff) === TRADE) risk.trade(local.index, data, offset);
      if (hasChanged) risk.book(local);
      if (risk.mustSweep || risk.nextNs < this.wakeNs) this.#isDirty = true;
    }
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
    this.#take(data, offset);
    const applied = this.desk.apply(data, offset, this.nowNs);
    if ((applied & ~(Applied.CHANGED | Applied.FILL | Applied.FINISHED)) !== 0) countFaults(this.faults, applied);
    if ((applied & Applied.CHANGED) === 0) return;
    const { slot } = this.desk;
    const seat = this.seats[this.desk.strategyAt(slot)];
    const market = seat.markets[this.desk.marketAt(slot)];
    if ((applied & Applied.FILL) !== 0) this.#filled(seat, market, slot, data, offset);
    else if (this.risk !== undefined) this.#answered(this.risk, market.index, slot, headKind(data[offset + HEAD] | 0));
    seat.handlers.onOrder?.(market, this.#order.of(slot));
    const { observers } = seat;
    for (let i = 0; i < observers.length; i++) {
      observers[i].onOrder(market, this.#order.of(slot), this.nowNs, data[offset + VENUE_NS]);
    }
    this.#departures.answered(slot, headKind(data[offset + HEAD] | 0), this.#isRunning, this.nowNs);
    this.#isDirty = true;
    this.#settle();
  }

  /** Does what is due at `wakeNs` or before: timers, overdue answers, quotes that had to wait, risk that looks at the clock. */
  wake(nowNs: number): void {
    this.nowNs = nowNs;
    this.#note(InputKind.WAKE, 0, 0, 0, 0, 0, 0);
    while (this.timers.nextNs <= nowNs) {
      const { strategy, timer } = this.timers;
      this.timers.pop();
      this.seats[strategy].handlers.onTimer?.(timer);
    }
    for (let slot = this.desk.timeOut(nowNs); slot >= 0; slot = this.desk.timeOut(nowNs)) {
      this.#orderUnknown(slot);
      cancelIfStopped(this.seats, slot, this.desk, nowNs);
    }
    this.risk?.wake(nowNs);
    this.#departures.wake(nowNs);
    this.#settle();
  }

  /** Books funding of a perpetual at its mid price. */
  funding(instrument: number, ratePpb: number, nowNs: number): void {
    this.nowNs = nowNs;
    const { markTicks } = this.#locals[instrument];
    this.#note(InputKind.FUNDING, instrument, markTicks, 0, ratePpb, 0, 0);
    if (markTicks !== markTicks) return;
    this.risk?.gate.funding(instrument, ratePpb, markTicks);
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
    if (!this.#isRunning) return;
    for (const { state, handlers } of this.seats) if (state === StrategyState.RUNNING) handlers.onResume?.();
    this.#settle();
  }

  /** The connection to an instrument's venue went or came: orders there are UNKNOWN until there is evidence, and nothing is quoted. */
  connection(instrument: number, isUp: boolean, nowNs: number): void {
    this.nowNs = nowNs;
    this.#note(InputKind.CONNECTION, instrument, 0, isUp ? 1 : 0, 0, 0, 0);
    this.#connect(instrument, isUp);
    // Connections come before the session starts, and nobody is called then.
    if (!this.#isRunning) return;
    if (isUp) withdrawStopped(this.seats, instrument, this.desk, nowNs);
    if (isUp && this.risk?.isSweeping === true) this.risk.mustSweep = true;
    this.#bookChanged(this.#locals[instrument]);
    this.#settle();
  }

  /** An operator's command on risk: ACTIVATE, REDUCE, HALT; TRIP and RESET of an instrument's breaker (-1: of all); ACKNOWLEDGE. */
  operate(command: Command, market: number, alert: number, nowNs: number): void {
    this.nowNs = nowNs;
    this.#note(InputKind.COMMAND, market < 0 ? ALL_MARKETS : market, 0, 0, 0, alert, command);
    this.risk?.command(command, market < 0 ? ALL_MARKETS : market, alert, nowNs);
    for (const { index } of this.#locals) this.#retry(index);
    this.#settle();
  }

  /**
   * One strategy is started, stopped or paused: START_STRATEGY, STOP_STRATEGY, PAUSE_STRATEGY. See `strategy-control.ts`.
   * @returns why it cannot start; empty when it did as it was told
   */
  strategy(index: number, command: Command, nowNs: number): string {
    this.nowNs = nowNs;
    this.#note(InputKind.COMMAND, 0, 0, 0, 0, index, command);
    const seat = this.seats[index];
    const refusal = seat === undefined ? 'no such strategy' : commandStrategy(seat, command, this);
    if (refusal !== '') this.faults.malformed++;
    this.#settle();
    return refusal;
  }

  /**
   * Parameters of a strategy have other values from now on, all at once. See `strategy-control.ts`.
   * @returns what the strategy has against them; empty when it took them
   */
  parameters(strategy: number, changes: readonly ParamChange[], nowNs: number): string {
    let refusal = '';
    for (let i = 0; i < changes.length; i++) {
      writeChange(this.#record, strategy, changes, i, nowNs);
      refusal = this.parameter(this.#record, 0);
    }
    return refusal;
  }

  /** Takes the `PARAMETER` record at `data[offset]`. What is not sound is counted as malformed. @returns as `parameters` */
  parameter(data: Float64Array, offset: number): string {
    this.nowNs = data[offset + LOCAL_NS];
    this.#take(data, offset);
    const seat = this.seats[data[offset + ORDER_ID]];
    const params = seat?.changes.take(data, offset, seat.params);
    if (params === null) return '';
    const refusal = params === undefined ? 'not its parameters' : changeParameters(seat, params, this);
    if (refusal !== '') this.faults.malformed++;
    this.#settle();
    return refusal;
  }

  /** A limit has another value from now on; NaN = no limit. See `risk/limits.ts`. */
  setLimit(limit: number, scope: number, index: number, value: number, nowNs: number): void {
    this.nowNs = nowNs;
    this.#note(InputKind.LIMIT, 0, value, 0, hashFraction(value), scope * 65_536 + index, limit);
    this.risk?.limit(limit, scope, index, value, nowNs);
    for (const { index: market } of this.#locals) this.#retry(market);
    this.#settle();
  }

  /** Value at risk and expected shortfall of all positions, in the risk currency, were worked out. */
  valueAtRisk(value: number, shortfall: number, nowNs: number): void {
    this.nowNs = nowNs;
    this.#note(InputKind.VAR, 0, value, shortfall, hashFraction(value), 0, hashFraction(shortfall));
    this.risk?.valueAtRisk(value, shortfall, nowNs);
    this.#settle();
  }

  /**
   * Another process, of a number that rises, goes on: orders that come have numbers that those before cannot have used, and no
   * venue is connected. At once, so that nothing is quoted in one market while another is still to be told.
   */
  restart(epoch: number, nowNs: number): void {
    this.nowNs = nowNs;
    this.#note(InputKind.COMMAND, 0, 0, 0, 0, epoch, Command.RESTART);
    this.desk.restart(epoch);
    for (const { index } of this.#locals) this.#connect(index, false);
    if (!this.#isRunning) return;
    for (const local of this.#locals) this.#bookChanged(local);
    this.#settle();
  }

  /** Between `start` and `stop`. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Takes the `ADOPT` record at `data[offset]`: an order that the venue knows and we do not is ours. */
  adopt(data: Float64Array, offset: number): void {
    this.nowNs = data[offset + LOCAL_NS];
    this.#take(data, offset);
    const head = data[offset + HEAD] | 0;
    const strategy = data[offset + SEQ];
    const market = head >>> 16;
    const price = data[offset + PRICE_TICKS];
    const size = data[offset + SIZE_LOTS];
    const isSound =
      this.seats[strategy] !== undefined && market < this.instruments.length && Number.isSafeInteger(price);
    if (!isSound || !(size >= 1)) {
      this.faults.malformed++;
      return;
    }
    const side = (headFlags(head) & BUY) === 0 ? Side.SELL : Side.BUY;
    const id = this.desk.adopt(strategy, market, side, price, size, data[offset + ORDER_ID], this.nowNs);
    if (id === 0) {
      this.faults.unknownOrders++;
      return;
    }
    this.risk?.gate.touch(market);
    this.#orderUnknown(this.desk.slotOf(id));
    if (data[offset + AUX] === 1) this.desk.cancel(id, this.nowNs);
    else cancelIfStopped(this.seats, this.desk.slotOf(id), this.desk, this.nowNs);
    this.#isDirty = true;
    this.#settle();
  }

  /** What we hold differs from what the venue says, of an instrument or (-1) of money: an alert, and nothing is traded any more. */
  drift(market: number, ours: number, venues: number, nowNs: number): void {
    this.nowNs = nowNs;
    this.#note(InputKind.COMMAND, market < 0 ? ALL_MARKETS : market, ours, venues, 0, 0, Command.DRIFT);
    const { risk } = this;
    if (risk === undefined) this.#isPaused = true;
    else {
      risk.alerts.raise(AlertType.RECONCILIATION_DRIFT, Severity.EMERGENCY, market, ours, venues, 0, nowNs);
      risk.command(Command.HALT, ALL_MARKETS, 0, nowNs);
    }
    this.#settle();
  }

  /**
   * Takes any input as a journal holds it, at its LOCAL_NS. The same inputs in the same order give the same state and requests.
   * @returns false when the kind is none of the engine's: nothing was done
   */
  input(data: Float64Array, offset: number): boolean {
    const kind = headKind(data[offset + HEAD] | 0);
    if (kind < ReportKind.ACK) this.market(data, offset);
    else if (kind <= ReportKind.STATUS) this.report(data, offset);
    else return otherInput(this, data, offset);
    return true;
  }

  /** The state between two inputs; see `engine-state.ts`. */
  save(): EngineState {
    const { nowNs, wakeNs } = this;
    const { nextNs: againNs } = this.#departures;
    const flags = { isDirty: this.#isDirty, isPaused: this.#isPaused, isRunning: this.#isRunning };
    return saveEngine(this.#parts, { nowNs, wakeNs, againNs, ...flags });
  }

  /** Makes a fresh engine of the same setup what the saved one was. @throws RangeError that names what differs */
  restore(state: EngineState): void {
    const standing = restoreEngine(this.#parts, state, this.save());
    this.nowNs = standing.nowNs;
    this.wakeNs = standing.wakeNs;
    this.#departures.nextNs = standing.againNs;
    this.#isDirty = standing.isDirty;
    this.#isPaused = standing.isPaused;
    this.#isRunning = standing.isRunning;
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

  get riskState(): RiskState {
    return this.risk === undefined ? RiskState.ACTIVE : this.risk.state;
  }

  portfolioLots(market: number): number {
    let lots = 0;
    for (const { ledger } of this.seats) lots += ledger.positionLots(market);
    return lots;
  }

  alarm(market: number, value: number, limit: number, isOver: boolean): void {
    const severity = isOver ? Severity.INFO : Severity.WARNING;
    this.risk?.alerts.raise(AlertType.STRATEGY_ALARM, severity, market, value, limit, 0, this.nowNs);
  }

  quote(seat: StrategySeat, market: number): Quotes {
    this.#isDirty = true;
    const { wanted } = seat.quoters[market];
    wanted.clear();
    return wanted;
  }

  place(seat: StrategySeat, market: number, side: Side, priceTicks: number, sizeLots: number, flags: number): number {
    const isHeld = this.#isPaused || !this.#isRunning || seat.state !== StrategyState.RUNNING;
    if (isHeld || !Number.isSafeInteger(priceTicks) || !(sizeLots >= 1)) {
      seat.refused++;
      return 0;
    }
    const id = this.desk.place(seat.index, market, side, priceTicks, Math.floor(sizeLots), flags, this.nowNs);
    if (id === 0 && this.risk === undefined) seat.refused++;
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
    this.timers.set(strategy, timer, this.nowNs + Math.max(1, Math.round(inNs)), every);
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
    fill.orderId = this.desk.idAt(slot);
    fill.side = this.desk.sideAt(slot);
    fill.priceTicks = data[offset + PRICE_TICKS];
    fill.sizeLots = data[offset + SIZE_LOTS];
    fill.isMaker = (headFlags(data[offset + HEAD] | 0) & OrderFlag.MAKER) !== 0;
    fill.venueNs = data[offset + VENUE_NS];
    const feePpb = data[offset + AUX];
    seat.ledger.fill(market.index, fill.side, fill.priceTicks, fill.sizeLots, feePpb);
    seat.fills++;
    this.risk?.fill(seat.index, market.index, fill.side, data, offset, this.nowNs);
    this.#retry(market.index);
    seat.handlers.onFill?.(market, fill);
    for (const observer of seat.observers) observer.onFill(market, fill, this.nowNs, feePpb);
  }

  /** Tells risk how long the venue took; of the kinds of reports that are answers to requests. */
  #answered(risk: Risk, market: number, slot: number, kind: number): void {
    const isAnswer =
      kind !== ReportKind.STATUS && (kind !== ReportKind.CANCELLED || this.desk.reasonAt(slot) === Reject.REQUESTED);
    if (isAnswer) risk.answered(market, this.nowNs - this.desk.askedNsAt(slot), this.nowNs);
    else risk.gate.touch(market);
  }

  /** What the gate refused in a market it may let through now. */
  #retry(market: number): void {
    for (const seat of this.seats) seat.quoters[market].retry();
  }

  #connect(instrument: number, isUp: boolean): void {
    this.#locals[instrument].connect(isUp);
    this.risk?.connection(instrument, isUp, this.nowNs);
    if (isUp) return;
    this.#pull(instrument);
    for (const seat of this.seats) this.#disconnect(seat, instrument);
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
    const { risk } = this;
    if (risk !== undefined && risk.mustSweep) sweepOrders(risk, this.desk, this.seats, this.nowNs);
    if (!this.#isRunning) return;
    // A field and no variable, which V8 would box across the calls.
    this.wakeNs = Math.min(this.timers.nextNs, this.desk.nextTimeoutNs, this.#departures.nextNs);
    for (const seat of this.seats) {
      const isHeld = this.#isPaused || seat.state !== StrategyState.RUNNING;
      for (let market = 0; market < seat.quoters.length; market++) {
        if (!this.#locals[market].isConnected) continue;
        const quoter = seat.quoters[market];
        const { wanted } = quoter;
        // Whatever the strategy wants, a book that crossed or went stale is not quoted on.
        if (isHeld || !this.#locals[market].isReady) wanted.clear();
        if (risk !== undefined) curbQuotes(risk, market, wanted, this);
        quoter.reconcile(this.nowNs);
        if (quoter.nextNs < this.wakeNs) this.wakeNs = quoter.nextNs;
      }
    }
    if (risk !== undefined) {
      if (risk.nextNs < this.wakeNs) this.wakeNs = risk.nextNs;
      if (risk.gate.refused.length > 0) tellRefusals(risk, this.seats, this.nowNs);
    }
  }

  #watchRequest(data: Float64Array, at: number): void {
    const slot = this.desk.slotAtVenue(data[at + ORDER_ID]);
    const seat = this.seats[this.desk.strategyAt(slot)];
    const market = seat.markets[this.desk.marketAt(slot)];
    const kind = headKind(data[at + HEAD] | 0);
    for (const observer of seat.observers) observer.onRequest(market, kind, this.#order.of(slot), data[at + LOCAL_NS]);
  }

  #command(command: number, nowNs: number): void {
    this.nowNs = nowNs;
    this.#note(InputKind.COMMAND, 0, 0, 0, 0, -1, command);
  }

  /** Every input comes by here, before it has its effect. */
  #take(data: Float64Array, offset: number): void {
    if (this.#journal !== undefined) this.#journal.append(data, offset);
    this.inputs.add(data, offset);
  }

  /** Makes the record of an input that does not come as one. */
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
    this.#take(record, 0);
  }
}
