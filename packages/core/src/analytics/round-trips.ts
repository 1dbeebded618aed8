/**
 * Round trips of one market: from flat until the position is flat again or has changed its sign. The P&L of a trip is what its
 * fills paid and earned, fees included, funding not; average-cost accounting says the same once the position is closed. A
 * fill that goes through zero ends one trip and begins the next, its fee shared by size.
 */
import type { SettlementValue } from './settlement-value.ts';
import { TradeStats } from './trade-stats.ts';

export class RoundTrips {
  readonly stats = new TradeStats();
  readonly #value: SettlementValue;
  #positionLots = 0;
  /** Average entry price: of inverse contracts, the harmonic mean. */
  #entryTicks = Number.NaN;
  /** Realised P&L of the open trip, after fees. */
  #realised = 0;
  readonly #isInverse: boolean;

  constructor(value: SettlementValue, isInverse: boolean) {
    this.#value = value;
    this.#isInverse = isInverse;
  }

  /** Signed lots at a price, with a fee in the settlement currency (negative = rebate). */
  fill(lots: number, priceTicks: number, fee: number): void {
    const position = this.#positionLots;
    if (position * lots >= 0) {
      this.#increase(lots, priceTicks);
      this.#realised -= fee;
      return;
    }
    const closing = Math.abs(lots) < Math.abs(position) ? lots : -position;
    const closingFee = (fee * closing) / lots;
    this.#realised += this.#value.move(-closing, this.#entryTicks, priceTicks) - closingFee;
    this.#positionLots += closing;
    if (this.#positionLots !== 0) return;
    this.stats.add(this.#realised);
    this.#realised = 0;
    const opening = lots - closing;
    if (opening === 0) return;
    this.#increase(opening, priceTicks);
    this.#realised = closingFee - fee;
  }

  #increase(lots: number, priceTicks: number): void {
    const held = this.#positionLots;
    const now = held + lots;
    if (held === 0) this.#entryTicks = priceTicks;
    else if (this.#isInverse) this.#entryTicks = now / (held / this.#entryTicks + lots / priceTicks);
    else this.#entryTicks = (held * this.#entryTicks + lots * priceTicks) / now;
    this.#positionLots = now;
  }
}
