/** A gate with a desk, markets, exact books and a venue that answers as told: what the tests of the gate act on. */
import type { Instrument } from '../../market/instrument.ts';
import { EVENT_STRIDE, Field, packHead } from '../../market/event.ts';
import { Side } from '../../market/side.ts';
import { Ledger } from '../../trading/ledger.ts';
import { OrderDesk } from '../../trading/order-desk.ts';
import { OrderFlag, ReportKind } from '../../trading/records.ts';
import type { Refusal } from '../../trading/refusal.ts';
import type { BreakerState } from '../../trading/risk-state.ts';
import { AlertDesk } from '../alert-desk.ts';
import { AlertField } from '../alert.ts';
import { Breaker } from '../breaker.ts';
import { type GateSettings, type GateSetup, RiskGate } from '../gate.ts';
import { LIMIT_INDEX, LIMITS, Limits, type LimitSettings, type LimitValues, Scope } from '../limits.ts';
import { TestMarket } from './test-market.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;

/** No limit at all. */
export const NO_LIMITS: LimitValues = Object.fromEntries(LIMITS.map(({ name }) => [name, null]));

export interface SceneOptions {
  readonly instruments: readonly Instrument[];
  /** By instrument: the currency that its mid gives the rate of. */
  readonly gives?: readonly string[];
  readonly venueOf?: readonly number[];
  readonly strategies?: number;
  readonly limits?: LimitSettings;
  readonly gate?: GateSettings;
  readonly budgets?: GateSetup['budgets'];
}

export class GateScene {
  readonly markets: readonly TestMarket[];
  readonly venueOf: readonly number[];
  readonly limits: Limits;
  readonly alerts = new AlertDesk();
  readonly breaker: Breaker;
  readonly gate: RiskGate;
  readonly desk: OrderDesk;
  readonly ledgers: readonly Ledger[];
  nowNs = 1e9;
  #executions = 0;

  constructor(options: SceneOptions) {
    const { instruments, strategies = 1, gives = [] } = options;
    this.markets = instruments.map((instrument, index) => new TestMarket(index, instrument, gives[index]));
    this.venueOf = options.venueOf ?? instruments.map(() => 0);
    this.limits = new Limits(options.limits ?? {}, this.markets, this.venueOf, strategies);
    this.breaker = new Breaker(this.markets, this.alerts);
    this.gate = new RiskGate({
      markets: this.markets,
      venueOf: this.venueOf,
      strategies,
      limits: this.limits,
      breaker: this.breaker,
      alerts: this.alerts,
      ...(options.gate === undefined ? {} : { settings: options.gate }),
      ...(options.budgets === undefined ? {} : { budgets: options.budgets }),
    });
    this.desk = new OrderDesk({ strategies, venueOfMarket: this.venueOf, gate: this.gate });
    this.gate.attach(this.desk);
    this.ledgers = Array.from({ length: strategies }, () => new Ledger(instruments));
  }

  quote(market: number, bidTicks: number, askTicks: number): this {
    this.markets[market]!.quote(bidTicks, askTicks, this.nowNs);
    this.gate.touchPrice(market);
    return this;
  }

  limit(name: string, value: number, scope: Scope = Scope.GLOBAL, index = 0): this {
    if (!this.limits.set(LIMIT_INDEX.get(name) ?? -1, scope, index, value)) throw new Error(`no limit ${name}`);
    return this;
  }

  breakerAt(market: number, state: BreakerState): this {
    this.breaker.states[market] = state;
    return this;
  }

  /** A gate of its own on the same markets, limits and orders. */
  another(strategies: number, settings: GateSettings): RiskGate {
    const { markets, venueOf, limits, breaker, alerts } = this;
    const gate = new RiskGate({ markets, venueOf, strategies, limits, breaker, alerts, settings });
    gate.attach(this.desk);
    return gate;
  }

  /** @returns the order's number, 0 = refused */
  place(strategy: number, market: number, side: Side, price: number, lots: number, flags = 0): number {
    return this.desk.place(strategy, market, side, price, lots, flags, this.nowNs);
  }

  /** Places and answers what the gate said. */
  try(side: Side, price: number, lots: number, strategy = 0, market = 0, flags = 0): Refusal {
    return this.place(strategy, market, side, price, lots, flags) === 0 ? this.desk.refusal : 0;
  }

  /** An order that is filled at once. */
  hold(side: Side, price: number, lots: number, strategy = 0, market = 0, feePpb = 0): this {
    // By a way around the gate: an execution of an order that the desk does not know moves no open lots.
    this.book(strategy, market, side, price, lots, feePpb);
    return this;
  }

  report(kind: number, slot: number, price: number, size: number, aux = 0): number {
    const record = new Float64Array(EVENT_STRIDE);
    const side = this.desk.sideAt(slot);
    record[HEAD] = packHead(kind, side === Side.BUY ? OrderFlag.BUY : 0, this.desk.marketAt(slot));
    record[VENUE_NS] = this.nowNs;
    record[LOCAL_NS] = this.nowNs;
    record[PRICE_TICKS] = price;
    record[SIZE_LOTS] = size;
    record[ORDER_ID] = this.desk.idAt(slot);
    record[SEQ] = kind === ReportKind.FILL ? ++this.#executions : 0;
    record[AUX] = aux;
    const applied = this.desk.apply(record, 0, this.nowNs);
    this.gate.touch(this.desk.marketAt(slot));
    return applied;
  }

  /** Books an execution in the exact books and at the gate, as the engine does after the desk. */
  book(strategy: number, market: number, side: Side, price: number, lots: number, feePpb: number): void {
    const record = new Float64Array(EVENT_STRIDE);
    record[PRICE_TICKS] = price;
    record[SIZE_LOTS] = lots;
    record[AUX] = feePpb;
    this.ledgers[strategy]!.fill(market, side, price, lots, feePpb);
    this.gate.fill(strategy, market, side, record, 0);
  }

  /** Profit of a strategy by its exact books. */
  profit(strategy: number, rate: (currency: string) => number): number {
    const ledger = this.ledgers[strategy]!;
    for (const { index, lastMidTicks } of this.markets) ledger.mark(index, lastMidTicks);
    let sum = 0;
    for (const currency of ledger.currencies) {
      const equity = ledger.equity(currency);
      // The inventory of a spot instrument is counted there, and not again in its base currency.
      const isSettled = this.markets.some(({ instrument }) => instrument.settlement === currency);
      if (isSettled && equity !== 0) sum += equity * rate(currency);
    }
    return sum;
  }

  /** Types of the alerts that wait, which are taken out. */
  alerted(): number[] {
    const types: number[] = [];
    const { outbox } = this.alerts;
    while (outbox.length > 0) {
      types.push(outbox.data[outbox.peek() + AlertField.TYPE]!);
      outbox.shift();
    }
    return types;
  }
}
