/**
 * The pre-trade gate: every order and amendment of every strategy passes here, and nowhere else. It compares what the order would come
 * to at worst, all open orders included, with the limits (`limits.ts`), in the order of the codes of `trading/refusal.ts`.
 *
 * An order reduces when after it, at worst, the position of all strategies in the instrument is on the other side still or flat; for a
 * strategy that hedges also when the net position of the base currency is. What reduces passes the state REDUCING, an open breaker,
 * missing prices, volumes, losses and drawdown. Limits on positions and exposures are compared by side: an order that makes
 * the measure smaller passes whatever the measure is. Nothing passes HALTED, the order rate, the collars, the size and value of one
 * order. An amendment to a smaller size at the same price passes all but state, breaker, rate and budget.
 *
 * An order that is within all of that with certainty, most of them, passes with little work (`QuickCheck`); any other is compared with one
 * limit after the other (`OrderChecks`).
 *
 * An amendment counts by the difference to the open order. Times are local, in nanoseconds.
 */
import { checkState } from '../base/state.ts';
import type { Side } from '../market/side.ts';
import type { MessageBudget } from '../trading/message-budget.ts';
import type { OrderDesk } from '../trading/order-desk.ts';
import { GateTerm, type OrderGate } from '../trading/order-gate.ts';
import type { RecordQueue } from '../trading/record-queue.ts';
import { REFUSAL_COUNT } from '../trading/refusal.ts';
import { RiskState } from '../trading/risk-state.ts';
import { Account, type AccountSettings, type AccountState } from './account.ts';
import type { AlertDesk } from './alert-desk.ts';
import type { Breaker } from './breaker.ts';
import { MICROS } from './exposure-layout.ts';
import { Exposure } from './exposure.ts';
import { LimitCaps } from './limit-caps.ts';
import { LimitUses } from './limit-uses.ts';
import type { Limits } from './limits.ts';
import { LossWatch, type LossWatchState } from './loss-watch.ts';
import { OrderChecks, Passed } from './order-checks.ts';
import { QuickCheck } from './quick-check.ts';
import { OrderRate } from './order-rate.ts';
import { Rates, currenciesOf } from './rates.ts';
import { RefusalLog, type RefusalLogState } from './refusal-log.ts';
import type { RiskMarket } from './risk-market.ts';

const { NOW_NS } = GateTerm;
const { ALL } = Passed;

export interface GateSettings extends AccountSettings {
  /** The risk currency. Default: the first instrument's settlement currency. */
  readonly currency?: string;
  /** Risk currency per unit of another one, for those that no instrument of the run gives the price of. */
  readonly rates?: Readonly<Record<string, number>>;
  /** Indices of the strategies that hedge. */
  readonly hedgers?: readonly number[];
  /** How often equity is looked at while a position is held. Default: 1 s. */
  readonly lookEveryNs?: number;
}

export interface GateSetup {
  readonly markets: readonly RiskMarket[];
  readonly venueOf: readonly number[];
  readonly strategies: number;
  readonly limits: Limits;
  readonly breaker: Breaker;
  readonly alerts: AlertDesk;
  readonly settings?: GateSettings;
  /** By venue; absent: no limit. The quoters take from the same ones. */
  readonly budgets?: readonly MessageBudget[];
}

export interface GateState {
  readonly state: RiskState;
  readonly nextNs: number;
  /** As of the last `evaluate`. */
  readonly equity: number;
  readonly peak: number;
  readonly positions: Float64Array;
  readonly account: AccountState;
  readonly rate: Float64Array;
  readonly watch: LossWatchState;
  readonly log: RefusalLogState;
}

export class RiskGate implements OrderGate {
  readonly terms: Float64Array;
  /** When `evaluate` must be called if nothing else comes. */
  nextNs = Number.POSITIVE_INFINITY;
  /** Equity in the risk currency and its peak, as of the last `evaluate`; NaN while a price or rate is missing. */
  equity = Number.NaN;
  peak = Number.NaN;
  /** The risk currency. */
  readonly currency: string;
  /** How much of the limits is used; for pages and reports. */
  readonly uses: LimitUses;
  readonly #markets: readonly RiskMarket[];
  readonly #limits: Limits;
  readonly #checks: OrderChecks;
  readonly #quick: QuickCheck;
  readonly #lookEveryNs: number;
  readonly #exposure: Exposure;
  readonly #account: Account;
  readonly #rate: OrderRate;
  readonly #caps: LimitCaps;
  readonly #watch: LossWatch;
  readonly #log: RefusalLog;
  #desk: OrderDesk | undefined;
  #limitsVersion = 0;

  /** @throws RangeError that names the field. */
  constructor(setup: GateSetup) {
    const { markets, venueOf, strategies, limits, alerts, settings = {} } = setup;
    const { hedgers = [], lookEveryNs = 1e9, rates = {} } = settings;
    if (!(lookEveryNs > 0)) throw new RangeError(`lookEveryNs: ${lookEveryNs} is not above zero`);
    this.#markets = markets;
    this.#limits = limits;
    this.#lookEveryNs = lookEveryNs;
    const isHedger = new Uint8Array(strategies);
    for (const index of hedgers) {
      if (!(index >= 0 && index < strategies)) throw new RangeError(`hedgers: there is no strategy ${index}`);
      isHedger[index] = 1;
    }
    const currency = settings.currency ?? (markets.length === 0 ? '' : currenciesOf(markets[0].instrument).settlement);
    this.currency = currency;
    this.#exposure = new Exposure(
      markets,
      venueOf,
      strategies,
      new Rates(currency, markets, rates, Object.keys(settings.capital ?? {})),
    );
    this.#account = new Account(this.#exposure, markets, strategies, settings);
    this.#rate = new OrderRate(strategies * (Math.max(-1, ...venueOf) + 1));
    this.#caps = new LimitCaps(limits, markets, venueOf, strategies);
    this.#watch = new LossWatch(this.#account, this.#exposure, this.#caps, alerts, markets, strategies);
    this.#log = new RefusalLog(alerts, strategies, markets.length);
    const checks = {
      markets,
      venueOf,
      strategies,
      breaker: setup.breaker,
      budgets: setup.budgets,
      isHedger,
      exposure: this.#exposure,
      account: this.#account,
      rate: this.#rate,
      caps: this.#caps,
      watch: this.#watch,
    };
    this.uses = new LimitUses(checks);
    this.#checks = new OrderChecks(checks);
    this.#quick = new QuickCheck(checks, this.#checks);
    this.terms = this.#checks.terms;
    this.#exposure.onPriced = (market) => {
      for (let strategy = 0; strategy < strategies; strategy++) this.#caps.sizes(this.#exposure, strategy, market);
    };
    this.#prepare();
    this.#publish();
  }

  /** The desk that it guards; before the first order. */
  attach(desk: OrderDesk): void {
    this.#desk = desk;
    this.#exposure.attach(desk);
    this.#checks.attach(desk);
    this.#quick.attach(desk);
    this.uses.attach(desk);
  }

  /** Set by `Risk`. */
  get state(): RiskState {
    return this.#checks.state;
  }

  set state(state: RiskState) {
    this.#checks.state = state;
  }

  /** Orders that were refused: records of the kind `REFUSED`; the engine takes them out. */
  get refused(): RecordQueue {
    return this.#log.queue;
  }

  /** The state that losses and drawdown demand: ACTIVE, REDUCING or HALTED. */
  get demanded(): RiskState {
    return this.#watch.demanded;
  }

  /** How often a strategy's orders were refused with a code. */
  refusals(strategy: number, code: number): number {
    return this.#log.counts[strategy * REFUSAL_COUNT + code];
  }

  check(strategy: number, market: number, side: Side, flags: number, slot: number): number {
    this.#prepare();
    // Also before the first day is known.
    if (!(this.terms[NOW_NS] < this.#account.dayEndNs)) this.#turn(this.terms[NOW_NS]);
    const passed = this.#quick.look(strategy, market, side, flags, slot);
    return passed === ALL ? 0 : this.#judge(strategy, market, side, flags, slot, passed);
  }

  /** The book of an instrument changed. */
  touchPrice(market: number): void {
    this.#exposure.touchPrice(market);
    if (this.nextNs === Infinity) this.#begin(this.#markets[market].receivedNs);
  }

  /** The price of an instrument, or orders in it, changed. */
  touch(market: number): void {
    this.#exposure.touchOrders(market);
    if (this.nextNs === Infinity) this.#begin(this.#markets[market].receivedNs);
  }

  /** The execution at `data[offset]` was booked. */
  fill(strategy: number, market: number, side: Side, data: Float64Array, offset: number): void {
    this.#account.fill(strategy, market, side, data, offset);
  }

  /** Funding was booked. */
  funding(market: number, ratePpb: number, markTicks: number): void {
    this.#account.funding(market, ratePpb, markTicks);
    this.#exposure.touch(market);
  }

  /** True when an order of a strategy would only reduce risk: it may stay when trading is REDUCING. `openLots` are among the open ones. */
  reduces(strategy: number, market: number, side: Side, _openLots: number): boolean {
    this.#prepare();
    this.#settle();
    return this.#checks.areReducing(strategy, market, side);
  }

  /** Looks at losses, drawdown, daily counters and warnings. */
  evaluate(nowNs: number): void {
    this.#prepare();
    this.#settle();
    if (!(nowNs < this.#account.dayEndNs)) this.#turn(nowNs);
    this.#watch.look(nowNs);
    this.#quick.calm();
    this.#publish();
    const { dayEndNs } = this.#account;
    const lookNs = this.#exposure.held > 0 ? nowNs + this.#lookEveryNs : Infinity;
    this.nextNs = lookNs < dayEndNs ? lookNs : dayEndNs;
  }

  /** By command: what losses and drawdown demanded is over, unless they still do. */
  release(nowNs: number): void {
    this.#watch.release();
    this.evaluate(nowNs);
  }

  save(): GateState {
    return {
      state: this.state,
      nextNs: this.nextNs,
      equity: this.equity,
      peak: this.peak,
      positions: this.#exposure.positions.slice(),
      account: this.#account.save(),
      rate: this.#rate.save(),
      watch: this.#watch.save(),
      log: this.#log.save(),
    };
  }

  /**
   * Nothing is looked at before something asks: a price that came since the last look is not looked at by an engine that goes on
   * either, and may be gone before it is.
   */
  restore(state: GateState): void {
    checkState('gate', state, this.save());
    this.state = state.state;
    this.nextNs = state.nextNs;
    this.#exposure.positions.set(state.positions);
    this.#exposure.touchAll();
    this.#account.restore(state.account);
    // That has looked at the account, which the saved gate may not have done at these prices: it does when it would have.
    this.#account.restore(state.account);
    this.#exposure.touchAll();
    this.#rate.restore(state.rate);
    this.#watch.restore(state.watch);
    this.#log.restore(state.log);
    this.equity = state.equity;
    this.peak = state.peak;
  }

  /** Brings everything that is compared up to date. */
  #prepare(): void {
    if (this.#limits.version !== this.#limitsVersion) this.#resolve();
    if (this.#exposure.dirtyCount > 0) {
      this.#exposure.refresh();
      if (this.#exposure.hasMoved) {
        // What was left while equity did not matter may matter now.
        if (this.#exposure.isLoose) this.#exposure.settle();
        this.#look();
      }
    }
  }

  /** What is not let pass by `QuickCheck`. */
  #judge(strategy: number, market: number, side: Side, flags: number, slot: number, passed: Passed): number {
    this.#settle();
    const code = this.#checks.judge(strategy, market, side, flags, slot, passed);
    if (code !== 0) {
      const orderId = slot < 0 || this.#desk === undefined ? 0 : this.#desk.idAt(slot);
      this.#log.add(strategy, market, side, flags, orderId, code, this.terms);
      if (this.#checks.mustLook) this.#hurry();
      return code;
    }
    this.#checks.take(strategy, market);
    this.#quick.sent(strategy, market, side);
    this.#exposure.touch(market);
    return 0;
  }

  /** The same, and the sums. */
  #settle(): void {
    if (this.#exposure.staleCount === 0) return;
    this.#exposure.settle();
    this.#look();
  }

  #resolve(): void {
    this.#limitsVersion = this.#limits.version;
    this.#exposure.refresh();
    this.#exposure.settle();
    this.#account.look();
    if (this.#caps.resolve(this.#exposure, this.#rate)) this.#exposure.keepRows();
    this.#exposure.version++;
    this.#quick.calm();
  }

  #look(): void {
    this.#exposure.hasMoved = false;
    this.#account.look();
    this.#quick.calm();
  }

  /** The state has to follow what an order has found. */
  #hurry(): void {
    this.#checks.mustLook = false;
    if (this.#watch.demanded === RiskState.ACTIVE) this.nextNs = this.terms[NOW_NS];
  }

  #begin(nowNs: number): void {
    if (nowNs !== nowNs) return;
    this.#account.turn(nowNs);
    this.nextNs = this.#account.dayEndNs;
  }

  #turn(nowNs: number): void {
    this.#settle();
    if (this.#account.turn(nowNs)) this.#watch.turn();
    this.#exposure.version++;
    this.#quick.calm();
  }

  #publish(): void {
    this.equity = this.#account.equity / MICROS;
    this.peak = this.#account.peak / MICROS;
  }
}
