/**
 * Orders that have to go, whoever has sent them: of strategies that are stopped, those that risk does not allow any more, and all of them
 * when the session is over. Each is cancelled as soon as nothing of it is under way. A venue that refuses the cancel (it is overloaded, we
 * are cut off from it) is asked again after a while, and not with every refusal: that would be as often as it can refuse.
 */
import type { Risk } from '../risk/risk.ts';
import type { OrderDesk } from '../trading/order-desk.ts';
import { ReportKind } from '../trading/records.ts';
import { StrategyState } from '../trading/strategy-state.ts';
import type { LocalMarket } from './local-market.ts';
import type { StrategySeat } from './strategy-seat.ts';

/** Between a refusal of a cancel and the next try. */
const AGAIN_NS = 250e6;

export class Departures {
  /** When cancels that were refused are tried again; Infinity = none was. */
  nextNs = Number.POSITIVE_INFINITY;
  readonly #desk: OrderDesk;
  readonly #seats: readonly StrategySeat[];
  readonly #locals: readonly LocalMarket[];
  readonly #risk: Risk | undefined;

  constructor(desk: OrderDesk, seats: readonly StrategySeat[], locals: readonly LocalMarket[], risk: Risk | undefined) {
    this.#desk = desk;
    this.#seats = seats;
    this.#locals = locals;
    this.#risk = risk;
  }

  /** A report of this kind on an order of ours was taken. */
  answered(slot: number, kind: number, isRunning: boolean, nowNs: number): void {
    const isRefusal = kind === ReportKind.CANCEL_REJECT;
    if (!isRunning) {
      // One refused cancel is enough: a venue that refuses them all would be asked for ever.
      if (!isRefusal) this.#desk.cancel(this.#desk.idAt(slot), nowNs);
    } else if (this.#mustGo(slot)) {
      if (!isRefusal) this.#desk.cancel(this.#desk.idAt(slot), nowNs);
      else if (nowNs + AGAIN_NS < this.nextNs) this.nextNs = nowNs + AGAIN_NS;
    }
  }

  /** While a venue is away its orders are left alone: when it is back they are asked for. */
  wake(nowNs: number): void {
    if (this.nextNs > nowNs) return;
    this.nextNs = Number.POSITIVE_INFINITY;
    const desk = this.#desk;
    for (const { index } of this.#seats) {
      for (const { index: market, isConnected } of this.#locals) {
        if (!isConnected) continue;
        let next = -1;
        for (let slot = desk.firstSlot(index, market); slot >= 0; slot = next) {
          next = desk.nextSlot(slot);
          if (this.#mustGo(slot)) desk.cancel(desk.idAt(slot), nowNs);
        }
      }
    }
  }

  #mustGo(slot: number): boolean {
    const desk = this.#desk;
    const risk = this.#risk;
    if (this.#seats[desk.strategyAt(slot)].state === StrategyState.STOPPED) return true;
    return risk !== undefined && risk.isSweeping && !risk.allows(desk, slot);
  }
}
