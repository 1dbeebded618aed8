/** What must hold after every input of an engine, whatever has gone wrong. */
import type { Engine } from '@quotewright/core/engine/engine';
import { Field, headKind } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { LIMIT_INDEX, Scope } from '@quotewright/core/risk/limits';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { Market, Order } from '@quotewright/core/strategies/strategy';
import { OrderState } from '@quotewright/core/trading/order-state';
import { InputKind, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import { BreakerState, RiskState } from '@quotewright/core/trading/risk-state';
import { STRATEGY_STATE_NAMES, StrategyState } from '@quotewright/core/trading/strategy-state';

const { HEAD, SIZE_LOTS } = Field;
const MAX_POSITION = LIMIT_INDEX.get('max_position_size')!;
const MAX_ORDER = LIMIT_INDEX.get('max_order_size')!;
/** Ledgers are added up once in so many inputs, and at the end. */
const LEDGER_EVERY = 16;
const MOST_VIOLATIONS = 20;
/** A refused cancel is tried again after so long (`engine/departures.ts`). */
const AGAIN_NS = 250e6;

export class Invariants implements Observer {
  readonly violations: string[] = [];
  /** New orders and amendments that went out. */
  requests = 0;
  #engine: Engine | undefined;
  #inputs = 0;
  /** By market × 2 + side: what the position would be at worst, before the input at hand. */
  #worst = new Float64Array(0);
  /** Orders that stand although they have to go, and since when. */
  #standing: ReadonlyMap<number, number> = new Map();
  /** Lots that the last input may have added that no request of ours did: executions and orders that were not known. */
  #allowance = 0;

  /** From now on it watches this engine, or none. */
  watch(engine: Engine | undefined): void {
    this.#engine = engine;
    if (engine === undefined) return;
    this.#worst = new Float64Array(engine.instruments.length * 2);
    this.#measure(this.#worst);
    this.#allowance = 0;
  }

  /** The effect of the input before is complete; `data[offset]` is next. */
  input(data: Float64Array, offset: number): void {
    this.check();
    const kind = headKind(data[offset + HEAD]! | 0);
    const tells = kind === InputKind.ADOPT || (kind >= ReportKind.ACK && kind <= ReportKind.STATUS);
    this.#allowance = tells ? data[offset + SIZE_LOTS]! : 0;
  }

  check(): void {
    const engine = this.#engine;
    if (engine === undefined) return;
    this.#checkExposure(engine);
    this.#checkHalt(engine);
    if (this.#inputs++ % LEDGER_EVERY === 0) this.checkLedgers();
  }

  checkLedgers(): void {
    for (const { name, ledger } of this.#engine?.seats ?? []) {
      if (ledger.check() !== '') this.fail(`ledger of ${name}: ${ledger.check()}`);
    }
  }

  /** A violation, with where it was found. */
  fail(text: string): void {
    if (this.violations.length < MOST_VIOLATIONS) this.violations.push(`after ${this.#inputs} inputs: ${text}`);
  }

  onRequest(market: Market, kind: number, order: Order): void {
    const engine = this.#engine;
    if (kind === RequestKind.CANCEL || engine === undefined) return;
    this.requests++;
    const what = `order ${order.id} (${order.side === Side.BUY ? 'buy' : 'sell'} ${order.openLots} at ${order.priceTicks}, ${market.instrument.symbol} ${market.bidTicks}/${market.askTicks}, ${engine.portfolioLots(market.index)} held)`;
    if (engine.riskState === RiskState.HALTED) this.fail(`${what} sent while halted`);
    const { state } = engine.seats[engine.desk.strategyAt(engine.desk.slotOf(order.id))]!;
    if (state !== StrategyState.RUNNING) this.fail(`${what} sent while its strategy is ${STRATEGY_STATE_NAMES[state]}`);
    if (kind !== RequestKind.NEW) return;
    const most = limitLots(engine, market.instrument, MAX_ORDER);
    if (market.instrument.contract !== 'inverse' && order.sizeLots > most) this.fail(`${what} is larger than ${most}`);
    if (this.#isReducing(engine, market, order)) return;
    if (!market.isReady) this.fail(`${what} sent on a book that is not ready`);
    if (engine.riskState === RiskState.REDUCING) this.fail(`${what} sent while reducing`);
    if (market.breaker === BreakerState.OPEN) this.fail(`${what} sent while the breaker is open`);
  }

  onBook(): void {}
  onFill(): void {}
  onOrder(): void {}
  onFunding(): void {}

  /**
   * Halted, or its strategy stopped: every order is finished, leaving, or nobody knows. One whose cancel the venue has refused may stand until
   * it is asked again; where the venue is away it is asked when it is back.
   */
  #checkHalt({ desk, seats, instruments, riskState, nowNs }: Engine): void {
    const standing = new Map<number, number>();
    for (const { index, state, markets } of seats) {
      if (riskState !== RiskState.HALTED && state !== StrategyState.STOPPED) continue;
      for (const market of instruments.keys()) {
        for (let slot = desk.firstSlot(index, market); slot >= 0; slot = desk.nextSlot(slot)) {
          if (desk.stateAt(slot) !== OrderState.LIVE || !markets[market]!.isConnected) continue;
          const id = desk.idAt(slot);
          const sinceNs = this.#standing.get(id) ?? nowNs;
          standing.set(id, sinceNs);
          if (nowNs - sinceNs > AGAIN_NS) this.fail(`order ${id} is left alone while halted or stopped`);
        }
      }
    }
    this.#standing = standing;
  }

  /** All open orders of its side together do not turn the position. */
  #isReducing(engine: Engine, market: Market, { side }: Order): boolean {
    const lots = engine.portfolioLots(market.index);
    let open = 0;
    for (const { index } of engine.seats) open += engine.desk.openLots(index, market.index, side);
    return side === Side.BUY ? lots + open <= 0 : lots - open >= 0;
  }

  /** What our requests add never takes the position beyond its limit, at its worst; what reduces may. */
  #checkExposure(engine: Engine): void {
    const before = this.#worst;
    const now = new Float64Array(before.length);
    this.#measure(now);
    for (const [index, instrument] of engine.instruments.entries()) {
      // An inverse contract counts by its value, which moves.
      if (instrument.contract === 'inverse') continue;
      const most = limitLots(engine, instrument, MAX_POSITION);
      for (let side = 0; side < 2; side++) {
        const at = index * 2 + side;
        if (now[at]! > Math.max(most, before[at]! + this.#allowance)) {
          this.fail(`${instrument.symbol}: ${now[at]} lots at worst, after ${before[at]}; the limit is ${most}`);
        }
      }
    }
    this.#worst = now;
  }

  #measure(into: Float64Array): void {
    const engine = this.#engine!;
    for (const market of engine.instruments.keys()) {
      let buys = engine.portfolioLots(market);
      let sells = -buys;
      for (const { index } of engine.seats) {
        buys += engine.desk.openLots(index, market, Side.BUY);
        sells += engine.desk.openLots(index, market, Side.SELL);
      }
      into[market * 2] = buys;
      into[market * 2 + 1] = sells;
    }
  }
}

function limitLots(engine: Engine, instrument: Instrument, limit: number): number {
  const value = engine.risk!.limits.at(limit, Scope.GLOBAL, 0);
  return value === value ? value / instrument.size.toNumber(1) : Number.POSITIVE_INFINITY;
}
