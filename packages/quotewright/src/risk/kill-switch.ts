/** The kill switch: trading is halted, every order on every venue is cancelled, and after a while it is told which of them are not confirmed to be gone. */
import { Command } from '@quotewright/core/trading/records';
import { RiskState } from '@quotewright/core/trading/risk-state';
import type { KillOutcome, OpenOrder } from './control-protocol.ts';
import { type Operable, openOrdersOf } from './operable.ts';

/** What is still open is asked for again so often: an order that was not answered for can be cancelled only when it is known to be late. */
const AGAIN_NS = 1e9;

interface Pending {
  readonly deadlineNs: number;
  /** Numbers of those that were open when it began. */
  readonly orders: ReadonlySet<number>;
  readonly tell: (outcome: KillOutcome) => void;
}

export class KillSwitch {
  readonly #graceNs: number;
  #pending: Pending[] = [];
  #againNs = 0;

  /** @param graceNs how long is waited for the venues' confirmations, in the session's time */
  constructor(graceNs: number) {
    this.#graceNs = graceNs;
  }

  /** Halts. `tell` is called once: when every order is gone, or the time is over. */
  pull(engine: Operable, nowNs: number, tell: Pending['tell']): void {
    const orders = new Set(openOrdersOf(engine).map(({ order }) => order));
    engine.operate(Command.HALT, -1, 0, nowNs);
    this.#againNs = nowNs + AGAIN_NS;
    this.#pending.push({ deadlineNs: nowNs + this.#graceNs, orders, tell });
  }

  /** Looks whether all is confirmed. */
  poll(engine: Operable, nowNs: number): void {
    if (this.#pending.length === 0) return;
    this.#settle(openOrdersOf(engine), nowNs);
    if (this.#pending.length === 0 || nowNs < this.#againNs || engine.riskState !== RiskState.HALTED) return;
    this.#againNs = nowNs + AGAIN_NS;
    engine.operate(Command.HALT, -1, 0, nowNs);
  }

  /** There is no more time. */
  finish(engine: Operable): void {
    this.#settle(openOrdersOf(engine), Number.POSITIVE_INFINITY);
  }

  #settle(open: readonly OpenOrder[], nowNs: number): void {
    const before = this.#pending;
    this.#pending = [];
    for (const pending of before) {
      const { deadlineNs, orders, tell } = pending;
      const unconfirmed = open.filter(({ order }) => orders.has(order));
      if (unconfirmed.length > 0 && nowNs < deadlineNs) this.#pending.push(pending);
      else tell({ orders: orders.size, unconfirmed });
    }
  }
}
