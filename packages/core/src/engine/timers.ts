/** The timers of all strategies of an engine. There are few, so the next one is found by looking at all, and only when one changed. */

import { checkState } from '../base/state.ts';

/** One of them, as a state has it. */
export interface Timer {
  readonly strategy: number;
  readonly timer: number;
  dueNs: number;
  /** 0 = once. */
  readonly everyNs: number;
}

export class Timers {
  /** When the next one is due; Infinity when there is none. */
  nextNs = Number.POSITIVE_INFINITY;
  #timers: Timer[] = [];
  #next = -1;

  /** A strategy's timer of the same number is replaced. An interval is at least a nanosecond. */
  set(strategy: number, timer: number, dueNs: number, everyNs: number): void {
    this.#timers = this.#timers.filter((each) => each.strategy !== strategy || each.timer !== timer);
    if (dueNs === dueNs) this.#timers.push({ strategy, timer, dueNs, everyNs });
    this.#findNext();
  }

  /** A strategy's timers are gone. */
  drop(strategy: number): void {
    this.#timers = this.#timers.filter((each) => each.strategy !== strategy);
    this.#findNext();
  }

  /** The strategy of the next timer. There is one. */
  get strategy(): number {
    return this.#timers[this.#next].strategy;
  }

  /** Its number. */
  get timer(): number {
    return this.#timers[this.#next].timer;
  }

  /** Takes the next timer off: it is set again when it recurs. */
  pop(): void {
    const timer = this.#timers[this.#next];
    if (timer.everyNs > 0) timer.dueNs += timer.everyNs;
    else this.#timers.splice(this.#next, 1);
    this.#findNext();
  }

  /** In the order in which they were set. */
  save(): readonly Timer[] {
    return this.#timers.map((timer) => ({ ...timer }));
  }

  restore(state: readonly Timer[]): void {
    for (const timer of state) checkState('a timer', timer, { strategy: 0, timer: 0, dueNs: 0, everyNs: 0 });
    this.#timers = state.map((timer) => ({ ...timer }));
    this.#findNext();
  }

  /** Of timers due at the same time the one that was set first goes first. */
  #findNext(): void {
    this.nextNs = Number.POSITIVE_INFINITY;
    this.#next = -1;
    for (let i = 0; i < this.#timers.length; i++) {
      if (this.#timers[i].dueNs < this.nextNs) {
        this.nextNs = this.#timers[i].dueNs;
        this.#next = i;
      }
    }
  }
}
