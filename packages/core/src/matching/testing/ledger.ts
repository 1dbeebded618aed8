/**
 * Lots by order, kept from the published events alone: what was accepted is traded, cancelled, expired or open. It knows
 * nothing of matching, so it checks the engine and the naive engine alike.
 */
import { MatchEvent } from '../events.ts';

export class Ledger {
  /** Open lots by REF, as the events tell. */
  readonly open: number[] = [];
  /** When the order joined the back of its queue, by REF: the number of the event. */
  readonly arrival: number[] = [];
  /** Open lots of all orders. */
  total = 0;
  readonly #price: number[] = [];
  #count = 0;

  /** @returns what is wrong with the event, or '' */
  apply(kind: number, ref: number, makerRef: number, price: number, lots: number, isGone: boolean): string {
    this.#count++;
    switch (kind) {
      case MatchEvent.ACCEPTED:
        if (this.open[ref] !== undefined) return `order ${ref} is accepted twice`;
        this.#enter(ref, price, lots);
        return '';
      case MatchEvent.TRADED:
        return this.#take(ref, lots, this.open[ref] === lots) || this.#take(makerRef, lots, isGone);
      case MatchEvent.CANCELLED:
      case MatchEvent.EXPIRED:
        return this.#take(ref, lots, isGone);
      case MatchEvent.AMENDED:
        if (!(this.open[ref]! > 0)) return `order ${ref} is amended and not open`;
        if (price !== this.#price[ref] || lots > this.open[ref]!) this.#enter(ref, price, lots);
        else this.#setOpen(ref, lots);
        return '';
      case MatchEvent.TRIGGERED:
        this.arrival[ref] = this.#count;
        return this.open[ref] === lots ? '' : `order ${ref} triggers with ${lots} lots of ${this.open[ref]}`;
      default:
        return '';
    }
  }

  #enter(ref: number, price: number, lots: number): void {
    this.#setOpen(ref, lots);
    this.arrival[ref] = this.#count;
    this.#price[ref] = price;
  }

  #setOpen(ref: number, lots: number): void {
    this.total += lots - (this.open[ref] ?? 0);
    this.open[ref] = lots;
  }

  #take(ref: number, lots: number, isGone: boolean): string {
    const left = (this.open[ref] ?? 0) - lots;
    if (!(lots > 0) || left < 0) return `${lots} lots leave order ${ref}, which has ${this.open[ref]}`;
    if ((left === 0) !== isGone) return `order ${ref} has ${left} lots left and is${isGone ? '' : ' not'} gone`;
    this.#setOpen(ref, left);
    return '';
  }
}
